"""BG/NBD: how often customers buy, and whether they are still alive.

Source: Fader, Hardie & Lee 2005, "Counting your customers the easy way", Marketing Science 24(2), equations 6, 10, and
Hardie's note on P(alive). Purchases come at a Poisson rate λ ~ Gamma(r, α); after each purchase a customer drops out
with probability p ~ Beta(a, b).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.value.likelihood import LogPrior, log_covariance, maximise
from core.errors import FixArguments

__all__ = ["WEAK_PRIOR", "BetaGeo"]

Array = NDArray[np.float64]

# Centres are of the size published for retail data, in weeks; one standard deviation is a factor of about three
# (five for α, which carries the time unit), so a few hundred repeat buyers outweigh them.
WEAK_PRIOR = LogPrior(mean=(np.log(0.5), np.log(10.0), np.log(0.8), np.log(2.5)), sd=(1.1, 1.6, 1.1, 1.1))

BLOCK = 16_384  # repeat buyers at a time: their intermediate columns stay in the processor's cache


@dataclass(frozen=True, slots=True)
class BetaGeo:
    """Fitted BG/NBD: parameters in the time unit of its data; covariance is of their logarithms (r, α, a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Array
    converged: bool = True

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, *, prior: LogPrior | None = None) -> BetaGeo:
        """Maximum likelihood (or penalised by `prior`).

        Errors: FixArguments when empty or when 0 ≤ recency ≤ T, frequency ≥ 0 does not hold. `log_likelihood` is
        without the prior's part.
        """
        x, t_x, t = _checked(frequency, recency, T)
        data = _Histories.of(x, t_x, t)

        def objective(theta: Array) -> tuple[float, Array]:
            return _log_likelihood(theta, data)

        start = np.log([0.5, 0.5 * (t.mean() + 1e-3) / (x.mean() + 0.5), 0.8, 2.5])
        theta, converged = maximise(objective, start, prior)
        r, alpha, a, b = (float(value) for value in np.exp(theta))
        covariance = log_covariance(objective, theta, prior)
        return cls(r, alpha, a, b, objective(theta)[0], covariance, converged)

    @property
    def parameters(self) -> dict[str, float]:
        """The four parameters by name."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b}

    def draws(self, count: int, rng: np.random.Generator) -> Array:
        """`count` parameter sets (count, 4) from the normal approximation of the log parameters."""
        centre = np.log([self.r, self.alpha, self.a, self.b])
        return np.exp(rng.multivariate_normal(centre, self.covariance, size=count, method="eigh"))

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Array:
        """Probability of still being a customer at T; 1 for one-time buyers, as the model has it."""
        x, t_x, t = _checked(frequency, recency, T)
        return p_alive(np.array([self.r, self.alpha, self.a, self.b]), x, t_x, t)

    def expected_purchases(
        self, horizon: float | ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
    ) -> Array:
        """Expected purchases in the `horizon` after T (same time unit), given the history."""
        x, t_x, t = _checked(frequency, recency, T)
        alive = self.p_alive(x, t_x, t)
        return alive * _purchases_if_alive(self, np.asarray(horizon, dtype=np.float64), x, t)

    def expected_purchases_new(self, horizon: ArrayLike) -> Array:
        """Expected repeat purchases of a customer first seen now, in `horizon` (equation 9)."""
        zero = np.zeros(1)
        return _purchases_if_alive(self, np.asarray(horizon, dtype=np.float64), zero, zero)


def p_alive(theta: Array, x: Array, t_x: Array, t: Array) -> Array:
    """P(alive) for parameters (r, α, a, b); stable in logarithms."""
    from scipy.special import expit

    r, alpha, a, b = theta
    repeat = np.maximum(x, 1.0)
    log_odds_gone = np.log(a) - np.log(b + repeat - 1.0) + (r + x) * (np.log(alpha + t) - np.log(alpha + t_x))
    return np.where(x > 0, expit(-log_odds_gone), 1.0)


def _purchases_if_alive(model: BetaGeo, horizon: Array, x: Array, t: Array) -> Array:
    """E[purchases | alive at T]: equation 10 after Euler's transformation of 2F1, so that large x stays finite.

    Where a and b are so large that 2F1 leaves the range of floats, the same mean is taken by quadrature.
    """
    from scipy.special import hyp2f1

    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    a = a + 1e-7 if abs(a - 1.0) < 1e-7 else a  # removable singularity at a = 1
    c = a + b + x - 1.0
    c = np.where(np.abs(c - np.round(c)) + (c > 0.5) < 1e-9, c + 1e-7, c)  # and at c = 0, -1
    horizon, x, t, c = np.broadcast_arrays(horizon, x, t, c)
    z = horizon / (alpha + t + horizon)
    with np.errstate(over="ignore", invalid="ignore"):
        tail = (1.0 - z) ** (a - 1.0) * hyp2f1(a + b - 1.0 - r, a - 1.0, c, z)
        mean = np.asarray(np.maximum(c / (a - 1.0) * (1.0 - tail), 0.0), dtype=np.float64)
    lost = ~np.isfinite(mean)
    if lost.any():
        mean[lost] = _purchases_by_quadrature(model, horizon[lost], x[lost], t[lost])
    return mean


def _purchases_by_quadrature(model: BetaGeo, horizon: Array, x: Array, t: Array, nodes: int = 64) -> Array:
    """Mean of (1 − (1 + p·h / (α + T))^−(r + x)) / p over p ~ Beta(a, b + x), Gauss-Legendre on p's quantiles."""
    from scipy.special import betaincinv

    place, weight = np.polynomial.legendre.leggauss(nodes)
    drop = betaincinv(model.a, model.b + x[:, None], (place[None, :] + 1.0) / 2.0)
    drop = np.maximum(drop, 1e-300)
    bought = -np.expm1(-(model.r + x[:, None]) * np.log1p(drop * horizon[:, None] / (model.alpha + t[:, None]))) / drop
    return np.asarray(bought @ weight / 2.0, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Histories:
    """What the likelihood needs of the customers: one-time buyers by T, repeat buyers one by one, both by frequency.

    once, once_count: distinct T of who never came back, and how many have it; x, t_x, t: the repeat buyers;
    often, often_count: distinct frequencies (0 included), and how many have each.
    """

    once: Array
    once_count: Array
    x: Array
    t_x: Array
    t: Array
    often: Array
    often_count: Array

    @classmethod
    def of(cls, x: Array, t_x: Array, t: Array) -> _Histories:
        repeat = x > 0
        once, once_count = np.unique(t[~repeat], return_counts=True)
        often, often_count = np.unique(x, return_counts=True)
        counts = (once_count.astype(np.float64), often_count.astype(np.float64))
        return cls(once, counts[0], x[repeat], t_x[repeat], t[repeat], often, counts[1])


def _log_likelihood(theta: Array, data: _Histories) -> tuple[float, Array]:
    """Log-likelihood and its gradient in the log parameters (r, α, a, b).

    Special functions depend on the frequency alone, which has few values: they are taken once a value. What is left
    for every repeat buyer is ln(alive + gone): two logarithms and an exponential.
    """
    r, alpha = np.exp(theta[:2])
    total, slope = _by_frequency(theta, data.often, data.often_count)
    log_once = np.log(alpha + data.once)
    total -= float(r * (data.once_count @ log_once))
    slope[0] -= data.once_count @ log_once
    slope[1] -= r * (data.once_count @ (1.0 / (alpha + data.once)))
    for begin in range(0, len(data.x), BLOCK):
        part = slice(begin, begin + BLOCK)
        more, steeper = _of_repeaters(theta, data.x[part], data.t_x[part], data.t[part])
        total, slope = total + more, slope + steeper
    return total, slope * np.exp(theta)


def _by_frequency(theta: Array, x: Array, count: Array) -> tuple[float, Array]:
    """The part of the log-likelihood, and of its slope in (r, α, a, b), that the frequency alone decides."""
    from scipy.special import digamma, gammaln

    r, alpha, a, b = np.exp(theta)
    parts = (
        gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    )  # fmt: skip
    both = digamma(a + b) - digamma(a + b + x)
    slopes = (
        digamma(r + x) - digamma(r) + np.log(alpha),
        np.full_like(x, r / alpha),
        both,
        both + digamma(b + x) - digamma(b),
    )
    return float(count @ parts), np.array([count @ part for part in slopes])


def _of_repeaters(theta: Array, x: Array, t_x: Array, t: Array) -> tuple[float, Array]:
    """Sum of ln(alive + gone) over repeat buyers, and its slope in (r, α, a, b)."""
    r, alpha, a, b = np.exp(theta)
    late, early, behind, rate = alpha + t, alpha + t_x, b + x - 1.0, r + x
    log_late, log_early = np.log(late), np.log(early)
    odds = np.log(a / behind) + rate * (log_late - log_early)  # log odds of being gone
    small = np.exp(-np.abs(odds))
    gone = np.where(odds > 0, 1.0, small) / (1.0 + small)
    total = np.sum(np.maximum(odds, 0.0) + np.log1p(small) - rate * log_late)
    slope_r = -np.sum(log_late + gone * (log_early - log_late))
    slope_alpha = -np.sum(rate * ((1.0 - gone) / late + gone / early))
    return float(total), np.array([slope_r, slope_alpha, np.sum(gone) / a, -np.sum(gone / behind)])


def _checked(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> tuple[Array, Array, Array]:
    """The three columns as floats of one shape, or FixArguments."""
    x, t_x, t = (np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (frequency, recency, T))
    if not (x.shape == t_x.shape == t.shape and x.size):
        raise FixArguments("frequency, recency and T must be non-empty and equally long.", field="frequency")
    if not (np.all(x >= 0) and np.all(t_x >= 0) and np.all(t_x <= t + 1e-9) and np.all(np.isfinite(t))):
        raise FixArguments("Each customer needs frequency ≥ 0 and 0 ≤ recency ≤ T, all finite.", field="recency")
    return x, t_x, t
