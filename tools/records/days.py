"""On how many days there was an order, and on how many there was none."""

from __future__ import annotations

from calendar import day_name
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from core.calendar import Calendar
from core.errors import NoSuchData
from core.identity import READ
from database.queries import coverage, metrics, order_records, organisations
from database.queries.order_records import Wanted
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.records.days_questions import BEST_DAY, DAYS
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class OrderDaysArguments(Arguments):
    """Which days are counted."""

    start: date | None = Field(default=None, description="First day.")
    end: date | None = Field(default=None, description="Last day, included.")
    weekday: Weekday | None = Field(default=None, description="Only these days of the week.")
    country: str | None = Field(default=None, description="From this country.")
    without: bool = Field(default=False, description="List the days without an order.")


class SomeDay(BaseModel):
    """One day."""

    day: date = figure("Day", "Local day.")
    weekday: str = figure("Weekday", "Its name.")
    orders: int = figure("Orders", "Sale orders of that day.", unit="orders")


class OrderDays(ToolResult):
    """Days with and without orders."""

    start: date = figure("From", "First day counted.")
    end: date = figure("To", "Last day counted: no day is counted that the data do not cover.")
    days: int = figure("Days", "Days counted.", unit="days")
    with_orders: int = figure("Days with an order", "Days with a sale order.", unit="days")
    without_orders: int = figure("Days without an order", "Days without any.", unit="days")
    listed: list[SomeDay] = Field(description="The days that were asked for: those without orders, or those with.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="days with and without orders",
    agents=("analytics",),
    examples=({"start": "2011-01-01", "end": "2011-12-31"},),
    questions=(DAYS, BEST_DAY),
    views=(table("listed", title="Days"),),
    next=("Which weekday brings the most revenue?",),
)
def order_days(context: Context, arguments: OrderDaysArguments) -> OrderDays:
    """On how many days there was a sale order, on how many there was none, and which days these are."""
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        covered = metrics.covered(connection).get("orders")
        if covered is None or covered.first_at is None:
            raise NoSuchData("There are no orders, so no days can be counted.")
        calendar = Calendar(profile.time_zone)
        as_of = coverage.reference_instant(connection, context.now)
        start = max(filter(None, (arguments.start, calendar.day(covered.first_at))))
        end = min(filter(None, (arguments.end, calendar.last_day(as_of))))
        if start > end:
            first, last = calendar.day(covered.first_at), calendar.last_day(as_of)
            raise NoSuchData(f"No day of that time can be counted: the orders are of {first} to {last}.")
        wanted = Wanted(("sale",), profile.time_zone, country=arguments.country, start=start, end=end, as_of=as_of)
        sold = order_records.selling_days(connection, wanted)
    counted = [day for day in _days(start, end) if arguments.weekday in (None, day_name[day.weekday()])]
    busy = [day for day in counted if day in sold]
    idle = [day for day in counted if day not in sold]
    return OrderDays(
        start=start, end=end, days=len(counted), with_orders=len(busy), without_orders=len(idle),
        listed=[
            SomeDay(day=day, weekday=day_name[day.weekday()], orders=sold.get(day, 0))
            for day in (idle if arguments.without else busy)
        ],
        evidence=Evidence(
            rows=sum(sold.values()), as_of=as_of, sources=["orders"],
            definitions=["Sale orders count; days are those of the organisation, from the first of the data on."],
        ),
    )  # fmt: skip


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=after) for after in range((end - start).days + 1)]
