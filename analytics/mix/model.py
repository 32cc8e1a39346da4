"""The model of a series: its shape, its priors, and the scaled arrays that the compiled density takes.

Priors, on scaled data (sales and each channel's spend over their largest week):
 - retention α ~ Beta(1, 3), pymc-marketing's own; delay θ ~ LogNormal(log 1.35, .7) weeks.
 - half saturation ~ LogNormal(log of the channel's mean spend in weeks with any, .8): businesses mostly spend where
   returns have begun to diminish but are not gone; over the largest week, as is common, one spike would set the prior.
   A logistic curve's λ is log 3 over its half saturation. Hill slope ~ LogNormal(0, .25).
 - return: β is `scale` · ρ with log ρ ~ Normal(μ, .5), μ ~ Normal(0, 1). At ρ = 1 all channels bring the same per unit
   spent and media bring 30 % of sales in all; μ learns that level from the data, the channels differ around it.
 - linear terms Normal, noise HalfNormal(.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.mix import density
from analytics.mix.density import ALPHA, BETA, BLOCK, DELAY, HALF_NORMAL, HEAD, NORMAL, POWER, RATE
from analytics.mix.series import LiftTest, Series
from core.errors import FixArguments

__all__ = ["LAGS", "Design", "Shape"]

Array = NDArray[np.float64]
LAGS = 8
YEAR = 365.25
HARMONICS = 2
INTERCEPT, TREND, SEASON, CONTROL = 0.5, 0.5, 0.3, 0.5  # prior sd; the intercept's mean is .5
CENTRE = 0.5
NOISE = 0.3
LEVEL, SPREAD = 1.0, 0.5
RETENTION = (1.0, 3.0)
WAIT = (math.log(1.35), 0.7)
HALF_SATURATION, STEEPNESS = 0.8, 0.25
LEVEL_WEEKS, LOWEST = 13, 0.1  # to each side; share of the mean
MEDIA_SHARE, AT_MEAN = 0.3, 0.4  # of sales, and saturation at the mean, at ρ = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """How effects carry over and saturate, by channel: delayed or geometric adstock, Hill or logistic curve.

    growth: the power of the level of sales that a week's noise goes with; 0: the same in every week.
    """

    delayed: tuple[bool, ...]
    hill: tuple[bool, ...]
    lags: int = LAGS
    growth: float = 0.0

    @classmethod
    def alike(cls, channels: int, *, delayed: bool = False, hill: bool = True, lags: int = LAGS) -> Shape:
        """The same for all channels."""
        return cls((delayed,) * channels, (hill,) * channels, lags)

    def in_words(self, channels: Sequence[str]) -> str:
        """The shape as a person reads it."""
        late = [name for name, delayed in zip(channels, self.delayed, strict=True) if delayed]
        curve = "Hill" if all(self.hill) else "logistic"
        kept = "geometric adstock" if not late else f"geometric adstock, delayed for {', '.join(late)}"
        noise = ", noise that grows with sales" if self.growth else ""
        return f"{kept}, {curve} saturation{noise}"


@dataclass(frozen=True, slots=True)
class Design:
    """A series scaled for the density. `rows` are the weeks fitted; adstock runs over all weeks."""

    series: Series
    shape: Shape
    linear: Array
    terms: tuple[str, ...]
    ridge: Array
    media: Array
    target: Array
    sales_scale: float
    spend_scale: Array
    scale: Array
    priors: Array
    lifts: Array
    weights: Array
    rows: int
    spread: float = SPREAD
    harmonics: int = HARMONICS

    @classmethod
    def of(
        cls,
        series: Series,
        shape: Shape,
        *,
        lifts: Sequence[LiftTest] = (),
        held_out: int = 0,
        trend: bool = True,
        harmonics: int = HARMONICS,
        wider: float = 1.0,
    ) -> Design:
        """Scale by what the fitted weeks hold, so that held-out weeks tell nothing.

        harmonics: pairs of waves of the yearly season, 0: none; wider: times the prior's spread of what channels bring.
        """
        rows = len(series.weeks) - held_out
        sales_scale = float(np.abs(series.sales[:rows]).max())
        spend_scale = np.where(series.spend[:rows].max(axis=0) > 0, series.spend[:rows].max(axis=0), 1.0)
        linear, terms, ridge = _linear(series, rows, trend, harmonics)
        media = series.spend / spend_scale
        total = float(series.spend[:rows].mean(axis=0).sum())
        level = MEDIA_SHARE * float(series.sales[:rows].mean()) / total
        scale = level * series.spend[:rows].mean(axis=0) / sales_scale / AT_MEAN
        priors = _priors(media[:rows], shape, LEVEL * wider)
        target = series.sales / sales_scale - CENTRE
        tests = _scaled(lifts, series.channels, spend_scale, sales_scale)
        weights = _level(series, rows) ** -shape.growth
        return cls(
            series, shape, linear, terms, ridge, media, target, sales_scale, spend_scale, scale, priors, tests,
            weights, rows, SPREAD * wider, harmonics,
        )  # fmt: skip

    @property
    def size(self) -> int:
        """Parameters sampled."""
        return HEAD + BLOCK * len(self.series.channels)

    @property
    def kinds(self) -> NDArray[np.int64]:
        """Whether delayed, whether Hill, as the density takes it."""
        return np.array([self.shape.delayed, self.shape.hill], dtype=np.int64).reshape(2, -1)

    def names(self) -> list[str | None]:
        """Name of each parameter sampled; None of one that its channel's shape has no use for."""
        named: list[str | None] = ["noise", "level"]
        for name, delayed, hill in zip(self.series.channels, self.shape.delayed, self.shape.hill, strict=True):
            used = ("retention", "delay" if delayed else None, "saturation", "slope" if hill else None, "return")
            named += [f"{part} of {name}" if part else None for part in used]
        return named

    def arguments(self) -> tuple[Any, ...]:
        """What `log_density` takes after theta and gradient."""
        kept = slice(0, self.rows)
        return (
            np.ascontiguousarray(self.target[kept] * self.weights[kept]),
            np.ascontiguousarray(self.linear[kept] * self.weights[kept, None]),
            np.ascontiguousarray(self.media[kept]),
            self.kinds,
            self.scale,
            self.priors,
            self.ridge,
            self.spread,
            self.shape.lags,
            self.lifts,
            np.ascontiguousarray(self.weights[kept]),
        )

    def density(self, theta: Array) -> tuple[float, Array]:
        """Log posterior density of unconstrained theta, and its gradient."""
        gradient = np.empty(theta.size)
        value = density.log_density(theta, gradient, *self.arguments())
        return value, gradient


