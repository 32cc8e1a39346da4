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
OWN_DRAWS = 20_000  # up to so many customers each is drawn for alone


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
    Beyond 20,000 customers the draws are made once for customers alike in frequency, T and P(alive) (see `_alike`),
    for given those three a customer's sales are (v + Σ spent) times a variable that is the same for all of them.
    """
    if len(factor) <= OWN_DRAWS:
        low, high = _quantiles(history, parameter_draws, plan, rng)
        return low * factor, high * factor
    where, typical = _alike(history, np.exp(np.log(parameter_draws[0]).mean(axis=0)))
    low, high = _quantiles(typical, parameter_draws, plan, rng)
    level = float(parameter_draws[1][:, 2].mean())
    spent, typically = (h[0] * np.maximum(h[3], 0.0) for h in (history, typical))
    scale = factor * (level + spent) / (level + typically[where])
    return low[where] * scale, high[where] * scale


def _alike(history: tuple[Array, ...], theta: Array) -> tuple[NDArray[np.int64], tuple[Array, ...]]:
    """Each customer's group, and each group's mean history.

    Groups: frequency (exact to 12, then steps of 8 %), T (steps of 4 %), P(alive) (steps of .02).
    """
    x, t_x, t, z = history
    often = np.where(x <= 12, x, 12.0 + np.ceil(np.log(np.maximum(x, 12.0) / 12.0) / np.log(1.08)))
    place = np.column_stack((often, np.log1p(t) // 0.04, p_alive(theta, x, t_x, t) // 0.02)).astype(np.int64)
    width = place.max(axis=0) + 1
    keys = (place[:, 0] * width[1] + place[:, 1]) * width[2] + place[:, 2]
    _, where, count = np.unique(keys, return_inverse=True, return_counts=True)
    mean_x, mean_t_x, mean_t, spent = (
        np.bincount(where, weights=column) / count for column in (x, t_x, t, x * np.maximum(z, 0.0))
    )
    mean_z = np.divide(spent, mean_x, out=np.zeros_like(spent), where=mean_x > 0)
    return where.astype(np.int64), (mean_x, np.minimum(mean_t_x, mean_t), mean_t, mean_z)


def _quantiles(
    history: tuple[Array, ...], parameter_draws: tuple[Array, Array], plan: ValuePlan, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Quantiles of undiscounted sales; worked off in chunks, so memory does not grow with the customers."""
    count, size = len(parameter_draws[0]), len(history[0])
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
        low[part], high[part] = np.quantile(sales, [tail, 1.0 - tail], axis=0)
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
