"""What draws of the parameters mean: contributions, responses to other spend, and predictions with the linear terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.mix.density import ALPHA, BLOCK, DELAY, HEAD, POWER, RATE, RETURN
from analytics.mix.model import CENTRE, Design
from analytics.mix.sampler import Draws

__all__ = ["Curves", "Posterior"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """What turns spend into sales, each (draws, channels): retention, delay (weeks), rate, Hill slope, β in money.

    spend_scale (channels) is what spend is divided by; rate is κ (Hill) or λ (logistic) of scaled spend.
    """

    retention: Array
    delay: Array
    rate: Array
    slope: Array
    beta: Array
    spend_scale: Array
    delayed: tuple[bool, ...]
    hill: tuple[bool, ...]
    lags: int

    @classmethod
    def of(cls, draws: Array, design: Design) -> Curves:
        """The constrained parameters of unconstrained draws."""
        blocks = draws[:, HEAD:].reshape(len(draws), -1, BLOCK)
        return cls(
            1.0 / (1.0 + np.exp(-blocks[:, :, ALPHA])),
            np.exp(blocks[:, :, DELAY]),
            np.exp(blocks[:, :, RATE]),
            np.where(design.kinds[1] == 1, np.exp(blocks[:, :, POWER]), 1.0),
            design.scale * np.exp(blocks[:, :, RETURN]) * design.sales_scale,
            design.spend_scale,
            design.shape.delayed,
            design.shape.hill,
            design.shape.lags,
        )

    def thinned(self, most: int) -> Curves:
        """At most `most` of the draws, evenly."""
        if len(self.beta) <= most:
            return self
        chosen = np.linspace(0, len(self.beta) - 1, most).round().astype(np.int64)
        retention, delay, rate = self.retention[chosen], self.delay[chosen], self.rate[chosen]
        slope, beta = self.slope[chosen], self.beta[chosen]
        return Curves(retention, delay, rate, slope, beta, self.spend_scale, self.delayed, self.hill, self.lags)

    def stock(self, spend: Array) -> Array:
        """Adstock (draws, weeks, channels) of spend (weeks, channels), in scaled units."""
        weights, media = self.weights(), spend / self.spend_scale
        found = np.zeros((len(weights), *spend.shape))
        for lag in range(min(self.lags, len(spend))):
            found[:, lag:] += weights[:, lag, None, :] * media[: len(spend) - lag]
        return found

    def weights(self) -> Array:
        """What part of the effect comes after how many weeks (draws, lags, channels), as density.py has it."""
        lags = np.arange(self.lags)[:, None]
        late = (lags - self.delay[:, None, :]) ** 2
        power = np.where(np.array(self.delayed), late, np.broadcast_to(lags, late.shape))
        weight = self.retention[:, None, :] ** power
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    def saturated(self, stock: Array) -> tuple[Array, Array]:
        """Sales that a stock (draws, weeks, channels) brings, and their slope in the stock."""
        rate, slope, beta = self.rate[:, None], self.slope[:, None], self.beta[:, None]
        hill = np.array(self.hill)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            share = np.where(stock > 0, 1.0 / (1.0 + (np.maximum(stock, 1e-300) / rate) ** (-slope)), 0.0)
            tilt = np.where(stock > 0, slope * share * (1.0 - share) / np.maximum(stock, 1e-300), 0.0)
            curve = np.tanh(0.5 * rate * stock)
        value = np.where(hill, share, curve)
        return beta * value, beta * np.where(hill, tilt, 0.5 * rate * (1.0 - curve * curve))

    def contributions(self, spend: Array) -> Array:
        """Sales (draws, weeks, channels) that spend (weeks, channels) brings in."""
        return self.saturated(self.stock(spend))[0]

    def lasting(self, spend: Array) -> Array:
        """Sales a week (draws, points, channels) of spend held for long: points of spend (points, channels)."""
        stock = np.broadcast_to(spend / self.spend_scale, (len(self.beta), *spend.shape))
        return self.saturated(stock)[0]

    def half_life(self) -> Array:
        """Weeks until half of a week's effect has come, by the lags' weights (draws, channels)."""
        share = self.weights().cumsum(axis=1)
        before = np.concatenate([np.zeros_like(share[:, :1]), share[:, :-1]], axis=1)
        first = (share >= 0.5).argmax(axis=1)[:, None]
        low, high = np.take_along_axis(before, first, 1), np.take_along_axis(share, first, 1)
        return np.asarray((first + (0.5 - low) / (high - low))[:, 0])

    def half_saturation(self) -> Array:
        """Spend a week, held, at which half of the most a channel can bring is reached (draws, channels)."""
        half = np.where(np.array(self.hill), self.rate, np.log(3.0) / self.rate)
        return np.asarray(half * self.spend_scale)


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws with the series they are of."""

    design: Design
    draws: Draws

    @property
    def curves(self) -> Curves:
        """The channels' curves, all draws."""
        return Curves.of(self.draws.theta, self.design)

    def noise(self) -> Array:
        """Standard deviation of each week's sales around their mean (draws, weeks), money."""
        sigma = np.exp(self.draws.theta[:, 0]) * self.design.sales_scale
        return np.asarray(sigma[:, None] / self.design.weights)

    def linear(self, seed: int = 0) -> Array:
        """Draws (draws, terms) of the linear terms given the others, scaled; the intercept with its centre."""
        return self._linear(seed)[0]

    def predicted(self, seed: int = 0) -> tuple[Array, Array]:
        """Mean of sales (draws, weeks) over all weeks, and one draw of sales with its noise, money."""
        terms, media = self._linear(seed)
        mean = (terms @ self.design.linear.T + media) * self.design.sales_scale
        rng = np.random.default_rng(seed + 1)
        return mean, mean + self.noise() * rng.standard_normal(mean.shape)

    def log_score(self) -> float:
        """Log predictive density of the held-out weeks, summed, linear terms integrated out (scaled sales)."""
        return float(self.log_scores().sum())

    def log_scores(self) -> Array:
        """Log predictive density of each held-out week."""
        from scipy.special import logsumexp

        design, rows = self.design, self.design.rows
        media = self.curves.contributions(design.series.spend).sum(axis=2) / design.sales_scale
        weights = design.weights
        known, ahead = design.linear[:rows] * weights[:rows, None], design.linear[rows:]
        found = []
        for theta, brought in zip(self.draws.theta, media, strict=True):
            variance = float(np.exp(2 * theta[0]))
            covariance = np.linalg.inv(known.T @ known / variance + np.diag(1.0 / design.ridge))
            rest = (design.target[:rows] - brought[:rows]) * weights[:rows]
            centre = covariance @ (known.T @ rest) / variance
            spread = variance / weights[rows:] ** 2 + np.einsum("ti,ij,tj->t", ahead, covariance, ahead)
            miss = design.target[rows:] - brought[rows:] - ahead @ centre
            found.append(-0.5 * miss**2 / spread - 0.5 * np.log(2 * np.pi * spread))
        return np.asarray(logsumexp(np.array(found), axis=0) - np.log(len(found)))

    def _linear(self, seed: int) -> tuple[Array, Array]:
        design, rows = self.design, self.design.rows
        media = self.curves.contributions(design.series.spend).sum(axis=2) / design.sales_scale
        weights = design.weights[:rows]
        known = design.linear[:rows] * weights[:, None]
        gram = known.T @ known
        rng = np.random.default_rng(seed)
        found = np.empty((len(media), known.shape[1]))
        for i, theta in enumerate(self.draws.theta):
            variance = float(np.exp(2 * theta[0]))
            lower = np.linalg.cholesky(gram / variance + np.diag(1.0 / design.ridge))
            pull = known.T @ ((design.target[:rows] - media[i, :rows]) * weights) / variance
            centre = np.linalg.solve(lower.T, np.linalg.solve(lower, pull))
            found[i] = centre + np.linalg.solve(lower.T, rng.standard_normal(len(centre)))
        found[:, 0] += CENTRE
        return found, media
