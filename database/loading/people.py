"""Who the rows of a load name, gathered batch by batch while the database is busy with the batch before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from database.loading.contacts import CONTACT

if TYPE_CHECKING:
    import polars as pl

DESCRIBING = ("name", "country", "city")


def describing(columns: Iterable[str]) -> list[str]:
    """Those of `columns` that tell something of a customer: name, place, addresses."""
    return [column for column in columns if column in DESCRIBING or column.startswith(CONTACT)]


def people_of(rows: pl.DataFrame) -> pl.DataFrame | None:
    """One row a customer of `rows`: `customer` and each describing column from the customer's last row that has it.

    None where the rows name no customers. Rows must be in file order.
    """
    if "customer" not in rows.columns:
        return None
    import polars as pl

    given = describing(rows.columns)
    last = [pl.col(column).drop_nulls().last() for column in given]
    return rows.select("customer", *given).filter(pl.col("customer").is_not_null()).group_by("customer").agg(last)


class People:
    """Customers of all batches so far; memory grows with the customers named, not with the rows."""

    def __init__(self) -> None:
        self._batches: list[pl.DataFrame] = []

    def add(self, batch: pl.DataFrame) -> None:
        """Take what `people_of` said of the next batch."""
        self._batches.append(batch)
        if len(self._batches) > 1 and sum(b.height for b in self._batches[1:]) > self._batches[0].height:
            self._batches = [self.all()]

    def all(self) -> pl.DataFrame:
        """One row a customer, later batches deciding."""
        import polars as pl

        if len(self._batches) == 1:
            return self._batches[0]
        merged = people_of(pl.concat(self._batches))
        assert merged is not None  # noqa: S101 - every batch has the column
        return merged
