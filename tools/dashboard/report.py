"""The dashboard: how a period went, set against another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

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
from tools.dashboard.periods import (
    AGAINST_TITLES,
    PERIOD_TITLES,
    Against,
    Days,
    Named,
    against,
    grain_of,
    named,
    of_whole_days,
)
from tools.declaration import Effect, tool
from tools.metrics.kept_apart import NOT_COUNTED
from tools.metrics.query import QueryMetrics
from tools.results import Arguments, Evidence, ToolResult

TABLES: Final = {"orders": "Orders are", "events": "Visits and emails are", "channel_spend": "Advertising spend is"}
LATE = 1  # days that visits and spend may end before orders do


class DashboardArguments(Arguments):
    """Which days, and what they are set against."""

    period: Named = Field(default="last_28_days", description="Up to the end of the data; last_ of days that are over.")
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
    funnel: Funnel | None = Field(description="From visit to order; null: no visits, or no orders, are loaded.")
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
    known = {table: span for table, one in loaded.items() if (span := one.days(calendar))}
    days = _days(arguments, calendar.last_whole_day(as_of) if of_whole_days(arguments.period) else last)
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
        funnel=_funnel(asked, profile.time_zone) if has["visits"] and has["orders"] else None,
        notes=[*_notes(asked, found, known), *_unfinished(days, calendar.running_day(as_of)), *_not_counted(answers)],
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


def _notes(asked: Asked, found: Sequence[Headline], known: Mapping[str, tuple[date, date]]) -> Iterator[str]:
    """What to know before the figures are compared; `known`: first and last day of each table's data."""
    days, before = asked.days, asked.before
    if before is not None and all(line.before is None for line in found):
        yield f"There are no figures {period(before.start, before.end)} to compare with."
        before = None
    for table in (name for name in TABLES if name in known):
        first, last = known[table]
        if days.start < first <= days.end:
            yield f"{TABLES[table]} known from {day(first)} on: part of these days is not covered."
        elif before is not None and before.start < first <= before.end:
            yield f"{TABLES[table]} known from {day(first)} on: the days compared with are only partly covered."
        if table != "orders" and days.start <= last < days.end - timedelta(days=LATE):
            yield f"{TABLES[table]} known up to {day(last)}: the days after it are not covered."


def _unfinished(days: Days, running: date | None) -> list[str]:
    return [f"{day(days.end)} is not over: it counts as far as it is known."] if running == days.end else []


def _not_counted(answers: Sequence[QueryMetrics]) -> list[str]:
    said = [said for answer in answers for said in answer.evidence.definitions if NOT_COUNTED in said]
    return list(dict.fromkeys(said))


def _evidence(answers: Sequence[QueryMetrics], as_of: datetime) -> Evidence:
    lines = [result.evidence for result in answers]
    return Evidence(
        rows=sum(line.rows for line in lines),
        as_of=as_of,
        sources=sorted({source for line in lines for source in line.sources}),
        definitions=list(dict.fromkeys(said for line in lines for said in line.definitions)),
    )
