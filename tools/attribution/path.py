"""One customer's journeys: what they met before each order, and what each touch is credited with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import customers
from language.cells import value_name
from tools.attribution.asked import Asked, TouchArguments, asked, definitions
from tools.attribution.methods import DOES, SHOP_WIDE, TITLES, Method, MethodLeftOut, left_out
from tools.attribution.questions import PATH, path_follow_up
from tools.audience.rule import rule_of_customer
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.results import Evidence, ToolResult

if TYPE_CHECKING:
    import polars as pl

    from analytics.attribution.paths import PathWeights


class CustomerPathArguments(TouchArguments):
    """Which customer."""

    customer: str = Field(min_length=1, description="The shop's customer id or email address.")
    orders: int = Field(default=5, ge=1, le=100, description="Latest orders at most.")
    method: Method | None = Field(default=None, description="Method to lead with; absent: the best there is.")


def _part(method: str) -> Any:
    return figure(TITLES[method], "Part of the order, 0-1.", unit="share", default=None)


def _worth(method: str) -> Any:
    return figure(TITLES[method], "What it is credited with of these orders.", unit="money", default=None)


class PathTouch(BaseModel):
    """One touch before one order, with its part of the order by each method."""

    order_id: str = figure("Order", "The order that followed.", unit="verbatim")
    at: datetime = figure("When", "When.", unit="instant")
    channel: str = figure("Channel", "Channel.")
    days_before: float = figure("Days before", "Days to the order.", unit="days")
    first: float | None = _part("first")
    last: float | None = _part("last")
    last_non_direct: float | None = _part("last_non_direct")
    linear: float | None = _part("linear")
    time_decay: float | None = _part("time_decay")
    position: float | None = _part("position")
    shapley: float | None = _part("shapley")
    markov: float | None = _part("markov")
    data_driven: float | None = _part("data_driven")


class PathChannel(BaseModel):
    """One channel with the money of these orders that each method credits it with."""

    channel: str = figure("Channel", "Channel.")
    touches: int = figure("Touches", "Its touches before these orders.", unit="count")
    first: float | None = _worth("first")
    last: float | None = _worth("last")
    last_non_direct: float | None = _worth("last_non_direct")
    linear: float | None = _worth("linear")
    time_decay: float | None = _worth("time_decay")
    position: float | None = _worth("position")
    shapley: float | None = _worth("shapley")
    markov: float | None = _worth("markov")
    data_driven: float | None = _worth("data_driven")


class PathOrder(BaseModel):
    """One order with the channels before it."""

    order_id: str = figure("Order", "The shop's number of the order.", unit="verbatim")
    ordered_at: datetime = figure("Ordered", "When.", unit="instant")
    value: float | None = figure("Value", "As charged, refunds taken off.", unit="money")
    given_back: float | None = figure("Given back", "What was refunded of it.", unit="money")
    path: str = figure("Path", "The channels met before it, oldest first; empty: none in time.", unit="verbatim")


class CustomerPath(ToolResult):
    """The latest orders with their touches, newest order first."""

    customer: str = figure("Customer", "The shop's customer id.", unit="verbatim")
    orders: list[PathOrder] = Field(description="Newest first, up to the limit.")
    channels: list[PathChannel] = Field(description="Those met, with their money by each method; most first.")
    touches: list[PathTouch] = Field(description="Touches before those orders, oldest first within each.")
    method: Method = figure("Method", "The leading method.")
    credited: float | None = figure(
        "Credited", "What those orders with a touch are worth: each method's sum.", unit="money"
    )
    left_out: list[MethodLeftOut] = Field(description="Methods that the data of the shop do not bear.")
    journeys: int = figure("Journeys", "Journeys of all customers that the models are fitted to.", unit="count")
    total_orders: int = figure("Orders", "Orders of the customer in all.", unit="orders")
    window_days: int = figure("Window", "Days before an order in which a touch counts.", unit="days")
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
    follow_up=path_follow_up,
)
def customer_path(context: Context, arguments: CustomerPathArguments) -> CustomerPath:
    """One customer's path to purchase: the channels met before each order, and their credit by every method."""
    with context.transaction() as connection:
        who = customers.facts_of(connection, arguments.customer)
    found = asked(context, arguments)
    own = found.table.orders.filter(found.table.orders["customer_id"] == int(who["customer_id"]))
    latest = own.sort("at", descending=True).head(arguments.orders)
    if latest.is_empty():
        raise NoSuchData(f"Customer {who['external_id']} has no order yet.")
    paths, places = _weighed(found, arguments, latest)
    met = {order: _touches(found, paths, latest, order, place) for order, place in places.items()}
    method = _leading(arguments.method, paths)
    return CustomerPath(
        customer=who["external_id"],
        orders=[_order(found, row, met.get(row["order"], [])) for row in latest.iter_rows(named=True)],
        channels=_channels(paths, method),
        touches=[touch for order in latest["order"] for touch in met.get(order, [])],
        method=method,
        credited=money(paths.journeys.value.sum()) if paths else 0.0,
        left_out=left_out(paths.left_out) if paths else [],
        journeys=found.table.journeys.size,
        total_orders=own.height,
        window_days=arguments.window_days,
        currency=found.currency,
        evidence=_evidence(found, arguments),
    )


