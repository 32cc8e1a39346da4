"""Which time buckets of an answer are whole, and how the last whole one stands against the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.calendar import month_after
from database.semantic.metrics import METRICS
from database.semantic.model import Grain, Span
from database.semantic.question import Question
from database.time_buckets import first_day
from tools.figures import Cell, growth

__all__ = ["LOWEST", "Trend", "of_whole_buckets", "trend_of"]

FIRST_ORDER_AFTER, LAST_ORDER_BEFORE = 3, 1
"""Days a shop may be without a row at the ends of its data: a bucket that lacks no more than these is whole."""
LOWEST = "Only whole"
"""What is said of buckets left out begins so."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Trend:
    """Buckets that are covered only in part, and the growth of the last whole one (none where that means nothing)."""

    partial: list[date] = field(default_factory=list)
    growth: float | None = None


def trend_of(question: Question, rows: Sequence[Sequence[Cell]], running: date | None = None) -> Trend:
    """The trend of an answer by time; an empty one without time buckets. `rows` begin with the bucket's first day.

    `running`: the day that is not over yet, if there is one; no bucket with it in is whole.
    """
    if question.grain == "none" or not question.covered:
        return Trend()
    inside = _days_inside(question, running)
    days = list(dict.fromkeys(date.fromisoformat(str(row[0])) for row in rows if row[0] is not None))
    partial = [day for day in days if day < inside.start or _last_day(question.grain, day) > inside.end]
    return Trend(partial, _growth(question, rows, partial))


def of_whole_buckets(question: Question, running: date | None = None) -> tuple[Question, list[str]]:
    """The question over whole buckets where the lowest of them is looked for, and a sentence where some are left out.

    A month that has only begun would be the worst one.
    """
    if question.grain == "none" or question.order_by in (None, "time") or question.descending or not question.covered:
        return question, []
    inside, start, end = _days_inside(question, running), question.start, question.end
    ends = max(start, inside.start), min(end, inside.end)
    first, last = (first_day(question.grain, day, question.week_start) for day in ends)
    if first < inside.start:
        start = _last_day(question.grain, first) + timedelta(days=1)
    if _last_day(question.grain, last) > inside.end:
        end = last - timedelta(days=1)
    if start > end or (start, end) == (question.start, question.end):
        return question, []
    return replace(question, start=start, end=end), [
        f"{LOWEST} {question.grain}s are put in order, those from {start} to {end}: "
        "one covered in part would be the lowest."
    ]


def _days_inside(question: Question, running: date | None) -> Span:
    """The days that period and data both cover, the data's ends taken a little wider (see above)."""
    spans = question.covered.values()
    first, last = max(span.start for span in spans), min(span.end for span in spans)
    end = question.end if question.end < last else last + timedelta(days=LAST_ORDER_BEFORE)
    return Span(
        question.start if question.start > first else first - timedelta(days=FIRST_ORDER_AFTER),
        end if running is None else min(end, running - timedelta(days=1)),
    )


def _last_day(grain: Grain, first: date) -> date:
    if grain in _MONTHS:
        return month_after(first, _MONTHS[grain]) - timedelta(days=1)
    return first + timedelta(days=6 if grain == "week" else 0)


def _growth(question: Question, rows: Sequence[Sequence[Cell]], partial: Sequence[date]) -> float | None:
    """Of the first metric, where rows are buckets alone and one follows the other."""
    metric = METRICS[question.metrics[0]]
    if len(question.keys) != 1 or metric.unit == "share" or question.ratio or question.per != "none":
        return None
    whole = [(date.fromisoformat(str(row[0])), row[1]) for row in rows if row[0] is not None]
    whole = sorted((day, value) for day, value in whole if day not in partial)
    if len(whole) < 2:
        return None
    (before, was), (last, now) = whole[-2:]
    follows = first_day(question.grain, last - timedelta(days=1), question.week_start) == before
    return growth(now, was) if follows else None
