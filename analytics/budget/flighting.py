"""A budget laid over weeks: even, front-loaded, in pulses, or as the curves say is best, to the cent.

How much each channel gets in all is given; when it is spent is decided channel by channel, for channels add up in the
model. The best weeks are searched by the spectral projected gradient (Birgin, Martínez & Raydan 2000) from several
patterns, since a Hill curve with a slope above 1 rewards pulses and is not concave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.budget.ahead import Ahead
from analytics.mix.effects import Interval, interval
from core.errors import FixArguments

__all__ = ["BEST", "EVEN", "PATTERNS", "Flight", "WeekBounds", "flights", "in_cents", "to_the_cent"]

Array = NDArray[np.float64]
EVEN, FRONT, PULSED, BEST = "even", "front-loaded", "pulsed", "best found"
PULSE = 2  # weeks on, weeks off
FRONT_FIRST, FRONT_LAST = 1.5, 0.5  # of the mean, in the first and in the last week
STEPS, HISTORY = 100, 8
CLOSE, STILL = 1e-9, 1e-6  # of the total: the same; no move worth a step


def _even(weeks: int) -> Array:
    return np.ones(weeks)


def _front(weeks: int) -> Array:
    return np.linspace(FRONT_FIRST, FRONT_LAST, weeks) if weeks > 1 else np.ones(1)


def _pulsed(weeks: int) -> Array:
    return np.asarray(np.arange(weeks) // PULSE % 2 == 0, dtype=np.float64)


PATTERNS: Final[Mapping[str, Callable[[int], Array]]] = {EVEN: _even, FRONT: _front, PULSED: _pulsed}


@dataclass(frozen=True, slots=True)
class WeekBounds:
    """Least and most spend in any one week by channel (channels)."""

    low: Array
    high: Array

    def check(self, totals: Array, weeks: int, channels: tuple[str, ...]) -> None:
        """FixArguments names the channel whose total does not fit its weeks, and what would."""
        for name, total, low, high in zip(channels, totals, self.low, self.high, strict=True):
            if low > high:
                raise FixArguments(f"The bounds of {name} cannot hold: at least {low:,.2f} and at most {high:,.2f}.")
            if not low * weeks * (1 - CLOSE) - 0.005 <= total <= high * weeks * (1 + CLOSE) + 0.005:
                raise FixArguments(
                    f"{total:,.2f} for {name} do not fit into {weeks} weeks of {low:,.2f} to {high:,.2f}: between "
                    f"{low * weeks:,.2f} and {high * weeks:,.2f} do. Change the total, the weeks or the bounds.",
                    field="bounds",
                )


@dataclass(frozen=True, slots=True)
class Flight:
    """One way to lay it over the weeks: spend (weeks, channels) in whole cents; the sales it brings beyond going on
    as now and beyond spending it evenly, effects after the last week counted; better: P(more than evenly).
    """

    pattern: str
    spend: Array
    gain: Interval
    against_even: Interval
    better: float


def flights(ahead: Ahead, totals: Array, weeks: int, bounds: WeekBounds, channels: tuple[str, ...]) -> list[Flight]:
    """Every pattern for the channels' `totals` (whole cents), the best found last.

    Errors: FixArguments where a total does not fit the bounds of its weeks.
    """
    bounds.check(totals, weeks, channels)
    laid = {name: _laid(shape(weeks), totals, bounds) for name, shape in PATTERNS.items()}
    laid[BEST] = _best(ahead, totals, bounds, list(laid.values()))
    whole = {name: to_the_cent(spend, totals, bounds) for name, spend in laid.items()}
    effect = {name: ahead.whole_effect(spend).sum(axis=1) for name, spend in whole.items()}
    if effect[BEST].mean() < max(each.mean() for each in effect.values()):  # by a cent's worth of rounding
        name = max(PATTERNS, key=lambda each: float(effect[each].mean()))
        whole[BEST], effect[BEST] = whole[name], effect[name]
    now = ahead.whole_effect(np.tile(ahead.now, (weeks, 1))).sum(axis=1)
    return [_flight(name, whole[name], effect[name], effect[EVEN], now) for name in whole]


def _flight(name: str, spend: Array, effect: Array, even: Array, now: Array) -> Flight:
    beyond = effect - even
    better = float((beyond > CLOSE * np.abs(even)).mean())
    return Flight(name, spend, interval(effect - now), interval(beyond), better)


def _laid(shape: Array, totals: Array, bounds: WeekBounds) -> Array:
    """The channels' totals in one shape over the weeks, moved into the bounds."""
    share = shape / shape.sum()
    return np.column_stack(
        [
            _within(share * total, total, low, high)
            for total, low, high in zip(totals, bounds.low, bounds.high, strict=True)
        ]
    )


