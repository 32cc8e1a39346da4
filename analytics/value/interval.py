"""Predictive interval of a customer's value: parameter uncertainty and chance, drawn together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.value.bgnbd import p_alive

__all__ = ["ValuePlan", "value_quantiles"]

Array = NDArray[np.float64]
CHUNK_CELLS = 4_000_000  # draws × customers held at a time (32 MB)


@dataclass(frozen=True, slots=True)
class ValuePlan:
    """What is asked: horizon (periods), discount rate a year, periods a year, interval level."""

    horizon: float
    discount_rate: float
    periods_per_year: float
    level: float

    def steps(self) -> Iterator[tuple[float, float]]:
        """The horizon in months: (begin, end) in periods; the last one may be shorter."""
        month = self.periods_per_year / 12.0
        count = max(1, int(np.ceil(self.horizon / month - 0.02)))
        for k in range(count):
            yield k * month, self.horizon if k == count - 1 else (k + 1) * month

    def discount(self, at: float) -> float:
        """Present value of one unit of money `at` periods ahead."""
        return float((1.0 + self.discount_rate) ** (-at / self.periods_per_year))


def value_quantiles(
    history: tuple[Array, Array, Array, Array],
    factor: Array,
    parameter_draws: tuple[Array, Array],
    plan: ValuePlan,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Lower and upper quantile of each customer's value.

    history: frequency, recency, T, monetary value; factor: what multiplies undiscounted sales (discount × share kept).
    Customers are worked off in chunks, so memory does not grow with them.
    """
    count, size = len(parameter_draws[0]), len(factor)
    rows = max(1, CHUNK_CELLS // count)
    tail = (1.0 - plan.level) / 2.0
    low, high = np.empty(size), np.empty(size)
    for begin in range(0, size, rows):
        part = slice(begin, begin + rows)
        sales = np.stack(
            [
                _sales(purchases, spend, tuple(column[part] for column in history), plan.horizon, rng)
                for purchases, spend in zip(*parameter_draws, strict=True)
            ]
        )
        low[part], high[part] = np.quantile(sales, [tail, 1.0 - tail], axis=0) * factor[part]
    return low, high


def _sales(
    purchases: Array, spend: Array, history: tuple[Array, ...], horizon: float, rng: np.random.Generator
) -> Array:
    """One draw of each customer's sales over the horizon.

    Given alive, λ ~ Gamma(r + x, α + T) and p ~ Beta(a, b + x) are independent; orders are the smaller of Poisson(λ·h)
    and the geometric number of orders until drop-out. n orders cost Gamma(p·n, ν) with ν ~ Gamma(p·x + q, v + Σ spent).
    """
    x, t_x, t, z = history
    r, alpha, a, b = purchases
    p, q, v = spend
    alive = rng.random(len(x)) < p_alive(purchases, x, t_x, t)
    rate = rng.gamma(r + x) / (alpha + t)
    orders = rng.poisson(np.minimum(rate * horizon, 1e6))
    lasting = rng.geometric(np.clip(rng.beta(a, b + x), 1e-12, 1.0))
    bought = np.where(alive, np.minimum(orders, lasting), 0)
    level = rng.gamma(p * x + q) / (v + x * np.maximum(z, 0.0))
    sales = rng.gamma(p * np.maximum(bought, 1)) / np.maximum(level, 1e-300)
    return np.asarray(np.where(bought > 0, sales, 0.0), dtype=np.float64)
