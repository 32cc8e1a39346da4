"""Templates in HTML: their pieces kept through the cleaning of the HTML, and where in it each of them stands.

A piece is a mark while the HTML is cleaned: its number between two characters that stand for nothing by themselves.
The mark of a tag is a comment, for comments may stand between the parts of a table, where text may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from language.merge.pieces import Piece, Place, split

__all__ = ["divided", "in_text", "lost", "marked", "placed", "restored"]

LONGEST_LINK = 2_000
_OWN = re.compile(r"[\ue000\ue001]")
_MARK = re.compile(r"<!--\ue000(\d+)\ue001-->|\ue000(\d+)\ue001")
# What no message keeps, with all that is in it: a style sheet has curly brackets of its own.
_LEFT_OUT = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(style|title)\b.*?(?:</\1\s*>|\Z)")
_FOREIGN = re.compile(r"<!--(?!\ue000\d+\ue001-->).*?(?:-->|\Z)", re.DOTALL)
# A tag as clean HTML has it: names in small letters, values in double quotes, none of them in a value.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_STEP = re.compile(rf"{_TAG.pattern}|<!--\ue000(\d+)\ue001-->")
# Elements that are not closed, or need not be: a stray end of a table's body means nothing.
_EMPTY = frozenset({"br", "hr", "img", "tbody"})
_OPENING = frozenset({"if", "unless", "case", "for"})
_PLACES: dict[str, Place] = {"href": "link", "src": "link", "style": "style"}
# An address whose server is told already: what is put behind it cannot lead elsewhere.
_TOLD = re.compile(r"(?i)\s*(?:https?://[^\s/?#\ue000]+[/?#]|mailto:|tel:|#)")
_LINK_SO_FAR = re.compile(r"(?i)https?://[^\s<>\"'{}]*\Z")
_LINK_GOES_ON = re.compile(r"[^\s<>\"'{}]*\Z")


def marked(html: str) -> tuple[str, list[Piece]]:
    """HTML with a mark in place of each piece, without comments and style sheets, and the pieces."""
    blank = _LEFT_OUT.sub(lambda found: "\n" * found.group().count("\n"), _OWN.sub("", html))
    pieces = split(blank)
    return "".join(map(_mark, range(len(pieces)), pieces)), pieces


def _mark(number: int, piece: Piece) -> str:
    if piece.kind == "text":
        return piece.source
    return f"<!--\ue000{number}\ue001-->" if piece.kind == "tag" else f"\ue000{number}\ue001"


def restored(clean: str, pieces: list[Piece]) -> str:
    """Clean HTML with its pieces instead of marks."""
    return _MARK.sub(lambda mark: _of(mark, pieces).source, _FOREIGN.sub("", clean))


def placed(clean: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces of clean HTML with the text between them, each with the place it stands in."""
    clean = _FOREIGN.sub("", clean)
    attributes = list(_attributes(clean))
    found: list[Piece] = []
    position = 0
    for mark in _MARK.finditer(clean):
        found += _text(clean[position : mark.start()])
        position = mark.end()
        place = _place(clean, mark.start(), attributes)
        piece = _of(mark, pieces)
        default = None if piece.default is None else unescape(piece.default)
        found.append(replace(piece, code=unescape(piece.code), place=place, default=default))
    return [*found, *_text(clean[position:])]


def lost(clean: str, pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces that the cleaning left out with what they stood in."""
    kept = {int(mark[1] or mark[2]) for mark in _MARK.finditer(clean)}
    return (piece for number, piece in enumerate(pieces) if piece.kind != "text" and number not in kept)


def _place(clean: str, at: int, attributes: list[tuple[int, int, Place]]) -> Place:
    for start, end, where in attributes:
        if start <= at < end:
            return "host" if where == "link" and not _TOLD.match(clean, start, at) else where
    return "html"


def in_text(source: str) -> list[Piece]:
    """The pieces of a plain text; those in a link that it spells out stand in an address."""
    found: list[Piece] = []
    link = ""
    for piece in split(source):
        if piece.kind == "text":
            begun = _LINK_SO_FAR.search(piece.source[-LONGEST_LINK:])
            link = begun.group() if begun else link + piece.source if link and _LINK_GOES_ON.match(piece.source) else ""
        elif link and piece.kind != "tag":
            piece = replace(piece, place="link" if _TOLD.match(link) else "host")
        found.append(piece)
    return found


def _of(mark: re.Match[str], pieces: list[Piece]) -> Piece:
    return pieces[int(mark[1] or mark[2])]


def _text(between: str) -> list[Piece]:
    return [Piece("text", between, place="html")] if between else []


def _attributes(clean: str) -> Iterator[tuple[int, int, Place]]:
    for tag in _TAG.finditer(clean):
        for attribute in _ATTRIBUTE.finditer(clean, tag.start(3), tag.end(3)):
            yield attribute.start(2), attribute.end(2), _PLACES.get(attribute[1], "attribute")


def divided(clean: str, pieces: list[Piece]) -> Iterator[Piece]:
    """Opening tags of blocks of which one part begins in one element of the HTML and ends in another.

    Whatever parts of the others are shown, elements are closed where they were opened.
    """
    depth, blocks = 0, list[tuple[Piece, int]]()
    told = set[int]()
    for step in _STEP.finditer(_FOREIGN.sub("", clean)):
        if step[4] is None:
            depth += 0 if step[2] in _EMPTY else -1 if step[1] else 1
        else:
            piece = pieces[int(step[4])]
            if piece.word in _OPENING:
                blocks.append((piece, depth))
                continue
        if not blocks:
            continue
        opening, begun = blocks[-1]
        if (depth < begun if step[4] is None else depth != begun) and id(opening) not in told:
            told.add(id(opening))
            yield opening
        if step[4] is not None and pieces[int(step[4])].word.startswith("end"):
            blocks.pop()
