"""What makes a clause a continuation: little more than periods, places and names, and no question of its own."""

from __future__ import annotations

import re

from language.filler import CONTINUING
from language.slots import Slots

__all__ = ["PRONOUN", "THEM", "WHY_SCORE", "is_elliptic", "is_fragment", "is_whole"]

PRONOUN = (
    r"\b(?:them|those|these|they|their|him|her|it|that segment|this segment|that group|this group|same customers)\b"
)
# Whom a request is for, with the marks of what was taken out of the clause.
THEM = r"(?:them|those|these|him|her|it|<customer>|(?:the |our |all |of |<metric> )*(?:<value> )?<rule>)"
# One customer's score, asked for with its reason.
WHY_SCORE = (
    r"\b(?:why|how (?:healthy|loyal|price|sensitive|likely)|probability|chance|still|explain)\b.*"
    r"\b(?:health\w*|sensitiv\w*|loyal\w*|alive|leav\w*|churn\w*|risk|discounts?|customers?|active)\b"
)
_ELLIPSIS = (
    r"^(?:ok,? |so,? |now,? |please,? )*(?:and|what about|how about|only|just|but|now|same|then|also|instead|or|by|in"
    r"|for|since|for the|without|excluding|outside|not|per|top|the|make it|sort|order)\b"
)
_CORRECTION = r"^(?:no|nope|wrong)\b|\bi (?:mean|meant|wanted|want|said)\b"
_WHOLE = (
    r"\b(?:what (?:is|was|are|were)|how (?:many|much)|who|which|whom|show me|list|give me|tell me|save|write|draft|send"
    r"|launch|create|propose)\b"
)
_TOTAL = frozenset({"overall", "total", "all"})


def is_elliptic(slots: Slots) -> bool:
    """A clause of little more than slots: it has no question word of its own and no unknown words."""
    left = [w for w in re.findall(r"[a-z]+", re.sub(r"<[^>]+>", " ", slots.text)) if w not in CONTINUING]
    whole = slots.top and slots.dimensions and slots.metrics
    if not slots.marks() or whole or re.search(_WHOLE, slots.plain):
        return False
    begins = bool(re.search(rf"{_ELLIPSIS}|{_CORRECTION}", slots.plain))
    return not left and (begins or (len(slots.plain.split()) <= 4 and not slots.metrics))


def is_fragment(slots: Slots) -> bool:
    """Only a place, a time or a value: "in France", "for Germany", "and overall"; it means nothing by itself."""
    left = [w for w in re.findall(r"[a-z]+", re.sub(r"<[^>]+>", " ", slots.text)) if w not in CONTINUING | _TOTAL]
    parts = slots.marks() <= {"<value>", "<period>", "<earlier>", "<when>", "<whose>"}
    return not left and parts and bool(re.search(_ELLIPSIS, slots.plain))


def is_whole(slots: Slots) -> bool:
    """The clause has a question word or an order of its own."""
    return re.search(_WHOLE, slots.plain) is not None
