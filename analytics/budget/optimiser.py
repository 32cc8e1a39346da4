"""The best spend a week by channel: for a total, for a return on spend, or for sales to reach.

SLSQP (Kraft 1988) on the mean over the posterior's draws with its analytic gradient, from several starts, since a Hill
curve with a slope above 1 is not concave. Targets are met by bisection on the total: the best sales rise with the total
and their return falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.budget.response import Response
from core.errors import FixArguments

__all__ = ["Bounds", "best_for_return", "best_for_sales", "best_for_total"]

Array = NDArray[np.float64]
STARTS = 3
HALVINGS = 40
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most spend a week by channel."""

    low: Array
    high: Array

    @classmethod
    def around(cls, today: Array, down: float, up: float) -> Bounds:
        """Shares of today's spend: down .5 and up .5 allow half to one and a half times."""
        return cls(np.maximum(today * (1 - down), 0.0), today * (1 + up))

    def with_channel(self, place: int, low: float | None, high: float | None) -> Bounds:
        """One channel's own bounds; where one end alone is given the other makes room for it."""
        lower, upper = self.low.copy(), self.high.copy()
        if low is not None:
            lower[place], upper[place] = low, max(low, upper[place]) if high is None else upper[place]
        if high is not None:
            upper[place], lower[place] = high, min(high, lower[place]) if low is None else lower[place]
        return Bounds(lower, upper)

    def check(self, channels: Sequence[str]) -> None:
        """FixArguments names the channel whose least is above its most."""
        for name, low, high in zip(channels, self.low, self.high, strict=True):
            if low > high:
                raise FixArguments(f"The bounds of {name} cannot hold: at least {low:,.2f} and at most {high:,.2f}.")


def best_for_total(response: Response, total: float, bounds: Bounds) -> Array:
    """Spend a week by channel that brings most, summing to `total`.

    Errors: FixArguments where the bounds leave no room for the total, saying between what it must lie.
    """
    least, most = float(bounds.low.sum()), float(bounds.high.sum())
    if not least - CLOSE * most <= total <= most * (1 + CLOSE):
        raise FixArguments(
            f"A total of {total:,.2f} a week does not fit the bounds of the channels: they add up to between "
            f"{least:,.2f} and {most:,.2f}. Change the total or widen the bounds.",
            field="total",
        )
    found = [_search(response, start, total, bounds) for start in _starts(response, total, bounds)]
    best = max(found, key=lambda level: float(response.with_slope(level)[0].sum()))
    return _summing(best, total, bounds)


def best_for_return(response: Response, target: float, bounds: Bounds) -> Array:
    """The largest spend a week whose sales are still `target` times the spend.

    Errors: FixArguments where even the least spend does not return so much.
    """

    def falls_short(total: float) -> bool:
        level = best_for_total(response, total, bounds)
        return float(response.with_slope(level)[0].sum()) < target * total

    low, high = float(bounds.low.sum()), float(bounds.high.sum())
    start = max(low, high * 1e-3)
    if falls_short(start):
        reached = float(response.with_slope(best_for_total(response, start, bounds))[0].sum()) / start
        raise FixArguments(
            f"A return of {target:g} is out of reach within the bounds; the best is {reached:.2f}, at the least spend.",
            field="target_roas",
        )
    return best_for_total(response, _bisected(falls_short, start, high), bounds)


def best_for_sales(response: Response, target: float, bounds: Bounds) -> Array:
    """The least spend a week that brings `target` sales a week through the channels.

    Errors: FixArguments where the most spend does not bring so much.
    """

    def reaches(total: float) -> bool:
        return float(response.with_slope(best_for_total(response, total, bounds))[0].sum()) >= target

    low, high = float(bounds.low.sum()), float(bounds.high.sum())
    if not reaches(high):
        most = float(response.with_slope(bounds.high)[0].sum())
        raise FixArguments(
            f"Sales of {target:,.2f} a week are out of reach within the bounds; the most is {most:,.2f}.",
            field="target_revenue",
        )
    return best_for_total(response, _bisected(reaches, low, high, upper=True), bounds)


def _bisected(crossed: Any, low: float, high: float, *, upper: bool = False) -> float:
    """Where `crossed` turns from False to True; the side of it that is wanted."""
    if not crossed(high):
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if high - low < CLOSE * high:
            break
        low, high = (low, middle) if crossed(middle) else (middle, high)
    return high if upper else low


def _starts(response: Response, total: float, bounds: Bounds) -> list[Array]:
    """Today's split, an even one and some at random, each moved into the bounds and to the total."""
    rng = np.random.default_rng(0)
    count = len(bounds.low)
    today = response.today if response.today.sum() > 0 else np.ones(count)
    splits = [today / today.sum(), np.full(count, 1 / count), *rng.dirichlet(np.ones(count), STARTS - 2)]
    return [_summing(split * total, total, bounds) for split in splits]


def _summing(level: Array, total: float, bounds: Bounds) -> Array:
    """`level` moved as little as the bounds allow so that it sums to `total`."""
    low, high = float((bounds.low - level).min()), float((bounds.high - level).max())
    for _ in range(2 * HALVINGS):
        middle = (low + high) / 2
        short = float(np.clip(level + middle, bounds.low, bounds.high).sum()) < total
        low, high = (middle, high) if short else (low, middle)
    return np.asarray(np.clip(level + high, bounds.low, bounds.high))


def _search(response: Response, start: Array, total: float, bounds: Bounds) -> Array:
    from scipy.optimize import minimize

    unit = max(total, 1e-9)
    scale = max(float(response.with_slope(start)[0].sum()), 1e-9)

    def negative(share: Array) -> tuple[float, Array]:
        sales, slope = response.with_slope(share * unit)
        return -float(sales.sum()) / scale, -slope * unit / scale

    found = minimize(
        negative, start / unit, jac=True, method="SLSQP",
        bounds=list(zip(bounds.low / unit, bounds.high / unit, strict=True)),
        constraints=[{"type": "eq", "fun": lambda s: s.sum() - total / unit, "jac": lambda s: np.ones_like(s)}],
        options={"ftol": 1e-9, "maxiter": 200},
    )  # fmt: skip
    return np.asarray(found.x * unit)
