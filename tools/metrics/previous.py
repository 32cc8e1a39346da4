"""A single figure beside the same of the period before: what it means that it is so high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import months_earlier, period_before, whole_months
from database.queries import metrics
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Question
from tools.figures import Cell, rounded, share

__all__ = ["PreviousPeriod", "previous_of"]

MOST_METRICS = 2
LONGEST_DAYS = 366


class PreviousPeriod(BaseModel):
    """The same figures of the period before."""

    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")
    values: dict[str, Cell] = Field(description="Each metric then.")
    growth: dict[str, float | None] = Field(description="Now over then, less 1; null where then is not above 0.")


def previous_of(
    connection: Connection, question: Question, sources: Mapping[str, Source], now: Mapping[str, Cell]
) -> PreviousPeriod | None:
    """The period before of a figure that stands alone; None where nobody would compare, or the data do not reach."""
    if not _stands_alone(question) or not question.covered:
        return None
    covered = question.covered.values()
    if question.end > min(span.end for span in covered):
        return None  # a period that is still running has no equal yet
    start, end = _before(question.start, question.end)
    if start < max(span.start for span in covered) or (question.end - question.start).days > LONGEST_DAYS:
        return None
    answer = metrics.answer(connection, replace(question, start=start, end=end), sources)
    values = {
        figure.name: rounded(value, figure.unit) for figure, value in zip(answer.figures, answer.rows[0], strict=True)
    }
    return PreviousPeriod(
        start=start,
        end=end,
        values=values,
        growth={name: _growth(name, now.get(name), was) for name, was in values.items()},
    )


def _stands_alone(question: Question) -> bool:
    """One row, of a period that was asked for, with nothing set against it yet."""
    plain = not (question.keys or question.before or question.ratio or question.share or question.per != "none")
    return plain and not question.of_customers and len(question.metrics) <= MOST_METRICS


def _before(start: date, end: date) -> tuple[date, date]:
    """Whole months before whole months; of a month that is cut at its end, the same days of the one before."""
    if not whole_months(start, end) and start.day == 1 and (start.year, start.month) == (end.year, end.month):
        return months_earlier(start, end, 1)
    return period_before(start, end)


def _growth(name: str, now: Cell, was: Cell) -> float | None:
    metric = METRICS[name]
    if metric.unit == "share" or not isinstance(now, int | float) or not isinstance(was, int | float) or was <= 0:
        return None
    return share(now / was - 1)
