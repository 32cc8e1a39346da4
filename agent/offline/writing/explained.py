"""Why a customer's score is what it is: its parts in words, or what drives the churn score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.offline.writing.told import Told, bullets, many, money, percent

__all__ = ["explained", "standing"]

_SCORES = (
    ("health", "customer_health_score", "health score", r"\bhealth|\bunwell\b"),
    ("price_sensitivity", "price_sensitivity_score", "price sensitivity score", r"\bprice[- ]?sensitiv|\bdiscount"),
    ("brand_loyalty", "brand_loyalty_score", "brand loyalty score", r"\bloyal"),
)  # fmt: skip
_LEAVING = r"\b(?:leav\w*|churn\w*|(?:at |high |low )risk|lost|gone|losing|lapsed|alive|still)\b"


def explained(told: Told) -> str | None:
    """The explanation of the score the question names; None when it names none, or there is none to explain."""
    result = told.result
    values = {f["name"]: f["value"] for f in result["features"]}
    for parts, name, words, pattern in _SCORES:
        if told.asks(pattern) and result.get(parts):
            head = f"**The {words} of customer {result['customer_id']} is {many(values[name])} of 100.**"
            lines = [f"{p['part']}, {many(p['points'])} of {many(p['max_points'])}: {p['why']}" for p in result[parts]]
            return f"{head} It is the sum of these points:\n\n{bullets(lines)}{_caution(told, name)}"
    return _leaving(told) if told.asks(_LEAVING) and told.asks(r"\bwhy\b|\bprobab|\bhow|\bis\b|\bwill\b") else None


def _caution(told: Told, name: str) -> str:
    """What the tool says against the score, if anything."""
    said = told.said("No order has a discount") if name == "price_sensitivity_score" else ""
    return f"\n\n{said.strip()}" if said else ""


def _leaving(told: Told) -> str:
    result = told.result
    drivers = result.get("churn_drivers") or []
    why = f"\n\nWhat the score rests on:\n\n{bullets(drivers)}" if drivers else ""
    stands = standing(result, told.currency)
    if not stands:
        return f"**Nothing is predicted for customer {result['customer_id']}**: no churn score was computed."
    last = next((f for f in result["features"] if f["name"] == "recency_days"), None)
    gap = next((f for f in result["features"] if f["name"] == "typical_gap_days"), None)
    seen = f" The last order is {last['value']:,.0f} days ago" if last else ""
    rhythm = f"; usually {gap['value']:,.0f} days lie between two." if gap and seen else "." if seen else ""
    return f"**Customer {result['customer_id']}: {stands[0]}.**{seen}{rhythm}{why}"


def standing(result: Mapping[str, Any], currency: str) -> list[str]:
    """Whether one is still a customer and what is expected, by the churn score; it alone says who has left.

    The value model's own probability of being alive judges by counts of purchases and knows no limit of silence: it is
    an ingredient of the predicted value, and not told beside the churn score, which it often contradicts.
    """
    scores = result["scores"]
    value = None if scores.get("clv_12m") is None else money(scores["clv_12m"], currency)
    if scores.get("churn_status") == "left":
        worth = [f"predicted value of the next 12 months, should they come back: {value}"] if value else []
        return ["counts as having left: silent for longer than their own rhythm allows", *worth]
    lines = []
    if scores.get("churn_60") is not None:
        chance = percent(scores["churn_60"])
        lines.append(f"probability to leave within 60 days: {chance} ({scores.get('churn_risk')} risk)")
    return [*lines, *([f"predicted value of the next 12 months: {value}"] if value else [])]
