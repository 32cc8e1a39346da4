"""What a figure will be: by period, with an interval, its record, and what it was a year before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from core.errors import FixArguments
from core.identity import READ
from database.queries import forecasts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, growth, rounded, share
from tools.forecast.questions import FORECAST, follow_up
from tools.forecast.series import UNITS, Grain, Metric, Period, Reading, ahead_of, periods_of, read_history
from tools.metrics.arguments import MetricFilter
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.forecast.outlook import Outlook

__all__ = ["Forecast", "ForecastArguments", "Foresight", "definitions", "filters_key", "foresee", "told_period"]

DRAWN = 26  # past periods beside those ahead


class ForecastArguments(Arguments):
    """Which figure, how far ahead, of what."""

    metric: Metric = Field(default="revenue", description="Figure; customers (who order) by week or month only.")
    start: date | None = Field(default=None, description="First day; days that are known count as they were.")
    end: date | None = Field(default=None, description="Last day. Absent: four weeks ahead.")
    grain: Grain = Field(default="none", description="Parts to tell one by one.")
    filters: list[MetricFilter] = Field(default_factory=list, max_length=1, description="At most one condition.")


class ForecastPeriod(BaseModel):
    """One period."""

    start: date = figure("From", "First day.", unit="day")
    end: date = figure("To", "Last day.", unit="day")
    so_far: float = figure("Known so far", "What has come of it.")
    expected: float = figure("Expected", "What it will come to in all, what is known included.")
    low: float = figure("Low", "Lower end of its 90% interval.")
    high: float = figure("High", "Upper end of its 90% interval.")
    year_before: float | None = figure("A year before", "The same days a year earlier; null: not known.")
    growth: float | None = figure("Against a year before", "expected over that, less 1.", unit="share")


class PastPeriod(BaseModel):
    """One period that is over."""

    start: date = figure("From", "First day.", unit="day")
    value: float = figure("Was", "What it came to.")


class ForecastCandidate(BaseModel):
    """One way of forecasting, by its error at past dates."""

    name: str = figure("Way of forecasting", "What it is.")
    error: float = figure("Mean error", "Mean absolute error over past dates, by cycle and in all.")
    relative: float | None = figure(
        "Against repeating the last cycle", "error over that of the simplest rule.", unit="ratio"
    )
    chosen: bool = figure("Chosen", "The one that forecasts.")


class Forecast(ToolResult):
    """The figure ahead, in all and by part, and how such forecasts went before."""

    metric: Metric = figure("Figure", "Name of the figure.")
    unit: str = Field(description="money, orders, customers or units.")
    total: ForecastPeriod | None = Field(description="The whole period; null for customers over several steps.")
    periods: list[ForecastPeriod] = Field(description="Its parts, soonest first.")
    history: list[PastPeriod] = Field(description="Latest whole parts of the past, oldest first.")
    grain: Grain = Field(description="What the parts are.")
    champion: str = figure("Way of forecasting", "The one with the least error at past dates.")
    cycle: Literal["week", "month"] = Field(description="What the simplest rule repeats.")
    is_rule: bool = figure("Simple rule", "True: nothing beat repeating the last cycle or year.")
    error_share: float = figure("Usual error", "Mean absolute error over the mean, at past dates.", unit="share")
    against_naive: float | None = figure("Against repeating the last cycle", "Error over that rule's.", unit="ratio")
    against_last_year: float | None = figure("Against repeating last year", "Error over that rule's.", unit="ratio")
    less_than_naive: float | None = figure("Less error than the last cycle again", "1 less that.", unit="share")
    less_than_last_year: float | None = figure("Less error than last year again", "1 less that.", unit="share")
    coverage: float | None = figure(
        "Held", "Share of 90% intervals of past forecasts, made from what was known then, that held.", unit="share"
    )
    judged: int = figure("Intervals judged", "Of how many past intervals that is.", unit="count")
    candidates: list[ForecastCandidate] = Field(description="All ways that were tried, the best first.")
    filters: list[MetricFilter] = Field(description="The condition, if any.")
    known_until: date = Field(description="Last whole day the forecast knows.")
    currency: str = Field(description="ISO 4217 code of money.")


@dataclass(frozen=True, slots=True)
class Foresight:
    """The history, the outlook of the whole period and its parts, in that order."""

    metric: Metric
    reading: Reading
    period: Period
    parts: Sequence[Period]
    grain: Grain
    outlook: Outlook


@tool(
    effect=Effect.COMPUTE,
    scope=READ,
    about="Worked out what a figure will be",
    agents=("analytics", "reporting", "optimiser"),
    basis="prediction",
    examples=({}, {"metric": "orders", "start": "2012-01-01", "end": "2012-01-31", "grain": "week"}),
    questions=(FORECAST,),
    next=("How accurate were our forecasts?", "And by week?", "Forecast orders for the next 4 weeks"),
    follow_up=follow_up,
)
def forecast(context: Context, arguments: ForecastArguments) -> Forecast:
    """Forecast of revenue, orders, new customers, units or customers by day, week, month or quarter ahead, with 90%
    intervals, past error and last year beside it; of the whole shop or one filter. Kept, to be held against what comes.
    """
    from analytics.forecast.candidates import LAST_YEAR, NAIVE

    seen = foresee(context, arguments)
    outlook, reading, unit = seen.outlook, seen.reading, UNITS[arguments.metric]
    told = [told_period(seen, place) for place in range(len(outlook.spans))]
    adds = arguments.metric != "customers" or outlook.spans[0].span.first == outlook.spans[0].span.last
    whole, parts = told[0], told[1:] or told[:1]
    if not arguments.filters:
        _keep(context, arguments, reading, [*([whole] if adds else []), *parts], outlook.champion)
    return Forecast(
        metric=arguments.metric,
        unit=unit,
        total=whole if adds else None,
        periods=parts,
        history=_history(reading, seen.grain),
        grain=seen.grain,
        champion=outlook.champion,
        cycle="month" if reading.history.step.name == "month" else "week",
        is_rule=outlook.is_rule,
        error_share=share(outlook.record.off) or 0.0,
        against_naive=share(outlook.against(NAIVE)),
        against_last_year=share(outlook.against(LAST_YEAR)),
        less_than_naive=_less(outlook.against(NAIVE)),
        less_than_last_year=_less(outlook.against(LAST_YEAR)),
        coverage=share(outlook.record.coverage),
        judged=outlook.record.judged,
        candidates=_candidates(outlook),
        filters=arguments.filters,
        known_until=reading.last,
        currency=reading.currency,
        evidence=Evidence(
            rows=reading.rows, as_of=reading.as_of, sources=list(reading.sources), definitions=definitions(seen)
        ),
    )


def foresee(context: Context, arguments: ForecastArguments) -> Foresight:
    """The outlook of the period asked for; FixArguments where it is over, NoSuchData where the history is too short."""
    from analytics.forecast.outlook import outlook

    step = "day"
    if arguments.metric == "customers":
        step = "month" if arguments.grain == "month" else "week"
        if arguments.grain not in ("none", "week", "month"):
            raise FixArguments("Customers who order are foreseen by week or month.", field="grain")
    with context.transaction() as connection:
        reading = read_history(connection, context.now, arguments.metric, arguments.filters, step)  # type: ignore[arg-type]
    period = ahead_of(reading, arguments.start, arguments.end)
    grain, week_start = arguments.grain if step == "day" else step, reading.week_start
    if arguments.start is None and arguments.end is None and arguments.grain == "none":
        grain, week_start = "week", period.start.weekday()  # four weeks from tomorrow on
    parts = [part for part in periods_of(period, grain, week_start) if part.end > reading.last]  # type: ignore[arg-type]
    asked = [period, *parts] if len(parts) > 1 else [parts[0] if step != "day" else period]
    told = outlook(reading.history, [reading.span(one) for one in asked])
    return Foresight(arguments.metric, reading, period, asked[1:] or asked, _grain(grain, parts), told)  # type: ignore[arg-type]


def definitions(seen: Foresight) -> list[str]:
    """What the terms mean, in sentences."""
    outlook, reading = seen.outlook, seen.reading
    tried = ", ".join(outlook.record.errors)
    return [
        f"The forecast is made from {reading.history.values.size} {reading.history.step.name}s up to {reading.last} "
        f"(days of {reading.time_zone}), by “{outlook.champion}”: of the ways tried ({tried}) the one with the least "
        f"error over {outlook.record.origins} past dates, the mean of the models unless another is better by a tenth.",
        "interval: from how far forecasts of the same reach missed at past dates; it is to hold nine outcomes in ten.",
        "usual error: mean absolute error of such forecasts over the mean of what came.",
        "It knows the past of this figure and the calendar, not plans: spend, prices, campaigns or stock to come are "
        "not in it.",
    ]


def filters_key(filters: Sequence[MetricFilter]) -> str:
    """The conditions as they are kept; empty for none."""
    return json.dumps([one.model_dump() for one in filters], sort_keys=True) if filters else ""


def _less(ratio: float | None) -> float | None:
    return None if ratio is None else share(1 - ratio)


def _grain(asked: Grain, parts: Sequence[Period]) -> Grain:
    """What the parts are: as asked, else what calendar period a single one is."""
    if asked != "none" or len(parts) > 1:
        return asked if asked != "none" else "week"
    days = (parts[0].end - parts[0].start).days + 1
    if days in (1, 7):
        return "day" if days == 1 else "week"
    for grain in ("month", "quarter"):
        if _is_whole(parts[0], grain, 0):
            return grain
    return "none"


def told_period(seen: Foresight, place: int) -> ForecastPeriod:
    """A span of the outlook in all, what is known of it included; the whole period first, then its parts."""
    found, reading, unit = seen.outlook.spans[place], seen.reading, UNITS[seen.metric]
    period = seen.period if place == 0 and len(seen.outlook.spans) > 1 else seen.parts[max(place - 1, 0)]
    known = Period(period.start, min(period.end, reading.last))
    so_far = reading.came(known) if known.start <= known.end and reading.history.step.name == "day" else 0.0
    expected, before = so_far + found.expected, reading.year_before(period)
    return ForecastPeriod(
        start=period.start,
        end=period.end,
        so_far=_told(so_far, unit),
        expected=_told(expected, unit),
        low=_told(so_far + found.interval.low, unit),
        high=_told(so_far + found.interval.high, unit),
        year_before=None if before is None else _told(before, unit),
        growth=growth(expected, before),
    )


def _told(value: float, unit: str) -> float:
    return float(rounded(value, "money") or 0.0) if unit == "money" else round(value, 1)


def _history(reading: Reading, grain: Grain) -> list[PastPeriod]:
    """The latest whole parts of the past, as long as those ahead."""
    step = "week" if grain == "none" else grain
    back = {"day": 1, "week": 7, "month": 31, "quarter": 92}[step] * (DRAWN + 1)
    begin = max(reading.history.first, reading.last - timedelta(days=back))
    parts = periods_of(Period(begin, reading.last), step, reading.week_start)
    whole = [part for part in parts if _is_whole(part, step, reading.week_start) and reading.knows(part)]
    return [PastPeriod(start=part.start, value=_told(reading.came(part), "money")) for part in whole[-DRAWN:]]


def _is_whole(part: Period, grain: str, week_start: int) -> bool:
    """Whether a part of that kind is not cut off at either end."""
    around = Period(part.start - timedelta(days=1), part.end + timedelta(days=1))
    return part in periods_of(around, grain, week_start)[1:-1]  # type: ignore[arg-type]


def _candidates(outlook: Outlook) -> list[ForecastCandidate]:
    from analytics.forecast.candidates import NAIVE

    naive = outlook.record.errors[NAIVE]
    ranked = sorted(outlook.record.errors.items(), key=lambda pair: pair[1])
    return [
        ForecastCandidate(
            name=name,
            error=float(rounded(error, "money") or 0.0),
            relative=share(error / naive) if naive else None,
            chosen=name == outlook.champion,
        )
        for name, error in ranked
    ]


def _keep(
    context: Context, arguments: ForecastArguments, reading: Reading, told: Sequence[ForecastPeriod], champion: str
) -> None:
    kept = {
        (one.start, one.end): forecasts.KeptForecast(
            metric=arguments.metric, filters=filters_key(arguments.filters), start_day=one.start, end_day=one.end,
            known_until=reading.last, so_far=one.so_far, expected=one.expected, low=one.low, high=one.high,
            champion=champion,
        )
        for one in told
    }  # fmt: skip
    with context.transaction() as connection:
        forecasts.keep_forecasts(connection, list(kept.values()))
