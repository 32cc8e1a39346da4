"""From credited value to net revenue: every order row of the days asked for, each in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from analytics.attribution.building import JourneyTable, Wanted

__all__ = ["Bridge", "BridgeLine", "What", "net_revenue_bridge"]

What = Literal[
    "credited", "no touch", "other customers", "no customer", "given back in full", "refunded later",
    "refunds of earlier orders", "refunds of no order", "adjustments",
]  # fmt: skip


_SOLD: tuple[What, ...] = ("credited", "no touch", "other customers", "no customer", "given back in full")


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One part of net revenue: its sale orders, and what it comes to."""

    what: What
    orders: int
    value: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """Lines that add up to the sale orders and the net revenue of the days, refunds counted on their own day."""

    lines: tuple[BridgeLine, ...]

    @property
    def orders(self) -> int:
        """Sale orders in all."""
        return sum(line.orders for line in self.lines)

    @property
    def net_revenue(self) -> float:
        """Net revenue in all."""
        return sum(line.value for line in self.lines)


def net_revenue_bridge(
    table: JourneyTable, sales: pl.DataFrame, assigned: pl.DataFrame, others: pl.DataFrame, wanted: Wanted
) -> Bridge:
    """Where the orders and the money of the days are that are not credited.

    `sales`: all sale orders, those of nobody known too (order_id, customer_id, at, value net of refunds, kept);
    `assigned`: refunds with their order (at, order_id, amount); `others`: order rows that are neither (at, value).
    """
    place = np.unique(table.order[table.order >= 0])
    met = table.orders.filter(pl.col("order").cast(pl.Int64).is_in(place)).select("order_id", met=pl.lit(True))
    asked = table.orders.select("order_id", asked=pl.lit(True))
    rows = (
        sales.filter(_within("at", wanted)).join(met, on="order_id", how="left").join(asked, on="order_id", how="left")
    )
    what = (
        pl.when(~pl.col("kept")).then(pl.lit("given back in full"))
        .when(pl.col("met")).then(pl.lit("credited"))
        .when(pl.col("customer_id").is_null()).then(pl.lit("no customer"))
        .when(pl.col("asked")).then(pl.lit("no touch"))
        .otherwise(pl.lit("other customers"))
    )  # fmt: skip
    found = rows.group_by(what=what).agg(pl.len(), pl.col("value").sum())
    sold = {name: BridgeLine(name, count, value) for name, count, value in found.iter_rows()}
    lines = [sold[name] for name in _SOLD if name in sold] + _refunds(sales, assigned, wanted)
    rest = float(others.filter(_within("at", wanted))["value"].sum())
    return Bridge((*lines, BridgeLine("adjustments", 0, rest)) if rest else tuple(lines))


def _refunds(sales: pl.DataFrame, assigned: pl.DataFrame, wanted: Wanted) -> list[BridgeLine]:
    """Refunds that count on another day than their order does, or belong to none."""
    own = assigned.join(sales.select("order_id", sold="at"), on="order_id", how="left")
    own = own.with_columns(given=_within("at", wanted), of=_within("sold", wanted))
    later = float(own.filter(pl.col("of") & ~pl.col("given"))["amount"].sum())
    earlier = float(own.filter(pl.col("given") & ~pl.col("of"))["amount"].sum())
    nobodys = float(own.filter(pl.col("given") & pl.col("of").is_null())["amount"].sum())
    told: tuple[tuple[What, float], ...] = (
        ("refunded later", later), ("refunds of earlier orders", -earlier), ("refunds of no order", -nobodys)
    )  # fmt: skip
    return [BridgeLine(what, 0, value) for what, value in told if value]


def _within(column: str, wanted: Wanted) -> pl.Expr:
    return (pl.col(column) >= wanted.start) & (pl.col(column) < wanted.end)
