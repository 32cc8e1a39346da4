"""Lying bars on a sheet: a waterfall, bars with intervals, two bars a name; long names and many rows stay inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.media_report.lettering import measured
from tools.media_report.sheet import FAINT, INK, MUTED, PRIMARY, Sheet

__all__ = ["Bar", "Frame", "bars", "beside"]

NAMES, SIZE = 118.0, 8.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart lies, in points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` to `end` with the words at its end, and its interval where it has one."""

    name: str
    end: float
    words: str
    start: float = 0.0
    low: float | None = None
    high: float | None = None
    colour: str = PRIMARY


def bars(sheet: Sheet, frame: Frame, rows: Sequence[Bar], *, mark: float | None = None) -> None:
    """One bar a row, top down; `mark`: a value to draw a line at, such as break even."""
    place = _scale(frame, rows, mark)
    step = frame.height / len(rows)
    thick = min(step * 0.62, 15.0)
    sheet.rule(place(0.0), frame.y, place(0.0), frame.y + frame.height, colour=MUTED)
    if mark is not None:
        sheet.rule(place(mark), frame.y, place(mark), frame.y + frame.height, colour=INK, width=0.8)
    for number, row in enumerate(rows):
        middle = frame.y + step * (number + 0.5)
        sheet.line(frame.x + NAMES - 6, middle + 3, row.name, room=NAMES - 6, size=SIZE, align="right")
        sheet.bar(place(row.start), middle - thick / 2, place(row.end) - place(row.start), thick, row.colour)
        if row.low is not None and row.high is not None:
            sheet.whisker(place(row.low), place(row.high), middle)
        right = max(place(value) for value in (row.start, row.end, row.high) if value is not None)
        sheet.line(right + 5, middle + 3, row.words, room=frame.x + frame.width - right - 5, size=SIZE)


def beside(sheet: Sheet, frame: Frame, names: Sequence[str], pairs: Sequence[tuple[Bar, Bar]]) -> None:
    """Two bars a row, the first above the second."""
    rows = [row for pair in pairs for row in pair]
    place = _scale(frame, rows, None)
    step = frame.height / len(names)
    thick = min(step * 0.36, 9.0)
    sheet.rule(place(0.0), frame.y, place(0.0), frame.y + frame.height, colour=FAINT)
    for number, (name, pair) in enumerate(zip(names, pairs, strict=True)):
        middle = frame.y + step * (number + 0.5)
        sheet.line(frame.x + NAMES - 6, middle + 3, name, room=NAMES - 6, size=SIZE, align="right")
        for row, top in zip(pair, (middle - thick - 0.5, middle + 0.5), strict=True):
            sheet.bar(place(0.0), top, place(row.end) - place(0.0), thick, row.colour)
            right = max(place(row.end), place(0.0))
            sheet.line(
                right + 5, top + thick - 1, row.words, room=frame.x + frame.width - right - 5, size=min(SIZE, thick)
            )


def _scale(frame: Frame, rows: Sequence[Bar], mark: float | None) -> Callable[[float], float]:
    """From a value to its place; words at the ends of the bars have room."""
    known = [value for row in rows for value in (row.start, row.end, row.low, row.high) if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known, *([mark] if mark is not None else [])])
    words = max(measured(row.words, SIZE) for row in rows) + 10
    left, right = frame.x + NAMES, frame.x + frame.width - words
    span = (high - low) or 1.0
    return lambda value: left + (value - low) / span * (right - left)
