"""Results of queries as frames, over an ADBC connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl
    from adbc_driver_manager.dbapi import Connection as AdbcConnection

__all__ = ["read_frame"]


def read_frame(connection: AdbcConnection, query: str, values: Iterable[Any] = ()) -> pl.DataFrame:
    """What `query` finds.

    Without `values` the rows come by COPY, in pieces; with them the driver collects the whole result first, which
    takes half as long again and twice the memory: for few rows only.
    """
    import polars as pl

    with connection.cursor() as cursor:
        cursor.execute(query, list(values) or None)
        frame = pl.from_arrow(cursor.fetch_arrow_table())
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table always becomes a frame
    return frame
