"""Full posterior of the value models, on demand, by pymc-marketing.

Slower than `lifetime` by orders of magnitude; the same result form. Needs the pymc-marketing package; it is imported
when called.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.value.bgnbd import BetaGeo
from analytics.value.gamma_gamma import GammaGamma
from analytics.value.interval import ValuePlan
from analytics.value.lifetime import (
    PERIOD_DAYS,
    RESULT_SCHEMA,
    ValueModel,
    ValueResult,
    assemble,
    expected_values,
    shortage,
)
from analytics.value.summary import kept_share, rfm_summary

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Convergence", "Posterior", "PosteriorValue", "Sampling", "posterior_draws", "posterior_value"]

Array = NDArray[np.float64]
PURCHASE_NAMES, SPEND_NAMES = ("r", "alpha", "a", "b"), ("p", "q", "v")
REJECTED_R_HAT, REJECTED_ESS = 1.05, 50.0
CAUTION_R_HAT, CAUTION_ESS = 1.01, 400.0
MEANS = 60  # draws the mean value is computed for


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the posterior is taken: "nuts" (chains × draws after tune) or "map" (its mode only)."""

    method: Literal["nuts", "map"] = "nuts"
    chains: int = 2
    tune: int = 500
    draws: int = 500
    kept: int = 200
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Convergence:
    """Whether the chains agree: divergent transitions, worst R-hat and effective sample size of the parameters."""

    divergences: int
    r_hat: float
    ess: float
    draws: int

    @property
    def verdict(self) -> Literal["sound", "caution", "rejected"]:
        """Rejected on any divergence, R-hat above 1.05 or ESS below 50; caution at R-hat above 1.01 or ESS below 400.

        Source of R-hat and ESS: Vehtari et al. 2021, "Rank-normalization, folding, and localization", Bayesian
        Analysis 16(2).
        """
        if self.divergences or not self.r_hat <= REJECTED_R_HAT or not self.ess >= REJECTED_ESS:
            return "rejected"
        return "sound" if self.r_hat <= CAUTION_R_HAT and self.ess >= CAUTION_ESS else "caution"

    def in_words(self) -> str:
        """The verdict and its figures."""
        said = {
            "sound": "The chains agree",
            "caution": "The chains agree roughly: read the intervals with caution",
            "rejected": "The chains do not agree: do not use this posterior",
        }[self.verdict]
        return (
            f"{said} (R-hat at most {self.r_hat:.3f}, effective sample size at least {self.ess:.0f} of {self.draws} "
            f"draws, {self.divergences} divergent transitions)."
        )


@dataclass(frozen=True, slots=True)
class Posterior:
    """Thinned draws of (r, α, a, b), shape (kept, 4), and of (p, q, v), shape (kept, 3).

    parameters: name, mean, low, high (90 %) over all draws, r_hat, ess. convergence: None for a mode, whose draws are
    all alike.
    """

    purchases: Array
    spend: Array
    parameters: list[dict[str, Any]]
    convergence: Convergence | None


@dataclass(frozen=True, slots=True)
class PosteriorValue:
    """Values by the posterior (as `customer_value` gives them), and the posterior itself, None without a fit.

    mean_value: low, middle and high (5, 50 and 95 % of the draws) of the mean value a customer (money); what it is
    unsure of is the parameters alone.
    """

    value: ValueResult
    posterior: Posterior | None = None
    mean_value: tuple[float, float, float] | None = None


def posterior_value(
    transactions: pl.DataFrame,
    *,
    as_of: datetime,
    sampling: Sampling | None = None,
    horizon_days: int = 365,
    discount_rate: float = 0.10,
    level: float = 0.90,
) -> PosteriorValue:
    """As `customer_value`, with pymc-marketing's posterior (its default priors) in place of our fit.

    The point values use the posterior mean of the parameters' logarithms (with "map", the mode, and an interval of
    chance alone); the interval uses `sampling.kept` thinned draws, so memory stays that of the fast path. Sampling
    itself needs time and memory in proportion to the customers: draw some thousands beforehand.
    """
    how = sampling or Sampling()
    summary = rfm_summary(transactions, end=as_of, period_days=PERIOD_DAYS)
    reason = shortage(summary)
    if reason is not None:
        empty = pl.DataFrame(schema=RESULT_SCHEMA)
        return PosteriorValue(
            ValueResult("not_enough_data", reason, empty, {}, {}, "none", False, horizon_days, discount_rate, level)
        )
    found = posterior_draws(summary, how)
    model = _centre((found.purchases, found.spend))
    plan = ValuePlan(horizon_days / PERIOD_DAYS, discount_rate, 365.25 / PERIOD_DAYS, level)
    kept = kept_share(transactions, end=as_of)
    rng = np.random.default_rng(how.seed)
    customers = assemble(summary, kept, model, (found.purchases, found.spend), plan, rng)
    method = f"pymc-marketing {how.method}"
    value = ValueResult("ok", None, customers, model.parameters, {}, method, True, horizon_days, discount_rate, level)
    return PosteriorValue(value, found, _mean_value(summary, kept, found, plan))


