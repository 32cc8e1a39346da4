"""What an organisation's data covers: rows and period of each table, and the instant its figures are true for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from core.errors import FixArguments

TIME_COLUMNS: dict[str, str | None] = {
    "customers": "created_at",
    "products": None,
    "orders": "ordered_at",
    "order_items": "ordered_at",
    "events": "occurred_at",
    "campaigns": "started_at",
    "campaign_daily": "day",
    "channel_spend": "day",
    "assignments": "assigned_at",
    "mentions": "posted_at",
}


def refresh(connection: Connection, tables: Iterable[str]) -> None:
    """Count `tables` anew and keep rows, first and last instant in data_coverage."""
    for table in tables:
        if table not in TIME_COLUMNS:
            raise FixArguments(f"'{table}' is not a table of data.", field="tables", valid=sorted(TIME_COLUMNS))
        column = TIME_COLUMNS[table]
        span = f"min({column})::timestamptz, max({column})::timestamptz" if column else "null, null"
        connection.execute(
            text(
                f"""
                insert into data_coverage (table_name, rows, first_at, last_at, updated_at)
                select :table, count(*), {span}, now() from {table}
                on conflict (org_id, table_name) do update
                set rows = excluded.rows, first_at = excluded.first_at,
                    last_at = excluded.last_at, updated_at = excluded.updated_at
                """  # noqa: S608 - names come from TIME_COLUMNS
            ),
            {"table": table},
        )


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
    zone = ZoneInfo(connection.execute(text("select time_zone from organisations")).scalar_one())
    midnight = last.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return min(midnight.astimezone(now.tzinfo), now)


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
