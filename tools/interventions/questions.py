"""How people ask what to do for customers."""

from __future__ import annotations

from typing import Any

from language.audience import LIST, customer_meant, rule_meant, unclear
from language.followups import PRONOUN, THEM
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["INTERVENTIONS", "measured_effects"]


def interventions(slots: Slots, scene: Scene) -> Answerable:
    """What to do for one customer, or for a group: named, described, or "them"."""
    if customer := customer_meant(slots, scene):
        return [Call("customer_interventions", {"customer": customer})]
    if slots.conditions.unclear:
        return unclear(slots)
    rule = rule_meant(slots, scene)
    if rule is None and slots.has(PRONOUN):
        return "For whom? Name a customer or a segment, for example: what should I do for the high risk customers?"
    return [Call("recommend_interventions", {**_group(rule), "limit": slots.limit or LIST})]


def measured_effects(_slots: Slots, _scene: Scene) -> Answerable:
    """Why these: what campaigns with a control group have shown."""
    return [Call("experiment_effect", {})]


def _group(rule: dict[str, Any] | None) -> dict[str, Any]:
    """A rule as the tool's shortest argument: a risk level, a segment's name, or the rule itself."""
    if rule is None:
        return {}
    for field, name in (("churn_risk", "risk"), ("rfm_segment", "segment")):
        if rule.get("field") == field and rule.get("operator") == "eq":
            return {name: rule["value"]}
    return {"rule": rule}


INTERVENTIONS = Request(
    "interventions",
    """
        what should I do for customer 17850 | what should we do for them |
        which intervention suits the at risk customers | how can we keep the high risk customers |
        how do I keep customer 17850 from leaving | what can I offer them | best action for customer 17850 |
        what does the playbook say for the lost customers | next best action
    """,
    interventions,
    rank=220,
    cues=(
        r"\b(?:should|can|could|shall|would|to) (?:i |we |you )?(?:do|offer|send|give|try)\b(?: \w+){0,2} (?:for|to) "
        + THEM,
        r"\b(?:should|can|could|shall) (?:i|we) (?:do (?:with|about)|offer|give) "
        r"(?:them|those|these|him|her|<customer>)",
        r"\binterventions?\b|\bplaybook\b|\bnext best action\b",
        rf"\bhow (?:do|can|could|should|to) (?:i |we )?(?:keep|retain|save|hold) {THEM}",
        rf"\b(?:best|right|which|what) (?:offer|action|measure|<top> action)s? (?:\w+ )?(?:for|to|suits?|fits?) {THEM}",
        rf"<top> (?:offer|action|measure)s? for {THEM}",
    ),
)
