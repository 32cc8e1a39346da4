"""The figures asked for before: whether they are rows, their period, and their arguments without it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from language.filler import ALL_TIME
from language.followups import continues
from language.references import period_of
from language.scene import PastCall, Scene
from language.slots import Slots

__all__ = ["BOUNDS", "Arguments", "bounds", "cleaned", "free", "has_rows", "resumed", "without_bounds"]

Arguments = dict[str, Any]
BOUNDS: Final = frozenset({"start", "end", "compare_start", "compare_end"})
_REFERS: Final = r"\b(?:that|this|it|those|these|same)\b"
_SHORT: Final = 6  # words: "and the best country?", "which month was best"


def resumed(slots: Slots, scene: Scene) -> Slots | str:
    """What goes on from the figures before takes their period, conditions and figure where it names none itself."""
    last = scene.last
    if last is None or last.tool != "query_metrics" or scene.unanswered:
        return slots
    named = slots.periods or slots.when.against or slots.when.whole or slots.has(ALL_TIME)
    short = not slots.filters and len(slots.plain.split()) <= _SHORT
    bare = not slots.metrics and (short or slots.measures.share)
    if named or not (continues(slots) or slots.has(_REFERS) or bare):
        return slots
    if re.search(r"\bper <metric>", slots.text):
        return "Which figure per which other? Ask with both in one question, for example “revenue per order in May”."
    if slots.measures.change and not slots.periods:
        return "Against which period? Say both by their dates."
    if re.search(r"\bhow many (?:different |distinct )?<dimension>", slots.text) and slots.has(_REFERS):
        return "I cannot count the rows before. Ask for the number of them in one question."
    period = period_of(last)
    if period is None and (last.arguments.get("start") or last.arguments.get("end")):
        return "Of which time? Say it by its dates."
    filters = slots.filters or list(last.arguments.get("filters", []))
    metrics = slots.metrics or list(last.arguments["metrics"])
    text = re.sub(_REFERS, " ", slots.text)
    return replace(slots, periods=[period] if period else [], filters=filters, metrics=metrics, text=text)


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
