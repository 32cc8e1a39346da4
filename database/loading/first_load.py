"""Rows for months that have no partition yet: written without indexes, which are built once at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from database.loading.statement import OWN_IMPORT, OWN_ORG, run

AT = {"orders": "ordered_at", "events": "occurred_at"}


def first_load(
    connection: Connection, table: str, source: str, *, columns: Sequence[str], span: tuple[datetime, datetime]
) -> int:
    """Insert the rows of `source`, whose instants lie in `span`, into a table that holds none of the organisation's.

    Months that exist are written in the ordinary way, the others as new partitions; the number of rows inserted.
    Readers are not locked out. Other loads that need new months of this table wait until this one ends.
    """
    first, last = (instant.astimezone(UTC) for instant in span)
    values = {"table": table, "first": first, "last": last}
    run(connection, "select forget_all_act_days(:table)", table=table)
    new = [row[0] for row in connection.execute(text("select begin_first_load(:table, :first, :last)"), values)]
    loading = connection.execute(
        text("select format('loading_%s_%s', cast(:t as text), pg_backend_pid())"), {"t": table}
    )
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    which = None if len(new) == months else f"date_trunc('month', s.{AT[table]}, 'UTC') {{}} (:months)"
    inserted = _insert(connection, str(loading.scalar_one()), source, columns, which and which.format("= any"), new)
    run(connection, "select end_first_load(:table)", table=table)
    if which is not None:
        inserted += _insert(connection, table, source, columns, which.format("<> all"), new)
    return inserted


def _insert(
    connection: Connection, table: str, source: str, columns: Sequence[str], which: str | None, months: list[datetime]
) -> int:
    names = ", ".join(columns)
    given = ", ".join(f"s.{name}" for name in columns)
    own = f"{OWN_ORG}, {OWN_IMPORT}"
    statement = f"insert into {table} (org_id, import_no, {names}) select {own}, {given} from ({source}) s"  # noqa: S608
    if which is None:
        return run(connection, statement)
    return run(connection, f"{statement} where {which}", months=months)
