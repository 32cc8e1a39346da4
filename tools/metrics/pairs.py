# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Follow-ups of two answers: "both together", "the increase in percent", "which was better", "the ratio of the two"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from language.followups import OF_BOTH
from language.periods import Period
from language.references import period_of, unit_of
from language.requests import Answerable
from language.residue import unknown_words
from language.scene import Call, PastCall, Scene
from language.slots import Slots
from tools.metrics.averages import divided
from tools.metrics.comparison import UNCLEAR_PERIODS, compared
from tools.metrics.earlier import Arguments, bounds, free, has_rows
from tools.metrics.meant import meant_metrics
from tools.metrics.ranking import WORSE, descending

__all__ = ["OF_TWO", "names_more", "of_both"]

_TOGETHER: Final = (
    r"\b(?:both|together|combined|altogether|in sum|summed|added up|(?:sum|total) of (?:the [2-9]|both|them|all))\b"
)
_BETTER: Final = r"\b(?:better|higher|bigger|larger|stronger|more|greater)\b"
# Beside percent: how much something moved, and no part of a whole
_MOVED: Final = (
    r"\b(?:minus|plus|more|less|fewer|up|down|los[es]|lose|lost|win|won|gain(?:ed)?|higher|lower|better|worse)\b"
)
OF_TWO = frozenset(
    """
    day days week weeks month months year years period periods total all three together ratio both two up sum than
    increase percent percents points thats which who one was better worse bigger higher more
    """.split()  # noqa: SIM905
)
_MOST: Final = 12  # answers in a row
_NOT_TWO: Final = "I cannot tell which two figures you mean. Name both in one question, with their periods."


