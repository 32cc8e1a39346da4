"""What is loaded: rows, first and last instant of a table, kept up by every load."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from database.loading.merge import Counts
from database.loading.statement import count, run

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
KEEP = (
    "insert into data_coverage (table_name, rows, first_at, last_at, updated_at)"
    " {counted} on conflict (org_id, table_name) do update set rows = {rows},"
    " first_at = {first}, last_at = {last}, updated_at = excluded.updated_at,"
    " version = data_coverage.version + 1"
)


def refresh_coverage(
    connection: Connection, table: str, counts: Counts, now: datetime, span: tuple[datetime, datetime] | None
) -> None:
    """Bring the row of `table` up to date after a load, at the time `now`; its version rises where anything changed.

    Where rows were only added and `span` tells their first and last instant, they are added to what is known; else the
    table is counted anew.
    """
    if not counts.inserted and not counts.updated:
        return
    known = counts.was_empty or count(connection, "select count(*) from data_coverage where table_name = :t", t=table)
    if span is not None and not counts.updated and known:
        _extend(connection, table, counts.inserted, now, span)
    else:
        _count_anew(connection, table, now)


def recount(connection: Connection, table: str, now: datetime) -> None:
    """Count `table` anew, at the time `now`, when rows were taken away; its version rises."""
    _count_anew(connection, table, now)


def _extend(connection: Connection, table: str, inserted: int, now: datetime, span: tuple[datetime, datetime]) -> None:
    statement = KEEP.format(
        counted="values (:table, :inserted, :first, :last, :now)",
        rows="data_coverage.rows + excluded.rows",
        first="least(data_coverage.first_at, excluded.first_at)",
        last="greatest(data_coverage.last_at, excluded.last_at)",
    )
    run(connection, statement, table=table, inserted=inserted, first=span[0], last=span[1], now=now)


def _count_anew(connection: Connection, table: str, now: datetime) -> None:
    at = TIME_COLUMNS.get(table)
    span = f"min({at})::timestamptz, max({at})::timestamptz" if at else "null, null"
    statement = KEEP.format(
        counted=f"select :table, count(*), {span}, :now from {table}",  # noqa: S608
        rows="excluded.rows",
        first="excluded.first_at",
        last="excluded.last_at",
    )
    run(connection, statement, table=table, now=now)
