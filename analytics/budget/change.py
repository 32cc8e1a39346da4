"""What a change of spend does to the sales of days ahead: planned against unchanged, by the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import hypot

import numpy as np
from numpy.typing import NDArray

from analytics.budget.ahead import Ahead, recent_pattern
from analytics.mix.effects import Interval, interval
from core.errors import FixArguments

__all__ = ["Change", "change_of_spend", "with_change"]

Array = NDArray[np.float64]
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """Spend that is to change on the day `begins`, week by week from the one after the data.

    `weeks`: their Mondays. `unchanged` and `planned` (weeks, channels): money, the mean over where in the pattern the
    weeks begin. `sales` (draws, weeks, channels): what the plan brings beyond no change.
    """

    weeks: Sequence[date]
    begins: date
    unchanged: Array
    planned: Array
    sales: Array

    def between(self, first: date, last: date) -> Array:
        """What it brings from `first` to `last`, both included, (draws, channels). A week's share is that of its days
        on which the plan runs.
        """
        return np.asarray(np.einsum("dwc,w->dc", self.sales, self._parts(first, last)))

    def spent(self, first: date, last: date) -> Array:
        """What is spent more in these days (channels)."""
        return np.asarray(self._parts(first, last) @ (self.planned - self.unchanged))

    def total(self, first: date, last: date) -> Interval:
        """All channels together."""
        return interval(self.between(first, last).sum(axis=1))

    def _parts(self, first: date, last: date) -> Array:
        begin = max(first, self.begins)
        return np.array(
            [_days(week, begin, last) / max(_days(week, self.begins, week + WEEK), 1) for week in self.weeks]
        )


def change_of_spend(
    ahead: Ahead, spend: Array, weeks: Sequence[date], level: Array, *, recent: int, begins: date, until: date
) -> Change:
    """Spend a week `level` (channels) from the day `begins` on, in the pattern of the `recent` weeks, against going on
    as in them.

    `spend` (weeks, channels) and its Mondays `weeks` are what is known, and what `ahead` is of.
    Errors: FixArguments where `begins` lies before the end of what is known or after `until`.
    """
    first = weeks[-1] + WEEK
    if not first <= begins <= until:
        raise FixArguments(f"A change of spend can begin between {first} and {until}, not on {begins}.", field="start")
    mondays = [first + WEEK * number for number in range((until - first).days // 7 + 1)]
    runs = np.array([_days(monday, begins, monday + WEEK) / 7 for monday in mondays])[:, None]
    steady = ahead.now <= 0
    ratio = level / np.where(steady, 1.0, ahead.now)
    rounds = min(recent, len(spend))
    unchanged = planned = np.zeros((len(mondays), len(level)))
    sales = np.zeros((len(ahead.curves.beta), len(mondays), len(level)))
    for shift in range(rounds):  # nobody knows with which of the weeks of the pattern the next ones begin
        pattern = recent_pattern(spend, recent, len(mondays), shift=shift)
        changed = pattern * (1 - runs) + np.where(steady, level, pattern * ratio) * runs
        unchanged, planned = unchanged + pattern / rounds, planned + changed / rounds
        sales += (ahead.sales(changed) - ahead.sales(pattern)) / rounds
    return Change(mondays, begins, unchanged, planned, sales)


def with_change(expected: float, around: tuple[float, float], change: Interval) -> Interval:
    """A forecast with its 90 % interval and a change with its own, together.

    The two are taken to miss independently: distances to the ends add up as squares. Nothing falls below 0.
    """
    mean = max(expected + change.mean, 0.0)
    down = hypot(expected - around[0], change.mean - change.low)
    up = hypot(around[1] - expected, change.high - change.mean)
    return Interval(mean, max(mean - down, 0.0), mean + up)


def _days(monday: date, first: date, last: date) -> int:
    """Days of a week from `first` to `last`, both included."""
    begin, end = max(monday, first), min(monday + timedelta(days=6), last)
    return max((end - begin).days + 1, 0)
