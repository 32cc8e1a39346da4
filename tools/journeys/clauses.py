"""A text taken apart: its quotations, its sentences, the clauses of one, and the ways of an "if" or a split."""

from __future__ import annotations

import re

__all__ = ["SENTENCE", "Text", "alternatives_of", "clauses_of", "ways_of"]

_QUOTES = re.compile('[“"„»]([^“”"„»«]*)[”"“«]|‘([^’]*)’')
_SEP = re.compile(
    r"\s*(?:[,;]\s*(?:and then|then|and|but)?|\band then\b|\bthen\b"
    r"|\band(?= (?:wait|send|e-?mail|sms|text|tag|tell|call|if|split|take)\b)|\bafter that\b)\s*"
)
SENTENCE = re.compile(r"(?:(?<!\d)\.|\.(?!\d)|[!\n])\s*")


class Text:
    """A text whose quotations are marks ‹n›, so that commas in them part nothing."""

    def __init__(self, words: str) -> None:
        self.quoted: list[str] = []
        self.text = " ".join(_QUOTES.sub(self._kept, words).replace("\n", " \n ").split(" ")).strip()

    def _kept(self, found: re.Match[str]) -> str:
        self.quoted.append(next(said for said in found.groups() if said is not None).strip())
        return f"‹{len(self.quoted) - 1}›"

    def restored(self, said: str) -> str:
        """In the writer's words."""
        return re.sub(r"‹(\d+)›", lambda found: f"“{self.quoted[int(found[1])]}”", said).strip(" ,;:")

    def quote(self, said: str) -> str | None:
        """The first quotation in a clause."""
        found = re.search(r"‹(\d+)›", said)
        return self.quoted[int(found[1])] if found else None


def clauses_of(said: str) -> list[str]:
    """Parts between commas and the like, those in brackets left whole."""
    parts, depth, begin, at = list[str](), 0, 0, 0
    while at < len(said):
        if said[at] in "()":
            depth += 1 if said[at] == "(" else -1
        elif depth == 0 and (found := _SEP.match(said, at)) and found.end() > at and _parts(said, at):
            parts.append(said[begin:at])
            begin = at = found.end()
            continue
        at += 1
    parts.append(said[begin:])
    return [joined for part in parts if (joined := _unwrapped(part.strip(" ,;:")))]


def _parts(said: str, at: int) -> bool:
    """Whether a word may begin here: "then" in "strengthen" parts nothing."""
    return not said[at].isalpha() or at == 0 or not said[at - 1].isalpha()


def _unwrapped(part: str) -> str:
    return re.sub(r"^(?:then|and|but)\b\s*", "", part, flags=re.I).strip()


def ways_of(clauses: list[str]) -> tuple[list[list[str]], list[str]]:
    """What follows an "if": its own steps and those of further "if"s beside it, and what stands after "otherwise"."""
    ways: list[list[str]] = [[]]
    other: list[str] | None = None
    bracketed = bool(clauses) and clauses[0].startswith("(")
    for clause in clauses:
        if found := re.match(r"(?:otherwise|else|if not)\b[,:]?\s*(?P<rest>.*)", clause, re.I):
            other = [found["rest"]] if found["rest"] else []
        elif other is not None:
            other.append(clause)
        elif bracketed and re.match(r"if\b", clause, re.I) and ways[-1]:
            ways.append([clause])
        else:
            ways[-1].append(clause)
    return ways, other or []


def alternatives_of(said: str) -> list[str]:
    """The ways of a split: in brackets, with "or" or a bar between."""
    parts, depth, begin = list[str](), 0, 0
    for found in re.finditer(r"[()]|\s+(?:or|\|)\s+", said):
        if found[0] in "()":
            depth += 1 if found[0] == "(" else -1
        elif depth == 0:
            parts.append(said[begin : found.start()])
            begin = found.end()
    return [part.strip(" ,") for part in (*parts, said[begin:]) if part.strip(" ,")]
