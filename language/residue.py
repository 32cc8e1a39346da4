"""What a description of customers says beyond what was understood: named to the user, never passed over."""

from __future__ import annotations

import re
from typing import Final

from language.slots import Slots
from language.vocabulary import phrases

__all__ = ["is_description", "unexplained"]

_FILLER: Final = frozenset(
    """
    a about all also an and any anybody anyone are as at be been both but by called can client clients could count
    create customer customers define did display do does each either everybody everyone exactly find for from get
    give group groups had has have how i in into is it just keep large list build add set up like make many me my name
    named names need new no now number number of on one ones only or our out over people percentage percent please
    proportion save see segment segments share shopper shoppers show so some store such tell than that the their them
    themselves then there these they this those to us want was we were what whether which who whole whom whose why
    will with within would you your still yet ever currently right really me too together big size remember quoted
    bought buy buys ordering purchased come comes came coming live lives living based located belong belongs
    buyer buyers either should must is yes ok okay hey hello per cent highest first sorted ordered order sort rank
    ranked look up down
    """.split()  # noqa: SIM905
)
_RANKING: Final = frozenset("spent spend spending bought buy buys most often value valuable year".split())  # noqa: SIM905


def unexplained(slots: Slots) -> list[str]:
    """Parts of the clause that are neither understood nor mere filler, in the user's words."""
    if slots.conditions.rule is None and not slots.filters:
        return []
    filler = _FILLER | _RANKING if slots.top or slots.limit else _FILLER
    text = slots.text
    for phrase, _ in phrases("fields"):  # "sorted by recency"
        text = re.sub(rf"\b(?:by|with the highest|with the lowest) {re.escape(phrase)}\b", " ", text)
    # the name a segment is to get
    text = re.sub(r"\b(?:as|called|named|call (?:it|them)|name it) .*$", " ", text)
    parts = [part.strip(" ,.;:!?'\"-") for part in re.split(r"<[^>]*>", text)]
    return [part for part in parts if any(word not in filler for word in re.findall(r"[a-z]+|\d+", part))]


def is_description(slots: Slots) -> bool:
    """True for a bare description of customers: "customers from Germany who spent over 100", "discount hunters"."""
    nodes = slots.conditions.nodes
    if slots.conditions.rule is None or slots.periods or slots.grain or slots.dimensions or slots.top:
        return False
    if slots.metrics not in ([], ["customers"]) or any(_is_likelihood(node) for node in nodes):
        return False
    rest = re.sub(r"<(?:rule|value|metric|unclear)>", " ", slots.text)
    rest = re.sub(
        r"\b(?:the|our|my|all|those|and|or|but|who|that|are|is|have|has|from|in|with|of|either|customers?|people|buyers|shoppers|everyone|everybody)\b",
        " ",
        rest,
    )
    return not re.search(r"[a-z0-9<]", re.sub(r"^\s*(?:please |show |me |find |list |give |get )*", "", rest))


def _is_likelihood(node: dict[str, object]) -> bool:
    """ "Likely to leave", "high risk": a question about who leaves, answered with reasons and values."""
    field, op = str(node.get("field", "")), node.get("operator")
    return field == "churn_risk" or (field.startswith("churn_") and op == "ge" and node.get("value") == 0.5)
