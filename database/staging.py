"""Frames into tables: COPY into a temporary table, then one set-based statement.

COPY straight into a table under row-level security is refused by PostgreSQL, and a staging table is what makes a
write all or nothing anyway.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from psycopg import sql
from sqlalchemy import Connection, text

from database.engine import driver_connection

if TYPE_CHECKING:
    import polars as pl

CHUNK = 50_000


def stage(connection: Connection, frame: pl.DataFrame, *, like: str) -> str:
    """COPY `frame` into a temporary table with the types of `like`'s columns of the same names; returns its name.

    The table is dropped at the end of the transaction. Nulls stay null, empty strings stay empty.
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
    statement = sql.SQL("copy {} ({}) from stdin with (format csv, null '\\N')").format(
        sql.Identifier("pg_temp", staging), columns
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, frame.height, CHUNK):
            buffer = io.BytesIO()
            frame.slice(start, CHUNK).write_csv(buffer, include_header=False, null_value="\\N", quote_style="necessary")
            copy.write(buffer.getvalue())
    return staging


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
