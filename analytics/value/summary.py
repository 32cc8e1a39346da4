"""Transaction summary: what the customer-base models know of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from core.errors import FixArguments

__all__ = ["KeptShare", "kept_by", "kept_share", "purchase_days", "returns_of", "rfm_summary", "transactions_of"]

CENT = 0.005
SUMMARY_SCHEMA = {
    "customer_id": pl.Int64,
    "frequency": pl.Int64,
    "recency": pl.Float64,
    "T": pl.Float64,
    "monetary_value": pl.Float64,
}


def transactions_of(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders as transactions: customer_id, at, revenue."""
    return orders.select("customer_id", pl.col("ordered_at").alias("at"), pl.col("revenue").cast(pl.Float64))


def purchase_days(transactions: pl.DataFrame, *, end: datetime) -> pl.DataFrame:
    """One row a customer and UTC day with a purchase before `end`: customer_id, day, revenue (net of that day).

    Purchases of one day are one. A day whose refunds eat up all it sold is no purchase; a free order (0.00,
    nothing refunded) is one. Rows at or after `end` are ignored. Sorted by customer and day.
    """
    if end.tzinfo is None:
        raise FixArguments("end has no time zone: pass an aware UTC datetime.", field="end")
    rows = transactions.filter(pl.col("at") < end, pl.col("revenue").is_not_null())
    days = rows.group_by("customer_id", pl.col("at").dt.date().alias("day")).agg(
        pl.col("revenue").sum(), (pl.col("revenue") < 0).any().alias("refunded")
    )
    kept = days.filter(~pl.col("refunded") | (pl.col("revenue") > CENT))
    return kept.drop("refunded").sort("customer_id", "day")


def rfm_summary(transactions: pl.DataFrame, *, end: datetime, period_days: float = 7.0) -> pl.DataFrame:
    """Frequency, recency, T and monetary value of every customer who bought before `end`.

    In: customer_id, at (UTC), revenue. Out: customer_id; frequency = days with a repeat purchase; recency = first to
    last purchase and T = first purchase to the last day before `end`, both in periods of `period_days` (weeks);
    monetary_value = mean of the repeat purchases, 0 where there is none (as in the published CDNOW summary).
    Customers with refunds only are absent. Source: Fader, Hardie & Lee 2005, "Counting your customers the easy way".
    """
    days = purchase_days(transactions, end=end)
    last_day = (end - timedelta(microseconds=1)).date()
    first = pl.col("day").min()
    summary = days.group_by("customer_id").agg(
        (pl.len() - 1).cast(pl.Int64).alias("frequency"),
        ((pl.col("day").max() - first).dt.total_days() / period_days).alias("recency"),
        ((pl.lit(last_day) - first).dt.total_days() / period_days).alias("T"),
        pl.col("revenue").sort_by("day").slice(1).mean().fill_null(0.0).alias("monetary_value"),
    )
    return summary.select(*SUMMARY_SCHEMA).sort("customer_id")


@dataclass(frozen=True, slots=True)
class KeptShare:
    """What everybody keeps of what they buy: the share, and the money it weighs in a customer's own."""

    share: float
    weight: float

    @classmethod
    def of(cls, returns: pl.DataFrame, weight_orders: float = 2.0) -> KeptShare:
        """From everybody's `returns_of`; it weighs as much as `weight_orders` average orders."""
        sold, returned, orders = (float(returns[name].sum()) for name in ("sold", "returned", "orders"))
        share = max(0.0, 1.0 - returned / sold) if sold > 0 else 0.0
        return cls(share, weight_orders * sold / orders if orders > 0 else 1.0)


def kept_share(transactions: pl.DataFrame, *, end: datetime, weight_orders: float = 2.0) -> pl.DataFrame:
    """Share of sold revenue a customer did not send back later: customer_id, kept_share in 0..1.

    Same-day refunds are already netted in a purchase; what is returned on other days is set against all sales. A
    customer's own share is pooled with everybody's as if `weight_orders` average orders had been added to it.
    """
    returns = returns_of(transactions, end=end)
    return kept_by(returns, KeptShare.of(returns, weight_orders))


def kept_by(returns: pl.DataFrame, everybody: KeptShare) -> pl.DataFrame:
    """`kept_share` of some customers, pooled with what everybody keeps."""
    own = pl.col("sold") - pl.col("returned") + everybody.weight * everybody.share
    pooled = own / (pl.col("sold") + everybody.weight)
    return returns.select("customer_id", pooled.clip(0.0, 1.0).alias("kept_share")).sort("customer_id")


def returns_of(transactions: pl.DataFrame, *, end: datetime) -> pl.DataFrame:
    """customer_id, money sold and returned (days netted), and days with sales, before `end`."""
    rows = transactions.filter(pl.col("at") < end, pl.col("revenue").is_not_null())
    return (
        rows.group_by("customer_id", pl.col("at").dt.date().alias("day"))
        .agg(pl.col("revenue").sum())
        .group_by("customer_id")
        .agg(
            pl.col("revenue").clip(lower_bound=0.0).sum().alias("sold"),
            (-pl.col("revenue").clip(upper_bound=0.0)).sum().alias("returned"),
            (pl.col("revenue") > 0).sum().alias("orders"),
        )
    )
