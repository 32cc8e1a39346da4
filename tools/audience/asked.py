"""Words and calls that several subjects use when a request speaks of customers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from language.conditions import SINCE_TODAY
from language.filters import as_conditions
from language.followups import PRONOUN
from language.residue import unexplained
from language.rules import asked_rule, joined, opened_in, previous_rule
from language.scene import Call, Scene
from language.slots import Slots, read_slots

__all__ = [
    "LIST", "NO_PERIOD", "counted", "counts", "customer_meant", "customers_by", "horizon_of", "in_their_time",
    "of_those_who_began", "rule_meant", "unclear",
]  # fmt: skip

LIST = 10
"""Rows of a list, when the request does not say how many."""
NO_PERIOD = (
    "Lists of customers are made as of the end of the data, so I cannot limit them to that period. I can use the last "
    "month, quarter or year (“who spent more than … in the last quarter”), or give figures for the period."
)
_HORIZONS = (30, 60, 90)


def customers_by(rule: dict[str, Any] | None, slots: Slots) -> list[Call]:
    """Size and list of the customers of a rule."""
    listed = {"rule": rule, "sort_by": "clv_12m", "limit": slots.limit or LIST}
    return [Call("count_segment", {"rule": rule}), Call("find_customers", listed)]


def counts(slots: Slots) -> bool:
    """Whether it is asked how many customers there are of a kind, or which share."""
    return slots.measures.share or slots.has(
        r"\bhow (?:many|large|big)\b|\b(?:number|count|head ?count)\b(?! them as)|\bheads\b|\bsize of\b|\bany of them\b"
    )


def counted(slots: Slots, scene: Scene, rule: dict[str, Any]) -> list[Call]:
    """How many customers a rule picks, and of whom where that is said or a share is asked for."""
    places = as_conditions(slots.filters)
    among = joined(slots.conditions.among, *places) if slots.conditions.among else None
    if among is None and slots.has(r"\b(?:of|among|out of) (?:them|those|these)\b"):
        among = previous_rule(scene)
        rule = joined(among, rule) or rule
    if among is None and slots.measures.share and "purchase" in str(rule) + str(rule.get("field", "")):
        rule = joined(*rule.get("all", [rule])) or rule
        opened = joined(*rule.get("all", [])[:2])  # "of 2024's new customers": what is said of them is of these
        bought = {"purchase": "orders", "operator": "ge", "value": 1} | _days_counted(rule)
        among = opened if opened_in(opened) and len(rule["all"]) > 2 else bought
    if among is None and slots.measures.share and places and slots.conditions.rule:
        among = joined(*places)  # "share of repeat buyers in Ireland": of the buyers there
    if among is None:
        return [Call("count_segment", {"rule": rule})]
    known = [*among.get("all", [among]), slots.conditions.among]
    own = joined(*[part for part in rule.get("all", [rule]) if part not in known])
    return [Call("count_segment", {"rule": own, "among": among} if own else {"rule": among})]


_BACK = r"(?:came back|were back|was back|ordered again|bought again|showed up again|returned)\b"
_CAME_BACK = rf"^(?:and |so |but |then )*(?:how many|what (?:%|percent\w*|share))(?: of (?:them|those|these))? {_BACK}"


def in_their_time(clause: str, scene: Scene) -> Scene:
    """The scene as of a year after those began of whom "how many came back in Q4" is asked: that of no later year."""
    began = opened_in(previous_rule(scene))
    if not began or not re.match(_CAME_BACK, clause.lower()) or re.search(SINCE_TODAY, clause.lower()):
        return scene
    year_after = date.fromisoformat(str(began["end"])) + timedelta(days=365)
    return replace(scene, last_day=min(scene.today, year_after))


def of_those_who_began(slots: Slots, scene: Scene) -> Slots:
    """ "How many came back", after those who first bought in Q3: of them."""
    if not opened_in(previous_rule(scene)) or not slots.has(_CAME_BACK) or slots.has(PRONOUN):
        return slots
    return (
        slots
        if slots.conditions.among
        else read_slots(re.sub(rf"(?i) (?={_BACK})", " of them ", slots.original), scene)
    )


def _days_counted(rule: dict[str, Any]) -> dict[str, Any]:
    """ "Who ordered only once in 2011": a part of those who ordered then."""
    how_often = (rule.get("purchase") == "orders" and rule.get("value") not in (0, 1)) or rule.get("operator") == "eq"
    return {name: rule[name] for name in ("start", "end") if name in rule} if how_often and rule.get("value") else {}


def customer_meant(slots: Slots, scene: Scene) -> str | None:
    """The one customer a clause names, or means by "them": the one the last call was about."""
    if slots.customer or not slots.has(PRONOUN) or scene.last is None:
        return slots.customer
    return scene.last.arguments.get("customer")


def rule_meant(slots: Slots, scene: Scene) -> dict[str, Any] | None:
    """The rule a clause states, or means by "them"."""
    return asked_rule(slots) or (previous_rule(scene) if slots.has(PRONOUN) else None)


def horizon_of(slots: Slots) -> int:
    """The horizon of churn probabilities nearest to the one asked for; 60 days when none is."""
    asked = slots.horizon
    if asked is None:
        for node in slots.conditions.nodes:
            if match := re.fullmatch(r"churn_(\d\d)", str(node.get("field", ""))):
                return int(match[1])
    return min(_HORIZONS, key=lambda h: abs(h - (asked or 60)))


def unclear(slots: Slots, part: str = "") -> str:
    """What of a description of customers was not understood, and what could be said instead."""
    parts = [part] if part else slots.conditions.unclear or unexplained(slots)
    unclear = "; ".join(f"“{' '.join(slots.written.get(word, word) for word in part.split())}”" for part in parts)
    known = [f"“{said.strip()}”" for mark, said in slots.taken if mark.startswith("<rule")]  # in the user's own words
    understood = f" I understood {' and '.join(known)}." if known else ""
    return (
        f"I cannot turn {unclear} into a condition on customers.{understood} I can filter by what they bought and "
        "spent, how often and when, country, RFM segment, churn risk, predicted value, health, and email activity. "
        "Ask “which customer features are there?” for the whole list."
    )
