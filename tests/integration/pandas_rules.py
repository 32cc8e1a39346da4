"""Purchase conditions of rules counted another way: with pandas, a customer at a time, from the shop itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from tests.integration.pandas_figures import BUCKETS, Books
from tests.integration.random_shops import CUSTOMERS

__all__ = ["meeting"]

_COMPARE = {
    "eq": lambda a, b: a == b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}  # fmt: skip


def meeting(books: Books, rule: dict[str, Any], raw_country: dict[str, str | None]) -> set[str]:
    """The customers whose purchases meet the condition; who bought nothing has 0."""
    by_line = bool(rule.get("category")) or rule["purchase"] in ("products", "categories")
    frame = books.lines if by_line else books.orders
    if rule["purchase"] == "gap_days":  # it lies where its second sale is: who came back in May was away before
        sales = frame[frame["kind"] == "sale"].sort_values(["at", "order"])
        frame = sales.assign(gap=sales.groupby("customer")["at"].diff())
    return {
        customer
        for customer in CUSTOMERS
        if _holds(
            _counted(_chosen(frame[frame["customer"] == customer], books, rule), rule, by_line, raw_country), rule
        )
    }


def _chosen(frame: pd.DataFrame, books: Books, rule: dict[str, Any]) -> pd.DataFrame:
    if rule.get("start"):
        frame = frame[frame["day"] >= date.fromisoformat(rule["start"])]
    if rule.get("end"):
        frame = frame[frame["day"] <= date.fromisoformat(rule["end"])]
    if rule.get("category"):
        frame = frame[frame["category"] == rule["category"]]
    if through := rule.get("channel"):
        frame = frame[frame["channel"].isin(through if isinstance(through, list) else [through])]
    if rule.get("weekdays"):
        frame = frame[pd.to_datetime(frame["day"]).dt.dayofweek.add(1).isin(rule["weekdays"])]
    if rule.get("order_value"):
        worth = rule["order_value"]
        frame = frame[(frame["kind"] == "sale") & _COMPARE[worth["operator"]](frame["revenue"], worth["value"])]
    if rule.get("discounted") is not None:
        frame = frame[(frame["kind"] == "sale") & ((frame["discount"] > 0) == rule["discounted"])]
    if (which := rule.get("which")) and len(frame):
        sales = books.orders[(books.orders["kind"] == "sale") & (books.orders["customer"] == frame["customer"].iloc[0])]
        opening = sales.sort_values(["at", "order"])["order"].head(1)
        known = frame["order"].isin(opening) if which == "first" else ~frame["order"].isin(opening)
        frame = frame[known] if len(opening) else frame.iloc[:0]
    if (days := rule.get("within_days_of_first")) and len(frame):
        sales = books.orders[books.orders["kind"] == "sale"]
        first = sales[sales["customer"] == frame["customer"].iloc[0]]["at"].min()
        frame = frame[frame["at"] <= first + timedelta(days=days)] if not pd.isna(first) else frame.iloc[:0]
    return frame


def _counted(frame: pd.DataFrame, rule: dict[str, Any], by_line: bool, raw_country: dict[str, str | None]) -> float:
    name = rule["purchase"]
    sales = frame[frame["kind"] == "sale"]
    if name == "orders":
        return float(sales["order"].nunique())
    if name == "refunds":
        kinds = ("refund", "adjustment") if by_line else ("refund",)  # a line that came back is negative in both
        return float(frame[frame["kind"].isin(kinds)]["order"].nunique())
    if name in ("revenue", "units"):
        column = {"revenue": "line_revenue", "units": "line_quantity"}[name] if by_line else name
        return float(frame[column if column != "units" else "quantity"].sum())
    if name == "products":
        return float(sales[sales["goods"]]["sku"].nunique())
    if name == "countries":
        return float(sales["order"].map(raw_country).nunique())
    if name in ("categories", "channels"):
        return float(sales[{"categories": "category", "channels": "channel"}[name]].nunique())
    if name == "gap_days":
        gaps = sales["gap"].dropna()
        return float(gaps.max() / timedelta(days=1)) if len(gaps) else 0.0
    return float(pd.to_datetime(sales["day"]).dt.to_period(BUCKETS[name.removesuffix("s")]).nunique())


def _holds(number: float, rule: dict[str, Any]) -> bool:
    operator, value = rule["operator"], rule["value"]
    if operator == "between":
        return bool(value[0] <= round(number, 6) <= value[1])
    return bool(_COMPARE[operator](round(number, 6), value))
