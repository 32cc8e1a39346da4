"""Retention of customers by the month of their first order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, Evidence, ToolResult, tool


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

    cohort: str = Field(description="Month of first order, 'YYYY-MM'.")
    size: int = Field(description="Customers in it.")
    months_after: list[int] = Field(description="Months after the first one, for `active` and `share`.")
    active: list[int] = Field(description="Customers of the cohort with an order in that month.")
    share: list[float] = Field(description="active / size, 0-1.")


class CohortRetention(ToolResult):
    """The cohort triangle, oldest first."""

    cohorts: list[Cohort] = Field(description="One entry a cohort.")


@tool(effect=Effect.READ, scope=READ, examples=({}, {"cohort": "2010-12", "months_after": 1}))
def cohort_retention(context: Context, arguments: CohortRetentionArguments) -> CohortRetention:
    """How many customers of each first-order month came back in the months after (retention, cohort analysis)."""
    from database.queries import cohorts, coverage, organisations

    with context.transaction() as connection:
        zone = organisations.profile(connection).time_zone
        as_of = coverage.reference_instant(connection, context.now)
        cells = cohorts.retention(connection, as_of=as_of, time_zone=zone)
    if not cells:
        raise NoSuchData("There are no orders with a known customer, so there are no cohorts.")
    triangle = _triangle({(c.cohort, c.month): c.customers for c in cells})
    chosen = _chosen(triangle, arguments)
    return CohortRetention(
        cohorts=chosen,
        evidence=Evidence(
            rows=sum(c.size for c in chosen),
            as_of=as_of,
            sources=["orders"],
            definitions=[
                "cohort: customers by the month of their first order row, refunds included.",
                "active: customers of the cohort with any order row in that month, refunds included.",
                f"Months of {zone}; rows counts the customers of the cohorts shown; the data end on "
                f"{(as_of - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()}, so the last month may be "
                "incomplete.",
            ],
        ),
    )


def _triangle(cells: Mapping[tuple[date, date], int]) -> list[Cohort]:
    """Every cohort with every month up to the last with an order; months nobody came back in are 0."""
    last = max(month for _, month in cells)
    triangle = []
    for first in sorted({cohort for cohort, _ in cells}):
        size = cells[first, first]
        ages = range(_months(first, last) + 1)
        active = [cells.get((first, _later(first, age)), 0) for age in ages]
        shares = [round(count / size, 6) for count in active]
        triangle.append(
            Cohort(cohort=f"{first:%Y-%m}", size=size, months_after=list(ages), active=active, share=shares)
        )
    return triangle


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


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
