"""What is loaded: rows, first and last instant of a table, kept up by every load."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from database.loading.merge import Counts, run

TIME_COLUMNS = {
    "customers": "created_at",
    "order_items": "ordered_at",
    "orders": "ordered_at",
    "events": "occurred_at",
    "campaigns": "started_at",
    "campaign_daily": "day",
    "channel_spend": "day",
    "mentions": "posted_at",
}


def refresh_coverage(connection: Connection, table: str, counts: Counts, now: datetime) -> None:
    """Count `table` anew where the load changed it; `now` is written as the time of the change."""
    if not counts.inserted and not counts.updated:
        return
    at = TIME_COLUMNS.get(table)
    span = f"min({at})::timestamptz, max({at})::timestamptz" if at else "null, null"
    run(
        connection,
        "insert into data_coverage (table_name, rows, first_at, last_at, updated_at)"  # noqa: S608
        f" select :table, count(*), {span}, :now from {table}"
        " on conflict (org_id, table_name) do update set rows = excluded.rows, first_at = excluded.first_at,"
        " last_at = excluded.last_at, updated_at = excluded.updated_at",
        table=table,
        now=now,
    )
