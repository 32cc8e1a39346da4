"""The judge: right, refused, asked back or wrong. A confident answer without the figure asked for is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from evals.figures import NOTHING, Figure, cells, figures, holds, names_in_order, near, readable
from evals.request import Request

Verdict = Literal["right", "refused", "asked", "wrong", "failed", "read"]
VERDICTS: tuple[Verdict, ...] = ("right", "refused", "asked", "wrong", "failed", "read")
FIRST_ROWS = 3
_NEVER_REFUSED = ("definition", "advice", "prediction")
"""Kinds where naming the subject in a refusal is no answer, though the subject is all that can be looked for."""
DECLINE = re.compile(
    r"\b(fell|fallen|falls|dropp?(?:ed|s)?|declin\w+|decreas\w+|down|lower|less|fewer|lost|shr[aiu]nk\w*|minus|smaller|behind"
    r"|worse|slipp\w+|below)\b|[-−–] ?[€£$]?\d",
    re.IGNORECASE,
)
_CANNOT = re.compile(
    r"\b(?:"
    + "|".join(
        (
            r"cannot|can't|can not|could not|couldn't|unable|not able|sorry",
            r"(?:do|does) not (?:know|have|hold|record|contain|say|include|cover|understand|see|exist)",
            r"(?:don't|doesn't) (?:know|have|hold|record|contain|say|include|understand|see)",
            r"outside of what|only understand|understand English|missing|lacks?|ha(?:s|ve) no",
            r"there (?:is|are) no",
            r"no (?:such|data|record|information|field|column|way|score|model|mention|figure|dimension|measure)\w*",
            r"no \w+ (?:is|are|was|were|has|have) (?:called|named|found|known|recorded|in|from|of)",
            r"(?:is|are)n't (?:any|recorded|in)",
            r"not (?:recorded|available|known|enough|possible|understood|supported|connected|something)",
            r"not in (?:the|your|this) (?:data|file)",
            r"nothing (?:of|in|about|to)",
            r"needs? (?:a|an|more) |without (?:a|any) (?:language model|data)",
        )
    )
    + ")",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*[-*•] ")
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")


class Columned(Protocol):
    """A table of an answer."""

    @property
    def columns(self) -> Sequence[Any]:
        """What has a `unit`, left to right."""
        ...

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """Cells, in the order of the columns."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer shows: its text, its tables, and whether any figure came from a tool."""

    text: str
    tables: Sequence[Columned] = ()
    sourced: bool = False
    proposals: int = 0
    plain: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", readable(self.text))

    def numbers(self) -> list[Figure]:
        """Those of the text and of the first rows of the tables."""
        found = figures(self.plain)
        for table in self.tables:
            for row in table.rows[:FIRST_ROWS]:
                found += cells(table.columns, row)
        return found

    def headline(self) -> list[Figure]:
        """Those that no reader has to search a list for: of the sentences, of short lists and short tables."""
        lines = self.plain.splitlines()
        bullets = [line for line in lines if _BULLET.match(line)]
        kept = [line for line in lines if len(bullets) <= FIRST_ROWS or not _BULLET.match(line)]
        found = figures("\n".join(kept))
        for table in self.tables:
            if len(table.rows) <= FIRST_ROWS:
                found += [figure for row in table.rows for figure in cells(table.columns, row)]
        return found

    def rows(self) -> list[str]:
        """Lines of the text, and rows of the tables as text with the numbers as they are."""
        shown = [" | ".join("" if c is None else str(c) for c in row) for table in self.tables for row in table.rows]
        return [*self.plain.splitlines(), *shown]


@dataclass(frozen=True, slots=True)
class Expected:
    """A request's truths, computed: any of `any`, one of each group of `all`. `universe`: names that may be ranked."""

    any: Sequence[Any] = ()
    all: Sequence[Sequence[Any]] = ()
    universe: Sequence[str] = ()


def judge(request: Request, said: Said, expected: Expected) -> Verdict:
    """What the answer is worth."""
    if not request.judged:
        return "read"
    if any(_found(pattern, said.plain) for pattern in request.must_not):
        return "wrong"
    if request.refuse:
        return _refusal(request, said)
    if request.kind in _NEVER_REFUSED and not said.sourced and _CANNOT.search(said.plain):
        return "refused"
    met = [_met(request, said, group, expected.universe) for group in (expected.any, *expected.all) if group]
    shown = said.plain if request.kind == "definition" else _everything(said)
    if request.kind == "ranking" and not met:
        shown = _first_places(said, len(request.mention))
    met += [_found(pattern, shown) for pattern in request.mention]
    if all(met):
        return "right" if met or not _claims(request, said) else "wrong"
    return _without(request, said, partly=any(met))


def _refusal(request: Request, said: Said) -> Verdict:
    """Right: says that it cannot, and names what is missing, before any figure."""
    head = _before_figures(request, said)
    named = all(_found(pattern, head) for pattern in request.mention)
    if named and _CANNOT.search(head):
        return "right"
    if _claims(request, said):
        return "wrong"
    if _asks(said):
        return "asked"
    return "refused"


