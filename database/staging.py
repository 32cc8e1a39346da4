"""Frames into tables: binary COPY into a temporary table, then one set-based statement.

COPY straight into a table under row-level security is refused by PostgreSQL, and a staging table is what makes a
write all or nothing anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from sqlalchemy import Connection, text

from database.binary_copy import HEADER, TRAILER, encoded
from database.engine import driver_connection

if TYPE_CHECKING:
    import polars as pl

CHUNK = 50_000


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
    types = [row[0] for row in raw.execute(_TYPES, (f"pg_temp.{staging}",))]
    statement = sql.SQL("copy {} ({}) from stdin with (format binary)").format(
        sql.Identifier("pg_temp", staging), columns
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(HEADER)
        for start in range(0, frame.height, CHUNK):
            for piece in encoded(frame.slice(start, CHUNK), types):
                copy.write(piece)
        copy.write(TRAILER)
    return staging


_TYPES = sql.SQL(
    "select format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass and attnum > 0 order by attnum"
)


def replace_rows(connection: Connection, table: str, frame: pl.DataFrame, *, whole: bool) -> int:
    """Put `frame` (with customer_id) in place of the organisation's rows of `table`; returns rows written.

    `whole` replaces every row of the organisation; otherwise only the customers in the frame.
    """
    staging = stage(connection, frame, like=table)
    columns = ", ".join(frame.columns)
    remove = f"delete from {table}"  # noqa: S608 - names of our own tables and columns, here and below
    if not whole:
        remove += f" where customer_id in (select customer_id from pg_temp.{staging})"  # noqa: S608
    connection.execute(text(remove))
    connection.execute(text(f"insert into {table} ({columns}) select {columns} from pg_temp.{staging}"))  # noqa: S608
    return frame.height
