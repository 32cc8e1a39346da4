"""The figures a day begins with: how the last weeks went, against the weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel, Field

from core.calendar import Calendar, first_of_week
from core.errors import NoSuchData
from core.identity import READ
from database.queries import coverage, metrics, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import Cell, change, figure
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.definitions import CUT
from tools.metrics.query import QueryMetrics, query_metrics
from tools.metrics.questions import HEADLINES
from tools.metrics.volume import unless_few
from tools.results import Arguments, Evidence, ToolResult

# Metrics of one source each: a source that has no data for a period takes only its own figures away.
GROUPS: Final = (
    ("revenue", "orders", "customers", "new_customers", "average_order_value"),
    ("emails_sent", "open_rate"),
    ("visits",),
    ("spend",),
)
WEEKS = 12
TITLES: Final = {"average_order_value": "Average order", "spend": "Advertising spend"}


class HeadlinesArguments(Arguments):
    """Over how long."""

    days: int = Field(default=28, ge=1, le=365, description="Last days of the data that are over, and as many before.")


class Headline(BaseModel):
    """One metric."""

    metric: str = Field(description="Name, as in query_metrics.")
    title: str = figure("Figure", "What people read above it.")
    unit: str = Field(description="money, orders, customers, share …")
    now: Cell = figure("Now", "In the last `days` days; null: a rate over too few.")
    before: Cell = figure("Before", "In as many days before; null: the data do not cover them.")
    change: float | None = figure(
        "Change", "now over before, less 1 (of shares: the difference); null: nothing to compare.", unit="share"
    )
    weeks: list[Cell] = Field(description="By week, as `weeks` of the result names them.")


class Headlines(ToolResult):
    """Headline figures with their trend."""

    days: int = Field(description="Days of each period.")
    start: date = Field(description="First day of the last period.")
    end: date = Field(description="Last day with data that is over.")
    headlines: list[Headline] = Field(description="Metrics this organisation has data for.")
    weeks: list[date] = Field(description="First days of the last whole weeks.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="key figures",
    agents=("reporting",),
    examples=({}, {"days": 7}),
    questions=(HEADLINES,),
    views=(),
    next=("What was our revenue by month?", "Which segments hold the most value at risk?"),
)
def headlines(context: Context, arguments: HeadlinesArguments) -> Headlines:
    """Headline figures of the last weeks against the weeks before, with a weekly trend: revenue, orders, buyers …"""
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        as_of = coverage.reference_instant(connection, context.now)
        has = metrics.available(connection, metrics.covered(connection))
    end = Calendar(profile.time_zone).last_whole_day(as_of)
    days = timedelta(days=arguments.days)
    start, weeks = end - days + timedelta(days=1), _weeks(end, profile.conventions.week_start)
    found: list[Headline] = []
    results: list[QueryMetrics] = []
    for group in GROUPS:
        names = [name for name in group if has[name]]
        now = _asked(context, names, start, end)
        if now is not None:
            before = _whole(_asked(context, names, start - days, start - timedelta(days=1)))
            by_week = _asked(context, names, weeks[0], weeks[-1] + timedelta(days=6), grain="week")
            found += [_headline(name, now, before, by_week, weeks) for name in names]
            results.append(now)
    if not found:
        raise NoSuchData("There is no data in the last weeks to make headline figures of.")
    return Headlines(
        days=arguments.days,
        start=start,
        end=end,
        headlines=found,
        weeks=weeks,
        currency=profile.currency,
        evidence=Evidence(
            rows=sum(result.evidence.rows for result in results),
            as_of=as_of,
            sources=sorted({source for result in results for source in result.evidence.sources}),
            definitions=list(dict.fromkeys(said for result in results for said in result.evidence.definitions)),
        ),
    )


def _weeks(end: date, week_start: int) -> list[date]:
    """The first days of the last whole weeks up to `end`."""
    running = first_of_week(end + timedelta(days=1), week_start)
    return [running - timedelta(weeks=back) for back in range(WEEKS, 0, -1)]


def _asked(context: Context, names: Sequence[str], start: date, end: date, grain: str = "none") -> QueryMetrics | None:
    """The metrics over a period; None where there is no data for it."""
    if not names:
        return None
    asked = {"metrics": list(names), "start": start, "end": end, "grain": grain, "limit": WEEKS}
    try:
        return query_metrics.run(context, QueryMetricsArguments.model_validate(asked))
    except NoSuchData:
        return None


def _whole(before: QueryMetrics | None) -> QueryMetrics | None:
    """None where the data began in those days: growth over a part of them would be growth of the data."""
    cut = before is not None and any(said.startswith(CUT) for said in before.evidence.definitions)
    return None if cut else before


def _headline(
    name: str, now: QueryMetrics, before: QueryMetrics | None, by_week: QueryMetrics | None, weeks: Sequence[date]
) -> Headline:
    column = next(column for column in now.columns if column.name == name)
    current, earlier = unless_few(name, now.totals), unless_few(name, before.totals) if before else None
    lines: dict[str, Cell] = {}
    if by_week is not None:
        names = [column.name for column in by_week.columns]
        lines = {str(row[0]): unless_few(name, dict(zip(names, row, strict=True))) for row in by_week.rows}
    return Headline(
        metric=name,
        title=TITLES.get(name) or column.title,
        unit=column.unit,
        now=current,
        before=earlier,
        change=change(current, earlier, column.unit),
        weeks=[lines.get(monday.isoformat()) for monday in weeks],
    )
