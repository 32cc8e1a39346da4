"""Why an action is for a customer, and what to know when writing to them, in words from what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from language.format import capital, count

if TYPE_CHECKING:
    import polars as pl

    from analytics.planning.fit import Limits

__all__ = ["columns_of", "hints", "reasons"]

Row = Mapping[str, Any]


def columns_of(people: pl.DataFrame, limits: Limits) -> list[Row]:
    """What is known of each customer, a row each, with the milestone of the shop."""
    rows = people.select(
        "recency_days", "days_since_first_order", "orders_all", "orders_365d", "overdue_ratio", "monetary_value",
        "avg_order_value", "revenue_365d", "favourite_category", "favourite_category_share", "price_sensitivity_score",
        "city", "churn_60",
    ).to_dicts()  # fmt: skip
    return [row | {"milestone": limits.milestone or 0.0} for row in rows]


def reasons(rows: Sequence[Row], kinds: Sequence[str]) -> list[str]:
    """Why, a sentence each."""
    return [_REASONS[kind](row) for row, kind in zip(rows, kinds, strict=True)]


def hints(rows: Sequence[Row], kinds: Sequence[str]) -> list[str | None]:
    """What to know when writing to them; None where nothing is known beside the reason."""
    return [_hint(row, kind) for row, kind in zip(rows, kinds, strict=True)]


def _gaps(row: Row) -> str:
    days = count(round(row["recency_days"] or 0))
    return f"Last ordered {days} days ago, {row['overdue_ratio']:.1f} times their usual gap"


_REASONS: Mapping[str, Callable[[Row], str]] = {
    "re_engagement": _gaps,
    "discount": lambda row: f"{_gaps(row)}; price sensitivity {row['price_sensitivity_score']:.0f} of 100".capitalize(),
    "vip": lambda row: f"Among the best tenth: spent {count(round(row['monetary_value']))} so far",
    "loyalty": lambda row: f"First order {count(round(row['days_since_first_order']))} days ago, none since",
    "cashback": lambda row: (
        f"{count(round(row['orders_365d']))} orders in a year, baskets of {row['avg_order_value']:.0f}: below the usual"
    ),
    "spending_milestone": lambda row: (
        f"Spent {count(round(row['revenue_365d']))} in a year; "
        f"{count(max(1, round(row['milestone'] - row['revenue_365d'])))} to the milestone of {count(row['milestone'])}"
    ),
    "category_promotion": lambda row: (
        f"{100 * row['favourite_category_share']:.0f}% of what they buy is {row['favourite_category']}"
    ),
    "location_based": lambda row: f"Always orders from {row['city']}",
}


def _hint(row: Row, kind: str) -> str | None:
    said = []
    if row["favourite_category"] and kind != "category_promotion":
        said.append(f"buys mostly {row['favourite_category']}")
    if row["churn_60"] is not None and row["churn_60"] >= 0.4:
        said.append(f"{100 * row['churn_60']:.0f}% likely to leave within 60 days")
    if row["orders_all"] and kind != "loyalty":
        orders = round(row["orders_all"])
        said.append("1 order so far" if orders == 1 else f"{count(orders)} orders so far")
    return capital(", ".join(said)) or None