def _within(level: Array, total: float, low: float, high: float) -> Array:
    """The nearest weeks to `level` within the bounds that sum to `total` (a shift, cut off at the bounds)."""
    shifts = np.sort(np.concatenate([low - level, high - level]))
    sums = np.clip(level + shifts[:, None], low, high).sum(axis=1)  # linear in the shift between these
    shift = np.interp(total, sums, shifts)
    return np.asarray(np.clip(level + shift, low, high))


def _best(ahead: Ahead, totals: Array, bounds: WeekBounds, starts: list[Array]) -> Array:
    weeks = len(starts[0])
    found = []
    for c, total in enumerate(totals):
        low, high = float(bounds.low[c]), float(bounds.high[c])
        turned = [_within(np.roll(start[:, c], PULSE), float(total), low, high) for start in starts]
        burst = [
            _within(_burst(weeks, at, float(total), high), float(total), low, high) for at in (0, weeks // 2, weeks)
        ]
        tries = [_climbed(ahead, c, s, float(total), low, high) for s in (*(s[:, c] for s in starts), *turned, *burst)]
        found.append(max(tries, key=lambda spend: ahead.with_slope(spend, c)[0]))
    return np.column_stack(found)


def _burst(weeks: int, at: int, total: float, high: float) -> Array:
    """As much as the bounds allow week after week, around week `at`."""
    count = min(weeks, max(1, int(np.ceil(total / high)) if high > 0 else 1))
    first = min(max(at - count // 2, 0), weeks - count)
    level = np.zeros(weeks)
    level[first : first + count] = total / count
    return level


def _climbed(ahead: Ahead, channel: int, start: Array, total: float, low: float, high: float) -> Array:
    """Uphill from `start` within the bounds and the total, by the spectral projected gradient."""
    at = start
    value, slope = ahead.with_slope(at, channel)
    seen, step = [value], max(total, 1e-9) / len(at) / max(float(np.abs(slope).max()), 1e-300)
    for _ in range(STEPS):
        way = _within(at + step * slope, total, low, high) - at
        if float(np.abs(way).max(initial=0.0)) <= STILL * max(total, 1.0):
            break
        rise, part = float(way @ slope), 1.0
        while True:
            new, new_slope = ahead.with_slope(at + part * way, channel)
            if new >= min(seen[-HISTORY:]) + 1e-4 * part * rise or part < 1e-6:
                break
            part /= 2
        moved, bent = part * way, new_slope - slope
        curved = -float(moved @ bent)
        step = min(max(float(moved @ moved) / curved, 1e-12), 1e12) if curved > 0 else step * 4
        at, slope = at + moved, new_slope
        seen.append(new)
    return at if seen[-1] >= seen[0] else start


def to_the_cent(spend: Array, totals: Array, bounds: WeekBounds) -> Array:
    """Spend (weeks, channels) in whole cents, each channel's weeks summing to its total, no week beyond its bounds."""
    return np.column_stack(
        [in_cents(spend[:, c], float(totals[c]), np.full(len(spend), bounds.high[c])) for c in range(len(totals))]
    )


def in_cents(parts: Array, total: float, high: Array) -> Array:
    """`parts` in whole cents that sum to `total`; the cents left go to the largest remainders below their `high`."""
    cents = np.round(parts * 100, 6)
    down = np.floor(cents)
    left = round(total * 100) - int(down.sum())
    order = np.argsort(-(cents - down), kind="stable")
    room = np.floor(high * 100 + 1e-6) - down >= 1
    takers = [*order[room[order]], *order[~room[order]]]  # a part at its bound gives its cent to another
    down[np.array(takers[:left], dtype=np.int64)] += 1
    return np.asarray(down / 100)
