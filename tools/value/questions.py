"""How people ask what customers will be worth and when they will buy next."""

from __future__ import annotations

from typing import Any

from language.audience import LIST
from language.followups import is_elliptic
from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

_DUE = 14  # days, when the request does not say how many


def value(slots: Slots, _scene: Scene) -> list[Call]:
    """Lifetime value."""
    return [Call("clv_summary", {"top": min(slots.limit or LIST, 100)})]


def next_purchase(slots: Slots, _scene: Scene) -> list[Call]:
    """When a customer buys next, or who buys soon."""
    arguments: dict[str, Any] = {"within_days": min(slots.horizon or _DUE, 3650), "limit": slots.limit or 20}
    return [Call("next_purchase", {"customer": slots.customer} if slots.customer else arguments)]


def another_horizon(slots: Slots, scene: Scene) -> list[Call] | None:
    """ "And within 30 days?": everybody due by then."""
    if not is_elliptic(slots) or not slots.horizon:
        return None
    arguments = {name: said for name, said in scene.past[-1].arguments.items() if name != "customer"}
    return [Call("next_purchase", arguments | {"within_days": slots.horizon})]


VALUE = Request(
    "value",
    """
        what is our customer lifetime value | who are our most valuable customers over the next year | total CLV |
        average lifetime value | what will our customers be worth | predicted value of our customers |
        how much will customers spend in the next 12 months | customers with the highest lifetime value |
        what is the customer base worth
    """,
    value,
    rank=360,
    cues=(
        r"\b(?:clv|ltv|lifetime values?|customer value|predicted values?|customer equity)\b",
        r"\b(?:customers|customer base|they|people) (?:be |are |is )?worth\b",
        r"\b(?:will|going to) (?:our |the )?(?:customers|they|people) spend\b",
        r"\bmost valuable customers\b",
    ),
    not_with=r"<rule>|\bsegment",
)
NEXT_PURCHASE = Request(
    "next_purchase",
    """
        who will buy in the next 14 days | when will customer 17850 buy again | who is expected to order next week |
        next purchase dates | which customers are due to buy soon | when does customer 12345 order next |
        expected purchases in the next 30 days
    """,
    next_purchase,
    rank=310,
    cues=(
        r"\bnext (?:purchase|order|buy)\b",
        r"\bwhen (?:will|does|is|are)\b.*\b(?:buy|order|purchase|shop|return|come back|due)\b",
        r"\b(?:will|expected to|going to|likely to|due to|about to) (?:probably )?(?:buy|order|purchase|shop|come"
        r" back)\b",
        r"\bdue (?:soon|<horizon>|in|within)\b",
    ),
)
