"""What customers did, as frames for the analytics (columns as analytics.features.tables declares them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from core.event_kinds import EVENT_KINDS
from database.engine import Database

if TYPE_CHECKING:
    import polars as pl
    from adbc_driver_manager.dbapi import Connection as AdbcConnection

ORDERS = """
    select customer_id, ordered_at, revenue::float8 as revenue, discount::float8 as discount,
           coalesce(quantity, 0)::float8 as quantity, kind <> 'sale' as is_refund, channel,
           coalesce(city, country) as location
    from orders where customer_id is not null and ordered_at < $1
    order by customer_id, ordered_at
"""
ITEMS = """
    select i.customer_id, i.ordered_at, i.sku as product, p.category, i.revenue::float8 as revenue,
           i.quantity::float8 as quantity
    from order_items i left join products p using (org_id, sku)
    where i.customer_id is not null and i.ordered_at < $1
    order by i.customer_id, i.ordered_at
"""
EVENTS = """
    select e.customer_id, e.occurred_at, (k.code - 1)::int2 as kind
    from events e join unnest($2::text[]) with ordinality as k(kind, code) using (kind)
    where e.customer_id is not null and e.occurred_at < $1
    order by e.customer_id, e.occurred_at
"""


@dataclass(frozen=True, slots=True)
class History:
    """Orders, order lines and events before `as_of`; `names` decodes the codes of each coded column."""

    orders: pl.DataFrame
    items: pl.DataFrame
    events: pl.DataFrame
    names: Mapping[str, pl.Series]
    as_of: datetime
    time_zone: str


def read_history(database: Database, org_id: UUID, *, as_of: datetime, time_zone: str) -> History:
    """Everything `org_id`'s known customers did before `as_of`, sorted by customer and time."""
    with database.arrow(org_id) as connection:
        orders, order_names = _coded(_read(connection, ORDERS, as_of), ("channel", "location"))
        items, item_names = _coded(_read(connection, ITEMS, as_of), ("product", "category"))
        events = _read(connection, EVENTS, as_of, list(EVENT_KINDS))
    return History(orders, items, events, {**order_names, **item_names}, as_of, time_zone)


def _read(connection: AdbcConnection, query: str, as_of: datetime, *more: object) -> pl.DataFrame:
    import polars as pl

    with connection.cursor() as cursor:
        cursor.execute(query, [as_of, *more])
        frame = pl.from_arrow(cursor.fetch_arrow_table())
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table always becomes a frame
    return frame


def _coded(frame: pl.DataFrame, columns: tuple[str, ...]) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Replace text columns by Int32 codes (-1 for null) and return the names by code."""
    import polars as pl

    names = {column: frame[column].drop_nulls().unique().sort() for column in columns}
    for column in columns:
        codes = pl.Enum(names[column])
        frame = frame.with_columns(pl.col(column).cast(codes).to_physical().cast(pl.Int32).fill_null(-1).alias(column))
    return frame, names
