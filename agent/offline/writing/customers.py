"""Words for customers: lists, one profile, the dictionary of features."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.offline.rules import rule_words
from agent.offline.writing.explained import explained, standing
from agent.offline.writing.told import Told, amount, bullets, day, many, money, title

__all__ = ["customer_profile", "feature_dictionary", "find_customers"]

_SHOWN = 5
PRODUCT = "product '"  # which products the words of a rule stand for
_NAMES = {
    "monetary_value": "total spend", "orders_all": "orders", "recency_days": "days since last order",
    "rfm_segment": "segment", "churn_60": "likely to leave within 60 days", "clv_12m": "predicted 12-month value",
    "avg_order_value": "average order value", "typical_gap_days": "typical days between orders",
    "customer_health_score": "health score (0 to 100)", "country": "country",
}  # fmt: skip
_TELLING = (
    "recency_days",
    "orders_all",
    "monetary_value",
    "avg_order_value",
    "typical_gap_days",
    "customer_health_score",
)


def find_customers(told: Told) -> str:
    """How many match, and the first of them."""
    result = told.result
    rule = told.arguments.get("rule")
    if not result["total"]:
        return f"**No customer** matches: {rule_words(rule)}."
    worth = (
        f", with {money(result['total_value'], told.currency)} of revenue so far"
        if result["total_value"] is not None
        else ""
    )
    counted = "count_segment" in told.tools
    if rule is None and not counted:
        return _leaders(told)
    head = "" if counted else f"**{many(result['total'])} customers**{worth}.{_matching(rule)}{told.said(PRODUCT)}"
    order = title(told.arguments.get("sort_by") or "monetary_value")
    way = "lowest" if told.arguments.get("descending") is False else "highest"
    lines = [_line(row, result["columns"], told.currency) for row in result["rows"][:_SHOWN]]
    return f"{head}\n\nThe {way} by {order}:\n\n{bullets(lines)}".strip()


def _leaders(told: Told) -> str:
    """The customers at the top of a list of everybody."""
    rows, columns = told.result["rows"], told.result["columns"]
    field = told.arguments.get("sort_by") or "monetary_value"
    at = next((n for n, column in enumerate(columns) if column["name"] == field), None)
    way = "lowest" if told.arguments.get("descending") is False else "highest"
    value = f": **{amount(rows[0][at], columns[at]['unit'], told.currency)}**" if at is not None else ""
    lines = [_line(row, columns, told.currency) for row in rows[:_SHOWN]]
    return f"Customer **{rows[0][0]}** has the {way} {title(field)}{value}.\n\n{bullets(lines)}"


def _matching(rule: Mapping[str, Any] | None) -> str:
    return f" Condition: {rule_words(dict(rule))}." if rule else ""


def _line(row: Sequence[Any], columns: Sequence[Mapping[str, Any]], currency: str) -> str:
    parts = []
    for value, column in list(zip(row, columns, strict=True))[1:7]:
        if value is None or column["name"] in ("email", "phone"):
            continue
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        shown = amount(value, column["unit"], currency) if numeric else _text(value)
        parts.append(f"{_NAMES.get(column['name'], title(column['name']))} {shown}")
    return f"**{row[0]}**: {', '.join(parts)}"


def _text(value: Any) -> str:
    return day(value) if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else str(value)


def customer_profile(told: Told) -> str:
    """One customer in a few lines: what they did, what is expected, why."""
    if (focus := explained(told)) is not None:
        return focus
    result = told.result
    features = {f["name"]: f for f in result["features"]}
    place = result["attributes"].get("country")
    lines = [
        f"{_NAMES.get(name, title(name))}: {amount(features[name]['value'], features[name]['unit'], told.currency)}"
        for name in _TELLING
        if name in features and isinstance(features[name]["value"], int | float)
    ]
    scores = result["scores"]
    lines += standing(result, told.currency)
    if scores.get("next_purchase_at") and scores.get("churn_status") != "left":
        lines.append(f"next purchase expected on {day(scores['next_purchase_at'])}")
    drivers = result.get("churn_drivers") or []
    why = f"\n\nWhat drives the churn score: {'; '.join(drivers)}." if drivers else ""
    weak = [h for h in result.get("health") or [] if h["max_points"]]
    health = (
        "\n\nHealth: " + "; ".join(f"{h['part']} {many(h['points'])} of {many(h['max_points'])}" for h in weak) + "."
    )
    member = ", ".join(result["segments"]) or "no segment"
    return (
        f"**Customer {result['customer_id']}**{f' ({place})' if place else ''}: {member}.\n\n{bullets(lines)}"
        f"{health if weak else ''}{why}"
    )


def feature_dictionary(told: Told) -> str:
    """The feature asked about, or the groups there are."""
    result = told.result
    every = [*result["features"], *result["other_fields"]]
    asked = _asked(told.question, every)
    if asked:
        return "\n\n".join(f"**{title(f['name'])}** ({f['unit']}): {f['meaning']}." for f in asked)
    groups: dict[str, list[str]] = {}
    for entry in every:
        groups.setdefault(entry["group"], []).append(entry["name"])
    lines = [f"{group}: {', '.join(names)}" for group, names in groups.items()]
    return (
        f"**{many(len(result['features']))} features** are kept of every customer, beside attributes and "
        f"scores:\n\n{bullets(lines)}"
    )


def _asked(question: str, every: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    words = set(re.findall(r"[a-z0-9]+", question.lower().replace("_", " ")))
    hits = [f for f in every if set(f["name"].removesuffix("_score").split("_")) - {"customer"} <= words]
    return sorted(hits, key=lambda f: -len(f["name"]))[:3]
