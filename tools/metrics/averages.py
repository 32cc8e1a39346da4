"""A figure divided by what is counted: a metric of its own where there is one, else one figure over another."""

from __future__ import annotations

import re
from typing import Final

from database.semantic.metrics import METRICS
from language.averages import AVERAGE
from language.slots import Slots

__all__ = ["AVERAGE_OF_WHAT", "divided", "without_average"]

AVERAGE_OF_WHAT: Final = "Average per what? Say per day, week or month, per order or per customer."
_ONE_AT_A_TIME: Final = "I can divide by one thing at a time: by time, or by what is counted. Which one?"
_OWN: Final = {
    ("revenue", "orders"): "average_order_value", ("gross_sales", "orders"): "average_order_value",
    ("units", "orders"): "units_per_order", ("lines", "orders"): "lines_per_order",
    ("products_sold", "orders"): "products_per_order", ("skus_sold", "orders"): "products_per_order",
    ("revenue", "customers"): "revenue_per_customer",
    ("orders", "customers"): "orders_per_customer", ("revenue", "units"): "average_unit_price",
    ("gross_sales", "units"): "average_unit_price", ("spend", "conversions"): "cpa", ("spend", "clicks"): "cpc",
}  # fmt: skip

_DISTINCT: Final = {"products_sold", "skus_sold", "countries_served", "cities_served", "categories_sold"}
_IS_OVER: Final = {own: over for (_, over), own in _OWN.items()}


def divided(slots: Slots, metrics: list[str]) -> tuple[list[str], bool] | str:
    """The metrics that give `metrics` over what the clause divides them by; True: the first over the second."""
    over = slots.measures.over
    if over is None:
        return metrics, False
    if slots.measures.per:
        return _ONE_AT_A_TIME
    tops = [name for name in metrics if name != over and name not in ("customers", "ordering_customers")]
    if not slots.metrics and "product" in slots.dimensions and over == "orders":
        tops = ["products_sold"]
    tops = tops or ["revenue"]
    if _DISTINCT & set(tops) and (over, *tops) not in {("orders", "products_sold"), ("orders", "skus_sold")}:
        return "Different things do not add up, so I cannot divide how many there are. Ask for units per customer, say."
    if all(_IS_OVER.get(name) == over for name in tops):
        return tops, False  # "the average spend of a German customer"
    if any(not METRICS[name].is_count for name in tops):
        return _ONE_AT_A_TIME
    own = [_OWN.get((name, over)) for name in tops]
    if all(own):
        return [name for name in own if name], False
    return ([*tops, over], True) if len(tops) == 1 else _ONE_AT_A_TIME


def without_average(words: list[str]) -> list[str]:
    """The words not understood but those that only say "on average"."""
    left = (re.sub(rf"\b{AVERAGE}\b", " ", part).strip() for part in words)
    return [part for part in left if part]
