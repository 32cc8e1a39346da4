"""Retention of customers by the month of their first order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import takewhile

from pydantic import BaseModel, Field

from core.calendar import Calendar, month_after, months_between
from core.errors import NoSuchData
from core.identity import READ
from tools.cohorts.questions import RETENTION, follow_up
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.results import Arguments, Evidence, ToolResult


class CohortRetentionArguments(Arguments):
    """Which cohort, how many months after."""

    cohort: str | None = Field(
        default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Month of first order, 'YYYY-MM'; absent: all."
    )
    months_after: int | None = Field(
        default=None, ge=0, le=240, description="Only this month after the first (1 = the next month); absent: all."
    )


class Cohort(BaseModel):
    """Customers who first ordered in one month."""

    cohort: str = figure("Cohort", "Month of first order, 'YYYY-MM'.")
    size: int = figure("Customers", "Customers in it.", unit="customers")
    months_after: list[int] = Field(description="Months after the first one, for `active` and `share`.")
    active: list[int] = figure("Active", "Customers of the cohort with an order in that month.", unit="customers")
    share: list[float] = figure("Share active", "active / size, 0-1.", unit="share")


class CohortRetention(ToolResult):
    """The cohort triangle, oldest first."""

    cohorts: list[Cohort] = Field(description="One entry per cohort.")
    last_whole_month: str | None = Field(
        default=None, description="Last month that is over, 'YYYY-MM': shares of the one after still grow."
    )
    average_share: float | None = figure(
        "Back on average",
        "Of all customers shown, the share with an order in the month asked for (else the one after the first); only "
        "cohorts for which that month is over; null: none.",
        unit="share",
        default=None,
    )
    average: list[float] = Field(
        default_factory=list,
        description="Of all cohorts together: share active 0, 1, 2 … months after, whole months only; of one: empty.",
    )


@tool(
    effect=Effect.READ,
    scope=READ,
    about="who came back, by first month",
    agents=("analytics", "research", "reporting"),
    examples=({}, {"cohort": "2010-12", "months_after": 1}),
    questions=(RETENTION,),
    next=("Which customers bought only once?", "Show me the segments"),
    follow_up=follow_up,
)
def cohort_retention(context: Context, arguments: CohortRetentionArguments) -> CohortRetention:
    """How many customers of each first-order month came back in the months after (retention, cohort analysis)."""
    from database.queries import cohorts, coverage, organisations

    with context.transaction() as connection:
        calendar = Calendar(organisations.profile(connection).time_zone)
        as_of = coverage.reference_instant(connection, context.now)
        cells = cohorts.retention(connection, as_of=as_of, time_zone=calendar.time_zone)
    if not cells:
        raise NoSuchData("There are no orders with a known customer, so there are no cohorts.")
    triangle = _triangle({(c.cohort, c.month): c.customers for c in cells})
    chosen = _chosen(triangle, arguments)
    over = _last_whole_month(calendar.last_day(as_of))
    return CohortRetention(
        cohorts=chosen,
        last_whole_month=f"{over:%Y-%m}",
        average_share=_average(chosen, arguments.months_after or 1, over),
        average=_averages(triangle, over) if arguments.cohort is None else [],
        evidence=Evidence(
            rows=sum(c.size for c in chosen),
            as_of=as_of,
            sources=["orders"],
            definitions=[
                "cohort: customers by the month of their first order row, refunds included.",
                "active: customers of the cohort with any order row in that month, refunds included.",
                f"Months of {calendar.time_zone}; rows counts the customers of the cohorts shown; the data end on "
                f"{calendar.last_day(as_of)}, so the last month may be incomplete.",
            ],
        ),
    )


def _last_whole_month(last_day: date) -> date:
    """The first day of the last month that is over."""
    first = last_day.replace(day=1)
    return first if month_after(first) - timedelta(days=1) == last_day else month_after(first, -1)


def _average(cohorts: list[Cohort], age: int, over: date) -> float | None:
    """The share that was back at `age`, over the cohorts whose month at that age is over."""
    known = [
        (cohort.size, dict(zip(cohort.months_after, cohort.active, strict=True))[age])
        for cohort in cohorts
        if age in cohort.months_after and is_over(cohort, age, f"{over:%Y-%m}")
    ]
    size = sum(each for each, _ in known)
    return share(sum(active for _, active in known) / size) if size else None


def is_over(cohort: Cohort, age: int, last_whole_month: str) -> bool:
    """Whether the month so many after the cohort's first is over: till then its share still grows."""
    return f"{month_after(date.fromisoformat(f'{cohort.cohort}-01'), age):%Y-%m}" <= last_whole_month


def _triangle(cells: Mapping[tuple[date, date], int]) -> list[Cohort]:
    """Every cohort with every month up to the last with an order; months nobody came back in are 0."""
    last = max(month for _, month in cells)
    triangle = []
    for first in sorted({cohort for cohort, _ in cells}):
        size = cells[first, first]
        ages = range(months_between(first, last) + 1)
        active = [cells.get((first, month_after(first, age)), 0) for age in ages]
        shares = [round(count / size, 6) for count in active]
        triangle.append(
            Cohort(cohort=f"{first:%Y-%m}", size=size, months_after=list(ages), active=active, share=shares)
        )
    return triangle


def _averages(triangle: list[Cohort], over: date) -> list[float]:
    """The same at every age, up to the last at which a month of any cohort is over."""
    every = (_average(triangle, age, over) for age in range(max(len(cohort.active) for cohort in triangle)))
    return [known for known in takewhile(lambda known: known is not None, every) if known is not None]


def _chosen(triangle: list[Cohort], arguments: CohortRetentionArguments) -> list[Cohort]:
    chosen = [c for c in triangle if arguments.cohort in (None, c.cohort)]
    if not chosen:
        names = [c.cohort for c in triangle]
        raise NoSuchData(f"No customer first ordered in {arguments.cohort}.", field="cohort", valid=names)
    age = arguments.months_after
    if age is None:
        return chosen
    kept = [
        Cohort(cohort=c.cohort, size=c.size, months_after=[age], active=[c.active[age]], share=[c.share[age]])
        for c in chosen
        if age < len(c.active)
    ]
    if not kept:
        raise NoSuchData(
            f"The data do not reach {age} months after {arguments.cohort or 'any first month'}: "
            f"at most {max(len(c.active) for c in chosen) - 1}.",
            field="months_after",
        )
    return kept
