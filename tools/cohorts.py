"""Retention of customers by the month of their first order."""

from __future__ import annotations

from pydantic import BaseModel, Field

from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool


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
    raise NotImplementedError
