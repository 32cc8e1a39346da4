"""Calls about groups of customers: counted, listed, kept; and one customer's profile."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.building.built import LIST, PRONOUN, Built
from agent.offline.building.figures import metrics
from agent.offline.residue import unexplained
from agent.offline.rules import asked_rule, joined, previous_rule, rule_words
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["customers_by", "customers_count", "customers_list", "profile", "save_segment", "unclear"]


def customers_count(slots: Slots, scene: Scene) -> Built:
    """How many customers a rule picks; countries alone are a question for the metrics."""
    rule = asked_rule(slots)
    if slots.conditions.unclear or (slots.conditions.rule and unexplained(slots)):
        return unclear(slots)
    if slots.conditions.rule is None:
        them = previous_rule(scene) if slots.has(PRONOUN) else None
        if them is None:
            return metrics(slots, scene)
        rule = joined(them, rule)
    if slots.periods:
        return _no_period(slots)
    return [Call("count_segment", {"rule": rule})]


def customers_list(slots: Slots, scene: Scene) -> Built:
    """Which customers: a rule, "them", or everybody by some order."""
    if slots.conditions.unclear or unexplained(slots):
        return unclear(slots)
    rule = asked_rule(slots)
    if slots.has(PRONOUN) or (rule is None and not slots.top and scene.last and slots.has(r"\bshow|list|who\b")):
        rule = joined(previous_rule(scene), rule)
    if slots.periods:
        return _no_period(slots)
    arguments: dict[str, Any] = {"sort_by": _sort_field(slots), "limit": slots.limit or (LIST if slots.top else 20)}
    if rule:
        arguments["rule"] = rule
    if slots.ascending:
        arguments["descending"] = False
    return [Call("find_customers", arguments)]


def _sort_field(slots: Slots) -> str:
    for pattern, field in (
        (r"\b(?:lifetime value|clv|predicted value|most valuable)\b", "clv_12m"),
        (r"\b(?:orders?|often|frequent\w*|times)\b", "orders_all"),
        (r"\b(?:risk|churn|leave)\b", "churn_60"),
        (r"\b(?:health\w*)\b", "customer_health_score"),
        (r"\b(?:average order|basket)\b", "avg_order_value"),
        (r"\b(?:longest silent|longest without|most overdue)\b", "recency_days"),
    ):
        if slots.has(pattern) and not (slots.conditions.rule and field == "orders_all"):
            return field
    return "monetary_value"


def profile(slots: Slots, scene: Scene) -> Built:
    """One customer."""
    customer = slots.customer or (scene.last.arguments.get("customer") if scene.last else None)
    if not customer:
        return "Which customer? Give me the customer id or the e-mail address."
    return [Call("customer_profile", {"customer": customer})]


def customers_by(rule: dict[str, Any] | None, slots: Slots) -> Built:
    """Size and list of the customers of a rule."""
    listed = {"rule": rule, "sort_by": "clv_12m", "limit": slots.limit or LIST}
    return [Call("count_segment", {"rule": rule}), Call("find_customers", listed)]


def save_segment(slots: Slots, scene: Scene) -> Built:
    """Keep a rule under a name."""
    if slots.conditions.unclear or unexplained(slots):
        return unclear(slots)
    rule = asked_rule(slots) or previous_rule(scene)
    if rule is None:
        return "Which customers? Describe them, for example: save customers who bought only once as 'One-time'."
    named = re.search(
        r"(?i)\b(?:as|called|named|name it|call it|call them)\s+(?:a\s+segment\s+)?(?:called\s+|named\s+)?"
        r"([\w][\w &-]{1,60}?)\s*[.?!]?$",
        slots.original,
    )
    name = slots.quoted[0] if slots.quoted else named[1] if named else rule_words(rule)
    if name.lower() in ("a segment", "segment", "a new segment", "new segment"):
        name = rule_words(rule)
    return [Call("save_segment", {"name": name[:120], "rule": rule})]


def unclear(slots: Slots) -> str:
    parts = slots.conditions.unclear or unexplained(slots)
    unclear = "; ".join(f"“{' '.join(slots.written.get(word, word) for word in part.split())}”" for part in parts)
    known = rule_words(slots.conditions.rule) if slots.conditions.rule else ""
    understood = f" I understood: {known}." if known else ""
    return (
        f"I cannot turn {unclear} into a condition on customers.{understood} I can filter by what they bought and "
        "spent, how often and when, country, RFM segment, churn risk, predicted value, health, and e-mail activity. "
        "Ask “which customer features are there?” for the whole list."
    )


def _no_period(slots: Slots) -> str:
    return (
        "Lists of customers are made as of the end of the data, so I cannot limit them to that period. I can use "
        "the last "
        "month, quarter or year (“who spent more than … in the last quarter”), or give figures for the period."
    )
