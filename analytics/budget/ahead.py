"""Sales of the weeks ahead by what is spent in each, with the effect of the weeks before carried over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.mix.posterior import Curves

__all__ = ["Ahead", "recent_pattern"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ahead:
    """The curves, what was spent in the weeks before (lags - 1, channels), oldest first, and what is spent now.

    `now` (channels): mean spend a week lately; `highest` (channels): the largest week ever.
    """

    curves: Curves
    before: Array
    now: Array
    highest: Array

    @classmethod
    def of(cls, curves: Curves, spend: Array, *, recent: int, gap: int = 0) -> Ahead:
        """From spend (weeks, channels) as known; `gap`: weeks since, taken to go on as the `recent` ones."""
        known = np.concatenate([spend, recent_pattern(spend, recent, gap)])
        first = max(len(known) - (curves.lags - 1), 0)
        missing = max(curves.lags - 1 - len(known), 0)
        before = np.concatenate([np.zeros((missing, spend.shape[1])), known[first:]])
        return cls(curves, before, spend[-recent:].mean(axis=0), spend.max(axis=0))

    @property
    def tail(self) -> int:
        """Weeks after the last one in which its spend still has an effect."""
        return self.curves.lags - 1

    def sales(self, spend: Array) -> Array:
        """Sales (draws, weeks, channels) that spend (weeks, channels) and what came before bring."""
        whole = np.concatenate([self.before, spend])
        return self.curves.saturated(self.curves.stock(whole)[:, len(self.before) :])[0]

    def whole_effect(self, spend: Array) -> Array:
        """Sales (draws, channels) of the weeks of `spend` and of those after in which it has an effect still.

        After the last week spend goes on as now, so that a plan gains nothing by leaving nothing behind it.
        """
        return np.asarray(self.sales(self._onward(spend)).sum(axis=1))

    def with_slope(self, spend: Array, channel: int) -> tuple[float, Array]:
        """The whole effect of one channel's `spend` (weeks), mean over the draws, and its slope in each week."""
        weights = self.curves.weights()[:, :, channel] / self.curves.spend_scale[channel]
        whole = np.concatenate([self.before[:, channel], spend, np.full(self.tail, self.now[channel])])
        stock = np.zeros((len(weights), len(whole) - len(self.before)))
        for lag in range(weights.shape[1]):
            stock += weights[:, lag, None] * whole[len(self.before) - lag : len(whole) - lag]
        value, tilt = self._one(channel).saturated(stock[:, :, None])
        slope = sum(
            (weights[:, lag, None] * tilt[:, lag : lag + len(spend), 0]).mean(axis=0) for lag in range(weights.shape[1])
        )
        return float(value.sum(axis=1).mean()), np.asarray(slope)

    def _onward(self, spend: Array) -> Array:
        return np.concatenate([spend, np.tile(self.now, (self.tail, 1))])

    def _one(self, channel: int) -> Curves:
        """The curves of one channel alone."""
        at, curves = slice(channel, channel + 1), self.curves
        return Curves(
            curves.retention[:, at], curves.delay[:, at], curves.rate[:, at], curves.slope[:, at], curves.beta[:, at],
            curves.spend_scale[at], curves.delayed[at], curves.hill[at], curves.lags,
        )  # fmt: skip


def recent_pattern(spend: Array, recent: int, weeks: int, *, shift: int = 0) -> Array:
    """The `recent` weeks of spend (weeks, channels) repeated for `weeks`, from the one at place `shift` on."""
    window = spend[-recent:]
    return np.asarray(window[(np.arange(weeks) + shift) % len(window)])
