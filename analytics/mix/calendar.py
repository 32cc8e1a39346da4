"""Weeks in which shops sell more than any smooth season says: around Black Friday, and before Christmas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

__all__ = ["year_end"]

# First and last (month, day), by name: late November holds Black Friday and Cyber Monday of any year.
PEAKS = {"late November": ((11, 22), (12, 2)), "before Christmas": ((12, 7), (12, 24))}


def year_end(weeks: Sequence[date]) -> Mapping[str, NDArray[np.float64]]:
    """By peak, the share of each week's days (0-1) that lie in it; without those that no week touches."""
    found = {name: np.array([_share(week, *peak) for week in weeks]) for name, peak in PEAKS.items()}
    return {name: shares for name, shares in found.items() if shares.any()}


def _share(week: date, first: tuple[int, int], last: tuple[int, int]) -> float:
    days = [week + timedelta(days=n) for n in range(7)]
    return sum(first <= (day.month, day.day) <= last for day in days) / 7
