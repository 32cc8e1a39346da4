"""Frames into tables: binary COPY into a temporary table and one set-based statement, or into a new partition.

COPY straight into a table under row-level security is refused by PostgreSQL, and a staging table is what makes a
write all or nothing anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import sql
from sqlalchemy import Connection, text

from database.binary_copy import HEADER, TRAILER, encoded
from database.changes import note_everybody
from database.engine import driver_connection

if TYPE_CHECKING:
    import polars as pl
    import psycopg

CHUNK = 20_000
PARTITIONED = ("features", "rfm_scores", "churn_scores", "value_scores")
LARGE = 20_000  # rows that are worth a partition of their own


def stage(connection: Connection, frame: pl.DataFrame, *, like: str) -> str:
    """COPY `frame` into a temporary table with the types of `like`'s columns of the same names; returns its name.

    The table is dropped at the end of the transaction. Nulls stay null, empty strings stay empty; numbers too small
    for a `real` become 0. Text stands for jsonb and uuid, lists of numbers for real[] and vector.
    """
    staging = f"staged_{like}"
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    raw = driver_connection(connection)
    raw.execute(sql.SQL("drop table if exists {}").format(sql.Identifier("pg_temp", staging)))
    raw.execute(
        sql.SQL("create temp table {} on commit drop as select {} from {} with no data").format(
            sql.Identifier(staging), columns, sql.Identifier(like)
        )
    )
    _copy(raw, frame, sql.Identifier("pg_temp", staging), "format binary")
    return staging


def _copy(raw: psycopg.Connection[Any], frame: pl.DataFrame, into: sql.Identifier, options: LiteralString) -> None:
    """COPY `frame` into the columns of the same names of a table that this transaction has made."""
    types = [row[0] for row in raw.execute(_TYPES, (into.as_string(raw), frame.columns, frame.columns))]
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    statement = sql.SQL("copy {} ({}) from stdin with ({})").format(into, columns, sql.SQL(options))
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(HEADER)
        for piece in _ahead(encoded(frame.slice(start, CHUNK), types) for start in range(0, frame.height, CHUNK)):
            copy.write(piece)
        copy.write(TRAILER)


def _ahead(blocks: Iterator[Iterator[bytes]]) -> Iterator[bytes]:
    """All pieces in turn, each made while the one before is sent."""
    pieces = chain.from_iterable(blocks)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece


_TYPES = sql.SQL(
    "select format_type(a.atttypid, null) from pg_attribute a where attrelid = %s::regclass and attname = any(%s)"
    " order by array_position(%s, a.attname::text)"
)


def replace_rows(connection: Connection, table: str, frame: pl.DataFrame, *, whole: bool) -> int:
    """Put `frame` (with customer_id) in place of the organisation's rows of `table`; returns rows written.

    `whole` replaces every row of the organisation; otherwise only the customers in the frame.
    """
    if whole and table in PARTITIONED and frame.height >= LARGE:
        note_everybody(connection)
        return replace_partition(connection, table, frame)
    staging = stage(connection, frame, like=table)
    columns = ", ".join(frame.columns)
    remove = f"delete from {table}"  # noqa: S608 - names of our own tables and columns, here and below
    if not whole:
        remove += f" where customer_id in (select customer_id from pg_temp.{staging})"  # noqa: S608
    connection.execute(text(remove))
    connection.execute(text(f"insert into {table} ({columns}) select {columns} from pg_temp.{staging}"))  # noqa: S608
    return frame.height


def replace_partition(connection: Connection, table: str, frame: pl.DataFrame) -> int:
    """Put `frame` (with customer_id) in the place of all of the organisation's rows of `table`, as its partition.

    Readers see the rows before until the transaction commits, and wait only for its last moments: it should end soon
    after, and must not have read `table` itself. Returns rows written.
    """
    loading = connection.execute(text("select begin_partition(:table)"), {"table": table}).scalar_one()
    # frozen: a reader whose snapshot is older than the exchange finds the new rows, not none
    _copy(driver_connection(connection), frame, sql.Identifier(loading), "format binary, freeze")
    connection.execute(text("select end_partition(:table, :rows)"), {"table": table, "rows": frame.height})
    return frame.height
