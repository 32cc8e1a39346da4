"""The figures asked for before: whether they are rows, their period, and their arguments without it."""

from __future__ import annotations

from typing import Any, Final

from language.scene import PastCall

__all__ = ["BOUNDS", "Arguments", "bounds", "cleaned", "free", "has_rows", "without_bounds"]

Arguments = dict[str, Any]
BOUNDS: Final = frozenset({"start", "end", "compare_start", "compare_end"})


def has_rows(call: PastCall) -> bool:
    return bool(call.arguments.get("dimensions")) or call.arguments.get("grain", "none") != "none"


def bounds(call: PastCall) -> Arguments:
    return {name: value for name, value in call.arguments.items() if name in BOUNDS}


def without_bounds(arguments: Arguments) -> Arguments:
    return {name: value for name, value in arguments.items() if name not in BOUNDS}


def free(arguments: Arguments) -> Arguments:
    """Without period and order."""
    loose = BOUNDS | {"limit", "order_by", "descending"}
    return cleaned({name: value for name, value in arguments.items() if name not in loose})


def cleaned(arguments: Arguments) -> Arguments:
    return {name: value for name, value in arguments.items() if value not in (None, [], "none")}
