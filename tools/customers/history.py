"""One customer over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from core.identity import READ
from database.queries import customer_history as histories
from database.queries import customers
from tools.audience.facts import Facts
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import money
from tools.results import Arguments, ToolResult

LONGEST = 120  # months


class CustomerHistoryArguments(Arguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id (customer_id in lists) or e-mail address.")
    limit: int = Field(default=40, ge=1, le=500, description="Latest entries at most.")


class HistoryMonth(BaseModel):
    """What happened in one month."""

    month: str = Field(description="YYYY-MM, in the organisation's time zone.")
    orders: int = Field(description="Orders.")
    revenue: float | None = Field(description="Revenue, refunds taken off (money).")
    visits: int = Field(description="Visits and product views.")
    emails: int = Field(description="E-mails sent to the customer.")
    opens: int = Field(description="E-mails opened.")
    clicks: int = Field(description="Clicks in e-mails.")


class HistoryEntry(BaseModel):
    """One order, or the events of one kind on one day."""

    at: datetime = Field(description="When, the last of them (UTC).")
    kind: str = Field(description="sale, refund, adjustment, or the kind of event.")
    times: int = Field(description="How many that day.")
    revenue: float | None = Field(description="Of an order (money); null for events.")
    reference: str | None = Field(description="Order number or campaign, where known.")


class CustomerHistory(ToolResult):
    """Months from the first sign of the customer to the end of the data, and the latest entries."""

    customer: str = Field(description="The shop's customer id.")
    months: list[HistoryMonth] = Field(description="Oldest first, without gaps, at most the last ten years.")
    entries: list[HistoryEntry] = Field(description="Newest first, up to the limit.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(effect=Effect.READ, scope=READ, examples=({"customer": "17850"},))
def customer_history(context: Context, arguments: CustomerHistoryArguments) -> CustomerHistory:
    """One customer's orders and events over time: month by month, and the latest ones in turn."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        who = customers.facts_of(connection, arguments.customer)
        zone = facts.profile.time_zone
        months = histories.months(connection, who["customer_id"], as_of=facts.data_as_of, time_zone=zone)
        entries = histories.latest(
            connection, who["customer_id"], as_of=facts.data_as_of, time_zone=zone, limit=arguments.limit
        )
    last = facts.data_as_of.astimezone(ZoneInfo(zone))
    return CustomerHistory(
        customer=who["external_id"],
        months=_without_gaps(months, f"{last:%Y-%m}"),
        entries=[HistoryEntry(**{**entry, "revenue": money(entry["revenue"])}) for entry in entries],
        currency=facts.profile.currency,
        evidence=facts.evidence(len(entries), ["orders", "events"]),
    )


def _without_gaps(found: Sequence[RowMapping], last: str) -> list[HistoryMonth]:
    """The months found and the empty ones between them and `last`."""
    if not found:
        return []
    known = {row["month"]: HistoryMonth(**{**row, "revenue": money(row["revenue"])}) for row in found}
    first, end = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (found[0]["month"], last))
    names = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(max(first, end - LONGEST + 1), end + 1)]
    return [known.get(name) or _empty(name) for name in names]


def _empty(month: str) -> HistoryMonth:
    return HistoryMonth(month=month, orders=0, revenue=0.0, visits=0, emails=0, opens=0, clicks=0)
