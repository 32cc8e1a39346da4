"""One customer over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from core.calendar import month_after, months_between
from core.identity import READ
from database.queries import customer_history as histories
from database.queries import customers
from tools.audience.facts import Facts
from tools.audience.rule import rule_of_customer
from tools.context import Context
from tools.customers.questions import HISTORY
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.results import Arguments, ToolResult
from tools.views import lines, table

LONGEST = 120  # months


class CustomerHistoryArguments(Arguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id (customer_id in lists) or email address.")
    limit: int = Field(default=40, ge=1, le=500, description="Latest entries at most.")


class HistoryMonth(BaseModel):
    """What happened in one month."""

    month: str = figure("Month", "YYYY-MM, in the organisation's time zone.")
    orders: int = figure("Orders", "Orders.", unit="orders")
    revenue: float | None = figure("Revenue", "Revenue, refunds taken off.", unit="money")
    visits: int = figure("Visits", "Visits and product views.")
    emails: int = figure("Emails", "Emails sent to the customer.")
    opens: int = figure("Opens", "Emails opened.")
    clicks: int = figure("Clicks", "Clicks in emails.")


class HistoryEntry(BaseModel):
    """One order, or the events of one kind on one day."""

    at: datetime = figure("When", "When, the last of them.", unit="instant")
    kind: str = figure("What", "sale, refund, adjustment, or the kind of event.")
    times: int = figure("Times", "How many that day.")
    revenue: float | None = figure("Revenue", "Of an order; null for events.", unit="money")
    reference: str | None = figure("Reference", "Order number or campaign, where known.")


class CustomerHistory(ToolResult):
    """Months from the first sign of the customer to the end of the data, and the latest entries."""

    customer: str = figure("Customer", "The shop's customer id.")
    months: list[HistoryMonth] = Field(description="Oldest first, without gaps, at most the last ten years.")
    entries: list[HistoryEntry] = Field(description="Newest first, up to the limit.")
    first_order: date | None = figure("First order", "Day of the first sale order ever; null: none.", default=None)
    last_order: date | None = figure("Last order", "Day of the last sale order.", default=None)
    currency: str = Field(description="ISO 4217 code of money.")


def _audience(arguments: CustomerHistoryArguments, _result: CustomerHistory | None) -> dict[str, Any] | None:
    return rule_of_customer(arguments.customer)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="a customer's orders over time",
    agents=("research",),
    examples=({"customer": "17850"},),
    questions=(HISTORY,),
    views=(
        lines("months", x="month", step="month", y=("revenue",), title="Revenue of customer {customer} by month"),
        table("entries", title="Latest of customer {customer}"),
    ),
    next=("What will they buy next?", "What should I do for them?"),
    audience=_audience,
)
def customer_history(context: Context, arguments: CustomerHistoryArguments) -> CustomerHistory:
    """One customer's orders and events over time: month by month, and the latest ones in turn."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        who = customers.facts_of(connection, arguments.customer)
        until, zone = facts.data_as_of, facts.profile.time_zone
        months = histories.months(connection, who["customer_id"], as_of=until, time_zone=zone)
        ordered = histories.first_and_last_order(connection, who["customer_id"], as_of=until, time_zone=zone)
        entries = histories.latest(connection, who["customer_id"], as_of=until, time_zone=zone, limit=arguments.limit)
    return CustomerHistory(
        customer=who["external_id"],
        months=_without_gaps(months, facts.calendar.last_day(until)),
        first_order=ordered[0],
        last_order=ordered[1],
        entries=[HistoryEntry(**{**entry, "revenue": money(entry["revenue"])}) for entry in entries],
        currency=facts.profile.currency,
        evidence=facts.evidence(len(entries), ["orders", "events"]),
    )


def _without_gaps(found: Sequence[RowMapping], last: date) -> list[HistoryMonth]:
    """The months found and the empty ones between them and the month of `last`."""
    if not found:
        return []
    known = {row["month"]: HistoryMonth(**{**row, "revenue": money(row["revenue"])}) for row in found}
    first = date.fromisoformat(f"{found[0]['month']}-01")
    span = months_between(first, last)
    names = [f"{month_after(first, after):%Y-%m}" for after in range(max(0, span - LONGEST + 1), span + 1)]
    return [known.get(name) or _empty(name) for name in names]


def _empty(month: str) -> HistoryMonth:
    return HistoryMonth(month=month, orders=0, revenue=0.0, visits=0, emails=0, opens=0, clicks=0)
