"""A template as functions over the values: what it shows, which fields it uses, and which of them it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from urllib.parse import quote

from language.merge.expressions import Evaluate, Expressions, Problem, Reading, Scope, negated, true
from language.merge.pieces import Piece, Place
from language.merge.reading import cases, condition, value
from language.merge.structure import BLOCKS, Flaw
from language.merge.values import Kind, written

__all__ = ["Frame", "Missing", "Program", "TooLong"]

MOST_ROUNDS = 200
_LOOP = re.compile(r"for\s+([a-z_]\w*)\s+in\s+(\w+)(?:\s+limit:\s*(\d{1,3}))?", re.ASCII)
_ABOUT_LOOPS: Mapping[str, Kind] = {"forloop.first": "truth", "forloop.last": "truth", "forloop.index": "number"}
_ESCAPES: Mapping[Place, Callable[[str], str]] = {
    "text": str,
    "html": escape,
    "attribute": escape,
    "link": lambda text: quote(text, safe=""),
}
_UNREADABLE = Reading(lambda _scope: None, "text")


class Missing(Exception):
    """A value that is shown is missing, and has no default."""


class TooLong(Exception):
    """The text grows beyond its bounds."""


@dataclass(slots=True)
class Frame:
    """A rendering: the values by name, the parts of the text so far, and how much more there may be of either."""

    scope: Scope
    room: int
    rounds: int = MOST_ROUNDS
    text: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Add to the text."""
        self.room -= len(text)
        if self.room < 0:
            raise TooLong
        self.text.append(text)


Step = Callable[[Frame], None]
Branch = tuple[Evaluate, list[Step]]


