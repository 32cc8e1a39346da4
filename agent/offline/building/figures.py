"""Calls for figures: metrics, cohorts, an overview."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.building.built import LIST, Built
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["cohorts", "metrics", "report"]


def metrics(slots: Slots, scene: Scene) -> Built:
    """query_metrics: figures, rankings, trends and comparisons; one call a period when several are compared."""
    base: dict[str, Any] = {"metrics": _asked_metrics(slots)}
    dimensions = _asked_dimensions(slots)
    if dimensions:
        base["dimensions"] = dimensions
    if slots.filters:
        base["filters"] = slots.filters
    if slots.grain:
        base["grain"] = slots.grain
    if slots.top and slots.grain and not dimensions:
        base |= {"order_by": base["metrics"][0], "descending": not slots.ascending, "limit": slots.limit or 1}
    elif dimensions or slots.top:
        base |= {"limit": slots.limit or (LIST if not slots.grain else 500)}
        if slots.ascending:
            base["descending"] = False
    bounds = [period.arguments() for period in slots.periods] or [{}]
    return [Call("query_metrics", base | bound) for bound in bounds]


def _asked_metrics(slots: Slots) -> list[str]:
    named = list(slots.metrics)
    if slots.has(r"\bhow (?:many|much) (?:did|have|do) (?:customers|people|we) (?:buy|bought)\b"):
        return ["units"]
    each = slots.has(r"\b(?:per|a|each|every|the average) (?:customer|buyer|client)\b")
    if each and {"orders", "revenue", "spend"} & set(named):
        return ["orders_per_customer" if "orders" in named else "revenue_per_customer"]
    # "how much revenue did customers bring": customers are who, not what is counted
    if (
        len(named) > 1
        and "customers" in named
        and not slots.has(r"\b(?:how many|number of) (?:\w+ )?customers|customers and|and customers|,")
    ):
        named.remove("customers")
    if not named and slots.has(r"\bgrow(?:n|ing|th)?\b|\bdoing\b|\bperform"):
        return ["revenue"]
    if named == ["revenue"] and slots.has(r"\bhow many\b.*\b(?:sell|sold)\b"):
        return ["units"]
    return named[:8] or ["revenue"]


def _asked_dimensions(slots: Slots) -> list[str]:
    dimensions = list(slots.dimensions)
    named = {f["dimension"] for f in slots.filters if f["operator"] == "in"}
    if slots.has(r"\bcompar|\bversus\b|\bor\b|\beach\b") and named:
        dimensions += [d for d in sorted(named) if d not in dimensions]
    if slots.has(r"\bwhich customers\b") and {"refunds", "refund_orders"} & set(slots.metrics):
        dimensions = ["customer"]
    if "spend" in slots.metrics or {"roas", "ctr", "cpc", "cpa", "impressions"} & set(slots.metrics):
        dimensions = ["spend_channel" if d == "channel" else d for d in dimensions]
    if "mentions" in slots.metrics or "average_rating" in slots.metrics:
        dimensions = ["mention_source" if d == "channel" else d for d in dimensions]
    return dimensions[:4]


def cohorts(slots: Slots, scene: Scene) -> Built:
    """The cohort triangle, one row of it, or one cell."""
    arguments: dict[str, Any] = {}
    start = slots.periods[0].start if slots.periods else None
    if start:
        arguments["cohort"] = start.strftime("%Y-%m")
    after = re.search(r"\b(?:after|in) (?:the )?(\d+|a|first|second|third|next) months?\b", slots.plain)
    after = after or re.search(
        r"\b(\d+|a|1) months? (?:later|after|on)\b|\bmonth (\d+)\b|\bthe (next) month\b", slots.plain
    )
    if after:
        word = next(g for g in after.groups() if g)
        arguments["months_after"] = {"a": 1, "first": 1, "next": 1, "second": 2, "third": 3}.get(word) or int(word)
    return [Call("cohort_retention", arguments)]


def report(slots: Slots, scene: Scene) -> Built:
    """An overview of the business."""
    period = slots.periods[0].arguments() if slots.periods else {}
    return [
        Call("query_metrics", {"metrics": ["revenue", "orders", "customers"], "grain": "month", **period}),
        Call("churn_summary", {"horizon_days": 60}),
        Call("clv_summary", {"top": 5}),
        Call("list_segments", {}),
    ]
