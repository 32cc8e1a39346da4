"""The money of what was counted before: "how much was that in euros?", "what did they add up to?", "their average?"."""

from __future__ import annotations

import re
from typing import Final

from database.semantic.metrics import METRICS
from language.requests import Answerable
from language.scene import Call, PastCall, Scene
from language.slots import Slots
from tools.metrics.earlier import has_rows

__all__ = ["in_money"]

_MONEY: Final = r"(?:euros?|money|dollars?|pounds?|cash)"
_ASKED: Final = (
    r"(?:(?:and|so|oh|sorry)[, ]+)*"
    rf"(?:how much (?:was|is|were|are) (?:that|this|it|those)(?: in {_MONEY})?|in {_MONEY})(?: please)?[?.! ]*"
)
_IN_ALL: Final = r"(?: (?:in total|in all|altogether|together|all in all|all together|all told|overall))?"
_SUMMED: Final = (
    r"(?:(?:and|so|plus)[, ]+)*(?:(?:what|how much) (?:did|do|does) (?:they|these|those|that|it)(?: all)?"
    r" (?:add up|come|amount|sum up|total up|total)(?: to)?"
    r"|(?:what(?: is|'s|s| was)? )?(?:their|its) (?:total|sum|value|worth|amount)(?: (?:value|amount|sum))?"
    r"|(?:the |this )?(?:sum|total)(?: of (?:them|it|those|these))?|(?:what|how much) (?:were|are|was)"
    r" (?:they|these|those|it) worth"
    rf"|how much (?:was|is|were|are) (?:it|that|they)){_IN_ALL}(?: in {_MONEY})?(?: please)?[?.! ]*"
)
_AVERAGED: Final = (
    r"(?:(?:and|so|plus)[, ]+)*(?:what(?: is|'s|s| was)? )?(?:the|their|its) (?:average|mean)"
    r"(?: (?:value|amount|size))?"
    r"(?: (?:of (?:them|these|those|it)|each))?(?: please)?[?.! ]*"
)
_AVERAGE_OF: Final = {"orders": "average_order_value", "revenue": "average_order_value"}
_OF: Final = {
    "orders": "revenue", "units": "revenue", "lines": "revenue", "ordering_customers": "revenue",
    "customers": "revenue", "refund_orders": "refunds", "units_returned": "refunds", "discounted_orders": "discounts",
}  # fmt: skip
_WHICH: Final = "Which amount do you mean? Ask for it by its name: revenue, refunds, discounts or ad spend."


def in_money(slots: Slots, _scene: Scene, last: PastCall) -> Answerable | None:
    """The same call for the amount, its sum or its average; None where something else is asked."""
    metrics = last.arguments.get("metrics") or []
    said = slots.original.lower().strip()
    if len(metrics) != 1:
        return None
    theirs = metrics[0] == "revenue" or re.search(r"\b(?:their|its|them|these|those)\b", said)
    if theirs and re.fullmatch(_AVERAGED, said) and last.arguments.get("per", "none") == "none" and not has_rows(last):
        average = _AVERAGE_OF.get(metrics[0])
        return [Call(last.tool, dict(last.arguments) | {"metrics": [average]})] if average else None
    if not re.fullmatch(_ASKED, said) and (has_rows(last) or not re.fullmatch(_SUMMED, said)):
        return None
    if METRICS[metrics[0]].unit == "money":
        return [Call(last.tool, dict(last.arguments))]
    amount = _OF.get(metrics[0])
    return [Call(last.tool, dict(last.arguments) | {"metrics": [amount]})] if amount else _WHICH
