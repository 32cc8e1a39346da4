"""Orders and refunds one by one: number, day, customer, amount, and what was in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection, RowMapping

from core.errors import NotFound
from core.identity import READ
from database.queries import coverage, customers, order_records, organisations
from database.queries.order_records import Wanted
from tools.audience.rule import rule_of_customer
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, rounded
from tools.records.customer_questions import CUSTOMER
from tools.records.follow_ups import other_days
from tools.records.questions import ORDERS
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

LINES = 2_000  # of the orders listed
KINDS = {"orders": ("sale",), "refunds": ("refund",), "both": ("sale", "refund")}


class ListOrdersArguments(Arguments):
    """Which orders, in which order."""

    customer: str | None = Field(default=None, min_length=1, description="Of this customer id or email address.")
    order: str | None = Field(default=None, min_length=1, description="The one with this number.")
    kind: Literal["orders", "refunds", "both"] = Field(
        default="orders", description="Sale orders, refunds (credit notes), or both."
    )
    start: date | None = Field(default=None, description="First day.")
    end: date | None = Field(default=None, description="Last day, included.")
    country: str | None = Field(default=None, description="From this country.")
    above: float | None = Field(default=None, description="Worth more than that; of refunds the money given back.")
    at_least: float | None = Field(default=None, description="Worth that or more.")
    below: float | None = Field(default=None, description="Worth less than that.")
    at_most: float | None = Field(default=None, description="Worth that or less.")
    sort: Literal["newest", "oldest", "largest", "smallest"] = Field(default="newest", description="Which come first.")
    limit: int = Field(default=100, ge=1, le=500, description="At most so many.")
    lines: bool = Field(default=False, description="True: what was in them, too.")


class OrderRecord(BaseModel):
    """One order or refund."""

    order: str = figure("Order", "The shop's order number.")
    day: date = figure("Day", "Local day it was placed.")
    kind: str = figure("Kind", "sale or refund.")
    customer: str | None = figure("Customer", "The shop's customer id; null: not known.")
    country: str | None = figure("Country", "Country of the order, else of the customer.")
    amount: float | None = figure("Amount", "What was charged; negative for refunds.", unit="money")
    units: float | None = figure("Units", "Units in it.", unit="units")


class OrderLine(BaseModel):
    """One line of an order."""

    order: str = figure("Order", "The shop's order number.")
    sku: str = figure("Code", "The shop's product code.")
    product: str = figure("Product", "As it was called in the order.")
    units: float | None = figure("Units", "Units.", unit="units")
    price: float | None = figure("Price", "Of one unit.", unit="money")
    amount: float | None = figure("Amount", "Of the line.", unit="money")


class ListOrders(ToolResult):
    """Orders one by one."""

    orders: list[OrderRecord] = Field(description="As they were asked for, at most `limit`.")
    total: int = figure("Found", "How many there are, listed or not.", unit="orders")
    amount: float | None = figure("Together", "What all of them sum to.", unit="money")
    lines: list[OrderLine] = Field(description="What was in the orders listed, where that was asked for.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="orders one by one",
    agents=("analytics", "research"),
    examples=({"customer": "17850", "sort": "newest", "limit": 5}, {"order": "536365", "lines": True}),
    questions=(ORDERS, CUSTOMER),
    views=(table("orders", title="Orders", total="total"), table("lines", title="What was in them")),
    next=("Which products bring the most revenue?",),
    audience=lambda arguments, _result: rule_of_customer(arguments.customer),
    follow_up=other_days,
)
def list_orders(context: Context, arguments: ListOrdersArguments) -> ListOrders:
    """Orders, invoices or credit notes one by one: number, day, customer and amount, and what was in them.

    For a customer's first, last or largest order, the documents of some days, those over an amount, one by its number.
    """
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        who = None if arguments.customer is None else customers.facts_of(connection, arguments.customer)
        if arguments.order is not None and not order_records.holds(connection, arguments.order):
            raise NotFound(f"There is no order with the number '{arguments.order}'.", field="order")
        as_of = coverage.reference_instant(connection, context.now)
        wanted = replace(
            _wanted(arguments, profile.time_zone), as_of=as_of, customer_id=None if who is None else who["customer_id"]
        )
        rows, total, amount = order_records.find(connection, wanted, sort=arguments.sort, limit=arguments.limit)
        lines = _lines(connection, rows) if arguments.lines else []
    return ListOrders(
        orders=[_record(row) for row in rows],
        total=total,
        amount=money(amount),
        lines=lines,
        currency=profile.currency,
        evidence=Evidence(
            rows=total, as_of=as_of, sources=["orders", *(["order_items"] if lines else [])],
            definitions=["amount: what was charged, tax and shipping in it included; negative for refunds."],
        ),
    )  # fmt: skip


def _wanted(arguments: ListOrdersArguments, time_zone: str) -> Wanted:
    named = arguments.model_dump(include={"start", "end", "country", "above", "at_least", "below", "at_most"})
    kinds = KINDS["both"] if arguments.order is not None else KINDS[arguments.kind]
    return Wanted(kinds, time_zone, order_id=arguments.order, **named)


def _record(row: RowMapping) -> OrderRecord:
    units = rounded(row["quantity"], "units")
    known: dict[str, Any] = {name: row[name] for name in ("day", "kind", "customer", "country")}
    return OrderRecord(order=row["order_id"], amount=money(row["revenue"]), units=units, **known)


def _lines(connection: Connection, rows: Sequence[RowMapping]) -> list[OrderLine]:
    found = order_records.lines_of(connection, [row["order_id"] for row in rows], limit=LINES)
    return [
        OrderLine(
            order=line["order_id"], sku=line["sku"], product=line["name"], units=rounded(line["quantity"], "units"),
            price=money(line["unit_price"]), amount=money(line["revenue"]),
        )
        for line in found
    ]  # fmt: skip
