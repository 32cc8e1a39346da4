"""Calls about what to do: measured effects, interventions, next products, value at risk by group, customers alike."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.building.audience import unclear
from agent.offline.building.built import LIST, PRONOUN, Built
from agent.offline.building.predictions import horizon_of
from agent.offline.rules import asked_rule, previous_rule
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["at_risk", "effect", "interventions", "model_report", "next_product", "similar", "train"]

_GROUPS = {
    "country": "country", "rfm_segment": "rfm_segment", "channel": "main_channel", "category": "favourite_category",
}  # fmt: skip
_CAMPAIGN = r"(?i)\bcampaign (?:id )?((?=[\w-]*\d|[\w]+-)[A-Z0-9][\w-]+)\b|\b(CMP-[\w-]+)\b"


def effect(slots: Slots, scene: Scene) -> Built:
    """What campaigns with a control group changed: the one named by its id, else all of them."""
    arguments: dict[str, Any] = {}
    named = re.search(_CAMPAIGN, slots.original)
    if slots.identifier or named:
        arguments["campaign_id"] = slots.identifier or (named and (named[1] or named[2]))
    if days := re.search(r"\b(?:within|after|over|in) (?:the first )?(\d+) days\b", slots.plain):
        arguments["window_days"] = max(1, min(int(days[1]), 365))
    return [Call("experiment_effect", arguments)]


def interventions(slots: Slots, scene: Scene) -> Built:
    """What to do for one customer, or for a group: named, described, or "them"."""
    customer = slots.customer or (_customer(scene) if slots.has(PRONOUN) else None)
    if customer:
        return [Call("customer_interventions", {"customer": customer})]
    if slots.conditions.unclear:
        return unclear(slots)
    rule = asked_rule(slots) or (previous_rule(scene) if slots.has(PRONOUN) else None)
    if rule is None and slots.has(PRONOUN):
        return "For whom? Name a customer or a segment, for example: what should I do for the high risk customers?"
    return [Call("recommend_interventions", {**_group(rule), "limit": slots.limit or LIST})]


def _group(rule: dict[str, Any] | None) -> dict[str, Any]:
    """A rule as the tool's shortest argument: a risk level, a segment's name, or the rule itself."""
    if rule is None:
        return {}
    for field, name in (("churn_risk", "risk"), ("rfm_segment", "segment")):
        if rule.get("field") == field and rule.get("op") == "eq":
            return {name: rule["value"]}
    return {"rule": rule}


def _customer(scene: Scene) -> str | None:
    """The one customer the last call was about."""
    return scene.last.arguments.get("customer") if scene.last else None


def next_product(slots: Slots, scene: Scene) -> Built:
    """What one customer will want next, or what comes next for most."""
    customer = slots.customer or (_customer(scene) if slots.has(PRONOUN) else None)
    if customer:
        return [Call("next_best_product", {"customer": customer})]
    return [Call("next_best_product", {"top": min(slots.limit or LIST, 100)})]


def at_risk(slots: Slots, scene: Scene) -> Built:
    """Which groups hold the value at risk; by RFM segment unless another cut is named."""
    named = [name for name in slots.dimensions if name != "country" or not slots.has(r"\bwhere\b")]
    by = next((_GROUPS[name] for name in named if name in _GROUPS), "rfm_segment")
    arguments: dict[str, Any] = {"by": by, "limit": slots.limit or LIST}
    if slots.horizon:
        arguments["horizon_days"] = horizon_of(slots)
    return [Call("at_risk_segments", arguments)]


def similar(slots: Slots, scene: Scene) -> Built:
    """Customers like one customer, or like a group."""
    customer = slots.customer or (_customer(scene) if slots.has(PRONOUN) else None)
    if customer:
        return [Call("similar_customers", {"customer": customer, "limit": slots.limit or LIST})]
    if slots.conditions.unclear:
        return unclear(slots)
    rule = asked_rule(slots) or (previous_rule(scene) if slots.has(PRONOUN) else None)
    if rule is None and slots.top:
        rule = {"field": "monetary_value", "op": "top_share", "value": 0.1}
    if rule is None and slots.quoted:
        return [Call("lookalike_segment", {"segment": slots.quoted[0], "limit": slots.limit or LIST})]
    if rule is None:
        return "Like whom? Name a customer or a segment, for example: find customers like the champions."
    chosen = {name: value for name, value in _group(rule).items() if name == "segment"} or {"rule": rule}
    return [Call("lookalike_segment", {**chosen, "limit": slots.limit or LIST})]


def model_report(slots: Slots, scene: Scene) -> Built:
    """How one of the models was chosen and how good it was."""
    for model, words in (
        ("vectors", r"vector|embedding|similar|behaviou?r"),
        ("value_posterior", r"posterior|bayesian|convergen|chains"),
        ("value", r"value|clv|ltv|worth|purchase"),
    ):
        if slots.has(rf"\b(?:{words})"):
            return [Call("model_report", {"model": model})]
    return [Call("model_report", {"model": "churn"})]


def train(slots: Slots, scene: Scene) -> Built:
    """Learn vectors, the posterior of value, or responses and next products, anew."""
    if slots.has(r"\b(?:posterior|bayesian)"):
        return [Call("value_posterior", {})]
    return [Call("train_vectors" if slots.has(r"\b(?:vector|embedding|similar)") else "refresh_recommendations", {})]