def _weighed(
    found: Asked, arguments: CustomerPathArguments, latest: pl.DataFrame
) -> tuple[PathWeights | None, dict[int, int]]:
    """The weights of the touches before these orders, None without any; and which journey each order is of."""
    import numpy as np

    from analytics.attribution.paths import path_weights

    chosen = np.isin(found.table.order, latest["order"].to_numpy().astype(np.int64))
    if not chosen.any():
        return None, {}
    paths = path_weights(found.table.journeys, chosen, settings=arguments.settings())
    return paths, {int(order): place for place, order in enumerate(found.table.order[chosen])}


def _order(found: Asked, row: Mapping[str, Any], met: Sequence[PathTouch]) -> PathOrder:
    return PathOrder(
        order_id=row["order_id"],
        ordered_at=found.calendar.local(row["at"]),
        value=money(row["value"]),
        given_back=money(row["given_back"]) if row["given_back"] else None,
        path=" → ".join(value_name("channel", touch.channel) for touch in met),
    )


def _touches(
    found: Asked, paths: PathWeights | None, latest: pl.DataFrame, order: int, journey: int
) -> list[PathTouch]:
    """The touches before one order."""
    order_id = latest.filter(latest["order"] == order)["order_id"][0]
    rows = found.table.touches.filter(found.table.touches["journey"] == order).iter_rows(named=True)
    parts = paths.parts(journey) if paths else []
    return [
        PathTouch(
            order_id=order_id,
            at=found.calendar.local(row["at"]),
            channel=row["label"],
            days_before=round(row["age"], 2),
            **{name: share(part) for name, part in each.items()},
        )
        for row, each in zip(rows, parts, strict=True)
    ]


def _channels(paths: PathWeights | None, method: str) -> list[PathChannel]:
    """What each channel is credited with, the most by the leading method first."""
    found = paths.channels() if paths else []
    rows = [PathChannel(channel=name, touches=touches, **worth) for name, touches, worth in found]
    return sorted(rows, key=lambda row: (-(getattr(row, method) or 0.0), row.channel))


def _leading(asked_for: Method | None, paths: PathWeights | None) -> Method:
    """The method asked for, else the data-driven one, else one that can always be told."""
    known = paths.weights if paths else {}
    if asked_for is not None and asked_for in known:
        return asked_for
    return "data_driven" if "data_driven" in known else "linear"


def _evidence(found: Asked, arguments: CustomerPathArguments) -> Evidence:
    told = [f"{TITLES[name]}: {DOES[name]}" for name in TITLES]
    return Evidence(
        rows=found.table.touches.height,
        as_of=found.as_of,
        sources=["events", "messages", "orders"],
        definitions=[*definitions(arguments, found), *told, SHOP_WIDE],
    )
