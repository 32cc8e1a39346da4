"""Hold-out back-test of the value models: predicted against what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl

from analytics.value.lifetime import PERIOD_DAYS, fit_value, shortage
from analytics.value.summary import kept_share, purchase_days, rfm_summary
from core.errors import FixArguments

__all__ = ["ValueBacktest", "backtest_value"]


@dataclass(frozen=True, slots=True)
class ValueBacktest:
    """How the model fitted up to `calibration_end` predicted the time up to `holdout_end`.

    correlation: of predicted and actual purchases over customers (null when either is constant); *_error: predicted
    total over actual total, minus 1 (null when nothing came). Purchases are days with a purchase.
    """

    status: Literal["ok", "not_enough_data"]
    reason: str | None
    calibration_end: datetime
    holdout_end: datetime
    customers: int = 0
    correlation: float | None = None
    predicted_orders: float = 0.0
    actual_orders: int = 0
    orders_error: float | None = None
    mean_absolute_error: float | None = None
    value_correlation: float | None = None
    predicted_value: float = 0.0
    actual_value: float = 0.0
    value_error: float | None = None


def backtest_value(transactions: pl.DataFrame, *, calibration_end: datetime, holdout_end: datetime) -> ValueBacktest:
    """Fit before `calibration_end`, predict each known customer's purchases and money until `holdout_end`, compare.

    In: customer_id, at, revenue. Money is undiscounted; actual money is net of refunds on later days.
    """
    if holdout_end <= calibration_end:
        raise FixArguments("holdout_end must be later than calibration_end.", field="holdout_end")
    summary = rfm_summary(transactions, end=calibration_end)
    reason = shortage(summary)
    if reason is not None:
        return ValueBacktest("not_enough_data", reason, calibration_end, holdout_end, summary.height)
    model = fit_value(summary)
    periods = (holdout_end - calibration_end).total_seconds() / 86_400.0 / PERIOD_DAYS
    x, t_x, t = (summary[name].to_numpy() for name in ("frequency", "recency", "T"))
    orders = model.purchases.expected_purchases(periods, x, t_x, t)
    kept = summary.join(kept_share(transactions, end=calibration_end), on="customer_id", how="left")
    worth = model.order_value.expected_order_value(x, summary["monetary_value"].to_numpy())
    money = orders * worth * kept["kept_share"].fill_null(1.0).to_numpy()
    frame = summary.select("customer_id").with_columns(predicted=pl.Series(orders), predicted_value=pl.Series(money))
    actual = _actual(transactions, calibration_end, holdout_end)
    joined = frame.join(actual, on="customer_id", how="left", maintain_order="left").fill_null(0)
    return _compare(joined, calibration_end, holdout_end)


def _actual(transactions: pl.DataFrame, begin: datetime, end: datetime) -> pl.DataFrame:
    """Purchase days and net money of each customer in [begin, end)."""
    window = transactions.filter(pl.col("at") >= begin)
    days = purchase_days(window, end=end).group_by("customer_id").agg(pl.len().alias("orders"))
    money = window.filter(pl.col("at") < end).group_by("customer_id").agg(pl.col("revenue").sum().alias("money"))
    return money.join(days, on="customer_id", how="left").with_columns(pl.col("orders").fill_null(0))


def _compare(joined: pl.DataFrame, begin: datetime, end: datetime) -> ValueBacktest:
    predicted, came = joined["predicted"].to_numpy(), joined["orders"].to_numpy().astype(np.float64)
    money, paid = joined["predicted_value"].to_numpy(), joined["money"].to_numpy()
    return ValueBacktest(
        status="ok",
        reason=None,
        calibration_end=begin,
        holdout_end=end,
        customers=joined.height,
        correlation=_correlation(predicted, came),
        predicted_orders=float(predicted.sum()),
        actual_orders=int(came.sum()),
        orders_error=float(predicted.sum() / came.sum() - 1.0) if came.sum() > 0 else None,
        mean_absolute_error=float(np.mean(np.abs(predicted - came))),
        value_correlation=_correlation(money, paid),
        predicted_value=float(money.sum()),
        actual_value=float(paid.sum()),
        value_error=float(money.sum() / paid.sum() - 1.0) if paid.sum() > 0 else None,
    )


def _correlation(left: np.ndarray, right: np.ndarray) -> float | None:
    if np.std(left) == 0.0 or np.std(right) == 0.0:
        return None
    return float(np.corrcoef(left, right)[0, 1])