def of_both(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """ "Both together", "the increase in percent", "which was better", "the ratio": of the two answers before."""
    slots = _asked_of_two(slots)
    summed, ratio = slots.has(_TOGETHER), slots.has(r"\bratio\b")
    which = slots.has(r"\b(?:which|who)\b") and (
        slots.has(rf"{_BETTER}|{WORSE}") or re.search(_BETTER, slots.original.lower())
    )
    changed = slots.measures.change
    another = which and slots.has(OF_BOTH) and len(slots.metrics) == 1  # "which of both had more orders?"
    at = slots.periods if summed and len(slots.periods) == 1 else []  # "both together since May"
    more = names_more(replace(slots, metrics=[] if another else slots.metrics, periods=[] if at else slots.periods))
    if not (summed or ratio or which or changed) or more or unknown_words(slots, OF_TWO):
        return None
    run = _run(scene, slots)
    if run is None:
        return _NOT_TWO if summed or ratio or (which and not has_rows(last)) else None
    kind, calls = run
    if at and kind in ("period", "metric"):
        return _NOT_TWO
    if kind == "period":
        return _NOT_TWO if another or (not summed and _overlap(calls)) else _of_periods(slots, scene, calls)
    if kind == "metric":
        if changed or which:
            return _NOT_TWO
        metrics = [call.arguments["metrics"][0] for call in calls]
        divided = {"ratio": True} if ratio and len(metrics) == 2 else {}
        return [Call("query_metrics", free(last.arguments) | {"metrics": metrics} | bounds(last) | divided)]
    return _of_values(slots, calls, kind)


def _asked_of_two(slots: Slots) -> Slots:
    """The clause with its figure and with the change it asks for: "spends more per order", "minus how many percent"."""
    if slots.measures.share and not slots.filters and slots.has(_MOVED):
        words = re.sub(_MOVED, " ", slots.text)
        slots = replace(slots, text=words, measures=replace(slots.measures, share=False, change=True))
    if slots.measures.over is None or slots.metrics or not slots.has(OF_BOTH):
        return slots
    over = divided(slots, meant_metrics(slots))
    text = re.sub(r"\b(?:spend|pay|buy|order)s?\b", " ", slots.text)
    return slots if isinstance(over, str) or over[1] else replace(slots, metrics=over[0], text=text)


def _overlap(calls: list[PastCall]) -> bool:
    """ "August", then "July and August": of two such nobody asks which was better."""
    spans = sorted((str(call.arguments.get("start", "")), str(call.arguments.get("end", "9"))) for call in calls)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def names_more(slots: Slots) -> bool:
    return bool(
        slots.metrics or slots.filters or slots.order_filters or slots.periods or slots.dimensions or slots.grain
    )


def _run(scene: Scene, slots: Slots) -> tuple[str, list[PastCall]] | None:
    """The last answers that differ in one thing alone, and in what: "period", "metric", or the dimension of a filter.

    Two where two are meant, else as many as there are in a row.
    """
    calls: list[PastCall] = list(scene.past[-1:])
    kind: str | None = None
    most = 2 if slots.has(rf"\b(?:both|two|2|which|difference)\b|{_BETTER}|{WORSE}") or slots.measures.change else _MOST
    for call in reversed(scene.past[:-1]):
        other = _differing(call, calls[0])
        if other is None or kind not in (None, other) or len(calls) == most:
            break
        kind, calls = other, [call, *calls]
    wanted = re.search(r"\b(?:all|the) ([3-9])\b", slots.plain)
    if kind is None or (wanted and len(calls) < int(wanted[1])):
        return None
    return kind, calls[-int(wanted[1]) :] if wanted else calls


def _differing(first: PastCall, second: PastCall) -> str | None:
    if {first.tool, second.tool} != {"query_metrics"} or has_rows(first) or has_rows(second):
        return None
    one, other = first.arguments, second.arguments
    names = one.keys() | other.keys()
    differing = {name for name in names - {"limit", "order_by", "descending"} if one.get(name) != other.get(name)}
    if differing and differing <= {"start", "end"}:
        return "period"
    if differing == {"metrics"} and len(one["metrics"]) == len(other["metrics"]) == 1:
        return "metric"
    return _one_value_each(one.get("filters", []), other.get("filters", [])) if differing == {"filters"} else None


def _one_value_each(one: list[Arguments], other: list[Arguments]) -> str | None:
    own, theirs = ([f for f in these if f not in those] for these, those in ((one, other), (other, one)))
    same = len(own) == len(theirs) == 1 and own[0]["dimension"] == theirs[0]["dimension"]
    equal = same and own[0]["operator"] == theirs[0]["operator"] == "eq"
    return str(own[0]["dimension"]) if equal else None


def _of_periods(slots: Slots, scene: Scene, calls: list[PastCall]) -> Answerable:
    spans = [period for call in calls if (period := period_of(call)) and period.start and period.end]
    if len(spans) != len(calls):
        return UNCLEAR_PERIODS
    spans.sort(key=lambda p: p.start or date.min)
    earlier, later = spans[-2], spans[-1]
    base, joined = free(calls[-1].arguments), _joined(spans)
    if slots.has(_TOGETHER):
        return [Call("query_metrics", base | joined.arguments())] if joined else (
            "These periods do not follow one another, so they are no one period I could take. Their figures stand above."
        )  # fmt: skip
    unit = unit_of(later)
    if slots.has(r"\bwhich\b") and joined and unit and unit == unit_of(earlier):
        asked = {
            "grain": unit,
            "order_by": base["metrics"][0],
            "descending": descending(slots, base["metrics"][0], comparing=True),
        }
        return [Call("query_metrics", base | asked | {"limit": len(calls)} | joined.arguments())]
    return compared(slots, scene, base, later, earlier)


def _joined(spans: list[Period]) -> Period | None:
    follow = all(a.end and b.start and a.end + timedelta(days=1) == b.start for a, b in pairwise(spans))
    return Period(spans[0].start, spans[-1].end) if follow else None


def _of_values(slots: Slots, calls: list[PastCall], dimension: str) -> Answerable:
    """Several places, products …: together, as a share of everything, or which of them is ahead."""
    last = calls[-1]
    kept = [f for f in last.arguments["filters"] if f["dimension"] != dimension]
    values = [f["value"] for call in calls for f in call.arguments["filters"] if f["dimension"] == dimension]
    days: Arguments = dict(slots.periods[0].arguments()) if len(slots.periods) == 1 else bounds(last)
    asked: Arguments = free(last.arguments) | days | ({"metrics": slots.metrics} if slots.metrics else {})
    asked["filters"] = [*kept, {"dimension": dimension, "operator": "in", "value": values}]
    which = slots.has(r"\bwhich\b")
    if slots.has(_TOGETHER) and not (which and slots.has(OF_BOTH)):
        return [Call("query_metrics", asked | ({"share": True} if slots.measures.share else {}))]
    if which:
        metric = asked["metrics"][0]
        ahead = {
            "dimensions": [dimension],
            "descending": descending(slots, metric, comparing=True),
            "limit": len(values),
        }
        return [Call("query_metrics", asked | ahead)]
    return "I can set these side by side or add them up, but not divide or subtract one by the other."