class Program:
    """The pieces of a template, which stand together as they should, as steps.

    `fields` are used somewhere; of those in `needs` everybody must have a value; `flaws` say what cannot be used.
    """

    def __init__(self, pieces: Sequence[Piece], kinds: Mapping[str, Kind]) -> None:
        self.fields: set[str] = set()
        self.needs: set[str] = set()
        self.flaws: list[Flaw] = []
        self._expressions = Expressions(kinds)
        self._pieces, self._at = _trimmed(pieces), 0
        self.steps = self._block(frozenset())

    def _block(self, certain: frozenset[str]) -> list[Step]:
        """The steps up to the tag that ends or continues the block; fields in `certain` have a value in it.

        As in Liquid, a block of blanks alone shows nothing.
        """
        steps: list[Step] = []
        begun = self._at
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            if piece.kind == "tag" and piece.word not in BLOCKS:
                break
            self._at += 1
            if piece.kind == "tag":
                steps.append(getattr(self, f"_{piece.word}")(piece, certain))
            else:
                steps.append(_text(piece.source) if piece.kind == "text" else self._shown(piece, certain))
        blank = begun > 0 and all(piece.source.isspace() for piece in self._pieces[begun : self._at])
        return [] if blank else steps

    def _next_tag(self) -> Piece:
        self._at += 1
        return self._pieces[self._at - 1]

    def _read(self, piece: Piece, read: Callable[[], Reading]) -> Reading:
        try:
            reading = read()
        except Problem as problem:
            self.flaws.append((piece.line, str(problem)))
            return _UNREADABLE
        self.fields |= reading.fields
        return reading

    def _shown(self, piece: Piece, certain: frozenset[str]) -> Step:
        reading = self._read(piece, partial(self._value, piece))
        if reading.kind is None:
            self.flaws.append((piece.line, f"{piece.source} shows nothing"))
        self.needs |= reading.needs - certain
        evaluate, kind, put = reading.evaluate, reading.kind or "text", _ESCAPES.get(piece.place, escape)
        needs = sorted(reading.needs)

        def show(frame: Frame) -> None:
            found = evaluate(frame.scope)
            if found is None:
                raise Missing(next((name for name in needs if frame.scope.get(name) is None), piece.source))
            plain = found if isinstance(found, str) else written(found, kind, str(frame.scope.get("currency") or ""))
            frame.write(put(plain))

        return show

    def _value(self, piece: Piece) -> Reading:
        if piece.kind != "alias":
            return self._expressions.value(value(piece))
        named = self._expressions.named(piece.code)
        return named if piece.default is None else self._expressions.default(named, piece.default)

    def _if(self, piece: Piece, certain: frozenset[str]) -> Step:
        branches: list[Branch] = []
        while piece.word in ("if", "unless", "elsif"):
            asked = self._read(piece, partial(self._condition, piece))
            branches.append((asked.evaluate, self._block(certain | asked.certain)))
            certain |= asked.else_certain
            piece = self._next_tag()
        return _first_of(branches, self._otherwise(piece, certain))

    _unless = _if

    def _condition(self, piece: Piece) -> Reading:
        asked = self._expressions.condition(condition(piece))
        return negated(asked) if piece.word == "unless" else asked

    def _otherwise(self, piece: Piece, certain: frozenset[str]) -> list[Step]:
        """What follows {% else %}, if that is the tag at hand."""
        if piece.word != "else":
            return []
        steps = self._block(certain)
        self._next_tag()
        return steps

    def _case(self, piece: Piece, certain: frozenset[str]) -> Step:
        subject = self._read(piece, lambda: self._expressions.value(value(piece)))
        self._block(certain)  # nothing is shown before the first {% when %}
        branches: list[Branch] = []
        piece = self._next_tag()
        while piece.word == "when":
            asked = self._read(piece, partial(self._among, subject, piece))
            branches.append((asked.evaluate, self._block(certain | asked.certain)))
            piece = self._next_tag()
        return _first_of(branches, self._otherwise(piece, certain))

    def _among(self, subject: Reading, piece: Piece) -> Reading:
        return self._expressions.among(subject, cases(piece))

    def _for(self, piece: Piece, certain: frozenset[str]) -> Step:
        name, items, limit = self._loop(piece)
        with self._inside(name):
            steps = self._block(certain | items.fields)
        otherwise = self._otherwise(self._next_tag(), certain)

        def repeat(frame: Frame) -> None:
            found = items.evaluate(frame.scope)
            if not isinstance(found, list):
                return _run(otherwise, frame)
            outer = {said: frame.scope.get(said) for said in (name, *_ABOUT_LOOPS)}
            for index, item in enumerate(found[:limit], start=1):
                frame.rounds -= 1
                if frame.rounds < 0:
                    raise TooLong
                last = index == min(len(found), limit)
                about = zip(_ABOUT_LOOPS, (index == 1, last, index), strict=True)
                frame.scope.update({name: item, **dict(about)})
                _run(steps, frame)
            frame.scope.update(outer)
            return None

        return repeat

    def _loop(self, piece: Piece) -> tuple[str, Reading, int]:
        wanted = _LOOP.fullmatch(piece.code.strip())
        lists = [name for name, kind in self._expressions.kinds.items() if kind == "list"]
        if wanted and wanted[2] in lists and wanted[1] not in self._expressions.kinds:
            items = self._read(piece, lambda: self._expressions.named(wanted[2]))
            return wanted[1], items, int(wanted[3] or MOST_ROUNDS)
        about = f"a loop goes through a list, as in {{% for product in {lists[0] if lists else 'a list'} %}}"
        self.flaws.append((piece.line, f"{piece.source} cannot be done: {about}"))
        return wanted[1] if wanted else "item", _UNREADABLE, 0

    @contextmanager
    def _inside(self, name: str) -> Iterator[None]:
        outer = dict(self._expressions.loops)
        self._expressions.loops.update({name: "text", **_ABOUT_LOOPS})
        yield
        self._expressions.loops = outer


def _run(steps: Sequence[Step], frame: Frame) -> None:
    for step in steps:
        step(frame)


def _first_of(branches: Sequence[Branch], otherwise: Sequence[Step]) -> Step:
    def choose(frame: Frame) -> None:
        for holds, steps in branches:
            if true(holds(frame.scope)):
                return _run(steps, frame)
        return _run(otherwise, frame)

    return choose


def _text(text: str) -> Step:
    return lambda frame: frame.write(text)


def _trimmed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with the blanks gone that {{- and -%} ask for."""
    found, strip = list[Piece](), False
    for piece in pieces:
        if piece.kind == "text":
            found.append(replace(piece, source=piece.source.lstrip()) if strip else piece)
            strip = False
            continue
        code = piece.code if piece.kind != "alias" else ""
        if code.startswith("-") and found and found[-1].kind == "text":
            found[-1] = replace(found[-1], source=found[-1].source.rstrip())
        strip = code.endswith("-")
        found.append(replace(piece, code=code.removeprefix("-").removesuffix("-").strip()) if code else piece)
    return found