def _without(request: Request, said: Said, *, partly: bool) -> Verdict:
    """An answer that lacks what was asked for: wrong unless it says so, or asks, and shows no figure instead."""
    cannot = bool(_CANNOT.search(said.plain))
    if not said.sourced and _asks(said):
        return "asked"
    if _claims(request, said):
        return "refused" if partly and cannot else "wrong"
    return "refused"


def _claims(request: Request, said: Said) -> bool:
    """Whether a figure or a table is presented as an answer."""
    if said.proposals:
        return True
    if not said.sourced:
        own = _own_numbers(request, said.plain)
        return bool(own) and not _CANNOT.search(said.plain)
    return bool(_own_numbers(request, said.plain) or said.tables or not _CANNOT.search(said.plain))


def _own_numbers(request: Request, text: str) -> list[Figure]:
    echoed = {figure.value for turn in request.turns for figure in figures(turn)}
    return [figure for figure in figures(text) if figure.value not in echoed]


def _before_figures(request: Request, said: Said) -> str:
    """The text up to the first figure that came from a tool; all of it when none did."""
    if not said.sourced:
        return said.plain
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.!?:])\s+|\n+", said.plain):
        if _own_numbers(request, sentence):
            break
        kept.append(sentence)
    return "\n".join(kept)


def _asks(said: Said) -> bool:
    return "?" in _QUOTED.sub("", said.plain)


def _met(request: Request, said: Said, readings: Sequence[Any], universe: Sequence[str]) -> bool:
    numbers: list[Figure] | None = None
    for reading in readings:
        if isinstance(reading, bool | int | float):
            numbers = said.numbers() if numbers is None else numbers
            if _shown(request, said, float(reading), numbers):
                return True
        elif isinstance(reading, list):
            if _ranked(request, said, [str(name) for name in reading], universe):
                return True
        elif isinstance(reading, set | frozenset | tuple):
            if all(holds(_everything(said), str(name)) for name in reading):
                return True
        elif isinstance(reading, dict):
            if _paired(said, reading, request.tol):
                return True
        elif isinstance(reading, str) and _ranked(request, said, [reading], universe):
            return True
    return False


def _shown(request: Request, said: Said, truth: float, numbers: list[Figure]) -> bool:
    if truth == 0:
        return NOTHING.search(said.plain) is not None
    asked = " ".join(request.turns)
    small = truth.is_integer() and abs(truth) < 100
    untimed = small and not re.search(r"\b(days?|how long|gap|weeks?|old)\b", asked)
    numbers = said.headline() if small else numbers
    hit = any(near(figure, truth, request.tol) and not (untimed and figure.timed) for figure in numbers)
    if hit and request.kind == "change" and truth < 0:
        return DECLINE.search(said.plain) is not None or any(figure.value < 0 for figure in numbers)
    return hit


def _ranked(request: Request, said: Said, names: list[str], universe: Sequence[str]) -> bool:
    """The names first and in order: in the text, or in the rows of a table."""
    asked = " ".join(request.turns)
    known = [name for name in {*universe, *names} if name in names or not holds(asked, name)]
    if names_in_order(said.plain, known)[: len(names)] == names:
        return True
    for table in said.tables:
        rows = [" | ".join(str(cell) for cell in row if isinstance(cell, str)) for row in table.rows[: len(names)]]
        if len(rows) == len(names) and all(holds(row, name) for row, name in zip(rows, names, strict=True)):
            return True
    return False


def _paired(said: Said, wanted: dict[str, Any], tol: float) -> bool:
    """Each key stands in a line or row together with its name or figure; the first such row counts for a name."""
    rows = said.rows()
    numbered = _numbered_rows(said)
    for key, value in wanted.items():
        if isinstance(value, str):
            mine = [row for row in rows if holds(row, key)]
            if not any(holds(row, value) for row in mine[:1] + [row for row in mine if "|" in row][:1]):
                return False
        elif not any(holds(row, key) and any(near(f, float(value), tol) for f in found) for row, found in numbered):
            return False
    return True


def _numbered_rows(said: Said) -> list[tuple[str, list[Figure]]]:
    found = [(line, figures(line)) for line in said.plain.splitlines()]
    for table in said.tables:
        for row in table.rows:
            words = " | ".join(str(cell) for cell in row if cell is not None)
            found.append((words, cells(table.columns, row)))
    return found


def _everything(said: Said) -> str:
    return "\n".join(said.rows())


def _first_places(said: Said, number: int) -> str:
    """The sentences before a list and its first lines: what a ranking puts first."""
    lines = said.plain.splitlines()
    start = next((n for n, line in enumerate(lines) if _BULLET.match(line)), len(lines))
    rows = [" | ".join(map(str, row)) for table in said.tables for row in table.rows[:number]]
    return "\n".join([*lines[: start + number], *rows])


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
