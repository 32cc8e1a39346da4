"""What customers did: customers, products, orders with their lines, events."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Amount, Base, Created, Instant, Loaded, Money, Owned, Words


class Customer(Loaded, Base):
    """A customer: the shop's own identifier and whatever else the source said."""

    __tablename__ = "customers"
    journal_key = ("id",)
    __table_args__ = (UniqueConstraint("org_id", "external_id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    external_id: Mapped[Words]
    name: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    time_zone: Mapped[str | None] = mapped_column(Text)
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ContactPoint(Loaded, Base):
    """Where a customer can be reached: one address of each kind (email address, telephone number …).

    Compared without regard to case. Goes with its customer (a trigger; a foreign key would cost more than the load).
    """

    __tablename__ = "contact_points"
    journal_key = ("kind", "customer_id")
    kind: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    address: Mapped[Words]


class Consent(Loaded, Base):
    """What a customer last said to messages on a channel, when it was read, and where. No row: nothing is known.

    `stated_at`: when it was said, where the source tells; a refusal without it stands against any later agreement.
    """

    __tablename__ = "consents"
    journal_key = ("channel", "customer_id")
    channel: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    granted: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[Created]
    source: Mapped[Words]
    stated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Product(Loaded, Base):
    """A product the shop sells. `merchandise` is false for postage, fees and bookings (loading/merchandise.py)."""

    __tablename__ = "products"
    journal_key = ("sku",)
    sku: Mapped[Words] = mapped_column(Text, primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    price: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    merchandise: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class Order(Loaded, Base):
    """An order, refund or adjustment. `revenue` is what was charged after discount; refunds are negative.

    `customer_id` is null for anonymous sales. `kind` is sale, refund, adjustment, or void: cancelled, or not paid yet.
    A refund of a known order names it in `refund_of`; `refunded` is the money given back that the order itself tells
    of (loading/refunds.py). `tax` and `shipping` are parts of `revenue`; null: not known.

    Amounts are in the organisation's currency. Where another was charged, `currency` names it and `charged` … hold
    the amounts as they were; `revenue` is null as long as no rate is known, and the row is hidden from what counts
    (database/migrations/security.py).
    """

    __tablename__ = "orders"
    journal_key = ("order_id",)
    __table_args__ = (
        Index(None, "org_id", "customer_id", "ordered_at"),
        Index(None, "org_id", "currency", postgresql_where=text("currency is not null")),
        Index(None, "org_id", "refund_of", postgresql_where=text("refund_of is not null")),
        Index("ix_orders_org_id_kept_apart", "org_id", postgresql_where=text("revenue is null")),
        Index(
            "ix_orders_org_id_voucher_code",
            "org_id",
            text("upper(voucher_code)"),
            postgresql_where=text("voucher_code is not null"),
        ),
        {"postgresql_partition_by": "RANGE (ordered_at)"},
    )
    order_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[Words] = mapped_column(Text, server_default="sale")
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    revenue: Mapped[Amount]
    discount: Mapped[Money] = mapped_column(Numeric(18, 4), server_default=text("0"))
    channel: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    tax: Mapped[Amount]
    shipping: Mapped[Amount]
    refunded: Mapped[Amount]
    refunded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refund_of: Mapped[str | None] = mapped_column(Text)
    currency: Mapped[str | None] = mapped_column(Text)
    charged: Mapped[Amount]
    charged_discount: Mapped[Amount]
    charged_tax: Mapped[Amount]
    charged_shipping: Mapped[Amount]
    voucher_code: Mapped[str | None] = mapped_column(Text)


class OrderItem(Loaded, Base):
    """One line of an order. `occurrence` counts equal products within an order (1, 2 …) in file order.

    `currency`, `charged` and `charged_price` as with orders; `revenue` is null where the order's is.
    """

    __tablename__ = "order_items"
    journal_key = ("order_id", "sku", "occurrence")
    __table_args__ = (
        Index(None, "org_id", "customer_id", "ordered_at"),
        Index(None, "org_id", "currency", postgresql_where=text("currency is not null")),
    )
    order_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    sku: Mapped[Words] = mapped_column(Text, primary_key=True)
    occurrence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    ordered_at: Mapped[Instant]
    description: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Money]
    unit_price: Mapped[Money]
    revenue: Mapped[Amount]
    currency: Mapped[str | None] = mapped_column(Text)
    charged: Mapped[Amount]
    charged_price: Mapped[Amount]


class ExchangeRate(Loaded, Base):
    """What one unit of `currency` was worth in `base` on a day, as a table of rates told."""

    __tablename__ = "exchange_rates"
    journal_key = ("currency", "base", "day")
    __table_args__ = (CheckConstraint("rate > 0", name="rate"),)
    currency: Mapped[Words] = mapped_column(Text, primary_key=True)
    base: Mapped[Words] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    rate: Mapped[Decimal] = mapped_column(Numeric(24, 12))


class Event(Loaded, Base):
    """A visit, cart, open, click … of one customer."""

    __tablename__ = "events"
    journal_key = ("event_id",)
    __table_args__ = (
        Index(None, "org_id", "customer_id", "occurred_at"),
        {"postgresql_partition_by": "RANGE (occurred_at)"},
    )
    event_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[Words]
    channel: Mapped[str | None] = mapped_column(Text)
    campaign_id: Mapped[str | None] = mapped_column(Text)
    properties: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class DataCoverage(Owned, Base):
    """What is loaded: one row a table, kept by loads, so that coverage and freshness cost nothing to ask.

    `version` counts the loads that changed the table.
    """

    __tablename__ = "data_coverage"
    table_name: Mapped[Words] = mapped_column(Text, primary_key=True)
    rows: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[Created]
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
