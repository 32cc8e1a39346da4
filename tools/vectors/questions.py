"""How people ask for customers alike, and for what is learnt of behaviour to be learnt anew."""

from __future__ import annotations

from language.audience import LIST, customer_meant, rule_meant, unclear
from language.followups import THEM
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots


def similar(slots: Slots, scene: Scene) -> Answerable:
    """Customers like one customer, or like a group."""
    limit = slots.limit or LIST
    if customer := customer_meant(slots, scene):
        return [Call("similar_customers", {"customer": customer, "limit": limit})]
    if slots.conditions.unclear:
        return unclear(slots)
    rule = rule_meant(slots, scene)
    if rule is None and slots.top:
        rule = {"field": "monetary_value", "operator": "top_share", "value": 0.1}
    if rule is None and slots.quoted:
        return [Call("lookalike_segment", {"segment": slots.quoted[0], "limit": limit})]
    if rule is None:
        return "Like whom? Name a customer or a segment, for example: find customers like the champions."
    named = (rule.get("field"), rule.get("operator")) == ("rfm_segment", "eq")
    group = {"segment": rule["value"]} if named else {"rule": rule}
    return [Call("lookalike_segment", {**group, "limit": limit})]


def train(slots: Slots, _scene: Scene) -> list[Call]:
    """Learn vectors, the posterior of value, or responses and next products, anew."""
    if slots.has(r"\b(?:posterior|bayesian)"):
        return [Call("value_posterior", {})]
    return [Call("train_vectors" if slots.has(r"\b(?:vector|embedding|similar)") else "refresh_recommendations", {})]


def why_similar(_slots: Slots, scene: Scene) -> list[Call]:
    """What is known of the customer the others are like."""
    return [Call("customer_profile", {"customer": scene.past[-1].arguments.get("customer")})]


def why_lookalike(_slots: Slots, _scene: Scene) -> list[Call]:
    """How good the vectors are that the likeness rests on."""
    return [Call("model_report", {"model": "vectors"})]


TRAIN = Request(
    "train",
    """
        train the vectors | learn the customer vectors anew | retrain the similarity model |
        refresh the recommendations | recompute the next products | fit the full posterior of customer value |
        sample the posterior | learn anew who responds to what
    """,
    train,
    rank=180,
    cues=(
        r"\b(?:re)?(?:fit|sample|train|compute|calculate|run|draw)\b(?: \w+){0,4} (?:posterior|bayesian)\b",
        r"\b(?:re)?(?:train|learn|fresh|compute|update|calculate|run)\b(?: \w+){0,4} (?:vectors?|embeddings?"
        r"|similarit\w+|recommendations?|next products?|uplifts?|effects|interventions|responds?)\b",
        r"\b(?:refresh|recompute|rerun|retrain|relearn)\b(?: \w+){0,4} (?:vectors?|embeddings?|similarit\w+"
        r"|recommendations?|next <dimension>|uplifts?|effects|interventions|responds?)\b",
    ),
)
SIMILAR = Request(
    "similar",
    """
        customers like customer 17850 | who is similar to customer 17850 | find customers like them |
        lookalikes of the champions | lookalike audience for our best customers | who behaves like the champions |
        more like these | who else is like them | customers similar to the loyal customers
    """,
    similar,
    rank=240,
    cues=(
        r"\blook-?\s?a-?likes?\b",
        rf"\b(?:similar|alike|resembl\w+)(?: to)? {THEM}|\b(?:similar|alike|resembling) <metric>|<metric> (?:similar"
        r"|alike)",
        r"\b(?:customers?|people|buyers|shoppers|anyone|anybody|others?|else|ones|who|more|<metric>)(?: (?:is|are"
        rf"|that|who|behaves?|acts?|buys?|just|much))* like {THEM}",
        rf"^(?:who|find)\b.* like {THEM}",
        rf"^(?:and |now |so |find |show |show me )*(?:others? |more )?like {THEM}",
    ),
)
