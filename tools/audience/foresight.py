# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is foretold of one customer: when they buy next, whether they leave, what they will be worth."""

from __future__ import annotations

import re
from typing import Any, Final

from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import customer_meant

__all__ = ["due_within", "predicted_for"]

_YEAR: Final = 365
_MONTH: Final = 28  # twelve months of 30 days are a year
_TOPICS: Final = (
    ("purchase", r"\b(?:buy|buys|buying|order|orders|ordering|purchase|purchases|shop|shops|reorder|(?:come|be|comes|coming|is) back|"
     r"return|returns|due|again)\b"),
    ("churn", r"\b(?:leav\w+|churn\w*|gone|los(?:e|es|ing|t)|quit\w*|laps\w+|stay\w*|defect\w*|risk\w*|drift\w*|walk away|go away|"
     r"stop (?:buying|ordering|shopping)|attrition|attrit\w*|stick(?:s|ing)? (?:with|around)|slip\w*|disappear\w*|still be)\b"),
    ("value", r"\b(?:worth|values?|valuable|clv|ltv|clvs|ltvs|bring\w*|brought|spend|earn\w*|generate|revenue|money|potential)\b"),
)  # fmt: skip
# what was, not what will be
_PAST: Final = r"\b(?:spent|bought|ordered|did|so far|has|had|last|history|used to|was|were|already)\b"
_TO_COME: Final = (
    r"\b(?:will|going to|gonna|next|coming|future|expect\w*|predict\w*|likel\w+|probab\w*|chance\w*|odds|risk|worth|clv|ltv|"
    r"lifetime|about to|when|soon|again|forecast\w*|potential|leav\w+|churn\w*|lose|losing|value)\b"
)


def predicted_for(slots: Slots, scene: Scene) -> list[Call] | None:
    """The predictions a clause asks of one customer, in the order asked; None where it asks for none of them."""
    customer = customer_meant(slots, scene)
    if not customer or not slots.has(_TO_COME) or (slots.has(_PAST) and not slots.horizon):
        return None
    found = sorted((match.start(), name) for name, words in _TOPICS if (match := re.search(words, slots.plain)))
    names = [name for _, name in found]
    if "churn" in names and "purchase" in names and slots.has(r"\bstop\b"):
        names.remove("purchase")
    return [_call(name, customer, slots) for name in names] or None


def _call(name: str, customer: str, slots: Slots) -> Call:
    if name == "purchase":
        return Call("next_purchase", {"customer": customer})
    asked: dict[str, Any] = {"customer": customer, "about": name}
    if slots.horizon and not (name == "value" and abs(slots.horizon - _YEAR) < _MONTH):
        asked["horizon_days"] = slots.horizon
    return Call("customer_profile", asked)


def due_within(days: int) -> dict[str, Any]:
    """The rule of everybody expected to buy within so many days who has not left."""
    due = {"field": "next_purchase_at", "operator": "between", "value": ["as_of-0d", f"as_of+{days}d"]}
    return {"all": [due, {"not": {"field": "churn_status", "operator": "eq", "value": "left"}}]}
