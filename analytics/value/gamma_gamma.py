"""Gamma-Gamma: what an order of a customer is worth.

Source: Fader & Hardie 2013, "The Gamma-Gamma model of monetary value", equations 1a, 5. Order values of a customer are
Gamma(p, ν), ν ~ Gamma(q, v); independent of how often they buy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.value.likelihood import LogPrior, log_covariance, maximise
from core.errors import FixArguments

__all__ = ["WEAK_PRIOR", "GammaGamma"]

Array = NDArray[np.float64]

# On log p, log(q - 1) and log(v / mean order value); centres of the size published for retail data.
WEAK_PRIOR = LogPrior(mean=(np.log(4.0), np.log(2.5), np.log(0.6)), sd=(1.1, 1.1, 1.1))


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Fitted Gamma-Gamma: p and q pure numbers, v in money. q > 1 is imposed: the mean order value exists.

    covariance is of (log p, log(q - 1), log v).
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    covariance: Array
    converged: bool = True

    @classmethod
    def fit(cls, frequency: ArrayLike, monetary_value: ArrayLike, *, prior: LogPrior | None = None) -> GammaGamma:
        """Maximum likelihood over customers with a repeat purchase and a positive mean (others are left out).

        `prior` is on log p, log(q - 1), log(v / mean order value). Errors: FixArguments when nobody is left.
        """
        x, z = _repeaters(frequency, monetary_value)
        unit = float(np.average(z, weights=x))
        data = _Spending.of(x, z / unit)

        def objective(theta: Array) -> tuple[float, Array]:
            return _log_likelihood(theta, data)

        theta, converged = maximise(objective, np.array([1.0, 0.9, -0.5]), prior)
        p, q, v = float(np.exp(theta[0])), float(1.0 + np.exp(theta[1])), float(np.exp(theta[2]) * unit)
        log_likelihood = objective(theta)[0] - len(x) * np.log(unit)
        return cls(p, q, v, float(log_likelihood), log_covariance(objective, theta, prior), converged)

    @property
    def parameters(self) -> dict[str, float]:
        """The three parameters by name."""
        return {"p": self.p, "q": self.q, "v": self.v}

    @property
    def mean_order_value(self) -> float:
        """Expected order value of a customer nothing is known of."""
        return self.p * self.v / (self.q - 1.0)

    def draws(self, count: int, rng: np.random.Generator) -> Array:
        """`count` parameter sets (count, 3) from the normal approximation on the fitted scale."""
        centre = np.log([self.p, self.q - 1.0, self.v])
        drawn = np.exp(rng.multivariate_normal(centre, self.covariance, size=count, method="eigh"))
        return np.asarray(drawn + np.array([0.0, 1.0, 0.0]), dtype=np.float64)

    def expected_order_value(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Array:
        """Expected value of the next orders: the customer's own mean, shrunk to everybody's (money)."""
        x, z = np.asarray(frequency, dtype=np.float64), np.asarray(monetary_value, dtype=np.float64)
        spent = np.where(x > 0, x * np.maximum(z, 0.0), 0.0)
        return np.asarray(self.p * (self.v + spent) / (self.p * x + self.q - 1.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Spending:
    """What the likelihood needs of the repeat buyers: x orders of z on average each, and the distinct frequencies.

    fixed: Σ of the terms without a parameter; x_log_spent: Σ x·ln(x·z).
    """

    x: Array
    spent: Array
    often: Array
    often_count: Array
    fixed: float
    x_log_spent: float

    @classmethod
    def of(cls, x: Array, z: Array) -> _Spending:
        often, count = np.unique(x, return_counts=True)
        log_spent = np.log(x * z)
        return cls(x, x * z, often, count.astype(np.float64), -float(np.log(z).sum()), float(x @ log_spent))


def _log_likelihood(theta: Array, data: _Spending) -> tuple[float, Array]:
    """Log-likelihood and gradient in (log p, log(q - 1), log v).

    Gamma functions depend on the frequency alone and are taken once a value of it; per buyer one logarithm is left.
    """
    from scipy.special import digamma, gammaln

    p, q, v = np.exp(theta[0]), 1.0 + np.exp(theta[1]), np.exp(theta[2])
    shape, count, size = p * data.often, data.often_count, float(len(data.x))
    log_spread, inverse = np.log(data.spent + v), 1.0 / (data.spent + v)
    x_log, all_log = data.x @ log_spread, log_spread.sum()
    total = count @ (gammaln(shape + q) - gammaln(shape)) + size * (q * np.log(v) - gammaln(q))
    total += data.fixed + p * data.x_log_spent - p * x_log - q * all_log
    both = digamma(shape + q)
    slope_p = count @ (data.often * (both - digamma(shape))) - x_log + data.x_log_spent
    slope_q = count @ both - all_log + size * (np.log(v) - digamma(q))
    slope_v = size * q / v - p * (data.x @ inverse) - q * inverse.sum()
    return float(total), np.array([slope_p * p, slope_q * (q - 1.0), slope_v * v])


def _repeaters(frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[Array, Array]:
    """Frequency and mean order value of those who repeat with a positive mean, or FixArguments."""
    x, z = np.asarray(frequency, dtype=np.float64), np.asarray(monetary_value, dtype=np.float64)
    if x.shape != z.shape:
        raise FixArguments("frequency and monetary_value must be equally long.", field="monetary_value")
    keep = (x > 0) & (z > 0) & np.isfinite(z)
    if not keep.any():
        raise FixArguments("Gamma-Gamma needs a customer with a repeat purchase above 0.", field="frequency")
    return x[keep], z[keep]
