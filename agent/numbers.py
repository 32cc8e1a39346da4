"""The number check: a figure may be shown only if a tool result of the turn, its arguments or the question holds it.

Rounding at the shown precision is fine (1.46 million for 1,461,756.25), as are separators, currencies, percentages of
shares, and dates within the periods that were asked for. Sums, differences and estimates are not: no tool gave them.
"""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from language.figures import DateMention, Figure, dates_in, figures_in, without

__all__ = ["Allowed", "pieces", "unsupported"]

_LIST_MARK = re.compile(r"(?m)^\s*(?:\d{1,3}[.)]\s|#+\s*\d{1,3}[.)]\s)")
_IDENTIFIER = re.compile(r"(?=[\w.@+:/-]*\d)(?=[\w.@+:/-]*[A-Za-z_@])[\w.@+:/-]+")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\b")
_NUMERIC = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})[./]((?:19|20)?\d\d)(?![\d./])")
_GLUED = re.compile(r"(?<=[A-Za-z_-])\d+(?:\.\d+)?|\d+(?:\.\d+)?(?=[A-Za-z_-])")  # 90d, clv_12m, as_of-30d
_EXACT = 1e-12
_PLACES = {"coordinates"}  # points on a map: places, no figures; thousands of them would support any number
_PIECE = re.compile(r".*?(?:\n+|(?<=[.!?:])(?:[*_)\]\"']*)\s+)", re.S)


@dataclass(slots=True)
class Allowed:
    """What the figures of an answer may be: gathered from results, arguments and the question of one turn."""

    numbers: list[float] = field(default_factory=list)
    days: set[tuple[int, int, int]] = field(default_factory=set)  # year, month, day; year 0 where none was said
    months: set[tuple[int, int]] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    clocks: set[tuple[int, int]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, *sources: Any) -> Allowed:
        """Everything in `sources`: JSON trees (tool results, arguments) and texts (the question)."""
        allowed = cls()
        for source in sources:
            allowed._add(source)
        allowed.numbers = sorted(set(allowed.numbers))
        return allowed

    def holds(self, figure: Figure) -> bool:
        """True when some allowed number rounds to `figure` at its precision; a percentage is a share times 100."""
        part = 100.0 if figure.percent else 1.0
        return self._near(figure.value / part, figure.tolerance / part)

    def holds_date(self, mention: DateMention) -> bool:
        """True when `mention` names a day, month, quarter or year that occurs."""
        year, month, day, quarter = mention.year, mention.month, mention.day, mention.quarter
        if quarter:
            span = range(3 * quarter - 2, 3 * quarter + 1)
            return any(m in span and year in (None, y) for y, m in self.months)
        if day and month:
            return any(
                (m, d) == (month, day) and (year in (None, y) or (y == 0 and year in self.years))
                for y, m, d in self.days
            )
        if month:
            return (year, month) in self.months if year else any(m == month for _, m in self.months)
        return year in self.years

    def holds_clock(self, hour: int, minute: int) -> bool:
        """True when some instant has this time of day."""
        return (hour, minute) in self.clocks

    def _near(self, value: float, tolerance: float) -> bool:
        reach = tolerance * (1 + 1e-6) + abs(value) * _EXACT
        at = bisect.bisect_left(self.numbers, value - reach)
        return at < len(self.numbers) and self.numbers[at] <= value + reach

    def _add(self, value: Any) -> None:
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, int | float):
            self._number(float(value))
        elif isinstance(value, datetime | date):
            self._text(value.isoformat())
        elif isinstance(value, str):
            self._text(value)
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if key in _PLACES:
                    continue
                self._text(str(key).replace("_", " "))
                self._add(item)
        elif isinstance(value, Iterable):
            items = list(value)
            self._number(float(len(items)))  # "the five countries shown"
            for item in items:
                self._add(item)

    def _number(self, value: float) -> None:
        if math.isfinite(value):
            self.numbers.append(abs(value))

    def _text(self, text: str) -> None:
        self.names.update(_IDENTIFIER.findall(text))
        mentions, _ = dates_in(text.replace("T", " ") if _looks_like_instant(text) else text)
        for mention in mentions:
            self._date(mention)
        for one, other, year in _NUMERIC.findall(text):  # a question back names both days it can be
            self.days |= {(int(year) % 100 + 2000, int(month), int(day)) for month, day in ((one, other), (other, one))}
        for match in _CLOCK.finditer(text.replace("T", " ")):
            self.clocks.add((int(match[1]), int(match[2])))
        for figure in figures_in(text):
            self._number(figure.value / 100 if figure.percent else figure.value)
        for digits in _GLUED.findall(_CLOCK.sub(" ", dates_in(text.replace("T", " "))[1])):
            self._number(float(digits))

    def _date(self, mention: DateMention) -> None:
        if mention.year:
            self.years.add(mention.year)
            self.numbers.append(float(mention.year))
        if mention.year and mention.month:
            self.months.add((mention.year, mention.month))
            if mention.day:
                self.days.add((mention.year, mention.month, mention.day))
        elif mention.month and mention.day:
            self.days.add((0, mention.month, mention.day))
        if mention.year and mention.quarter:
            self.months.update((mention.year, m) for m in range(3 * mention.quarter - 2, 3 * mention.quarter + 1))
        if mention.month and not mention.year:
            self.months.add((0, mention.month))


def unsupported(text: str, allowed: Allowed) -> list[str]:
    """The figures and dates of `text` that are not allowed, as written, in order of kind."""
    text = _LIST_MARK.sub(lambda m: " " * len(m.group()), text)
    text = without(text, sorted(allowed.names, key=len, reverse=True))
    bad = [m.group() for m in _CLOCK.finditer(text) if not allowed.holds_clock(int(m[1]), int(m[2]))]
    text = _CLOCK.sub(lambda m: " " * len(m.group()), text)
    mentions, _ = dates_in(text)
    bad += [m.text for m in mentions if not allowed.holds_date(m)]
    return bad + [f.text for f in figures_in(text) if not allowed.holds(f)]


def pieces(text: str) -> tuple[list[str], str]:
    """`text` cut after sentences and lines: the whole pieces, and what may still grow."""
    done: list[str] = []
    end = 0
    for match in _PIECE.finditer(text):
        if _is_list_mark(match.group()):
            continue
        done.append(text[end : match.end()])
        end = match.end()
    return done, text[end:]


def _is_list_mark(piece: str) -> bool:
    return bool(re.fullmatch(r"\s*\d{1,3}[.)]\s+", piece))


def _looks_like_instant(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d\d-\d\dT", text))
