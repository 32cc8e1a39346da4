"""Both kinds there are of one thing: new and returning customers, guests and known ones, weekends and working days."""

from __future__ import annotations

from typing import Final

from language.words import Draft

__all__ = ["take_both_kinds"]

_WHO = r"(?:customers?|buyers?|clients?|shoppers?|ones|people|users)"
_SET = r"(?:versus|and|against|or|compared (?:to|with)|/|,) (?:(?:on|the|from|by|of) )*"
_NEW, _OLD = r"(?:new|first[- ]time)", r"(?:returning|existing|old|repeat)"
_GUESTS, _KNOWN = r"(?:guests?|anonymous|unknown)", r"(?:registered|known|identified|logged[- ]in)"
_DISCOUNTED, _FULL_PRICE = r"discounted(?: orders)?", r"(?:full[- ]price|undiscounted)(?: orders)?"
_END_OF_WEEK, _WEEK = r"weekends?(?: days?)?", r"(?:week ?days?|working days?|during the week)"
# Both kinds there are: what a figure is cut by, and no condition
_BOTH_KINDS: Final = tuple(
    (
        rf"\b(?:(?:from|by|of|on|split by|split into|between) )*(?:{one}(?: {_WHO})? {_SET}{other}(?: {_WHO})?"
        rf"|{other}(?: {_WHO})? {_SET}{one}(?: {_WHO})?)\b(?! (?:orders|days))",
        dimension,
    )
    for one, other, dimension in (
        (_NEW, _OLD, "customer_type"),
        (_GUESTS, _KNOWN, "known_customer"),
        (_END_OF_WEEK, _WEEK, "weekend"),
        (_DISCOUNTED, _FULL_PRICE, "discounted"),
    )
)


def take_both_kinds(draft: Draft) -> list[str]:
    """The dimensions of which both kinds are named: a figure is cut by them."""
    return [name for pattern, name in _BOTH_KINDS if draft.take(pattern, "<dimension>")]
