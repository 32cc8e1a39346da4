"""A template's pieces: text, what is shown, and tags, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Piece", "Place", "split", "stray"]

Place = Literal["text", "html", "attribute", "link", "host", "style"]

# Inside of the brackets there are none, so that what is not closed does not swallow what follows.
_PIECE = re.compile(r"\{\{([^{}]*)\}\}|\{%([^{}]*)%\}|\{(?!%)([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """`source` is the piece as it is written; `code` what stands in its brackets; `line` counts from 1.

    `kind` alias is {field|default}, `code` the field and `default` the text (None: there is none). `place` is where it
    stands: in plain text; in the text, an attribute or a style of HTML; in an address, or where that names its server.
    """

    kind: Literal["text", "output", "tag", "alias"]
    source: str
    code: str = ""
    line: int = 1
    place: Place = "text"
    default: str | None = None

    @property
    def word(self) -> str:
        """What a tag is called: if, endif …"""
        return (self.code.strip("-").split() or [""])[0]


def split(source: str) -> list[Piece]:
    """The pieces of a template, in order."""
    return list(_pieces(source))


def _pieces(source: str) -> Iterator[Piece]:
    position, line = 0, 1
    for match in _PIECE.finditer(source):
        if between := source[position : match.start()]:
            yield Piece("text", between, line=line)
            line += between.count("\n")
        yield _piece(match, line)
        line += match.group().count("\n")
        position = match.end()
    if rest := source[position:]:
        yield Piece("text", rest, line=line)


def _piece(match: re.Match[str], line: int) -> Piece:
    shown, tag, alias = match.groups()
    if shown is not None:
        return Piece("output", match.group(), shown, line)
    if tag is not None:
        return Piece("tag", match.group(), tag, line)
    name, bar, default = alias.partition("|")
    return Piece("alias", match.group(), name.strip(), line, default=default.strip() if bar else None)


def stray(pieces: Iterable[Piece]) -> Iterator[int]:
    """Lines of curly brackets that belong to no piece."""
    for piece in pieces:
        if piece.kind == "text" and (found := re.search(r"[{}]", piece.source)):
            yield piece.line + piece.source.count("\n", 0, found.start())
