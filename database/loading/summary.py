"""What a load brought, in the figures a shop counts in: its orders by what became of them, in their currencies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, text

from database.loading.refunds import REST
from database.loading.shapes import SHAPES
from database.loading.staging import Staging

__all__ = ["OrdersBrought", "orders_brought"]

_NAMING = ("orders", "order_lines")


@dataclass(frozen=True, slots=True)
class OrdersBrought:
    """Orders of one kind (sale, refund, adjustment, void) in one currency; None: the organisation's."""

    kind: str
    currency: str | None
    orders: int
    revenue: Decimal


def orders_brought(connection: Connection, staging: Staging, number: int, *, first: bool) -> list[OrdersBrought]:
    """The orders and refunds that the staged rows name, as they stand now; of a `first` load those it made."""
    named = [SHAPES[name].staging for name in _NAMING if staging.has(name, "order_id")]
    staged = [f"select order_id from {table}" for table in named]  # noqa: S608
    if staging.has("refunds", "refund_id"):
        staged.append(f"select order_id || '~' || refund_id as order_id from {SHAPES['refunds'].staging}")  # noqa: S608
    if not staged:
        return []
    if not first:
        _name(connection, " union ".join(staged))
    which = "o.import_no = :number" if first else "o.order_id in (select order_id from brought)"
    query = text(
        "select o.kind, o.currency, count(*) as orders, sum(coalesce(o.charged, o.revenue)) as revenue from orders o"  # noqa: S608
        f" where {which} group by 1, 2 order by 1, 2"
    )
    rows = connection.execute(query, {"number": number} if first else {})
    return [OrdersBrought(row.kind, row.currency, row.orders, row.revenue) for row in rows]


def _name(connection: Connection, names: str) -> None:
    """The orders named and what refunds made of them, as a table whose size is known: few are looked up one by one,
    many are hashed.
    """
    connection.execute(text(f"create temp table brought (order_id) on commit drop as {names}"))
    connection.execute(text("analyze brought"))
    connection.execute(
        text(
            "insert into brought select o.order_id from orders o where o.refund_of in (select order_id from brought)"  # noqa: S608
            f" and o.order_id = o.refund_of || '{REST}'"
        )
    )
