"""How the tags of a template stand together: what is not closed, not known, too deep or too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from language.merge.expressions import nearest
from language.merge.pieces import Piece, stray

__all__ = ["BLOCKS", "MOST_TAGS", "Flaw", "flaws", "without_comments"]

BLOCKS = {"if": ("elsif", "else"), "unless": ("elsif", "else"), "case": ("when", "else"), "for": ("else",)}
_INSIDE = frozenset(word for words in BLOCKS.values() for word in words)
_TAGS = frozenset({*BLOCKS, *_INSIDE, *(f"end{word}" for word in BLOCKS), "comment", "endcomment"})
_ELSEWHERE = frozenset({"include", "render", "layout", "extends", "block"})
_KEPT = frozenset({"assign", "capture", "increment", "decrement", "cycle", "tablerow", "liquid", "echo", "raw"})

DEEPEST, LONGEST_TAG, MOST_TAGS = 8, 500, 500
MOST_LOOPS_IN_LOOPS = 2

Flaw = tuple[int, str]
"""A line, and what is wrong there."""


def without_comments(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces outside of {% comment %} … {% endcomment %}; a comment that is not closed is left as it stands."""
    kept: list[Piece] = []
    inside: list[Piece] = []
    for piece in pieces:
        word = piece.word if piece.kind == "tag" else ""
        if inside:
            inside.append(piece)
            if word == "endcomment":
                inside = []
        elif word == "comment":
            inside = [piece]
        else:
            kept.append(piece)
    return [*kept, *inside[:1]]


def flaws(pieces: Sequence[Piece]) -> Iterator[Flaw]:
    """What is wrong with the brackets and the blocks."""
    written = [piece for piece in pieces if piece.kind != "text"]
    if len(written) > MOST_TAGS:
        yield written[MOST_TAGS].line, f"there are {len(written):,} merge fields and tags, {MOST_TAGS} are the limit"
        return
    for line in stray(pieces):
        yield line, "a curly bracket is not closed or opened: merge fields look like {first_name|there}"
    for piece in written:
        if len(piece.code) > LONGEST_TAG:
            yield (
                piece.line,
                f"what stands in the brackets has {len(piece.code):,} characters, {LONGEST_TAG} are the limit",
            )
        elif sum(piece.code.count(mark) for mark in "([") > 5:
            yield piece.line, f"{piece.source} has too many brackets in it"
        elif piece.kind != "tag" and piece.place == "style":
            yield piece.line, f"{piece.source} stands in a style: merge fields belong into text, links and titles"
        elif piece.kind == "tag" and piece.place not in ("text", "html"):
            yield piece.line, f"{piece.source} stands inside of an HTML tag or a link: it belongs outside of them"
        elif piece.place == "host":
            yield piece.line, f"{piece.source} would decide where a link leads: write the address up to its first / out"
    yield from _blocks(piece for piece in written if piece.kind == "tag")


def _blocks(tags: Iterator[Piece]) -> Iterator[Flaw]:
    opened: list[Piece] = []
    ended: set[int] = set()  # blocks, by their depth, that have had their {% else %}
    for piece in tags:
        word = piece.word
        if said := _unknown(word):
            yield piece.line, said
        elif word in BLOCKS or word == "comment":
            opened.append(piece)
            ended.discard(len(opened))
            yield from _too_deep(opened)
        elif not opened or word not in (*BLOCKS.get(opened[-1].word, ()), f"end{opened[-1].word}"):
            yield piece.line, _out_of_place(word, opened)
        elif word.startswith("end"):
            opened.pop()
        elif len(opened) in ended:
            yield piece.line, f"{{% else %}} comes last in {{% {opened[-1].word} %}}, and once"
        elif word == "else":
            ended.add(len(opened))
    for piece in opened:
        yield piece.line, f"{{% {piece.word} %}} is not closed: {{% end{piece.word} %}} is missing"


def _unknown(word: str) -> str:
    if word in _TAGS:
        return ""
    if not word:
        return "{% %} says nothing"
    if word in _ELSEWHERE:
        return f"{{% {word} %}} is not allowed: a message is one text, nothing is read from elsewhere"
    if word in _KEPT:
        return f"{{% {word} %}} is not allowed: write what is to be shown, {{{{ … }}}}, or {{% if … %}}"
    return f"{{% {word} %}} is not known{nearest(word, _TAGS, '{{% {} %}}')}"


def _too_deep(opened: list[Piece]) -> Iterator[Flaw]:
    if len(opened) == DEEPEST + 1:
        yield opened[-1].line, f"more than {DEEPEST} blocks stand inside of each other"
    loops = sum(piece.word == "for" for piece in opened)
    if opened[-1].word == "for" and loops == MOST_LOOPS_IN_LOOPS + 1:
        yield opened[-1].line, f"more than {MOST_LOOPS_IN_LOOPS} loops stand inside of each other"


def _out_of_place(word: str, opened: list[Piece]) -> str:
    if opened:
        block = opened[-1]
        return f"{{% {word} %}} stands inside of {{% {block.word} %}} of line {block.line}, which is not closed before"
    return f"{{% {word} %}} closes or continues nothing: what opens it is missing"
