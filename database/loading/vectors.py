"""Vectors into the database: one indexed partition in the place of the one before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection

from database.staging import replace_partition

if TYPE_CHECKING:
    import polars as pl

__all__ = ["replace_vectors"]


def replace_vectors(connection: Connection, found: pl.DataFrame, *, as_of: datetime, model_run_id: UUID) -> int:
    """Put `found` (customer_id, vector as a list of Float32) in place of all of the organisation's vectors.

    Readers see the vectors before until the transaction commits, and wait only for its last moments; returns rows.
    """
    import polars as pl

    rows = found.select("customer_id", "vector", as_of=pl.lit(as_of), model_run_id=pl.lit(str(model_run_id)))
    return replace_partition(connection, "customer_vectors", rows)
