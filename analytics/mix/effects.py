"""What each channel brought, what a unit spent brings on average and at the margin, and what the data said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.mix.density import ALPHA, BLOCK, DELAY, HEAD, NORMAL, POWER, RATE, RETURN
from analytics.mix.model import Design
from analytics.mix.posterior import Curves, Posterior

__all__ = ["ChannelEffect", "Interval", "channel_effects", "interval", "returns", "verdict_of"]

Array = NDArray[np.float64]
LEVEL = 0.90
LITTLE = 0.25  # of the prior's variance taken away by the data
PRIOR_EDGE = (0.01, 0.99)


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean, and the middle 90 % of the draws."""

    mean: float
    low: float
    high: float


def interval(draws: Array) -> Interval:
    """Of draws of one figure."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(draws.mean()), float(low), float(high))


@dataclass(frozen=True, slots=True)
class ChannelEffect:
    """One channel over all weeks. Money; shares 0-1; roi and marginal_roi: sales per unit spent, on average and of
    one per cent more in the same pattern; half_life in weeks; half_saturation: spend a week, held.

    verdict: roi's interval against break even. learnt: share of what was uncertain a priori, given the other channels,
    that the data took away (0: they said nothing). prior: roi before the data. surprising: roi lies beyond that.
    """

    channel: str
    spend: float
    spend_share: float
    contribution: Interval
    effect_share: Interval
    roi: Interval
    marginal_roi: Interval
    half_life: Interval
    half_saturation: Interval
    retention: Interval
    verdict: Literal["pays", "loses", "unsure"]
    learnt: float
    prior: Interval
    surprising: bool

    @property
    def silent(self) -> bool:
        """The data said next to nothing about this channel."""
        return self.learnt < LITTLE


def returns(posterior: Posterior) -> Array:
    """Sales per unit spent over all weeks (draws, channels)."""
    spend = posterior.design.series.spend
    return np.asarray(posterior.curves.contributions(spend).sum(axis=1) / spend.sum(axis=0))


def channel_effects(posterior: Posterior, *, break_even: float = 1.0, seed: int = 0) -> list[ChannelEffect]:
    """Every channel's effect, in the series' order."""
    series, curves = posterior.design.series, posterior.curves
    stock = curves.stock(series.spend)
    brought, slope = curves.saturated(stock)
    contribution = brought.sum(axis=1)
    spend = series.spend.sum(axis=0)
    roi, margin = contribution / spend, (slope * stock).sum(axis=1) / spend
    share = contribution / contribution.sum(axis=1, keepdims=True)
    prior = _prior_roi(posterior, seed)
    life, half = curves.half_life(), curves.half_saturation()
    found = []
    for c, name in enumerate(series.channels):
        average = interval(roi[:, c])
        edges = np.quantile(prior[:, c], PRIOR_EDGE)
        found.append(
            ChannelEffect(
                name, float(spend[c]), float(spend[c] / spend.sum()), interval(contribution[:, c]),
                interval(share[:, c]), average, interval(margin[:, c]), interval(life[:, c]), interval(half[:, c]),
                interval(curves.retention[:, c]), verdict_of(average, break_even), _learnt(roi[:, c], prior[:, c]),
                interval(prior[:, c]), not edges[0] <= float(np.median(roi[:, c])) <= edges[1],
            )
        )  # fmt: skip
    return found


def verdict_of(roi: Interval, break_even: float = 1.0) -> Literal["pays", "loses", "unsure"]:
    """Whether the whole interval of a return lies above or below break even."""
    if roi.low > break_even:
        return "pays"
    return "loses" if roi.high < break_even else "unsure"


def _learnt(roi: Array, prior: Array) -> float:
    """Share of the prior variance of log ROI that the data took away."""
    after, before = float(np.log(np.maximum(roi, 1e-12)).var()), float(np.log(np.maximum(prior, 1e-12)).var())
    return float(np.clip(1.0 - after / before, 0.0, 1.0))


def _prior_roi(posterior: Posterior, seed: int) -> Array:
    """ROI (draws, channels) before a channel's own data: its parameters from the prior, the level as the others say."""
    design = posterior.design
    rng = np.random.default_rng(seed)
    theta = posterior.draws.theta.copy()
    for c in range(len(design.series.channels)):
        first = HEAD + BLOCK * c
        for place in (ALPHA, DELAY, RATE, POWER):
            theta[:, first + place] = _from_prior(design, first + place, len(theta), rng)
        theta[:, first + RETURN] = theta[:, 1] + design.spread * rng.standard_normal(len(theta))
    spend = design.series.spend
    return np.asarray(Curves.of(theta, design).contributions(spend).sum(axis=1) / spend.sum(axis=0))


def _from_prior(design: Design, place: int, count: int, rng: np.random.Generator) -> Array:
    family, a, b = design.priors[place]
    if family == NORMAL:
        return np.asarray(rng.normal(a, b, count))
    share = rng.beta(a, b, count)  # a retention
    return np.asarray(np.log(share / (1.0 - share)))
