"""Customer lifetime value: what each customer is expected to bring in the coming months."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.value import bgnbd, gamma_gamma
from analytics.value.bgnbd import BetaGeo
from analytics.value.gamma_gamma import GammaGamma
from analytics.value.interval import ValuePlan, value_quantiles
from analytics.value.summary import KeptShare, kept_by, returns_of, rfm_summary

__all__ = [
    "MINIMUM",
    "ValueModel",
    "ValueResult",
    "assemble",
    "customer_value",
    "expected_values",
    "fit_value",
    "score_value",
    "shortage",
]

Array = NDArray[np.float64]

PERIOD_DAYS = 7.0
AMPLE_REPEATERS = 500  # from here on plain maximum likelihood, below it the weak priors take part
RESULT_SCHEMA = {
    "customer_id": pl.Int64,
    "frequency": pl.Int64,
    "recency": pl.Float64,
    "T": pl.Float64,
    "monetary_value": pl.Float64,
    "p_alive": pl.Float64,
    "expected_orders": pl.Float64,
    "expected_order_value": pl.Float64,
    "value": pl.Float64,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class MINIMUM:
    """Least data a value model is fitted on; below it the result says not_enough_data."""

    customers: int = 20
    repeat_buyers: int = 10
    weeks: float = 8.0


@dataclass(frozen=True, slots=True)
class ValueModel:
    """The two fitted models and whether weak priors took part."""

    purchases: BetaGeo
    order_value: GammaGamma
    pooled_priors: bool

    @property
    def parameters(self) -> dict[str, float]:
        """All seven parameters by name (time unit: weeks)."""
        return {**self.purchases.parameters, **self.order_value.parameters}


@dataclass(frozen=True, slots=True)
class ValueResult:
    """Value per customer, or the reason why there is none.

    customers: customer_id, frequency, recency and T (weeks), monetary_value (mean repeat order), p_alive (0..1),
    expected_orders (in the horizon), expected_order_value (net of expected returns), value (discounted money),
    value_low, value_high (interval at `level`). Empty when status is not_enough_data.
    """

    status: Literal["ok", "not_enough_data"]
    reason: str | None
    customers: pl.DataFrame
    parameters: dict[str, float] = field(default_factory=dict)
    log_likelihood: dict[str, float] = field(default_factory=dict)
    method: str = "maximum likelihood"
    pooled_priors: bool = False
    horizon_days: int = 365
    discount_rate: float = 0.10
    level: float = 0.90
    model: ValueModel | None = None
    everybody: KeptShare | None = None


def shortage(summary: pl.DataFrame, minimum: MINIMUM | None = None) -> str | None:
    """Why this summary is too thin for a value model, or None."""
    least = minimum or MINIMUM()
    repeaters = int((summary["frequency"] > 0).sum()) if summary.height else 0
    paying = summary.filter((pl.col("frequency") > 0) & (pl.col("monetary_value") > 0)).height
    weeks = float(summary["T"].max() or 0.0) if summary.height else 0.0  # type: ignore[arg-type]
    if summary.height < least.customers:
        return f"{summary.height} customers with a purchase; at least {least.customers} are needed."
    if min(repeaters, paying) < least.repeat_buyers:
        return f"{min(repeaters, paying)} customers bought again; at least {least.repeat_buyers} are needed."
    if weeks < least.weeks:
        return f"{weeks:.1f} weeks of history; at least {least.weeks:.0f} are needed."
    return None


def fit_value(summary: pl.DataFrame, *, period_days: float = PERIOD_DAYS) -> ValueModel:
    """BG/NBD and Gamma-Gamma on a summary (see `rfm_summary`).

    With at least 500 repeat buyers plain maximum likelihood; with fewer, or where the likelihood has no inner maximum,
    weak priors of published retail size take part (`WEAK_PRIOR` in the model files).
    """
    history = (summary["frequency"].to_numpy(), summary["recency"].to_numpy(), summary["T"].to_numpy())
    money = (history[0], summary["monetary_value"].to_numpy())
    if int((history[0] > 0).sum()) >= AMPLE_REPEATERS:
        plain, spend = BetaGeo.fit(*history), GammaGamma.fit(*money)
        if plain.converged and spend.converged:
            return ValueModel(plain, spend, pooled_priors=False)
    prior = bgnbd.WEAK_PRIOR.shifted({1: float(np.log(PERIOD_DAYS / period_days))})
    purchases = BetaGeo.fit(*history, prior=prior)
    return ValueModel(purchases, GammaGamma.fit(*money, prior=gamma_gamma.WEAK_PRIOR), pooled_priors=True)


def customer_value(
    transactions: pl.DataFrame,
    *,
    as_of: datetime,
    horizon_days: int = 365,
    discount_rate: float = 0.10,
    level: float = 0.90,
    draws: int = 200,
    seed: int = 0,
) -> ValueResult:
    """Expected orders, P(alive) and discounted value in the `horizon_days` after `as_of`, with an interval.

    In: customer_id, at, revenue (see `transactions_of`). `discount_rate` is a year's. The value is the closed form at
    the estimated parameters: expected orders month by month, discounted at each month's middle, times the expected
    order value, times the share of sales the customer keeps (`kept_share`). The interval is predictive: each draw takes
    parameters from the normal approximation at the observed information (in logarithms), then that customer's own
    rate, drop-out, order level and orders from their posterior; so it holds parameter uncertainty and chance both.
    Where chance is so skewed that the mean lies outside the quantiles, the interval is widened to hold it.
    """
    summary = rfm_summary(transactions, end=as_of, period_days=PERIOD_DAYS)
    reason = shortage(summary)
    plan = ValuePlan(horizon_days / PERIOD_DAYS, discount_rate, 365.25 / PERIOD_DAYS, level)
    if reason is not None:
        empty = pl.DataFrame(schema=RESULT_SCHEMA)
        return ValueResult("not_enough_data", reason, empty, {}, {}, "none", False, horizon_days, discount_rate, level)
    model, returns = fit_value(summary), returns_of(transactions, end=as_of)
    everybody = KeptShare.of(returns)
    customers = _scored(summary, kept_by(returns, everybody), model, plan, draws, seed)
    fits = {"bg_nbd": model.purchases.log_likelihood, "gamma_gamma": model.order_value.log_likelihood}
    method = "penalised maximum likelihood" if model.pooled_priors else "maximum likelihood"
    asked = (horizon_days, discount_rate, level)
    return ValueResult(
        "ok", None, customers, model.parameters, fits, method, model.pooled_priors, *asked, model, everybody
    )


def score_value(
    transactions: pl.DataFrame,
    model: ValueModel,
    everybody: KeptShare,
    *,
    as_of: datetime,
    horizon_days: int = 365,
    discount_rate: float = 0.10,
    level: float = 0.90,
    draws: int = 200,
    seed: int = 0,
) -> pl.DataFrame:
    """`customers` of customer_value for the customers of `transactions`, by a model fitted to everybody before."""
    plan = ValuePlan(horizon_days / PERIOD_DAYS, discount_rate, 365.25 / PERIOD_DAYS, level)
    summary = rfm_summary(transactions, end=as_of, period_days=PERIOD_DAYS)
    kept = kept_by(returns_of(transactions, end=as_of), everybody)
    return _scored(summary, kept, model, plan, draws, seed)


def _scored(
    summary: pl.DataFrame, kept: pl.DataFrame, model: ValueModel, plan: ValuePlan, draws: int, seed: int
) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    parameter_draws = (model.purchases.draws(draws, rng), model.order_value.draws(draws, rng))
    return assemble(summary, kept, model, parameter_draws, plan, rng)


def assemble(
    summary: pl.DataFrame,
    kept: pl.DataFrame,
    model: ValueModel,
    parameter_draws: tuple[Array, Array],
    plan: ValuePlan,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The result frame of `ValueResult` from a model and parameter draws ((n, 4) BG/NBD, (n, 3) Gamma-Gamma)."""
    frame = summary.join(kept, on="customer_id", how="left", maintain_order="left")
    x, t_x, t, z = (frame[name].cast(pl.Float64).to_numpy() for name in ("frequency", "recency", "T", "monetary_value"))
    share = frame["kept_share"].fill_null(1.0).to_numpy()
    orders, discounted = _orders_ahead(model.purchases, plan, x, t_x, t)
    order_value = model.order_value.expected_order_value(x, z) * share
    value = discounted * order_value
    factor = np.divide(discounted, orders, out=np.ones_like(orders), where=orders > 0) * share
    low, high = value_quantiles((x, t_x, t, z), factor, parameter_draws, plan, rng)
    columns = {
        "p_alive": model.purchases.p_alive(x, t_x, t),
        "expected_orders": orders,
        "expected_order_value": order_value,
        "value": value,
        "value_low": np.minimum(low, value),
        "value_high": np.maximum(high, value),
    }
    return frame.drop("kept_share").with_columns(**{k: pl.Series(v) for k, v in columns.items()}).select(*RESULT_SCHEMA)