def _level(series: Series, rows: int) -> Array:
    """Smoothed sales of a week over the mean of all, from the fitted weeks; those held out are at the last level."""
    sales = series.sales[:rows]
    around = np.array([sales[max(0, t - LEVEL_WEEKS) : t + LEVEL_WEEKS + 1].mean() for t in range(rows)])
    level = np.maximum(around / float(sales.mean()), LOWEST)
    return np.concatenate([level, np.full(len(series.sales) - rows, level[-1])])


def _linear(series: Series, rows: int, trend: bool, harmonics: int) -> tuple[Array, tuple[str, ...], Array]:
    """Columns of the linear terms over all weeks, their names and prior variances."""
    count = len(series.weeks)
    columns, names, deviations = [np.ones(count)], ["baseline"], [INTERCEPT]
    if trend:
        columns.append((np.arange(count) / max(rows - 1, 1)) - 0.5)
        names.append("trend")
        deviations.append(TREND)
    angle = 2 * np.pi * np.array([_day_of_year(day) for day in series.weeks]) / YEAR
    for order in range(1, harmonics + 1):
        columns += [np.sin(order * angle), np.cos(order * angle)]
        names += [f"season sin {order}", f"season cos {order}"]
        deviations += [SEASON, SEASON]
    for name, values in series.controls.items():
        spread = float(values[:rows].std()) or 1.0
        columns.append((values - float(values[:rows].mean())) / spread)
        names.append(name)
        deviations.append(CONTROL)
    return np.column_stack(columns), tuple(names), np.array(deviations) ** 2


def _day_of_year(day: date) -> int:
    return day.timetuple().tm_yday


def _priors(media: Array, shape: Shape, level: float) -> Array:
    """Family and figures of each parameter's prior, as `log_density` takes them."""
    found = np.zeros((HEAD + BLOCK * media.shape[1], 3))
    found[0], found[1] = (HALF_NORMAL, NOISE, 0.0), (NORMAL, 0.0, level)
    for c in range(media.shape[1]):
        block = found[HEAD + BLOCK * c : HEAD + BLOCK * (c + 1)]
        spent = media[:, c][media[:, c] > 0]
        half = math.log(float(spent.mean())) if spent.size else 0.0
        centre = half if shape.hill[c] else math.log(math.log(3.0)) - half
        block[ALPHA] = (BETA, *RETENTION)
        block[DELAY] = (NORMAL, *WAIT) if shape.delayed[c] else (NORMAL, 0.0, 1.0)
        block[RATE] = (NORMAL, centre, HALF_SATURATION)
        block[POWER] = (NORMAL, 0.0, STEEPNESS if shape.hill[c] else 1.0)
    return found


def _scaled(lifts: Sequence[LiftTest], channels: Sequence[str], spend_scale: Array, sales_scale: float) -> Array:
    rows = []
    for test in lifts:
        if test.channel not in channels:
            raise FixArguments(
                f"An experiment names the channel “{test.channel}”, which has no spend here.",
                field="channel",
                valid=list(channels),
            )
        if test.error <= 0 or test.spend < 0 or test.spend + test.change < 0 or test.change == 0:
            raise FixArguments(
                f"The experiment on “{test.channel}” cannot be read: spend must be 0 or more before and after the "
                "change, the change other than 0, the standard error above 0."
            )
        place = list(channels).index(test.channel)
        unit = spend_scale[place]
        rows.append((place, test.spend / unit, test.change / unit, test.lift / sales_scale, test.error / sales_scale))
    return np.array(rows, dtype=np.float64).reshape(-1, 5)
