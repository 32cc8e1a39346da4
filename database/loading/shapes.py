"""What can be staged: the columns of each staging table, and where its rows go.

`customer` in a staging table is the shop's own identifier; `line` orders rows and names them in messages. Shapes that
tell of people may have the columns of database/loading/contacts.py besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from database.loading.contacts import contact_type

TEXT, MONEY, AT, DAY, COUNT, JSON = "text", "numeric(18,4)", "timestamptz", "date", "bigint", "jsonb"


@dataclass(frozen=True, slots=True)
class Shape:
    """A staging table: its columns, the columns that name a row, and the target with its time column."""

    name: str
    target: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    at: str | None = None

    @property
    def staging(self) -> str:
        """Name of the temporary table."""
        return f"staged_{self.name}"

    def type_of(self, column: str) -> str | None:
        """SQL type of a column; None where the shape has none of that name."""
        if column == "line":
            return COUNT
        people = _PERSON.keys() <= self.columns.keys()
        return self.columns.get(column) or (contact_type(column) if people else None)


_PERSON = {"customer": TEXT, "country": TEXT, "city": TEXT, "name": TEXT}
# What an order's amount is made of, in the currency it was charged in.
_COMPONENTS = {
    "currency": TEXT,
    "subtotal": MONEY,
    "discount": MONEY,
    "tax": MONEY,
    "shipping": MONEY,
    "refunded": MONEY,
    "refunded_at": AT,
}
_DAILY = {"impressions": COUNT, "clicks": COUNT, "conversions": MONEY, "revenue": MONEY}

SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape(
            "customers",
            "customers",
            _PERSON | {"time_zone": TEXT, "raw": JSON, "created_at": AT},
            ("customer",),
            "created_at",
        ),
        Shape("products", "products", {"sku": TEXT, "name": TEXT, "category": TEXT, "price": MONEY}, ("sku",)),
        Shape(
            "order_lines",
            "order_items",
            _PERSON
            | {
                "order_id": TEXT,
                "sku": TEXT,
                "ordered_at": AT,
                "description": TEXT,
                "category": TEXT,
                "quantity": MONEY,
                "unit_price": MONEY,
                "revenue": MONEY,
                "status": TEXT,
                "channel": TEXT,
                "voucher_code": TEXT,
            }
            | _COMPONENTS,
            (),
            "ordered_at",
        ),
        Shape(
            "orders",
            "orders",
            _PERSON
            | {
                "order_id": TEXT,
                "ordered_at": AT,
                "quantity": MONEY,
                "revenue": MONEY,
                "status": TEXT,
                "channel": TEXT,
                "voucher_code": TEXT,
                "refund_of": TEXT,
            }
            | _COMPONENTS,
            ("order_id",),
            "ordered_at",
        ),
        Shape(
            "refunds",
            "orders",
            {
                "refund_id": TEXT,
                "order_id": TEXT,
                "customer": TEXT,
                "refunded_at": AT,
                "amount": MONEY,
                "currency": TEXT,
            },
            ("order_id", "refund_id"),
            "refunded_at",
        ),
        Shape(
            "exchange_rates",
            "exchange_rates",
            {"day": DAY, "currency": TEXT, "base": TEXT, "rate": "numeric(24,12)"},
            ("day", "currency", "base"),
        ),
        Shape(
            "events",
            "events",
            {
                "event_id": TEXT,
                "customer": TEXT,
                "occurred_at": AT,
                "kind": TEXT,
                "channel": TEXT,
                "campaign_id": TEXT,
                "properties": JSON,
            },
            ("event_id",),
            "occurred_at",
        ),
        Shape(
            "campaigns",
            "campaigns",
            {
                "campaign_id": TEXT,
                "name": TEXT,
                "channel": TEXT,
                "kind": TEXT,
                "status": TEXT,
                "audience": TEXT,
                "budget": MONEY,
                "started_at": AT,
                "ended_at": AT,
            },
            ("campaign_id",),
            "started_at",
        ),
        Shape(
            "campaign_daily",
            "campaign_daily",
            {"campaign_id": TEXT, "day": DAY, "cost": MONEY, "currency": TEXT} | _DAILY,
            ("campaign_id", "day"),
            "day",
        ),
        Shape(
            "channel_spend",
            "channel_spend",
            {"day": DAY, "channel": TEXT, "spend": MONEY, "currency": TEXT} | _DAILY,
            ("day", "channel"),
            "day",
        ),
        Shape(
            "assignments",
            "assignments",
            {"campaign_id": TEXT, "customer": TEXT, "arm": TEXT, "assigned_at": AT},
            ("campaign_id", "customer"),
        ),
        Shape(
            "paths",
            "conversion_paths",
            {"path_id": TEXT, "path": TEXT, "conversions": MONEY, "value": MONEY, "nulls": MONEY},
            ("path_id",),
        ),
        Shape(
            "mentions",
            "mentions",
            {
                "mention_id": TEXT,
                "source": TEXT,
                "posted_at": AT,
                "author_handle": TEXT,
                "text": TEXT,
                "rating": "numeric(4,2)",
                "url": TEXT,
            },
            ("mention_id",),
            "posted_at",
        ),
    )
}