def expected_values(summary: pl.DataFrame, kept: pl.DataFrame, model: ValueModel, plan: ValuePlan) -> Array:
    """Each customer's expected discounted value (money) by a model, as `assemble` has it."""
    frame = summary.join(kept, on="customer_id", how="left", maintain_order="left")
    x, t_x, t, z = (frame[name].cast(pl.Float64).to_numpy() for name in ("frequency", "recency", "T", "monetary_value"))
    discounted = _orders_ahead(model.purchases, plan, x, t_x, t)[1]
    kept_part = frame["kept_share"].fill_null(1.0).to_numpy()
    return np.asarray(discounted * model.order_value.expected_order_value(x, z) * kept_part, dtype=np.float64)


def _orders_ahead(model: BetaGeo, plan: ValuePlan, x: Array, t_x: Array, t: Array) -> tuple[Array, Array]:
    """Expected orders over the horizon, plain and discounted month by month (at each month's middle)."""
    distinct, where = np.unique(np.column_stack((x, t_x, t)), axis=0, return_inverse=True)
    so_far, discounted = np.zeros(len(distinct)), np.zeros(len(distinct))
    for begin, finish in plan.steps():
        total = model.expected_purchases(finish, *distinct.T)
        discounted += (total - so_far) * plan.discount((begin + finish) / 2.0)
        so_far = total
    return so_far[where.ravel()], discounted[where.ravel()]
