"""How people ask what customers will buy next."""

from __future__ import annotations

from language.audience import LIST, customer_meant
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["NEXT_PRODUCT"]

_MOST = 100


def next_product(slots: Slots, scene: Scene) -> Answerable:
    """What one customer will want next, or what comes next for most."""
    if customer := customer_meant(slots, scene):
        return [Call("next_best_product", {"customer": customer})]
    return [Call("next_best_product", {"top": min(slots.limit or LIST, _MOST)})]


NEXT_PRODUCT = Request(
    "next_product",
    """
        what will customer 17850 buy next | which products should we recommend to customer 17850 |
        next best product | which products come next for most customers | product recommendations |
        what can we cross-sell | recommend products for customer 14646 | which category comes next |
        what should customer 17850 buy next
    """,
    next_product,
    rank=210,
    cues=(
        r"\bnext best (?:product|item|offer|category|<dimension>)",
        r"\b(?:product|item|category|<dimension>) recommendations?\b|\bcross-?sell",
        r"\b(?:recommend|suggest)\w* (?:\w+ ){0,3}(?:products?|items?|articles?|categor\w+)\b",
        r"\b(?:which|what) (?:products?|items?|articles?|categor\w+)\b.*\b(?:next|recommend|suggest|want)\b",
        r"\bwhat (?:will|would|might|could|should|does) <customer> (?:\w+ ){0,2}(?:buy|want|order|purchase|like)\b",
        r"\bwhat (?:will|would|might|could) (?:they|he|she|it|most \w+|<metric>) (?:\w+ ){0,2}"
        r"(?:buy|want|order|purchase) next\b",
    ),
)
