"""Products bought in one order: how many orders hold all of them, and what goes with one of them."""

from __future__ import annotations

from typing import Any, Final

from language.residue import not_understood
from language.slots import Slots

__all__ = ["in_one_order"]

_WHICH: Final = r"\b(?:what|which|whats|top|best|most)\b"
_HOW_OFTEN: Final = r"\bhow (?:often|many|much)\b|\bnumber of\b|\bcount\b"
_MOST: Final = 10


def in_one_order(slots: Slots, goods: list[dict[str, Any]], unknown: list[str]) -> dict[str, Any] | str:
    """The figure that is asked for, without its period; words where it is not clear which products are meant."""
    if unknown:
        return not_understood(unknown, slots)
    named = [one for one in [*goods, *slots.filters] if one["dimension"] in ("product", "sku", "category")]
    others = [one for one in [*slots.filters, *slots.order_filters] if one not in named]
    held = [each for one in named for each in _held(one)]
    if not held:
        return "Which product do you mean? Say its name or its code."
    if len(held) == 1:
        if not slots.has(_WHICH) or slots.has(_HOW_OFTEN):
            return "Together with which product? Name both."
        return {
            "metrics": ["orders"],
            "dimensions": ["category" if "category" in slots.dimensions else "product"],
            "filters": [*others, *held, *map(_without, named)],
            "limit": slots.limit or _MOST,
        }
    return {"metrics": ["orders"], "filters": [*others, *held]}


def _held(one: dict[str, Any]) -> list[dict[str, Any]]:
    """The orders that hold it: a filter for each value, so that all have to be in one order."""
    dimension = "with_category" if one["dimension"] == "category" else "with_product"
    values = one["value"] if isinstance(one["value"], list) else [one["value"]]
    operator = "contains" if one["operator"] == "contains" else "eq"
    return [{"dimension": dimension, "operator": operator, "value": value} for value in values]


def _without(one: dict[str, Any]) -> dict[str, Any]:
    """Everything else: what goes with a product is not that product."""
    opposite = {"contains": "not_contains", "eq": "ne", "in": "not_in"}
    return {**one, "operator": opposite.get(one["operator"], one["operator"])}
