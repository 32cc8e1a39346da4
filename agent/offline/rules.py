"""Rules about customers that earlier calls imply, and rules in words."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.conditions import LIKELY
from agent.offline.filters import as_conditions
from agent.offline.scene import PastCall, Scene
from agent.offline.slots import Slots

__all__ = ["asked_rule", "joined", "previous_rule", "rule_words"]

Node = dict[str, Any]
_OPS = {
    "eq": "is", "ne": "is not", "lt": "<", "le": "≤", "gt": ">", "ge": "≥", "in": "in", "not_in": "not in",
    "contains": "contains", "is_null": "is unknown", "not_null": "is known", "between": "between",
}  # fmt: skip


def asked_rule(slots: Slots) -> Node | None:
    """The rule a clause states itself: its conditions and its countries."""
    return joined(slots.conditions.rule, *as_conditions(slots.filters))


def joined(*rules: Node | None) -> Node | None:
    """All of `rules` at once."""
    parts: list[Node] = []
    for rule in rules:
        if rule is not None:
            parts += rule["all"] if "all" in rule else [rule]
    return {"all": parts} if len(parts) > 1 else parts[0] if parts else None


def previous_rule(scene: Scene) -> Node | None:
    """Whom "them" means: the customers of the latest call that was about customers."""
    for call in reversed(scene.past):
        rule = _rule_of(call)
        if rule:
            return rule
    return None


def _rule_of(call: PastCall) -> Node | None:
    arguments = call.arguments
    match call.tool:
        case "find_customers" | "count_segment" | "save_segment" | "propose_campaign":
            rule = arguments.get("rule")
            segment = arguments.get("segment")
            return rule or ({"field": "rfm_segment", "op": "eq", "value": segment} if segment else None)
        case "churn_table" | "churn_summary":
            field = f"churn_{arguments.get('horizon_days', 60)}"
            if arguments.get("risk"):
                return {"field": "churn_risk", "op": "eq", "value": arguments["risk"]}
            return {"field": field, "op": "ge", "value": arguments.get("min_probability") or LIKELY}
        case "next_purchase":
            days = arguments.get("within_days", 14)
            return {"field": "next_purchase_at", "op": "between", "value": ["as_of-0d", f"as_of+{days}d"]}
        case "query_metrics":
            return _rule_of_metrics(arguments)
        case "customer_profile":
            return {"field": "customer_id", "op": "eq", "value": arguments.get("customer")}
    return None


def _rule_of_metrics(arguments: dict[str, Any]) -> Node | None:
    metrics = arguments.get("metrics", [])
    own: Node | None = None
    if metrics == ["one_time_customers"]:
        own = {"field": "orders_all", "op": "eq", "value": 1}
    elif metrics == ["repeat_customers"]:
        own = {"field": "orders_all", "op": "ge", "value": 2}
    return joined(own, *as_conditions(arguments.get("filters", [])))


def rule_words(rule: Node | None) -> str:
    """A rule in words: "monetary value > 1000 and recency days ≥ 90"."""
    if rule is None:
        return "all customers"
    for word, between in (("all", " and "), ("any", " or ")):
        if word in rule:
            return between.join(rule_words(part) for part in rule[word])
    if "not" in rule:
        return f"not ({rule_words(rule['not'])})"
    if "event" in rule:
        did = "did" if rule.get("did", True) else "did not"
        within = f" within {rule['within_days']} days" if rule.get("within_days") else ""
        return f"{did} {rule['event'].replace('_', ' ')}{within}"
    value = rule.get("value")
    said = " and ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return re.sub(r"\s+", " ", f"{rule['field'].replace('_', ' ')} {_OPS[rule['op']]} {said}").strip()
