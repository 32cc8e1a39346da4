"""What an organisation's data covers: rows and period of each table, and the instant its figures are true for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from core.calendar import Calendar


def rows(connection: Connection, table: str) -> int:
    """How many rows of `table` were there when it was last counted."""
    found = connection.execute(text("select rows from data_coverage where table_name = :t"), {"t": table}).scalar()
    return int(found or 0)


def counted(connection: Connection) -> dict[str, int]:
    """How many rows of each table were there when it was last counted."""
    return {row.table_name: row.rows for row in connection.execute(text("select table_name, rows from data_coverage"))}


def versions(connection: Connection) -> dict[str, int]:
    """How often loads have changed each table that holds anything; a table that is not in it was never loaded."""
    found = connection.execute(text("select table_name, version from data_coverage"))
    return {row.table_name: row.version for row in found}


def scores_are_stale(connection: Connection) -> bool:
    """True when orders or events were loaded after the features were last computed, or never were."""
    stale: bool = connection.execute(
        text(
            """
            select coalesce(max(d.updated_at) > coalesce((select max(computed_at) from features), '-infinity'), false)
            from data_coverage d where d.table_name in ('orders', 'events') and d.rows > 0
            """
        )
    ).scalar_one()
    return stale


def reference_instant(connection: Connection, now: datetime) -> datetime:
    """The end of the latest day with an order or event, in the organisation's time zone, never later than `now`.

    A file that ends in 2011 is judged at its own end; a shop whose data runs to this minute is judged now.
    Rows dated after `now` are left out of account. Without any data the instant is `now`.
    """
    last = connection.execute(
        text("select max(last_at) from data_coverage where table_name in ('orders', 'events')")
    ).scalar()
    if last is None:
        return now
    if last > now:
        last = _latest_before(connection, now)
        if last is None:
            return now
    calendar = Calendar(connection.execute(text("select time_zone from organisations")).scalar_one())
    return min(calendar.end(calendar.day(last)).astimezone(now.tzinfo), now)


def _latest_before(connection: Connection, now: datetime) -> datetime | None:
    latest: datetime | None = connection.execute(
        text(
            """
            select greatest((select max(ordered_at) from orders where ordered_at <= :now),
                            (select max(occurred_at) from events where occurred_at <= :now))
            """
        ),
        {"now": now},
    ).scalar()
    return latest


def without_customer(connection: Connection) -> dict[str, int]:
    """Rows of orders and of their lines that belong to no known customer."""
    row = connection.execute(
        text(
            """
            select (select count(*) from orders where customer_id is null) as orders,
                   (select count(*) from order_items where customer_id is null) as order_items
            """
        )
    ).one()
    return dict(row._mapping)
