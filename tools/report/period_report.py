"""How the last days went against as many before: figures, what grew and fell, campaigns, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from core.calendar import Calendar, period_before
from core.errors import FixArguments, NoSuchData
from core.identity import READ
from database.queries import coverage, metrics, organisations, products
from database.semantic.metrics import METRICS
from tools.context import Context
from tools.dashboard.headlines import Asked
from tools.dashboard.marketing import EmailCampaign, email_campaigns
from tools.dashboard.periods import Days
from tools.declaration import Effect, tool
from tools.figures import Cell, change, figure
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.change import ExplainChangeArguments, explain_change
from tools.metrics.headlines import TITLES
from tools.metrics.query import QueryMetrics, query_metrics
from tools.priorities.next_actions import NextAction, NextActionsArguments, next_actions
from tools.results import Arguments, Evidence, ToolResult

FIGURES: Final = (
    ("revenue", "orders", "customers", "new_customers", "average_order_value"), ("visits",), ("emails_sent",),
    ("spend",),
)  # fmt: skip
MOVERS: Final = ("country", "product", "channel")
MOST_OF_EACH = 2
WEEK = 7
MOST_CAMPAIGNS = 3
WORDS = [
    "grew, fell: revenue of these days less that of the days before, by country, product and channel; what moved most. "
    "Postage and fees are no products here.",
    "A day that is not over is left out.",
]


class PeriodReportArguments(Arguments):
    """Which days."""

    days: int = Field(default=WEEK, ge=1, le=366, description="The last full days of the data, without start and end.")
    start: date | None = Field(default=None, description="First day, with `end`.")
    end: date | None = Field(default=None, description="Last day (inclusive).")


class ReportFigure(BaseModel):
    """One figure of the days, against the days before."""

    metric: str = Field(description="Name, as in query_metrics.")
    title: str = figure("Figure", "What people read.")
    unit: str = Field(description="money, orders, customers …")
    now: Cell = figure("Now", "In these days.")
    before: Cell = figure("Before", "In the days before; null: no data.")
    change: float | None = figure("Change", "now over before, less 1; null: nothing to compare.", unit="share")


class Mover(BaseModel):
    """A country, product or channel whose revenue moved."""

    kind: Literal["country", "product", "channel"] = figure("Of", "What it is.")
    name: str = figure("Name", "Which one.")
    now: float = figure("Now", "Its revenue in these days.", unit="money")
    before: float = figure("Before", "Its revenue in the days before.", unit="money")
    change: float = figure("Change", "now less before.", unit="money")


class DayOfReport(BaseModel):
    """Revenue of one day, and of the day at the same place before."""

    day: date = figure("Day", "The day.")
    now: float | None = figure("Revenue", "Its revenue.", unit="money")
    before: float | None = figure("Days before", "Revenue as many days before.", unit="money")


class PeriodReport(ToolResult):
    """How these days went."""

    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")
    compare_start: date = Field(description="First of the days before.")
    compare_end: date = Field(description="Last of them.")
    figures: list[ReportFigure] = Field(description="What there are data for, revenue first.")
    grew: list[Mover] = Field(description="What grew most.")
    fell: list[Mover] = Field(description="What fell most.")
    campaigns: list[EmailCampaign] = Field(description="Campaigns mailed, the largest first.")
    days: list[DayOfReport] = Field(description="Revenue by day.")
    actions: list[NextAction] = Field(description="What to do next, the most money at stake first.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about=lambda arguments: "how the week went" if arguments.days == WEEK and not arguments.start else "how it went",
    agents=("reporting", "research"),
    examples=({}, {"days": 28}, {"start": "2011-11-01", "end": "2011-11-30"}),
    views=(),
    next=lambda outcome: [action.request for action in outcome.result.actions],
)
def period_report(context: Context, arguments: PeriodReportArguments) -> PeriodReport:
    """A report of a week (or other days) against the days before: figures, winners, losers, campaigns, what to do."""
    (start, end), (compare_start, compare_end) = _days(context, arguments)
    has, currency = _known(context)
    both = {"start": start, "end": end, "compare_start": compare_start, "compare_end": compare_end}
    groups = [[name for name in group if has[name]] for group in FIGURES]
    asked = [found for names in groups if names and (found := _query(context, metrics=names, **both)) is not None]
    if not asked:
        raise NoSuchData(f"There are no orders, visits or emails from {start} to {end} to report on.")
    moved = list(_movers(context, both))
    return PeriodReport(
        start=start,
        end=end,
        compare_start=compare_start,
        compare_end=compare_end,
        figures=[line for found in asked for line in _figures(found)],
        grew=[one for one in moved if one.change > 0],
        fell=[one for one in moved if one.change < 0],
        campaigns=email_campaigns(Asked(context, Days(start, end), None))[:MOST_CAMPAIGNS],
        days=_by_day(_query(context, metrics=["revenue"], grain="day", limit=400, **both)),
        actions=_actions(context),
        currency=currency,
        evidence=_evidence(asked),
    )


def _known(context: Context) -> tuple[dict[str, bool], str]:
    """Which metrics there are data for, and the currency of money."""
    with context.transaction() as connection:
        has = metrics.available(connection, metrics.covered(connection))
        return has, organisations.profile(connection).currency


def _days(context: Context, arguments: PeriodReportArguments) -> tuple[tuple[date, date], tuple[date, date]]:
    """First and last day, and those of the days before; without dates the last full days of the data.

    A month or week that the data do not hold to its end is told up to theirs, against the same days of the one before.
    """
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        as_of = coverage.reference_instant(connection, context.now)
    if arguments.start and arguments.end:
        if arguments.start > arguments.end:
            raise FixArguments(f"start {arguments.start} is after end {arguments.end}.", field="start")
        before, last = period_before(arguments.start, arguments.end), Calendar(profile.time_zone).last_day(as_of)
        if not arguments.start <= last < arguments.end:
            return (arguments.start, arguments.end), before
        until = min(before[0] + (last - arguments.start), before[1])
        return (arguments.start, last), (before[0], until)
    if arguments.start or arguments.end:
        raise FixArguments("start and end go together.", field="start" if arguments.end else "end")
    end = Calendar(profile.time_zone).last_whole_day(as_of)
    start = end - timedelta(days=arguments.days - 1)
    return (start, end), period_before(start, end)


def _query(context: Context, **asked: Any) -> QueryMetrics | None:
    """Figures; without those there are no data for, and without a comparison where nothing was before."""
    try:
        return query_metrics.run(context, QueryMetricsArguments.model_validate(asked))
    except NoSuchData:
        if "compare_start" in asked:
            return _query(context, **{name: value for name, value in asked.items() if not name.startswith("compare")})
        return None


def _figures(found: QueryMetrics) -> Iterator[ReportFigure]:
    for column in found.columns:
        if column.name in METRICS:
            now, before = found.totals[column.name], found.totals.get(f"{column.name}_before")
            yield ReportFigure(
                metric=column.name, title=TITLES.get(column.name) or column.title, unit=column.unit, now=now,
                before=before, change=change(now, before, column.unit),
            )  # fmt: skip


def _movers(context: Context, both: dict[str, date]) -> Iterator[Mover]:
    """The few countries, products and channels that grew and fell most: contributions come largest first."""
    with context.transaction() as connection:
        services = {name for _, name in products.services(connection)}
    for kind in MOVERS:
        asked = {"metric": "revenue", "dimensions": [kind], "top": 50, **both}
        try:
            found = explain_change.run(context, ExplainChangeArguments.model_validate(asked))
        except (FixArguments, NoSuchData):
            continue  # the shop does not know its countries, or its channels
        every = found.dimensions[0].contributions if found.dimensions else []
        known = [one for one in every if one.value and not (kind == "product" and one.value in services)]
        for sign in (1, -1):
            moved = [one for one in known if sign * one.change > 0][:MOST_OF_EACH]
            for one in moved if len(known) > 1 else []:
                yield Mover(
                    kind=kind, name=str(one.value), now=round(float(one.now), 2), before=round(float(one.before), 2),
                    change=round(float(one.change), 2),
                )  # fmt: skip


def _by_day(found: QueryMetrics | None) -> list[DayOfReport]:
    if found is None:
        return []
    names = [column.name for column in found.columns]
    earlier = names.index("revenue_before") if "revenue_before" in names else None
    rows: Sequence[Sequence[Any]] = found.rows
    return [
        DayOfReport(day=date.fromisoformat(str(row[0])), now=row[1], before=None if earlier is None else row[earlier])
        for row in rows
    ]


def _actions(context: Context) -> list[NextAction]:
    try:
        return next_actions.run(context, NextActionsArguments()).actions
    except NoSuchData:
        return []  # no scores yet


def _evidence(asked: Sequence[QueryMetrics]) -> Evidence:
    return Evidence(
        rows=sum(found.evidence.rows for found in asked),
        as_of=asked[0].evidence.as_of,
        sources=sorted({source for found in asked for source in found.evidence.sources}),
        definitions=list(dict.fromkeys([*WORDS, *(said for found in asked for said in found.evidence.definitions)])),
    )
