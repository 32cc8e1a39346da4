"""One customer's journeys: what they met before each order, and what each touch is credited with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import customers
from language.cells import value_name
from tools.attribution.asked import TouchArguments, asked, definitions
from tools.attribution.methods import TITLES
from tools.attribution.questions import PATH
from tools.audience.rule import rule_of_customer
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.results import Evidence, ToolResult

SHOWN = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "shapley")


class CustomerPathArguments(TouchArguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id or email address.")
    orders: int = Field(default=5, ge=1, le=100, description="Latest orders at most.")


class PathTouch(BaseModel):
    """One touch before one order, with its part of the order by each rule."""

    order_id: str = figure("Order", "The order that followed.", unit="verbatim")
    at: datetime = figure("When", "When.", unit="instant")
    channel: str = figure("Channel", "Channel.")
    days_before: float = figure("Days before", "Days to the order.", unit="days")
    first: float = figure(TITLES["first"], "Part of the order, 0-1.", unit="share")
    last: float = figure(TITLES["last"], "Part of the order, 0-1.", unit="share")
    last_non_direct: float = figure(TITLES["last_non_direct"], "Part of the order, 0-1.", unit="share")
    linear: float = figure(TITLES["linear"], "Part of the order, 0-1.", unit="share")
    time_decay: float = figure(TITLES["time_decay"], "Part of the order, 0-1.", unit="share")
    position: float = figure(TITLES["position"], "Part of the order, 0-1.", unit="share")
    shapley: float = figure(TITLES["shapley"], "Part of the order, 0-1.", unit="share")


class PathOrder(BaseModel):
    """One order with the channels before it."""

    order_id: str = figure("Order", "The shop's number of the order.", unit="verbatim")
    ordered_at: datetime = figure("Ordered", "When.", unit="instant")
    value: float | None = figure("Value", "As charged.", unit="money")
    path: str = figure("Path", "The channels met before it, oldest first; empty: none in time.", unit="verbatim")


class CustomerPath(ToolResult):
    """The latest orders with their touches, newest order first."""

    customer: str = figure("Customer", "The shop's customer id.", unit="verbatim")
    orders: list[PathOrder] = Field(description="Newest first, up to the limit.")
    touches: list[PathTouch] = Field(description="Touches before those orders, oldest first within each.")
    total_orders: int = figure("Orders", "Orders of the customer in all.", unit="orders")
    currency: str = Field(description="ISO 4217 code of money.")


def _audience(arguments: CustomerPathArguments, _result: CustomerPath | None) -> dict[str, Any] | None:
    return rule_of_customer(arguments.customer)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what a customer met before ordering",
    agents=("research", "analytics"),
    examples=({"customer": "17850"},),
    questions=(PATH,),
    next=("Which channel brings the most sales?", "What will they buy next?"),
    audience=_audience,
)
def customer_path(context: Context, arguments: CustomerPathArguments) -> CustomerPath:
    """One customer's path to purchase: the channels met before each order, and each touch's credit by every rule."""
    with context.transaction() as connection:
        who = customers.facts_of(connection, arguments.customer)
    found = asked(context, arguments, customer=int(who["customer_id"]))
    table = found.table
    latest = table.orders.sort("at", descending=True).head(arguments.orders)
    if latest.is_empty():
        raise NoSuchData(f"Customer {who['external_id']} has not ordered yet.")
    places = {int(order): place for place, order in enumerate(table.order) if order >= 0}
    orders, touches = [], []
    for row in latest.iter_rows(named=True):
        at = found.calendar.local(row["at"])
        met = _touches(found, arguments, row["order_id"], places.get(int(row["order"])))
        touches += met
        path = " → ".join(value_name("channel", touch.channel) for touch in met)
        orders.append(PathOrder(order_id=row["order_id"], ordered_at=at, value=money(row["value"]), path=path))
    return CustomerPath(
        customer=who["external_id"],
        orders=orders,
        touches=touches,
        total_orders=table.orders.height,
        currency=found.currency,
        evidence=Evidence(
            rows=table.touches.height,
            as_of=found.as_of,
            sources=["events", "messages", "orders"],
            definitions=definitions(arguments, found),
        ),
    )


def _touches(found: Any, arguments: CustomerPathArguments, order_id: str, journey: int | None) -> list[PathTouch]:
    """The touches of one order; none where nothing was met within the window."""
    from analytics.attribution.rules import touch_weights

    if journey is None:
        return []
    journeys = found.table.journeys
    begin, end = int(journeys.starts[journey]), int(journeys.starts[journey + 1])
    weights = {name: touch_weights(journeys, name, arguments.settings())[begin:end] for name in SHOWN}
    rows = found.table.touches.slice(begin, end - begin).iter_rows(named=True)
    return [
        PathTouch(
            order_id=order_id,
            at=found.calendar.local(row["at"]),
            channel=row["label"],
            days_before=round(row["age"], 2),
            **{name: share(parts[place]) for name, parts in weights.items()},
        )
        for place, row in enumerate(rows)
    ]
