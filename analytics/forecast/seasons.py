"""A ridge regression of log totals on trend, the waves of the year and the weeks of gifts, with the latest level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

__all__ = ["gift_days", "seasonal_forecast"]

Floats = NDArray[np.float64]
_WAVES = 3
_PENALTY = 1.0
_RECENT, _FADING = 4, 0.85  # blocks whose misses correct the level, and how fast that fades


def seasonal_forecast(values: Floats, days: Sequence[date], length: int, year: float, horizon: int) -> Floats:
    """The next `horizon` block totals, (horizon,), from `values` of blocks that begin on `days` and are `length` long.

    `year` is in blocks. Waves of the year take part only once more than a year is known: before that they would take
    the trend for a season.
    """
    size = values.size
    waves = _WAVES if size > 1.15 * year else 0
    begins = [*days, *(days[-1] + timedelta(days=length * step) for step in range(1, horizon + 1))]
    design = _design(begins, size, length, waves)
    floor = max(float(np.mean(values)) * 0.02, 1e-9)
    target = np.log(np.maximum(values, floor))
    penalty = np.full(design.shape[1], _PENALTY)
    penalty[0] = 0.0
    past = design[:size]
    weights = np.linalg.solve(past.T @ past + np.diag(penalty), past.T @ target)
    fitted = design @ weights
    miss = float((target - fitted[:size])[-_RECENT:].mean())
    ahead = fitted[size:] + miss * _FADING ** np.arange(horizon)
    spread = float(np.var(target - fitted[:size]))
    return np.asarray(np.exp(ahead + min(spread, 0.5) / 2), np.float64)


def _design(begins: Sequence[date], size: int, length: int, waves: int) -> Floats:
    """1, a trend that stops at the end of the data, waves of the year, and the share of days before gifts."""
    place = np.minimum(np.arange(len(begins)), size - 1) / max(size, 1)
    angle = np.array([2 * np.pi * (d.timetuple().tm_yday + length / 2) / 365.25 for d in begins])
    columns = [np.ones(len(begins)), 2 * place - 1]
    for wave in range(1, waves + 1):
        columns += [np.sin(wave * angle), np.cos(wave * angle)]
    gifts = np.array([gift_days(begin, length) for begin in begins], np.float64) / length
    return np.column_stack([*columns, gifts[:, 0], gifts[:, 1]])


def gift_days(begin: date, length: int) -> tuple[int, int]:
    """Of `length` days from `begin`: those from Black Friday to 20 December, and from 24 December to 1 January."""
    before = after = 0
    for offset in range(length):
        day = begin + timedelta(days=offset)
        before += black_friday(day.year) <= day <= date(day.year, 12, 20)
        after += (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)
    return before, after


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)
