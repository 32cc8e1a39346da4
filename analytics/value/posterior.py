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
from analytics.value.lifetime import PERIOD_DAYS, RESULT_SCHEMA, ValueModel, ValueResult, assemble, shortage
from analytics.value.summary import kept_share, rfm_summary

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Sampling", "posterior_draws", "posterior_value"]

Array = NDArray[np.float64]
PURCHASE_NAMES, SPEND_NAMES = ("r", "alpha", "a", "b"), ("p", "q", "v")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the posterior is taken: "nuts" (chains × draws after tune) or "map" (its mode only)."""

    method: Literal["nuts", "map"] = "nuts"
    chains: int = 2
    tune: int = 500
    draws: int = 500
    kept: int = 200
    seed: int = 0


def posterior_value(
    transactions: pl.DataFrame,
    *,
    as_of: datetime,
    sampling: Sampling | None = None,
    horizon_days: int = 365,
    discount_rate: float = 0.10,
    level: float = 0.90,
) -> ValueResult:
    """As `customer_value`, with pymc-marketing's posterior (its default priors) in place of our fit.

    The point values use the posterior mean of the parameters' logarithms (with "map", the mode, and an interval of
    chance alone); the interval uses `sampling.kept` thinned draws, so memory stays that of the fast path.
    """
    how = sampling or Sampling()
    summary = rfm_summary(transactions, end=as_of, period_days=PERIOD_DAYS)
    reason = shortage(summary)
    if reason is not None:
        empty = pl.DataFrame(schema=RESULT_SCHEMA)
        return ValueResult("not_enough_data", reason, empty, {}, {}, "none", False, horizon_days, discount_rate, level)
    draws = posterior_draws(summary, how)
    model = _centre(draws)
    plan = ValuePlan(horizon_days / PERIOD_DAYS, discount_rate, 365.25 / PERIOD_DAYS, level)
    kept = kept_share(transactions, end=as_of)
    customers = assemble(summary, kept, model, draws, plan, np.random.default_rng(how.seed))
    method = f"pymc-marketing {how.method}"
    return ValueResult("ok", None, customers, model.parameters, {}, method, True, horizon_days, discount_rate, level)


def posterior_draws(summary: pl.DataFrame, sampling: Sampling) -> tuple[Array, Array]:
    """Thinned draws of (r, α, a, b), shape (kept, 4), and of (p, q, v), shape (kept, 3); with "map" all alike."""
    frame = summary.to_pandas()
    repeat = frame[(frame["frequency"] > 0) & (frame["monetary_value"] > 0)]
    with _library_warnings():
        from pymc_marketing import clv

        purchases = clv.BetaGeoModel(data=frame[["customer_id", "frequency", "recency", "T"]])
        spend = clv.GammaGammaModel(data=repeat[["customer_id", "frequency", "monetary_value"]])
        return _fitted(purchases, PURCHASE_NAMES, sampling), _fitted(spend, SPEND_NAMES, sampling)


def _fitted(model: Any, names: tuple[str, ...], sampling: Sampling) -> Array:
    """Fit one clv model and thin its posterior to `kept` draws of `names`."""
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
    return flat[np.linspace(0, len(flat) - 1, sampling.kept).round().astype(np.int64)]


def _centre(draws: tuple[Array, Array]) -> ValueModel:
    """Point model at the mean of the logarithms, with the draws' covariance (q as q - 1, as ours is kept)."""
    purchases, spend = np.log(draws[0]), np.log(draws[1] - np.array([0.0, 1.0, 0.0]))
    r, alpha, a, b = (float(value) for value in np.exp(purchases.mean(axis=0)))
    p, q_less_one, v = (float(value) for value in np.exp(spend.mean(axis=0)))
    nan = float("nan")
    return ValueModel(
        BetaGeo(r, alpha, a, b, nan, np.cov(purchases.T)),
        GammaGamma(p, 1.0 + q_less_one, v, nan, np.cov(spend.T)),
        pooled_priors=True,
    )


@contextmanager
def _library_warnings() -> Iterator[None]:
    """Keep the library's notices of coming changes from its users' users; other warnings pass."""
    import warnings

    with warnings.catch_warnings():
        for category in (FutureWarning, DeprecationWarning):
            warnings.filterwarnings("ignore", category=category)
        warnings.filterwarnings("ignore", message="PyTensor could not link", category=UserWarning)
        yield
