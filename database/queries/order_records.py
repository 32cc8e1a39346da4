"""Orders and refunds one by one, what was in them, and on which days there were any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

__all__ = ["Wanted", "find", "holds", "lines_of", "selling_days"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders: days are local, both included; amounts of refunds count as positive."""

    kinds: Sequence[str]
    time_zone: str
    as_of: datetime | None = None
    customer_id: int | None = None
    order_id: str | None = None
    country: str | None = None
    start: date | None = None
    end: date | None = None
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    def condition(self) -> str:
        """As SQL over `orders o` and the `customers c` who placed them."""
        tests = {
            "as_of": "o.ordered_at < :as_of",
            "customer_id": "o.customer_id = :customer_id",
            "order_id": "lower(o.order_id) = lower(:order_id)",
            "country": "lower(coalesce(o.country, c.country)) = lower(:country)",
            "start": "o.ordered_at >= (cast(:start as timestamp) at time zone :time_zone)",
            "end": "o.ordered_at < ((cast(:end as timestamp) + interval '1 day') at time zone :time_zone)",
            "above": "abs(o.revenue) > :above",
            "at_least": "abs(o.revenue) >= :at_least",
            "below": "abs(o.revenue) < :below",
            "at_most": "abs(o.revenue) <= :at_most",
        }
        said = [test for name, test in tests.items() if getattr(self, name) is not None]
        return " and ".join(["o.kind = any(:kinds)", *said])

    def values(self) -> dict[str, Any]:
        """What the condition binds."""
        return {name: getattr(self, name) for name in self.__slots__} | {"kinds": list(self.kinds)}


_FROM = "from orders o left join customers c on c.org_id = o.org_id and c.id = o.customer_id"
_ORDERED = {
    "newest": "o.ordered_at desc",
    "oldest": "o.ordered_at",
    "largest": "abs(o.revenue) desc",
    "smallest": "abs(o.revenue)",
}


def find(connection: Connection, wanted: Wanted, *, sort: str, limit: int) -> tuple[list[RowMapping], int, Any]:
    """The orders (order_id, day, kind, customer, country, revenue, quantity), how many there are, what they sum to."""
    where = f"{_FROM} where {wanted.condition()}"
    rows = f"""
        select o.order_id, cast(o.ordered_at at time zone :time_zone as date) as day, o.kind,
               c.external_id as customer, coalesce(o.country, c.country) as country, o.revenue, o.quantity
        {where} order by {_ORDERED[sort]}, o.ordered_at, o.order_id limit :limit
    """
    values = wanted.values()
    total, revenue = connection.execute(text(f"select count(*), sum(o.revenue) {where}"), values).one()
    found = connection.execute(text(rows), values | {"limit": limit}).mappings()
    return list(found), total, revenue


def holds(connection: Connection, order_id: str) -> bool:
    """Whether there is an order or a refund with that number."""
    sql = text("select exists (select 1 from orders where lower(order_id) = lower(:order_id))")
    return bool(connection.execute(sql, {"order_id": order_id}).scalar_one())


def lines_of(connection: Connection, orders: Sequence[str], *, limit: int) -> list[RowMapping]:
    """The lines (order_id, sku, name, quantity, unit_price, revenue) of these orders, the dearest first."""
    sql = text("""
        select i.order_id, i.sku, coalesce(i.description, p.name, i.sku) as name, i.quantity, i.unit_price, i.revenue
        from order_items i left join products p on p.org_id = i.org_id and p.sku = i.sku
        where i.order_id = any(:orders) order by i.order_id, abs(i.revenue) desc nulls last, i.sku limit :limit
    """)
    return list(connection.execute(sql, {"orders": list(orders), "limit": limit}).mappings())


def selling_days(connection: Connection, wanted: Wanted) -> Mapping[date, int]:
    """Each local day that has any of these orders, with how many."""
    sql = f"""
        select cast(o.ordered_at at time zone :time_zone as date) as day, count(*) as orders
        {_FROM} where {wanted.condition()} group by 1
    """
    return {row.day: row.orders for row in connection.execute(text(sql), wanted.values())}
