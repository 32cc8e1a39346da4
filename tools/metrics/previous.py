"""A single figure beside the same of the period before: what it means that it is so high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import first_of_week, month_after, months_earlier, period_before, whole_months
from database.queries import metrics
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Question
from tools.figures import Cell, growth, rounded

__all__ = ["PreviousPeriod", "days_before", "previous_of"]

MOST_METRICS = 2
LONGEST_DAYS = 366
WEEK = 7
QUARTERS = (4, 7, 10)  # months they begin with; of what begins with January the year is meant


class PreviousPeriod(BaseModel):
    """The same figures of the period before."""

    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")
    values: dict[str, Cell] = Field(description="Each metric then.")
    running: date | None = Field(
        default=None, description="Last day of the period asked for, where it is not over yet."
    )
    growth: dict[str, float | None] = Field(
        description="Now over then, less 1; null of shares, and where then is not above 0."
    )


def previous_of(
    connection: Connection,
    question: Question,
    sources: Mapping[str, Source],
    now: Mapping[str, Cell],
    running: date | None,
) -> PreviousPeriod | None:
    """The period before of a figure that stands alone; None where nobody would compare, or the data do not reach.

    `running`: the day that is not over yet, if there is one: alone it is not set against a whole day.
    """
    if not _stands_alone(question) or not question.covered or question.start == running:
        return None
    covered = question.covered.values()
    if question.end > min(span.end for span in covered):
        return None  # a period that is still running has no equal yet
    start, end = days_before(question.start, question.end, question.week_start)
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
        running=running if question.end == running else None,
        growth={name: _growth(name, now.get(name), was) for name, was in values.items()},
    )


def _stands_alone(question: Question) -> bool:
    """One row, of a period that was asked for, with nothing set against it yet."""
    plain = not (question.keys or question.before or question.ratio or question.share or question.per != "none")
    apart = any(asked.dimension == "days" for asked in question.filters)  # stretches of days have no period before
    return plain and not apart and not question.of_customers and len(question.metrics) <= MOST_METRICS


def days_before(start: date, end: date, week_start: int = 0) -> tuple[date, date]:
    """Whole months before whole months; of a month, quarter, year or week cut at its end, the same days before."""
    if not whole_months(start, end) and start.day == 1 and (months := _of_which(start, end)):
        return months_earlier(start, end, months)
    if first_of_week(start, week_start) == start and 0 < (end - start).days < WEEK - 1:
        return start - timedelta(days=WEEK), end - timedelta(days=WEEK)
    return period_before(start, end)


def _of_which(start: date, end: date) -> int:
    """Months of the month, the year or the quarter that begins with `start` and `end` lies in; 0: of none."""
    lengths = [1, *([12] if start.month == 1 else [3] if start.month in QUARTERS else [])]
    return next((months for months in lengths if end < month_after(start, months)), 0)


def _growth(name: str, now: Cell, was: Cell) -> float | None:
    return None if METRICS[name].unit == "share" else growth(now, was)
