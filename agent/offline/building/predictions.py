"""Calls for predictions: who leaves, what customers are worth, who buys next, where effort pays."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.building.audience import customers_by
from agent.offline.building.built import LIST, Built
from agent.offline.filters import as_conditions
from agent.offline.rules import joined
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["churn_overview", "churn_who", "horizon_of", "next_purchase", "priorities", "value"]

_HORIZONS = (30, 60, 90)


def churn_who(slots: Slots, scene: Scene) -> Built:
    """Who is likely to leave: the whole picture and the customers more likely than not to go."""
    horizon = horizon_of(slots)
    table: dict[str, Any] = {"horizon_days": horizon, "order": _churn_order(slots), "limit": slots.limit or LIST}
    level = re.search(r"\b(high|medium|low)[- ](?:churn[- ])?risk\b", slots.plain)
    if level:
        table["risk"] = level[1]
    else:
        table["min_probability"] = 0.5
    other = [n for n in slots.conditions.nodes if not str(n.get("field", "")).startswith("churn")]
    if other or slots.filters:
        likely = {"field": f"churn_{horizon}", "op": "ge", "value": 0.5}
        rule = slots.conditions.rule if _mentions_churn(slots) else joined(likely, slots.conditions.rule)
        return customers_by(joined(rule, *_places(slots)), slots)
    return [Call("churn_table", table), Call("churn_summary", {"horizon_days": horizon})]


def _places(slots: Slots) -> list[dict[str, Any]]:
    return as_conditions(slots.filters)


def _mentions_churn(slots: Slots) -> bool:
    return any(str(n.get("field", "")).startswith("churn_") for n in slots.conditions.nodes)


def _churn_order(slots: Slots) -> str:
    return "probability" if slots.has(r"\bmost likely\b|\bhighest (?:risk|probability|chance)") else "value_at_risk"


def horizon_of(slots: Slots) -> int:
    asked = slots.horizon
    if asked is None:
        for node in slots.conditions.nodes:
            if match := re.fullmatch(r"churn_(\d\d)", str(node.get("field", ""))):
                return int(match[1])
    return min(_HORIZONS, key=lambda h: abs(h - (asked or 60)))


def churn_overview(slots: Slots, scene: Scene) -> Built:
    """The state of churn, its definition, its model."""
    return [Call("churn_summary", {"horizon_days": horizon_of(slots)})]


def value(slots: Slots, scene: Scene) -> Built:
    """Lifetime value."""
    return [Call("clv_summary", {"top": min(slots.limit or LIST, 100)})]


def next_purchase(slots: Slots, scene: Scene) -> Built:
    """When a customer buys next, or who buys soon."""
    arguments: dict[str, Any] = {"within_days": min(slots.horizon or 14, 3650), "limit": slots.limit or 20}
    if slots.customer:
        arguments = {"customer": slots.customer}
    return [Call("next_purchase", arguments)]


def priorities(slots: Slots, scene: Scene) -> Built:
    """Where effort pays most."""
    if slots.conditions.rule and "rfm_segment" in str(slots.conditions.rule):
        return [Call("list_segments", {})]
    table = {"horizon_days": horizon_of(slots), "order": "value_at_risk", "limit": slots.limit or 5}
    return [Call("list_segments", {}), Call("churn_table", table)]
