"""Local days in columns: which one an instant is in, and when each begins, as the database reckons it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection, text

from database.acts.columns import Columns, Ints
from database.acts.records import EPOCH
from database.semantic.question import Question
from database.time_buckets import first_day

__all__ = ["MOST_DAYS", "Days", "days_of"]

MOST_DAYS = 20_000
MOST_KEPT = 64  # periods whose days are remembered with the columns
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_FINER = {86_400: 60, 60: 1}  # seconds between two looks at the clock
_BEGINNINGS = text(
    "select cast(extract(epoch from (d at time zone :tz) - cast(:epoch as timestamptz)) * 1000000 as bigint)"
    " from generate_series(cast(:first as timestamp), cast(:last as timestamp), interval '1 day') d"
)
_CLOCKS = text(
    "select cast(extract(epoch from (i at time zone :tz) - (i at time zone 'UTC')) as bigint) from ("
    " select cast(:epoch as timestamptz) + make_interval(secs => s) as i from"
    " generate_series(cast(:low as bigint), cast(:high as bigint), cast(:step as bigint)) s) clocks"
)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the one before `start` to the one after the end: `begins` when, and `first` and `after` of the period.

    `changes` are the instants at which clocks are set, `ahead` is how far they are ahead of UTC before and after each.
    All in microseconds since 2000.
    """

    start: date
    begins: Ints
    changes: Ints
    ahead: Ints

    @property
    def first(self) -> int:
        """When the period begins."""
        return int(self.begins[1])

    @property
    def after(self) -> int:
        """When it has ended."""
        return int(self.begins[-1])

    def place(self, at: Ints) -> Ints:
        """The day of each instant, as its place among these days: it may be the day after the end.

        Where a day has two midnights the database takes the later one, and calls what is between by the later day.
        """
        of = np.repeat(self.ahead, np.diff(np.searchsorted(at, self.changes), prepend=0, append=len(at)))
        day = (at + of) // _DAY - ((self.start - date.fromisoformat(EPOCH[:10])).days - 1)
        place: Ints = np.clip(day, 0, len(self.begins) - 1)
        return place

    def buckets(self, question: Question) -> tuple[Ints, list[date], Ints]:
        """The bucket of each day, the first day of each bucket, and when each begins within the period."""
        days = [self.start + timedelta(days=n - 1) for n in range(len(self.begins))]
        firsts = [first_day(question.grain, day, question.week_start) for day in days]
        different = list(dict.fromkeys(firsts))
        number = {first: place for place, first in enumerate(different)}
        since = [self.begins[max(1, (max(first, self.start) - self.start).days + 1)] for first in different]
        return np.array([number[first] for first in firsts], np.int64), different, np.array(since, np.int64)


def days_of(connection: Connection, columns: Columns, start: date, end: date, time_zone: str) -> Days:
    """The days of a period, remembered as long as the columns are."""
    key = (start, end, time_zone)
    days: Days | None = columns.days.get(key)
    if days is None:
        if len(columns.days) >= MOST_KEPT:
            columns.days.clear()
        days = columns.days[key] = _days(connection, start, end, time_zone)
    return days


def _days(connection: Connection, start: date, end: date, time_zone: str) -> Days:
    values = {"first": start - timedelta(days=1), "last": end + timedelta(days=1), "tz": time_zone, "epoch": EPOCH}
    begins = np.array(connection.execute(_BEGINNINGS, values).scalars().all(), np.int64)
    low, high = int(begins[0] // _SECOND) - 86_400, int(begins[-1] // _SECOND) + 2 * 86_400
    changes, ahead = _changes(connection, time_zone, low, high, 86_400)
    return Days(start, begins, np.array(changes, np.int64) * _SECOND, np.array(ahead, np.int64) * _SECOND)


def _changes(connection: Connection, time_zone: str, low: int, high: int, step: int) -> tuple[list[int], list[int]]:
    """When clocks are set between two instants, and how far ahead of UTC they are before and after each; seconds."""
    values = {"tz": time_zone, "epoch": EPOCH, "low": low, "high": high, "step": step}
    seen = connection.execute(_CLOCKS, values).scalars().all()
    changes, ahead = list[int](), [seen[0]]
    for place in range(1, len(seen)):
        if seen[place] == seen[place - 1]:
            continue
        instant = low + step * place
        if step in _FINER:
            found, clocks = _changes(connection, time_zone, instant - step, instant, _FINER[step])
            changes += found
            ahead += clocks[1:]
        else:
            changes.append(instant)
            ahead.append(seen[place])
    return changes, ahead
