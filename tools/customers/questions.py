"""How people ask for customers: lists, one of them, one over time, and what is known of each."""

from __future__ import annotations

from typing import Any

from language.audience import LIST, NO_PERIOD, unclear
from language.followups import PRONOUN, WHY_SCORE, is_elliptic
from language.requests import Answerable, Request
from language.residue import unexplained
from language.rules import asked_rule, joined, previous_rule
from language.scene import Call, Scene
from language.slots import Slots

_SORTED_BY = (
    (r"\b(?:lifetime value|clv|predicted value|most valuable)\b", "clv_12m"),
    (r"\b(?:orders?|often|frequent\w*|times)\b", "orders_all"),
    (r"\b(?:risk|churn|leave)\b", "churn_60"),
    (r"\b(?:health\w*)\b", "customer_health_score"),
    (r"\b(?:average order|basket)\b", "avg_order_value"),
    (r"\b(?:longest silent|longest without|most overdue)\b", "recency_days"),
)


def listed(slots: Slots, scene: Scene) -> Answerable:
    """Which customers: a rule, "them", or everybody by some order."""
    if slots.conditions.unclear or unexplained(slots):
        return unclear(slots)
    rule = asked_rule(slots)
    if slots.has(PRONOUN) or (rule is None and not slots.top and scene.last and slots.has(r"\bshow|list|who\b")):
        rule = joined(previous_rule(scene), rule)
    if slots.periods:
        return NO_PERIOD
    arguments: dict[str, Any] = {"sort_by": _sort_field(slots), "limit": slots.limit or (LIST if slots.top else 20)}
    if rule:
        arguments["rule"] = rule
    if slots.ascending:
        arguments["descending"] = False
    return [Call("find_customers", arguments)]


def _sort_field(slots: Slots) -> str:
    for pattern, field in _SORTED_BY:
        if slots.has(pattern) and not (slots.conditions.rule and field == "orders_all"):
            return field
    return "monetary_value"


def profile(slots: Slots, scene: Scene) -> Answerable:
    """One customer."""
    customer = slots.customer or (scene.last.arguments.get("customer") if scene.last else None)
    if not customer:
        return "Which customer? Give me the customer id or the e-mail address."
    return [Call("customer_profile", {"customer": customer})]


def another(slots: Slots, _scene: Scene) -> list[Call] | None:
    """ "And customer 12345?" after a profile."""
    named = is_elliptic(slots) and slots.customer
    return [Call("customer_profile", {"customer": slots.customer})] if named else None


def again(_slots: Slots, scene: Scene) -> list[Call] | None:
    """ "Why?" after a profile: it has the reasons in it."""
    return [Call("customer_profile", scene.last.arguments)] if scene.last else None


def history(slots: Slots, _scene: Scene) -> list[Call]:
    """One customer over time."""
    return [Call("customer_history", {"customer": slots.customer})]


def features(_slots: Slots, _scene: Scene) -> list[Call]:
    """What every field means."""
    return [Call("feature_dictionary", {})]


LISTED = Request(
    "customers_list",
    """
        which customers bought only once | customers who spent over 1000 and have been silent for 90 days |
        show me customers from France | list the champions | who are our best customers |
        top 10 customers by revenue | who spent the most | show them | who are they | our biggest customers |
        give me customers with more than 20 orders | find customers who have not ordered for a year |
        which customers order most often | customers in Spain
    """,
    listed,
    rank=430,
    cues=(
        r"^(?:<\w+> )?<rule>$",
        r"\b(?:who|which|list|show|find|give|see|name|display|get)\b.*<rule>",
        r"<metric> (?:<value> )?<rule>",
        r"^(?:and )?(?:please )?(?:show|list|give|display)(?: me)? (?:them|those|these|it)\b",
        r"\bwho are (?:they|those|these|them)\b",
        r"\b(?:who|which customers?) (?:spent|spend|bought|buys?|orders?|ordered|purchased?)\b",
    ),
)
PROFILE = Request(
    "profile",
    """
        tell me about customer 17850 | who is customer 12345 | profile of customer 14646 | show customer 12346 |
        what do we know about jane@example.com | customer 17850 | why is customer 17850 at risk |
        how much did customer 14646 spend | why is the health of customer 17850 low | how loyal is customer 17850 |
        is customer 17850 still a customer
    """,
    profile,
    rank=300,
    cues=(
        r"\babout <customer>",
        r"^<customer>[.?]*$",
        r"\b(?:who is|profile of|show(?: me)?) <customer>",
        WHY_SCORE,
    ),
    needs=("<customer>",),
)
HISTORY = Request(
    "history",
    """
        history of customer 17850 | what did customer 12345 do lately | order history of customer 14646 |
        timeline of customer 12346 | what has customer 17850 bought so far
    """,
    history,
    rank=160,
    cues=(
        r"\b(?:history|timeline|journey|activity)\b",
        r"\bwhat (?:did|has) <customer> (?:\w+ ){0,2}(?:do|done|bought|buy|ordered|order)\b(?!.*\bnext\b)",
    ),
    needs=("<customer>",),
)
FEATURES = Request(
    "features",
    """
        which customer features are there | what does health score mean | how is price sensitivity defined |
        feature dictionary | what can I filter customers by | which fields can I use |
        explain the customer health score | what do you know about each customer
    """,
    features,
    rank=380,
    cues=(
        r"\b(?:features?|fields|attributes|properties)\b",
        r"\bwhat (?:does|do|is meant by)\b.*\b(?:mean|score)\b",
        r"\b(?:explain|define|definition of|meaning of)\b",
        r"\bhow is\b.*\b(?:defined|calculated|computed|measured)\b",
        r"\bwhat can i filter\b",
    ),
)
