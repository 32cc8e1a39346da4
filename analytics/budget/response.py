"""Sales a week as a function of spend a week, by draw, for channels that keep the pattern of their recent weeks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.mix.posterior import Curves

__all__ = ["Response"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Response:
    """What spend a week brings a week, by draw, once it has gone on for a while.

    `unit` (draws, weeks, channels) is the scaled stock of one unit of money a week, spent in the pattern of the recent
    weeks and repeated: a channel that runs in flights is planned in flights. `peak` (channels) is the largest week of
    the pattern per unit a week; `today` and `highest` (channels) are spend a week now and the largest week ever.
    """

    curves: Curves
    unit: Array
    peak: Array
    today: Array
    highest: Array

    @classmethod
    def of(cls, curves: Curves, spend: Array, *, recent: int, even: bool = False) -> Response:
        """From spend (weeks, channels); `recent`: weeks that say what today is. even: the same in every week."""
        window = spend[-recent:]
        today = window.mean(axis=0)
        flat = today <= 0
        pattern = np.where(flat, 1.0, window / np.where(flat, 1.0, today))
        if even:
            pattern = np.ones((1, spend.shape[1]))
        whole = np.concatenate([pattern] * (1 + -(-curves.lags // len(pattern))))
        return cls(curves, curves.stock(whole)[:, -len(pattern) :], pattern.max(axis=0), today, spend.max(axis=0))

    def sales(self, level: Array) -> Array:
        """Sales a week (draws, channels) at spend a week `level` (channels)."""
        return np.asarray(self.curves.saturated(self.unit * level)[0].mean(axis=1))

    def with_slope(self, level: Array) -> tuple[Array, Array]:
        """Mean over the draws of sales a week by channel, and their slope in each channel's spend."""
        value, tilt = self.curves.saturated(self.unit * level)
        return value.mean(axis=(0, 1)), (tilt * self.unit).mean(axis=(0, 1))

    def beyond(self, level: Array) -> Array:
        """Whether a week at `level` would exceed all that was ever spent in a week: the curve is a guess there."""
        return np.asarray(level * self.peak > self.highest * 1.0001)
