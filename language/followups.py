"""What makes a clause a continuation: little more than periods, places and names, and no question of its own."""

from __future__ import annotations

import re

from language.filler import CONTINUING
from language.slots import Slots

__all__ = [
    "OF_BOTH",
    "OVERALL",
    "PRONOUN",
    "WHY_SCORE",
    "continues",
    "is_elliptic",
    "is_fragment",
    "is_whole",
    "keeps_all",
]

PRONOUN = (
    r"\b(?:them|those|these|they|their|him|her|it|that segment|this segment|that group|this group|same customers)\b"
)
# One customer's score, asked for with its reason.
WHY_SCORE = (
    r"\b(?:why|how (?:healthy|loyal|price|sensitive|likely)|probability|chance|still|explain)\b.*"
    r"\b(?:health\w*|sensitiv\w*|loyal\w*|alive|leav\w*|churn\w*|risk|discounts?|customers?|active)\b"
)
_ELLIPSIS = (
    r"^(?:ok,? |so,? |now,? |please,? )*(?:and|what about|how about|only|just|but|now|same|then|also|instead|or|by|in"
    r"|for|since|for the|as|with|without|excluding|outside|not|per|top|the|make it|sort|order)\b"
)
_CORRECTION = r"^(?:no|nope|wrong|sorry|oops|wait)\b|\bi (?:mean|meant|wanted|want|said)\b"
# Two answers before: "which of both", "of the two"
OF_BOTH = (
    r"\b(?:of|between) (?:both|(?:the|these|those|them) (?:two|2|both)|the pair)\b|\b(?:these|those|the) (?:two|2)\b"
)
_ENDS = r"\b(?:only|instead|too|as well|rather)(?: please)?[?.! ]*$"
_WHOLE = (
    r"\b(?:what (?:is|was|are|were)|how (?:many|much)|who|which|whom|show me|list|give me|tell me|save|write|draft|send"
    r"|launch|create|propose)\b"
)
# Not of one place or time: "and overall?", "in all countries".
OVERALL = (
    r"\b(?:overall|in total|total|altogether|everywhere|worldwide|everybody|everyone|everything|in all"
    r"|all (?:of )?(?:them|it)|(?:in |for |of )?(?:all|every|any) (?:the |of the |our )?<dimension>"
    r"|the whole (?:shop|world|business))"
)
_TOTAL = frozenset(
    """
    overall total all altogether everywhere worldwide everybody everyone everything whole full entire shop world
    business every any our
    """.split()  # noqa: SIM905
)
_NOTHING = _TOTAL | frozenset("number next more second third last one ones both together each".split())  # noqa: SIM905
_PARTS = frozenset(
    """
    <value> <period> <earlier> <when> <whose> <limit> <top> <share> <change> <per> <running> <compare> <each>
    """.split()  # noqa: SIM905
)
_SHORT = 4  # words


def is_elliptic(slots: Slots) -> bool:
    """A clause of little more than slots: it has no question word of its own and no unknown words."""
    left = [w for w in re.findall(r"[a-z]+", re.sub(r"<[^>]+>", " ", slots.text)) if w not in CONTINUING | _TOTAL]
    whole = slots.top and slots.dimensions and slots.metrics
    if not (slots.marks() or re.search(OVERALL, slots.text)) or whole or re.search(_WHOLE, slots.plain):
        return False
    people = slots.metrics == ["customers"] and bool(slots.filters)  # "of germans": from there, and no count of them
    return not left and (continues(slots) or (len(slots.plain.split()) <= 4 and (people or not slots.metrics)))


def continues(slots: Slots) -> bool:
    """The clause says itself that it goes on: "and …", "no, I meant …", "… only"."""
    return re.search(rf"{_ELLIPSIS}|{_CORRECTION}|{_ENDS}", slots.plain) is not None


def goes_on(slots: Slots, *, answered: bool) -> bool:
    """It goes on from something before, which is not to be guessed: "and in 2011?"; `answered`: there was something."""
    return slots.has(r"^(?:and|also|what about|how about)\b") or (answered and continues(slots))


def keeps_all(slots: Slots) -> bool:
    """A question for another figure of the same: "and how many orders?", "how much revenue was that?"."""
    figure = r"(?:<metric>(?: (?:and )?<metric>)*)"
    lead = r"(?:(?:and|also|so|ok|now|then|but|or|plus|please|hm+|what about|how about|sorry|add|include)[, ]+)*"
    ask = r"(?:(?:how many|how much|what|is|was|were|are|the|give me|show me|tell me|our|of)[, ]+)*"
    back = r"(?: (?:was|is|were|are|did|does|does|in) (?:that|this|it|those)(?: (?:in|make|mean|come to|then))*)?"
    return (
        re.fullmatch(rf"{lead}{ask}{figure}{back}(?: (?:please|then|too|as well|instead))*[?.! ]*", slots.text)
        is not None
    )


def is_fragment(slots: Slots) -> bool:
    """Only a place, a time, a value or words for nothing: "in France", "and overall", "of both", "the next 10"."""
    left = [w for w in re.findall(r"[a-z]+", re.sub(r"<[^>]+>", " ", slots.text)) if w not in CONTINUING | _NOTHING]
    short = not slots.marks() and len(slots.plain.split()) <= _SHORT
    return not left and slots.marks() <= _PARTS and (short or continues(slots))


def is_whole(slots: Slots) -> bool:
    """The clause has a question word or an order of its own."""
    return re.search(_WHOLE, slots.plain) is not None
