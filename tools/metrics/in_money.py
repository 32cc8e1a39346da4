"""The money of what was counted before: "how much was that in euros?", "and in money?"."""

from __future__ import annotations

import re
from typing import Final

from database.semantic.metrics import METRICS
from language.requests import Answerable
from language.scene import Call, PastCall, Scene
from language.slots import Slots

__all__ = ["in_money"]

_MONEY: Final = r"(?:euros?|money|dollars?|pounds?|cash)"
_ASKED: Final = (
    r"(?:(?:and|so|oh|sorry)[, ]+)*"
    rf"(?:how much (?:was|is|were|are) (?:that|this|it|those)(?: in {_MONEY})?|in {_MONEY})(?: please)?[?.! ]*"
)
_OF: Final = {
    "orders": "revenue", "units": "revenue", "lines": "revenue", "ordering_customers": "revenue",
    "customers": "revenue", "refund_orders": "refunds", "units_returned": "refunds", "discounted_orders": "discounts",
}  # fmt: skip
_WHICH: Final = "Which amount do you mean? Ask for it by its name: revenue, refunds, discounts or ad spend."


def in_money(slots: Slots, _scene: Scene, last: PastCall) -> Answerable | None:
    """The same call for the amount; an amount itself is told again. None where something else is asked."""
    metrics = last.arguments.get("metrics") or []
    if not re.fullmatch(_ASKED, slots.original.lower().strip()) or len(metrics) != 1:
        return None
    if METRICS[metrics[0]].unit == "money":
        return [Call(last.tool, dict(last.arguments))]
    amount = _OF.get(metrics[0])
    return [Call(last.tool, dict(last.arguments) | {"metrics": [amount]})] if amount else _WHICH
