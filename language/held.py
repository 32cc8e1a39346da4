"""Whether calls hold what a clause says: its customer, its places and values, its conditions on customers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from language.scene import Call
from language.slots import Slots

__all__ = ["cannot_hold", "not_held", "other_customers"]

_LISTS = {"find_customers", "count_segment", "export_segment", "save_segment"}
_LETTERED = r"(?<![\w<-])[a-z]{1,3}-?\d{3,}(?![\w>-])"
_CODE = r"(?<![\w<-])(?:[a-z]{1,3}-?\d{3,}|(?!(?:19|20)\d\d\b)\d{5,})(?![\w>-])"

_ONE_EACH = ("country", "city")  # a customer is of one of them


def not_held(slots: Slots, calls: Sequence[Call]) -> list[str]:
    """The parts of a clause, in its words, that none of `calls` has among its arguments."""
    arguments = json.dumps([call.arguments for call in calls], default=str, ensure_ascii=False).lower()
    left: list[str] = []
    if slots.customer and slots.customer.lower() not in arguments:
        left.append(slots.customer)
    values = [value for each in slots.filters for value in _listed(each["value"])]
    if any(str(value).lower() not in arguments for value in values):
        left += _words(slots, "<value>") or [str(value) for value in values]
    left += _apart_places(slots, calls) + _unsaid(slots, calls, arguments)
    if slots.conditions.rule is not None and not _is_held(slots.conditions.rule, arguments):
        left += _words(slots, "<rule>")
    return left


def _apart_places(slots: Slots, calls: Sequence[Call]) -> list[str]:
    """ "Customers in both France and Spain": nobody is in both."""
    people = slots.metrics[:1] == ["customers"] or any("metrics" not in call.arguments for call in calls)
    listed = [f["value"] for f in slots.filters if f["operator"] == "in" and f["dimension"] in _ONE_EACH]
    return [f"both {' and '.join(map(str, listed[0]))}"] if people and slots.has(r"\bboth\b") and listed else []


def _unsaid(slots: Slots, calls: Sequence[Call], arguments: str) -> list[str]:
    """Hours, limits and further customers that are in no call."""
    left: list[str] = []
    hours = [value for each in slots.order_filters for value in _listed(each["value"])]
    lists = {call.tool for call in calls} & _LISTS
    if lists and any(str(value).lower() not in arguments for value in hours if value != "known"):
        left += _words(slots, "<when>") or [str(value) for value in hours]
    if any(f"{limit.value:g}" not in arguments for limit in slots.measures.having):
        left += _words(slots, "<having>")
    return left + [code for code in other_customers(slots) if code.lower() not in arguments]


def other_customers(slots: Slots) -> list[str]:
    """Customers named beside the one that was taken: "C0042 and C0043"."""
    if slots.customer is not None and "@" in slots.customer:
        return []
    said = [
        re.search(rf"(?<!\w){re.escape(code)}(?!\w)", slots.original, re.I)
        for code in re.findall(_CODE if slots.customer else _LETTERED, slots.text)
    ]
    return [match[0] for match in said if match]


def cannot_hold(parts: Sequence[str]) -> str:
    """What to say where no capability takes a part of what was said."""
    said = " and ".join(f"“{part}”" for part in parts)
    return (
        f"I understood {said}, but I cannot limit that answer to it, and without it I would answer another question. "
        "Ask for everybody, or for a list, a count or a segment of those customers."
    )


def _is_held(node: dict[str, Any], arguments: str) -> bool:
    """True when each part of a condition is among the arguments; that somebody may leave is the capability's."""
    for joined in ("all", "any"):
        if joined in node:
            return all(_is_held(part, arguments) for part in node[joined])
    if "not" in node:
        return _is_held(node["not"], arguments)
    if str(node.get("field", "")).startswith("churn"):
        return True
    named = str(node.get("field", node.get("purchase", ""))).lower()
    return named in arguments or any(str(value).lower() in arguments for value in _listed(node.get("value")))


def _words(slots: Slots, mark: str) -> list[str]:
    return [words.strip() for taken, words in slots.taken if taken == mark]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
