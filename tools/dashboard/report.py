"""The dashboard: how a period went, set against another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from core.calendar import Calendar
from core.errors import FixArguments, NoSuchData
from core.identity import READ
from database.queries import coverage, metrics, organisations
from language.format import day, period
from tools.context import Context
from tools.dashboard.breakdowns import Breakdown, breakdowns
from tools.dashboard.funnel import Funnel, funnel_of
from tools.dashboard.headlines import Asked, Bucket, Headline, buckets, headlines
from tools.dashboard.marketing import AdChannel, EmailCampaign, advertising, email_campaigns
from tools.dashboard.periods import AGAINST_TITLES, PERIOD_TITLES, Against, Days, Named, against, grain_of, named
from tools.declaration import Effect, tool
from tools.metrics.query import QueryMetrics
from tools.results import Arguments, Evidence, ToolResult


class DashboardArguments(Arguments):
    """Which days, and what they are set against."""

    period: Named = Field(default="last_28_days", description="Up to the end of the data.")
    against: Against = Field(default="period_before", description="What it is set against.")
    start: date | None = Field(default=None, description="First day of custom.")
    end: date | None = Field(default=None, description="Last day.")


class Choice(BaseModel):
    """A period that can be chosen, or what it can be set against."""

    name: str = Field(description="Name, as in the arguments.")
    title: str = Field(description="How people read it.")


class Dashboard(ToolResult):
    """A period in figures."""

    title: str = Field(description="The period's name.")
    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")
    compare_title: str = Field(description="What it is set against; empty: nothing.")
    compare_start: date | None = Field(description="First day compared with.")
    compare_end: date | None = Field(description="Last day compared with.")
    data_end: date = Field(description="Last day there are data of.")
    grain: Literal["day", "week", "month"] = Field(description="What a bucket is.")
    buckets: list[Bucket] = Field(description="Buckets of the period.")
    buckets_before: list[Bucket] = Field(description="Buckets of the days compared with.")
    headlines: list[Headline] = Field(description="Figures with their course.")
    breakdowns: list[Breakdown] = Field(description="Where revenue comes from.")
    email_campaigns: list[EmailCampaign] = Field(description="Campaigns by emails sent in the period.")
    advertising: list[AdChannel] = Field(description="Advertising by channel.")
    funnel: Funnel | None = Field(description="From visit to order; null: no visits are loaded.")
    notes: list[str] = Field(description="What to know before comparing.")
    periods: list[Choice] = Field(description="Periods there are.")
    comparisons: list[Choice] = Field(description="What a period can be set against.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how the period went",
    agents=("reporting",),
    examples=({}, {"period": "last_month", "against": "last_year"}),
    views=(),
    next=("What was our revenue by month?", "Why did revenue change?"),
)
def dashboard(context: Context, arguments: DashboardArguments) -> Dashboard:
    """A period against another: headline figures over time, channels, products, segments, campaigns and funnel."""
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        as_of = coverage.reference_instant(connection, context.now)
        loaded = metrics.covered(connection)
        has = metrics.available(connection, loaded)
    calendar = Calendar(profile.time_zone)
    last = calendar.last_day(as_of)
    orders = loaded["orders"].days(calendar) if "orders" in loaded else None
    days = _days(arguments, last)
    before = against(arguments.period, days, arguments.against)
    asked = Asked(context, days, before)
    found, answers = headlines(asked, has)
    if not found:
        said = f"There are no figures {period(days.start, days.end)}. The data end with {day(last)}."
        raise NoSuchData(f"{said} Choose another period.", field="period")
    return Dashboard(
        title=PERIOD_TITLES[arguments.period],
        start=days.start,
        end=days.end,
        compare_title=AGAINST_TITLES[arguments.against] if before else "",
        compare_start=before and before.start,
        compare_end=before and before.end,
        data_end=last,
        grain=grain_of(days),
        buckets=buckets(days, grain_of(days)),
        buckets_before=buckets(before, grain_of(days)) if before else [],
        headlines=found,
        breakdowns=breakdowns(asked) if has["revenue"] else [],
        email_campaigns=email_campaigns(asked) if has["emails_sent"] else [],
        advertising=advertising(asked, has_revenue=has["roas"]) if has["spend"] else [],
        funnel=_funnel(asked, profile.time_zone) if has["visits"] else None,
        notes=list(_notes(asked, found, orders[0] if orders else None)),
        periods=[Choice(name=name, title=title) for name, title in PERIOD_TITLES.items()],
        comparisons=[Choice(name=name, title=title) for name, title in AGAINST_TITLES.items()],
        currency=profile.currency,
        evidence=_evidence(answers, as_of),
    )


def _days(arguments: DashboardArguments, last: date) -> Days:
    """The days asked for; none of them after the end of the data."""
    if arguments.period != "custom":
        if arguments.start or arguments.end:
            raise FixArguments("start and end go with the period 'custom'.", field="period")
        return named(arguments.period, last)
    if arguments.start is None or arguments.end is None:
        raise FixArguments("A custom period needs its first and its last day.", field="start")
    if arguments.start > arguments.end:
        raise FixArguments(f"{day(arguments.start)} is after {day(arguments.end)}.", field="start")
    if arguments.start > last:
        raise NoSuchData(f"The data end with {day(last)}, before {day(arguments.start)}.", field="start")
    return Days(arguments.start, min(arguments.end, last))


def _funnel(asked: Asked, time_zone: str) -> Funnel | None:
    with asked.context.transaction() as connection:
        return funnel_of(connection, asked.days, asked.before, time_zone)


def _notes(asked: Asked, found: Sequence[Headline], orders_from: date | None) -> Iterator[str]:
    """What to know before the figures are compared."""
    days, before = asked.days, asked.before
    if orders_from is not None and days.start < orders_from:
        yield f"Orders are known from {day(orders_from)} on: part of these days is not covered."
    if before is None:
        return
    if all(line.before is None for line in found):
        yield f"There are no figures {period(before.start, before.end)} to compare with."
    elif orders_from is not None and before.start < orders_from:
        yield f"Orders are known from {day(orders_from)} on: the days compared with are only partly covered."


def _evidence(answers: Sequence[QueryMetrics], as_of: datetime) -> Evidence:
    lines = [result.evidence for result in answers]
    return Evidence(
        rows=sum(line.rows for line in lines),
        as_of=as_of,
        sources=sorted({source for line in lines for source in line.sources}),
        definitions=list(dict.fromkeys(said for line in lines for said in line.definitions)),
    )
