# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Follow-ups of two answers: "both together", "the increase in percent", "which was better", "the ratio of the two"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from language.periods import Period
from language.references import period_of, unit_of
from language.requests import Answerable
from language.residue import unknown_words
from language.scene import Call, PastCall, Scene
from language.slots import Slots
from tools.metrics.earlier import Arguments, bounds, free, has_rows
from tools.metrics.figures import UNCLEAR_PERIODS, compared

__all__ = ["OF_TWO", "descending", "names_more", "of_both"]

_TOGETHER: Final = r"\b(?:both|together|combined|altogether|in sum|summed|added up|sum of (?:the two|them))\b"
_BETTER: Final = r"\b(?:better|higher|bigger|larger|stronger|more|greater)\b"
_WORSE: Final = r"\b(?:worse|lower|smaller|weaker|less|fewer)\b"
OF_TWO: Final = frozenset("ratio both two up sum than increase percent which one was better worse".split())  # noqa: SIM905
_BAD: Final = (
    "refund",
    "cancel",
    "unsubscribe",
    "bounce",
    "discount",
    "cpc",
    "cpa",
    "complain",
)  # the most is the worst
_NOT_TWO: Final = "I cannot tell which two figures you mean. Name both in one question, with their periods."


def of_both(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """ "Both together", "the increase in percent", "which was better", "the ratio": of the two answers before."""
    summed, ratio = slots.has(_TOGETHER), slots.has(r"\bratio\b")
    which = slots.has(r"\bwhich\b") and slots.has(rf"{_BETTER}|{_WORSE}")
    changed = slots.measures.change
    if not (summed or ratio or which or changed) or names_more(slots) or unknown_words(slots, OF_TWO):
        return None
    pair = _pair(scene)
    if pair is None:
        return _NOT_TWO if summed or ratio or (which and not has_rows(last)) else None
    kind, first, second = pair
    if kind == "period":
        return _of_periods(slots, scene, first, second)
    if kind == "metric":
        asked = free(last.arguments) | {"metrics": [*first.arguments["metrics"], *second.arguments["metrics"]]}
        return [Call("query_metrics", asked | bounds(last) | ({"ratio": True} if ratio else {}))]
    return _of_values(slots, first, second, kind)


def names_more(slots: Slots) -> bool:
    return bool(
        slots.metrics or slots.filters or slots.order_filters or slots.periods or slots.dimensions or slots.grain
    )


def _pair(scene: Scene) -> tuple[str, PastCall, PastCall] | None:
    """The last two figures, and in what alone they differ: "period", "metric", or the dimension of a filter."""
    if len(scene.past) < 2:
        return None
    first, second = scene.past[-2:]
    if {first.tool, second.tool} != {"query_metrics"} or has_rows(first) or has_rows(second):
        return None
    one, other = first.arguments, second.arguments
    names = one.keys() | other.keys()
    differing = {name for name in names - {"limit", "order_by", "descending"} if one.get(name) != other.get(name)}
    if differing and differing <= {"start", "end"}:
        return "period", first, second
    if differing == {"metrics"} and len(one["metrics"]) == len(other["metrics"]) == 1:
        return "metric", first, second
    if differing == {"filters"} and (dimension := _one_value_each(one.get("filters", []), other.get("filters", []))):
        return dimension, first, second
    return None


def _one_value_each(one: list[Arguments], other: list[Arguments]) -> str | None:
    own, theirs = ([f for f in these if f not in those] for these, those in ((one, other), (other, one)))
    same = len(own) == len(theirs) == 1 and own[0]["dimension"] == theirs[0]["dimension"]
    equal = same and own[0]["operator"] == theirs[0]["operator"] == "eq"
    return str(own[0]["dimension"]) if equal else None


def _of_periods(slots: Slots, scene: Scene, first: PastCall, second: PastCall) -> Answerable:
    spans = [period_of(first), period_of(second)]
    closed = sorted((p for p in spans if p and p.start and p.end), key=lambda p: p.start or date.min)
    if len(closed) != 2:
        return UNCLEAR_PERIODS
    earlier, later = closed
    base, joined = free(second.arguments), _joined(earlier, later)
    if slots.has(_TOGETHER):
        return [Call("query_metrics", base | joined.arguments())] if joined else (
            "These two periods do not follow one another, so they are no one period I could take. Their figures stand above."
        )  # fmt: skip
    unit = unit_of(later)
    if slots.has(r"\bwhich\b") and joined and unit and unit == unit_of(earlier):
        asked = {"grain": unit, "order_by": base["metrics"][0], "descending": descending(slots, base["metrics"][0])}
        return [Call("query_metrics", base | asked | {"limit": 2} | joined.arguments())]
    return compared(slots, scene, base, later, earlier)


def _joined(earlier: Period, later: Period) -> Period | None:
    follows = earlier.end and later.start and earlier.end + timedelta(days=1) == later.start
    return Period(earlier.start, later.end) if follows else None


def _of_values(slots: Slots, first: PastCall, second: PastCall, dimension: str) -> Answerable:
    """Two places, products …: together, as a share of everything, or which of them is ahead."""
    kept = [f for f in second.arguments["filters"] if f["dimension"] != dimension]
    values = [f["value"] for call in (first, second) for f in call.arguments["filters"] if f["dimension"] == dimension]
    asked = free(second.arguments) | bounds(second)
    asked["filters"] = [*kept, {"dimension": dimension, "operator": "in", "value": values}]
    if slots.has(_TOGETHER):
        return [Call("query_metrics", asked | ({"share": True} if slots.measures.share else {}))]
    if slots.has(r"\bwhich\b"):
        ahead = {"dimensions": [dimension], "descending": descending(slots, asked["metrics"][0]), "limit": 2}
        return [Call("query_metrics", asked | ahead)]
    return "I can set these two side by side or add them up, but not divide or subtract one by the other."


def descending(slots: Slots, metric: str) -> bool:
    if slots.has(r"\b(?:worst|worse|poorest|weakest)\b") and any(word in metric for word in _BAD):
        return True
    if slots.has(r"\b(?:best|better)\b") and any(word in metric for word in _BAD):
        return False
    return not (slots.ascending or slots.has(_WORSE))
