"""Customers one by one, from the view of everything known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from core.errors import NotFound

__all__ = ["Found", "anybody_discounted", "facts_of", "features_as_of", "find", "recent_orders"]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the columns asked for, with how many customers match and what they spent in all."""

    rows: list[tuple[Any, ...]]
    total: int
    total_value: float | None


def find(
    connection: Connection,
    condition: str,
    values: Mapping[str, Any],
    *,
    columns: Sequence[str],
    sort: str,
    descending: bool,
    limit: int,
    offset: int,
) -> Found:
    """Customers a compiled rule picks; `columns` and `sort` are columns of customer_facts that were looked up."""
    chosen = ", ".join(f"f.{column}" for column in columns)
    order = f"f.{sort} {'desc' if descending else 'asc'} nulls last, f.customer_id"
    where = f"from customer_facts f where {condition}"
    sums = f"select count(*), sum(f.monetary_value) {where}"
    total, value = connection.execute(text(sums), dict(values)).one()
    page = f"select {chosen} {where} order by {order} limit :limit offset :offset"
    rows = connection.execute(text(page), {**values, "limit": limit, "offset": offset})
    return Found([tuple(row) for row in rows], total, value)


def facts_of(connection: Connection, customer: str) -> dict[str, Any]:
    """Everything known of the customer with that shop id or address of any kind; NotFound when there is none."""
    who = customer.strip()
    found = _matching(connection, "external_id", who) or [
        facts for one in _addressed(connection, who) for facts in _matching(connection, "customer_id", one)
    ]
    if not found:
        raise NotFound(f"There is no customer with the id or address '{customer}'.", field="customer")
    if len(found) > 1:
        raise NotFound(f"Several customers share the address '{customer}': use a customer id.", field="customer")
    return found[0]


def _addressed(connection: Connection, address: str) -> Sequence[int]:
    """Up to two customers who have this address, or go by it besides their number."""
    query = text(
        "select customer_id from contact_points where lower(address) = lower(:address)"
        " union select customer_id from identities where value in (:address, lower(:address)) limit 2"
    )
    return connection.execute(query, {"address": address}).scalars().all()


def _matching(connection: Connection, column: str, who: str | int) -> list[dict[str, Any]]:
    query = text(f"select * from customer_facts where {column} = :who")  # noqa: S608 - our own two columns
    return [dict(row) for row in connection.execute(query, {"who": who}).mappings()]


def recent_orders(connection: Connection, customer_id: int, *, as_of: datetime, limit: int) -> list[dict[str, Any]]:
    """A customer's last orders before `as_of`, newest first."""
    rows = connection.execute(
        text(
            """
            select order_id, ordered_at, kind, revenue, quantity from orders
            where customer_id = :customer and ordered_at < :as_of order by ordered_at desc, order_id limit :limit
            """
        ),
        {"customer": customer_id, "as_of": as_of, "limit": limit},
    ).mappings()
    return [dict(row) for row in rows]


def features_as_of(connection: Connection) -> datetime | None:
    """The instant the stored features are true for; None before they were first computed.

    Any row tells: all are replaced at once, and those of a few customers computed since are hours younger at most.
    """
    at: datetime | None = connection.execute(text("select as_of from features limit 1")).scalar()
    return at


def anybody_discounted(connection: Connection) -> bool:
    """Whether any customer has an order with a discount."""
    sql = text("select exists (select 1 from features where discounted_order_share > 0)")
    return bool(connection.execute(sql).scalar_one())