def _mean_value(
    summary: pl.DataFrame, kept: pl.DataFrame, found: Posterior, plan: ValuePlan
) -> tuple[float, float, float]:
    """Quantiles over the draws of the mean of the customers' values, each in closed form."""
    chosen = np.linspace(0, len(found.purchases) - 1, min(MEANS, len(found.purchases))).round().astype(np.int64)
    means = [
        float(expected_values(summary, kept, _model(found.purchases[i], found.spend[i]), plan).mean()) for i in chosen
    ]
    low, middle, high = (float(value) for value in np.quantile(means, [0.05, 0.5, 0.95]))
    return low, middle, high


def posterior_draws(summary: pl.DataFrame, sampling: Sampling) -> Posterior:
    """The posterior of both models on a summary (see `rfm_summary`)."""
    frame = summary.to_pandas()
    repeat = frame[(frame["frequency"] > 0) & (frame["monetary_value"] > 0)]
    with _library_warnings():
        from pymc_marketing import clv

        models = (
            (clv.BetaGeoModel(data=frame[["customer_id", "frequency", "recency", "T"]]), PURCHASE_NAMES),
            (clv.GammaGammaModel(data=repeat[["customer_id", "frequency", "monetary_value"]]), SPEND_NAMES),
        )
        fits = [_fitted(model, names, sampling) for model, names in models]
    draws = tuple(fit[0] for fit in fits)
    table = [row for fit in fits for row in fit[1]]
    if sampling.method == "map":
        return Posterior(draws[0], draws[1], table, None)
    r_hat, ess = max(row["r_hat"] for row in table), min(row["ess"] for row in table)
    convergence = Convergence(sum(fit[2] for fit in fits), r_hat, ess, sampling.chains * sampling.draws)
    return Posterior(draws[0], draws[1], table, convergence)


def _fitted(model: Any, names: tuple[str, ...], sampling: Sampling) -> tuple[Array, list[dict[str, Any]], int]:
    """Fit one clv model: its posterior thinned to `kept` draws of `names`, the table of them, divergences."""
    model.build_model()
    if sampling.method == "map":
        model.fit(method="map", progressbar=False)
    else:
        model.fit(
            method="mcmc",
            chains=sampling.chains,
            cores=1,
            tune=sampling.tune,
            draws=sampling.draws,
            random_seed=sampling.seed,
            progressbar=False,
        )
    posterior = model.fit_result
    flat = np.column_stack([np.asarray(posterior[name].values, dtype=np.float64).ravel() for name in names])
    thinned = flat[np.linspace(0, len(flat) - 1, sampling.kept).round().astype(np.int64)]
    if sampling.method == "map":
        return thinned, [{"name": name, "mean": float(flat[0, i])} for i, name in enumerate(names)], 0
    return thinned, _table(posterior, names, flat), int(model.idata.sample_stats["diverging"].sum())


def _table(posterior: Any, names: tuple[str, ...], flat: Array) -> list[dict[str, Any]]:
    """Mean, 90 % interval, R-hat and effective sample size of each parameter."""
    import arviz

    measure: Any = arviz  # without types
    agreement, sizes = measure.rhat(posterior[list(names)]), measure.ess(posterior[list(names)])
    low, high = np.quantile(flat, [0.05, 0.95], axis=0)
    return [
        {
            "name": name,
            "mean": float(flat[:, i].mean()),
            "low": float(low[i]),
            "high": float(high[i]),
            "r_hat": float(agreement[name]),
            "ess": float(sizes[name]),
        }
        for i, name in enumerate(names)
    ]


def _centre(draws: tuple[Array, Array]) -> ValueModel:
    """Point model at the mean of the logarithms, with the draws' covariance (q as q - 1, as ours is kept)."""
    purchases, spend = np.log(draws[0]), np.log(draws[1] - np.array([0.0, 1.0, 0.0]))
    middle = np.exp(spend.mean(axis=0)) + np.array([0.0, 1.0, 0.0])
    return _model(np.exp(purchases.mean(axis=0)), middle, np.cov(purchases.T), np.cov(spend.T))


def _model(purchases: Array, spend: Array, *covariances: Array) -> ValueModel:
    """The models at one draw of their parameters."""
    own, theirs = covariances or (np.zeros((4, 4)), np.zeros((3, 3)))
    nan = float("nan")
    r, alpha, a, b = (float(value) for value in purchases)
    p, q, v = (float(value) for value in spend)
    return ValueModel(BetaGeo(r, alpha, a, b, nan, own), GammaGamma(p, q, v, nan, theirs), pooled_priors=True)


@contextmanager
def _library_warnings() -> Iterator[None]:
    """Keep the library's notices of coming changes from its users' users; other warnings pass."""
    import warnings

    with warnings.catch_warnings():
        for category in (FutureWarning, DeprecationWarning):
            warnings.filterwarnings("ignore", category=category)
        warnings.filterwarnings("ignore", message="PyTensor could not link", category=UserWarning)
        yield
