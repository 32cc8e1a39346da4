"""Next purchase: when a customer is expected back, from the gaps between their orders and their silence so far.

Model: the logarithm of a customer's gaps is N(μ_i, σ²) with μ_i ~ N(μ0, τ²); after each order another one comes with
probability π, else never (so that silence is either a long gap or the end). The four numbers are fitted to everybody by
marginal likelihood (empirical Bayes), the unfinished last gap included as a mixture of both. A customer's predictive
gap is then lognormal in closed form, cut off below at the silence so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.value.summary import purchase_days

__all__ = ["GapModel", "NextPurchase", "NextPurchaseBacktest", "backtest_next_purchase", "next_purchase"]

Array = NDArray[np.float64]
MINIMUM_GAPS = 20
FIT_CUSTOMERS = 20_000
FARTHEST_DAYS = 3650.0
TELLABLE_DAYS = 365  # a median farther ahead is not worth the name of a date
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "customer_id": pl.Int64,
    "orders": pl.Int64,
    "silence_days": pl.Float64,
    "p_return": pl.Float64,
    "p_alive": pl.Float64,
    "next_at": pl.Datetime("us", "UTC"),
    "next_low": pl.Datetime("us", "UTC"),
    "next_high": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True, slots=True)
class GapModel:
    """Population of gaps: mean and spread of log gaps between customers (mu, tau) and within (sigma); P(another)."""

    mu: float
    tau: float
    sigma: float
    another: float

    def predictive(self, count: Array, mean_log: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the next gap's logarithm, given `count` gaps with mean log `mean_log`."""
        precision = 1.0 / self.tau**2 + count / self.sigma**2
        mean = (self.mu / self.tau**2 + count * np.where(count > 0, mean_log, 0.0) / self.sigma**2) / precision
        return mean, np.sqrt(1.0 / precision + self.sigma**2)

    def survival(self, count: Array, mean_log: Array, silence: Array) -> Array:
        """P(gap > silence | another order comes)."""
        from scipy.special import ndtr

        mean, spread = self.predictive(count, mean_log)
        return np.asarray(ndtr((mean - np.log(np.maximum(silence, 1e-9))) / spread), dtype=np.float64)

    def p_return(self, count: Array, mean_log: Array, silence: Array) -> Array:
        """P(another order comes at all | silence so far)."""
        still = self.another * self.survival(count, mean_log, silence)
        return np.asarray(still / (still + 1.0 - self.another), dtype=np.float64)

    def quantile(self, u: float | Array, count: Array, mean_log: Array, silence: Array) -> Array:
        """Days from the last order to the next at probability `u`, given silence so far and that one comes."""
        from scipy.special import ndtri

        mean, spread = self.predictive(count, mean_log)
        beyond = (1.0 - np.asarray(u)) * self.survival(count, mean_log, silence)
        days = np.exp(np.minimum(mean - spread * ndtri(np.maximum(beyond, 1e-300)), np.log(FARTHEST_DAYS)))
        return np.asarray(np.maximum(days, silence), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class NextPurchase:
    """Expected next purchase per customer, or the reason why there is none.

    customers: customer_id, orders (purchase days), silence_days, p_return (this model's), p_alive (as handed in, else
    p_return), next_at (median), next_low, next_high; the three instants are null where p_alive < `min_alive` or the
    median is more than a year ahead.
    """

    status: Literal["ok", "not_enough_data"]
    reason: str | None
    customers: pl.DataFrame
    model: GapModel | None = None
    level: float = 0.80
    min_alive: float = 0.5


def next_purchase(
    transactions: pl.DataFrame,
    *,
    as_of: datetime,
    alive: pl.DataFrame | None = None,
    min_alive: float = 0.5,
    level: float = 0.80,
    seed: int = 0,
    model: GapModel | None = None,
) -> NextPurchase:
    """Median and `level` interval of each customer's next purchase after `as_of`.

    In: customer_id, at, revenue; `alive`: customer_id, p_alive (of BG/NBD), optional. Dates hold on condition that the
    customer comes back; where that is less likely than `min_alive`, or the median is over a year ahead, they are null.
    The interval is central in probability. Fitted on at most 20,000 customers drawn with `seed`; needs 20 gaps.
    `model`: fitted to everybody before; then these customers are told by it, however few they are.
    """
    gaps = _gaps(transactions, as_of)
    total = int(gaps["count"].sum()) if gaps.height else 0
    if model is None and total < MINIMUM_GAPS:
        reason = f"{total} gaps between purchases; at least {MINIMUM_GAPS} are needed."
        return NextPurchase("not_enough_data", reason, pl.DataFrame(schema=SCHEMA), None, level, min_alive)
    model = model or fit_gaps(gaps, seed=seed)
    customers = _dates(gaps, model, alive, as_of, min_alive, level)
    return NextPurchase("ok", None, customers, model, level, min_alive)


def fit_gaps(gaps: pl.DataFrame, *, seed: int = 0) -> GapModel:
    """Marginal maximum likelihood of the four population parameters."""
    from scipy.optimize import minimize

    rows = gaps if gaps.height <= FIT_CUSTOMERS else gaps.sample(FIT_CUSTOMERS, seed=seed)
    count, mean_log, within, silence = (rows[name].to_numpy() for name in ("count", "mean_log", "within", "silence"))
    seen = count > 0
    centre = float(np.average(mean_log[seen], weights=count[seen]))

    def loss(theta: Array) -> float:
        return -_log_likelihood(_model(theta), count, mean_log, within, silence) / len(count)

    start = np.array([centre, np.log(0.6), np.log(0.8), 1.0])
    bounds = [(centre - 5, centre + 5), (-4.0, 1.5), (-4.0, 1.5), (-6.0, 7.0)]
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return _model(np.asarray(found.x))


def _model(theta: Array) -> GapModel:
    return GapModel(
        float(theta[0]), float(np.exp(theta[1])), float(np.exp(theta[2])), float(1 / (1 + np.exp(-theta[3])))
    )


def _log_likelihood(model: GapModel, count: Array, mean_log: Array, within: Array, silence: Array) -> float:
    """Gaussian random effects for finished gaps, mixture of "later" and "never" for the open one."""
    variance = model.sigma**2 + count * model.tau**2
    finished = -0.5 * (
        count * np.log(2 * np.pi) + (count - 1) * np.log(model.sigma**2) + np.log(variance)
        + within / model.sigma**2 + count * (mean_log - model.mu) ** 2 / variance
    )  # fmt: skip
    still = model.another * model.survival(count, mean_log, silence) + 1.0 - model.another
    parts = np.where(count > 0, finished, 0.0) + count * np.log(model.another) + np.log(np.maximum(still, 1e-300))
    return float(parts.sum())


def _gaps(transactions: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Per customer: count of gaps, mean of log gaps, squares within, silence (days), last purchase day, orders."""
    days = purchase_days(transactions, end=as_of)
    gap = pl.col("day").diff().over("customer_id").dt.total_days().cast(pl.Float64).log().alias("log_gap")
    mean = pl.col("log_gap").mean().fill_null(0.0)
    last = pl.col("day").max()
    midday = last.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return (
        days.with_columns(gap)
        .group_by("customer_id")
        .agg(
            pl.col("log_gap").count().cast(pl.Float64).alias("count"),
            mean.alias("mean_log"),
            ((pl.col("log_gap") - pl.col("log_gap").mean()) ** 2).sum().fill_null(0.0).alias("within"),
            ((pl.lit(as_of) - midday).dt.total_seconds() / 86_400.0).alias("silence"),
            midday.alias("last"),
            pl.len().cast(pl.Int64).alias("orders"),
        )
        .sort("customer_id")
    )


def _dates(
    gaps: pl.DataFrame, model: GapModel, alive: pl.DataFrame | None, as_of: datetime, min_alive: float, level: float
) -> pl.DataFrame:
    """The frame of `NextPurchase`."""
    state = tuple(gaps[name].to_numpy() for name in ("count", "mean_log", "silence"))
    returns = model.p_return(*state)
    frame = gaps.with_columns(p_return=pl.Series(returns), silence_days=pl.col("silence"))
    if alive is not None:
        frame = frame.join(alive.select("customer_id", "p_alive"), on="customer_id", how="left", maintain_order="left")
        frame = frame.with_columns(pl.col("p_alive").fill_null(pl.col("p_return")))
    else:
        frame = frame.with_columns(p_alive=pl.col("p_return"))
    tail = (1.0 - level) / 2.0
    for name, u in (("next_at", 0.5), ("next_low", tail), ("next_high", 1.0 - tail)):
        frame = frame.with_columns(_instant(model.quantile(u, *state), as_of).alias(name))
    near = pl.col("next_at") <= as_of + timedelta(days=TELLABLE_DAYS)
    told = near & (pl.col("p_alive") >= min_alive)
    shown = [pl.when(told).then(pl.col(name)).alias(name) for name in ("next_at", "next_low", "next_high")]
    return frame.with_columns(shown).select(*SCHEMA)


def _instant(days: Array, as_of: datetime) -> pl.Expr:
    """`days` after the last purchase as an instant, never before `as_of`."""
    at = pl.col("last") + pl.lit(pl.Series((days * 86_400e6).astype(np.int64)).cast(pl.Duration("us")))
    return pl.max_horizontal(at, pl.lit(as_of))


@dataclass(frozen=True, slots=True)
class NextPurchaseBacktest:
    """Coverage of the intervals on a hold-out.

    returned: customers with an interval who bought in the hold-out. Because late returns fall outside it, `coverage`
    asks whether the date lies in the interval of "returns before the hold-out ends" at the same level.
    """

    status: Literal["ok", "not_enough_data"]
    reason: str | None
    level: float
    predicted: int = 0
    returned: int = 0
    coverage: float | None = None
    median_error_days: float | None = None
    expected_returns: float = 0.0


def backtest_next_purchase(
    transactions: pl.DataFrame, *, cutoff: datetime, holdout_end: datetime, level: float = 0.80, seed: int = 0
) -> NextPurchaseBacktest:
    """Predict at `cutoff`, compare with the first purchase in [cutoff, holdout_end)."""
    result = next_purchase(transactions, as_of=cutoff, level=level, seed=seed)
    if result.model is None:
        return NextPurchaseBacktest("not_enough_data", result.reason, level)
    later = purchase_days(transactions.filter(pl.col("at") >= cutoff), end=holdout_end)
    first = later.group_by("customer_id").agg(pl.col("day").min().alias("came"))
    shown = result.customers.drop_nulls("next_at").select("customer_id", "next_at")
    gaps = _gaps(transactions, cutoff).join(shown, on="customer_id", how="inner")
    window = (holdout_end - cutoff) / timedelta(days=1)
    state = tuple(gaps[name].to_numpy() for name in ("count", "mean_log", "silence"))
    after = 1.0 - result.model.survival(state[0], state[1], state[2] + window) / result.model.survival(*state)
    expected = float((result.model.p_return(*state) * after).sum())
    back = gaps.with_columns(within_window=pl.Series(after)).join(first, on="customer_id", how="inner")
    if back.is_empty():
        return NextPurchaseBacktest("ok", None, level, gaps.height, 0, None, None, expected)
    return _coverage(result.model, back, level, gaps.height, expected)


def _coverage(
    model: GapModel, back: pl.DataFrame, level: float, predicted: int, expected: float
) -> NextPurchaseBacktest:
    """Where the actual gap falls in the predictive distribution cut at the end of the hold-out."""
    count, mean_log, silence = (back[name].to_numpy() for name in ("count", "mean_log", "silence"))
    gap = (back["came"].cast(pl.Datetime("us")).dt.replace_time_zone("UTC") - back["last"]).dt.total_seconds() / 86_400
    actual = np.maximum(gap.to_numpy() + 0.5, silence)  # a purchase somewhere in its day
    reached = 1.0 - model.survival(count, mean_log, actual) / model.survival(count, mean_log, silence)
    position = reached / np.maximum(back["within_window"].to_numpy(), 1e-12)
    tail = (1.0 - level) / 2.0
    inside = (position >= tail) & (position <= 1.0 - tail)
    middle = model.quantile(0.5 * back["within_window"].to_numpy(), count, mean_log, silence)
    error = float(np.median(np.abs(middle - actual)))
    return NextPurchaseBacktest("ok", None, level, predicted, back.height, float(inside.mean()), error, expected)
