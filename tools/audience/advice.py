# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is asked for advice: for which customers, between which places, or for which money, and what nobody can say."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from language.requests import Answerable, Noted
from language.rules import asked_rule
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import LIST

__all__ = ["advised", "group_named"]

_ADS: Final = (
    r"\b(?:ads?|adverts?|advertising|(?:ad|marketing|media) (?:channels?|budgets?|money)|budgets?|campaign money)\b"
)
_MONEY: Final = r"\b(?:extra|more|spare|another|additional|put|invest|spend|use|budget|have|left)\b"
_KEEP: Final = r"\b(?:leav\w+|churn\w*|los(?:e|ing)|stay|going away|keep|retain)\b"
_RECENT: Final = 90  # days that ad channels are compared over
_NO_MODEL: Final = (
    "I cannot say what a change would bring: these are results as the platforms report them, and there is no model of "
    "what spend causes. Change one channel at a time, and test it against a group or a place that is left out."
)
_NO_SPEND: Final = (
    "I have no data on ad spend, so I cannot say in which channel the money would do most. What it could protect is the "
    "value at risk: start where most of it is, and keep a control group to see whether it worked."
)
_NOT_AHEAD: Final = (
    "These are figures of what was: I cannot foresee which would answer more to your effort. Start with the one that is "
    "worth more per customer, and test it."
)
_WHOLE: Final = "I can set ad channels side by side for the shop as a whole only, not for some places or customers."


def advised(slots: Slots, scene: Scene) -> Answerable | None:
    """The figures that advice rests on, and what they cannot say; None where no money, place or customers are named."""
    if slots.customer:
        return None
    if _is_money(slots, scene):
        only = [f for f in slots.filters if f["dimension"] not in ("channel", "spend_channel")]
        return _WHOLE if only or slots.conditions.rule else _spending(scene)
    compared = next((f for f in slots.filters if f["operator"] == "in" and len(f["value"]) > 1), None)
    if compared and slots.conditions.rule is None:
        wanted = ["revenue", "orders", "customers", "revenue_per_customer"]
        arguments = {"metrics": wanted, "dimensions": [compared["dimension"]], "filters": slots.filters}
        days = slots.periods[0].arguments() if slots.periods else {}
        return Noted([Call("query_metrics", arguments | days)], _NOT_AHEAD)
    if (rule := asked_rule(slots)) is not None:
        return [Call("recommend_interventions", {**group_named(rule), "limit": slots.limit or LIST})]
    if slots.has(_KEEP) and "customers" in slots.metrics:
        return [Call("recommend_interventions", {"risk": "high", "limit": slots.limit or LIST})]
    return None


def _is_money(slots: Slots, scene: Scene) -> bool:
    """Ads are named, or a sum that is to be spent."""
    places = {value for f in slots.filters for value in _listed(f["value"])}
    paid = places & set(scene.values.get("spend_channel", ()))
    amount = re.search(r"(?<![\w.-])\d{2,}", slots.text) and slots.has(_MONEY) and not slots.conditions.rule
    return bool(paid or amount or slots.has(_ADS))


def _spending(scene: Scene) -> Noted:
    if not scene.metrics.get("spend"):
        return Noted([Call("at_risk_segments", {"by": "rfm_segment", "limit": LIST})], _NO_SPEND)
    days = {"start": (scene.today - timedelta(days=_RECENT - 1)).isoformat(), "end": scene.today.isoformat()}
    wanted = ["spend", "channel_revenue", "roas", "conversions", "cpa"]
    return Noted([Call("query_metrics", {"metrics": wanted, "dimensions": ["spend_channel"], **days})], _NO_MODEL)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def group_named(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the tool's shortest argument: a risk level, a segment's name, or the rule itself."""
    for field, name in (("churn_risk", "risk"), ("rfm_segment", "segment")):
        if rule.get("field") == field and rule.get("operator") == "eq":
            return {name: rule["value"]}
    return {"rule": rule}
