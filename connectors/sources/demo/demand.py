"""Demand over time: seasons, weekdays, hours, and what paid channels add.

Customers buy in business time, which runs fast when demand is high. A process that is simple there (BG/NBD) becomes
seasonal in calendar time without losing its parameters, because demand has mean 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.sources.demo.arrays import Bools, Floats, Ints, generator
from connectors.sources.demo.truth import ChannelEffect, Truth

HOURS = np.array(
    [2, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 13, 14, 13, 12, 12, 13, 15, 18, 21, 22, 19, 12, 6], dtype=np.float64
)
WEEKDAYS = np.array([1.05, 1.0, 0.98, 1.0, 1.02, 0.92, 1.03])
WEEKEND_LOVERS = np.array([0.25, 0.25, 0.25, 0.25, 0.3, 2.8, 2.9])
GROWTH = 0.7
"""Growth of acquisition over the history, as an exponent."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Business clocks of four kinds of customers (0 usual, 1 weekend, +2 drifting) and the media behind them.

    `spend` and `shares` have one column a day; `shares` says which part of a day's demand each paid channel drives
    (rows as in Truth.channels; what is missing to 1 is the base). `clocks` are cumulated per hour.
    """

    truth: Truth
    spend: Floats
    shares: Floats
    clocks: Floats
    acquisition: Floats

    @property
    def days(self) -> int:
        """Number of calendar days in the tables behind the clocks."""
        return int(self.spend.shape[1])

    def business(self, kind: Ints, days: Floats) -> Floats:
        """Business time at local calendar time `days` since the start."""
        return self._mapped(kind, days * 24.0, forward=True)

    def calendar(self, kind: Ints, business: Floats) -> Floats:
        """Local calendar time, in days since the start, at the given business time."""
        return self._mapped(kind, business, forward=False) / 24.0

    def arrivals(self, quantiles: Floats) -> Floats:
        """Local calendar time by which the given share of all customers has been acquired."""
        hours = np.arange(self.acquisition.size, dtype=np.float64)
        return np.asarray(np.interp(quantiles, self.acquisition, hours)) / 24.0

    def day_of(self, days: Floats) -> Ints:
        """Index of the calendar day."""
        return np.clip(days.astype(np.int64), 0, self.days - 1)

    def _mapped(self, kind: Ints, values: Floats, *, forward: bool) -> Floats:
        hours = np.arange(self.clocks.shape[1], dtype=np.float64)
        out = np.empty(values.size)
        for row, clock in enumerate(self.clocks):
            mine = kind == row
            source, target = (hours, clock) if forward else (clock, hours)
            out[mine] = np.interp(values[mine], source, target)
        return out


def build_demand(truth: Truth, customers: int, seed: int) -> Demand:
    """Spend, its effects and the clocks for a shop of `customers`."""
    days = int(np.ceil(truth.span_days)) + 2
    dates = np.datetime64(truth.start.date()) + np.arange(days)
    season = yearly_season(dates)
    spend = channel_spend(truth.channels, season, customers, generator(seed, "spend"))
    effects = np.stack(
        [channel_effect(c, s / (c.daily_spend * customers)) for c, s in zip(truth.channels, spend, strict=True)]
    )
    total = 1.0 + effects.sum(axis=0)
    demand = season * total
    demand /= demand.mean()
    weekday = (dates.astype("datetime64[D]").view(np.int64) + 3) % 7
    drifted = np.arange(days) >= (truth.drift_start - truth.start).days
    clocks = np.stack([_clock(demand, weekday, kind, drifted, truth.drift_demand) for kind in range(4)])
    return Demand(truth, spend, effects / total, clocks, _acquisition(demand, weekday, truth.span_days))


def yearly_season(dates: npt.NDArray[np.datetime64]) -> Floats:
    """Yearly shape of demand: a year-end rise with a sharp late-November peak, a January and a summer dip."""
    day = (dates - dates.astype("datetime64[Y]")).astype(np.float64)
    wave = 1.0 + 0.14 * np.cos(2 * np.pi * (day - 345) / 365.25)
    peak = 0.55 * np.exp(-(((day - 331) / 4.0) ** 2)) + 0.35 * np.exp(-(((day - 350) / 7.0) ** 2))
    dip = 0.12 * np.exp(-(((day - 205) / 20.0) ** 2))
    return np.asarray(wave + peak - dip, dtype=np.float64)


def channel_spend(
    channels: tuple[ChannelEffect, ...], season: Floats, customers: int, rng: np.random.Generator
) -> Floats:
    """Money a day and channel, in whole cents: weekly plans with flights, pauses and a part that follows the season."""
    weeks = -(-season.size // 7)
    rows = []
    for channel in channels:
        plan = np.exp(_wandering(weeks, rng) * 0.45) * _flights(channel.channel, weeks, rng)
        daily = np.repeat(plan, 7)[: season.size] * rng.lognormal(0.0, 0.10, season.size)
        daily *= season if channel.channel == "paid_search" else 1.0
        rows.append(np.round(daily / daily.mean() * channel.daily_spend * customers, 2))
    return np.stack(rows)


def channel_effect(channel: ChannelEffect, relative_spend: Floats) -> Floats:
    """Demand added by a channel, in multiples of the base (geometric adstock, logistic saturation)."""
    stock = np.empty_like(relative_spend)
    level = 1.0
    for day, spent in enumerate(relative_spend):
        level = channel.decay * level + (1 - channel.decay) * float(spent)
        stock[day] = level
    return np.asarray(channel.coefficient * np.tanh(channel.saturation * stock / 2))


def _wandering(weeks: int, rng: np.random.Generator) -> Floats:
    level = np.zeros(weeks)
    shocks = rng.standard_normal(weeks)
    for week in range(1, weeks):
        level[week] = 0.7 * level[week - 1] + 0.7 * shocks[week]
    return level


def _flights(channel: str, weeks: int, rng: np.random.Generator) -> Floats:
    if channel == "video":
        on: Bools = (np.arange(weeks) + int(rng.integers(0, 12))) % 12 < 6
        return np.where(on, 1.0, 0.02)
    if channel == "paid_social":
        return np.where(rng.random(weeks) < 0.25, 2.2, 0.8)
    return np.ones(weeks)


def _clock(demand: Floats, weekday: Ints, kind: int, drifted: Bools, drift_demand: float) -> Floats:
    profile = WEEKEND_LOVERS if kind % 2 else WEEKDAYS
    daily = demand * profile[weekday] / profile.mean()
    if kind >= 2:
        daily = np.where(drifted, daily * drift_demand, daily)
    hourly = (daily[:, None] * (HOURS / HOURS.sum())).ravel()
    return np.concatenate([[0.0], np.cumsum(hourly)])


def _acquisition(demand: Floats, weekday: Ints, span: float) -> Floats:
    growth = np.exp(GROWTH * np.arange(demand.size) / demand.size)
    hourly = ((demand * growth * WEEKDAYS[weekday])[:, None] * HOURS).ravel()
    # Nobody comes on the first local day, so that no customer east of Greenwich begins before the history.
    hourly[:24] = 0.0
    hourly[int(span * 24) :] = 0.0
    cumulated = np.concatenate([[0.0], np.cumsum(hourly)])
    return np.asarray(cumulated / cumulated[-1])
