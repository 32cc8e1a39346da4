"""Small shops at random: refunds, adjustments, anonymous orders, orders at one instant, any time zone, empty months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import Connection, text

from database.engine import Database
from tests.conftest import make_organisation

FIRST = datetime(2023, 11, 20, tzinfo=UTC)
DAYS = 140
ZONES = ("UTC", "Pacific/Auckland", "America/New_York", "Asia/Kolkata")
CUSTOMERS = {"ann": "Denmark", "bob": "Spain", "cid": None, "dot": "Spain"}
CITIES = {"ann": "Aarhus", "bob": "Cadiz", "cid": "Cadiz"}
GOODS = {  # sku: name, category, merchandise
    "MUG": ("Mug", "Kitchen", True),
    "PAN": ("Pan", "Kitchen", True),
    "RUG": ("Rug", "Home", True),
    "ODD": ("Odd thing", None, True),
    "POST": ("Postage", "Service", False),
}
FORMER = {"PAN": "Frying pan"}
EVENTS = ("visit", "email_sent", "email_open", "cart")


@dataclass(frozen=True)
class Line:
    """One line of an order."""

    sku: str
    quantity: int
    price: Decimal


@dataclass(frozen=True)
class Order:
    """An order, refund or adjustment."""

    at: datetime
    customer: str | None
    kind: str
    country: str | None
    channel: str | None
    discount: Decimal
    lines: tuple[Line, ...]

    @property
    def sign(self) -> int:
        """Refunds and adjustments are negative."""
        return 1 if self.kind == "sale" else -1

    @property
    def tax(self) -> Decimal:
        """A fifth of what is charged."""
        return round(sum((self.sign * line.quantity * line.price for line in self.lines), Decimal(0)) / 5, 2)


@dataclass(frozen=True)
class Shop:
    """Orders and events, and where the shop's clocks stand."""

    zone: str
    orders: tuple[Order, ...]
    events: tuple[tuple[datetime, str | None, str], ...]


def _instants() -> st.SearchStrategy[datetime]:
    """Few days, so that some are shared and some months are empty; minutes around local midnights."""
    days = st.sampled_from((0, 1, 11, 12, 40, 41, 42, 43, 70, 102, 103, 132, DAYS - 1))
    return st.builds(lambda d, m: FIRST + timedelta(days=d, minutes=m), days, st.sampled_from(range(0, 1440, 95)))


_CENTS = st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100)
_PEOPLE = st.sampled_from((None, *CUSTOMERS))
_LINES = st.builds(Line, st.sampled_from(tuple(GOODS)), st.integers(1, 4), _CENTS)
_ORDERS = st.builds(
    Order,
    at=_instants(),
    customer=_PEOPLE,
    kind=st.sampled_from(("sale", "sale", "sale", "refund", "adjustment")),
    country=st.sampled_from((None, "Denmark", "France")),
    channel=st.sampled_from((None, "web", "store")),
    discount=st.sampled_from((Decimal(0), Decimal("1.25"))),
    lines=st.lists(_LINES, min_size=1, max_size=3).map(tuple),
)
shops = st.builds(
    Shop,
    zone=st.sampled_from(ZONES),
    orders=st.lists(_ORDERS, min_size=1, max_size=16).map(tuple),
    events=st.lists(st.tuples(_instants(), _PEOPLE, st.sampled_from(EVENTS)), max_size=8).map(tuple),
)


def opened(database: Database, shop: Shop) -> UUID:
    """The shop as an organisation of its own."""
    org_id = make_organisation(database, time_zone=shop.zone)
    with database.transaction(org_id) as connection:
        for table in ("orders", "events"):
            connection.execute(
                text("select ensure_month_partitions(:t, :a, :b)"),
                {"t": table, "a": FIRST, "b": FIRST + timedelta(days=DAYS + 2)},
            )
        _insert(
            connection,
            "customers",
            [{"external_id": n, "country": c, "city": CITIES.get(n)} for n, c in CUSTOMERS.items()],
        )
        found = connection.execute(text("select external_id, id from customers"))
        ids = {row.external_id: row.id for row in found}
        _insert(
            connection,
            "products",
            [{"sku": s, "name": n, "category": c, "merchandise": m} for s, (n, c, m) in GOODS.items()],
        )
        _insert(connection, "product_names", [{"sku": s, "name": n, "lines": 1} for s, n in FORMER.items()])
        orders = [_order(number, order, ids) for number, order in enumerate(shop.orders)]
        lines = [row for number, order in enumerate(shop.orders) for row in _lines(number, order, ids)]
        events = [
            {"event_id": str(n), "occurred_at": at, "customer_id": ids.get(who or ""), "kind": kind}
            for n, (at, who, kind) in enumerate(shop.events)
        ]
        for table, rows, at in (
            ("orders", orders, "ordered_at"), ("order_items", lines, "ordered_at"), ("events", events, "occurred_at"),
        ):  # fmt: skip
            _insert(connection, table, rows)
            covered = f"select '{table}', count(*), min({at}), max({at}) from {table} having count(*) > 0"
            connection.execute(text(f"insert into data_coverage (table_name, rows, first_at, last_at) {covered}"))
    return org_id


def order_id(number: int) -> str:
    """Number of the order, of one length, so that they are in order as texts too."""
    return f"o{number:03}"


def _order(number: int, order: Order, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "order_id": order_id(number),
        "ordered_at": order.at,
        "customer_id": ids.get(order.customer or ""),
        "kind": order.kind,
        "quantity": sum(order.sign * line.quantity for line in order.lines),
        "revenue": sum(order.sign * line.quantity * line.price for line in order.lines),
        "discount": order.discount,
        "tax": order.tax,
        "shipping": order.sign * Decimal("2.50"),
        "channel": order.channel,
        "country": order.country,
    }


def _lines(number: int, order: Order, ids: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order_id(number),
            "sku": line.sku,
            "occurrence": place,
            "ordered_at": order.at,
            "customer_id": ids.get(order.customer or ""),
            "quantity": order.sign * line.quantity,
            "unit_price": line.price,
            "revenue": order.sign * line.quantity * line.price,
        }
        for place, line in enumerate(order.lines)
    ]


def _insert(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = ", ".join(rows[0])
        values = ", ".join(f":{name}" for name in rows[0])
        connection.execute(text(f"insert into {table} ({names}) values ({values})"), rows)
