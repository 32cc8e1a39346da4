"""The history of one figure as the analytics take it, and calendar periods as steps ahead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Connection

from core.calendar import first_of_month, first_of_week, month_after, months_between
from core.errors import FixArguments, NoSuchData
from tools.metrics.arguments import MetricFilter, QueryMetricsArguments
from tools.metrics.question import Asking

if TYPE_CHECKING:
    from analytics.forecast.candidates import History
    from analytics.forecast.rolling import Span
    from analytics.forecast.steps import StepName

__all__ = ["UNITS", "Metric", "Period", "Reading", "ahead_of", "periods_of", "read_history"]

Metric = Literal["revenue", "orders", "new_customers", "units", "customers"]
Grain = Literal["none", "day", "week", "month", "quarter"]
UNITS: Final[dict[str, str]] = {
    "revenue": "money", "orders": "orders", "new_customers": "customers", "units": "units", "customers": "customers",
}  # fmt: skip
MOST_PERIODS = 120


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure's history; `last` is the last day it covers whole, `as_of` where the data end."""

    history: History
    last: date
    as_of: datetime
    currency: str
    rows: int
    sources: tuple[str, ...]
    time_zone: str
    week_start: int

    def came(self, period: Period) -> float:
        """What is known of `period`; of customers by week or month that of steps that begin in it."""
        first = max(self._place(period.start), 0)
        last = self._place(period.end)
        return float(self.history.values[first : last + 1].sum()) if last >= first else 0.0

    def knows(self, period: Period) -> bool:
        """Whether all days of `period` are covered."""
        return self.history.first <= period.start and period.end <= self.last

    def span(self, period: Period) -> Span:
        """The steps ahead that the rest of `period` is."""
        from analytics.forecast.rolling import Span

        known = self.history.values.size - 1
        return Span(max(self._place(period.start) - known, 1), self._place(period.end) - known)

    def year_before(self, period: Period) -> float | None:
        """The same days a year earlier; None where they are not known."""
        before = Period(_year_before(period.start), _year_before(period.end))
        if self.history.step.name == "week":  # the week that begins on the same weekday
            before = Period(period.start - timedelta(days=364), period.end - timedelta(days=364))
        return self.came(before) if self.knows(before) else None

    def _place(self, day: date) -> int:
        """The number of the step that holds `day`, from 0; below 0 before the history."""
        step, first = self.history.step.name, self.history.first
        if step == "month":
            return months_between(first, day)
        return (day - first).days // (7 if step == "week" else 1)


def read_history(
    connection: Connection, now: datetime, metric: Metric, filters: Sequence[MetricFilter], step: StepName
) -> Reading:
    """The figure step by step up to the last that is over, from the first that counts anything; NoSuchData without."""
    import numpy as np

    from analytics.forecast.candidates import History
    from analytics.forecast.steps import STEPS
    from core.calendar import Calendar
    from database.queries import metrics

    asked = QueryMetricsArguments(metrics=[metric], grain=step, filters=list(filters), limit=1000)
    asking = Asking.about(connection, now, asked)
    sources = asking.sources()
    question = replace(asking.question(sources), limit=None)
    answer = metrics.answer(connection, question, sources)
    asking.refuse_unknown(question, answer)
    calendar = Calendar(asking.profile.time_zone)
    last = calendar.last_whole_day(asking.as_of)
    week_start = asking.profile.conventions.week_start
    found = {_day(row[0]): float(row[1] or 0) for row in answer.rows}
    begins = _begins(min(found, default=last), last, step, week_start, question.start)
    values = np.array([found.get(day, 0.0) for day in begins], np.float64)
    counted = np.flatnonzero(values)
    if not counted.size:
        raise NoSuchData("Nothing of it was counted in the past, so there is nothing to foresee.")
    first = int(counted[0])
    return Reading(
        History(values[first:], begins[first], STEPS[step]), _ending(begins[-1], step), asking.as_of,
        asking.profile.currency, len(answer.rows), tuple(sorted({one.table for one in sources.values()})),
        asking.profile.time_zone, week_start,
    )  # fmt: skip


def periods_of(period: Period, grain: Grain, week_start: int) -> list[Period]:
    """The parts of `period` by calendar days, weeks, months or quarters; ends are cut off at its own."""
    if grain == "none":
        return [period]
    parts, begin = [], period.start
    while begin <= period.end:
        end = min(_end_of(begin, grain, week_start), period.end)
        parts.append(Period(begin, end))
        begin = end + timedelta(days=1)
        if len(parts) > MOST_PERIODS:
            raise FixArguments(f"That is more than {MOST_PERIODS} {grain}s; ask by a longer step.", field="grain")
    return parts


def ahead_of(reading: Reading, start: date | None, end: date | None) -> Period:
    """The period asked for, or the next four weeks; FixArguments where it is over or the wrong way round."""
    tomorrow = reading.last + timedelta(days=1)
    begin = start or tomorrow
    until = end or (begin + timedelta(days=27) if start is None else max(begin, tomorrow))
    if begin > until:
        raise FixArguments(f"The days begin on {begin} and end on {until}.", field="start")
    if until <= reading.last:
        raise FixArguments(
            f"The data cover all of {begin} to {until}: ask what it was, or for days after {reading.last}.",
            field="end",
        )
    return Period(begin, until)


def _day(value: object) -> date:
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


def _begins(first: date, last: date, step: StepName, week_start: int, start: date) -> list[date]:
    """The first days of steps from `first` that are over by `last`; one that the data begin in is left out."""
    begin = first
    if step == "week" and first < start:
        begin = first + timedelta(days=7)
    if step == "month":
        begin = first_of_month(first) if start <= first_of_month(first) else month_after(first_of_month(first))
    begins = []
    while (end := _ending(begin, step)) <= last:
        begins.append(begin)
        begin = end + timedelta(days=1)
    if not begins:
        raise NoSuchData(f"No whole {step} is known yet.")
    return begins


def _ending(begin: date, step: StepName) -> date:
    if step == "month":
        return month_after(begin) - timedelta(days=1)
    return begin + timedelta(days=6 if step == "week" else 0)


def _end_of(day: date, grain: Grain, week_start: int) -> date:
    if grain == "day":
        return day
    if grain == "week":
        return first_of_week(day, week_start) + timedelta(days=6)
    months = 1 if grain == "month" else 3 - (day.month - 1) % 3
    return month_after(first_of_month(day), months) - timedelta(days=1)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
