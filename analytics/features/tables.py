"""The three tables features are made from: their columns, checked, cut at `as_of`, sorted, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.features.compiled import Codes, Floats, Integers, is_sorted
from core.errors import FixArguments
from core.event_kinds import EVENT_KINDS

__all__ = ["EVENTS", "ITEMS", "ORDERS", "SortedTable"]

_INSTANT = pl.Datetime("us", "UTC")
ORDERS: Mapping[str, Any] = {
    "customer_id": pl.Int64,
    "ordered_at": _INSTANT,
    "revenue": pl.Float64,
    "discount": pl.Float64,
    "quantity": pl.Float64,
    "is_refund": pl.Boolean,
    "channel": pl.Int32,
    "location": pl.Int32,
}
ITEMS: Mapping[str, Any] = {
    "customer_id": pl.Int64,
    "ordered_at": _INSTANT,
    "product": pl.Int32,
    "category": pl.Int32,
    "revenue": pl.Float64,
    "quantity": pl.Float64,
}
EVENTS: Mapping[str, Any] = {"customer_id": pl.Int64, "occurred_at": _INSTANT, "kind": pl.Int32}
_BLANKS: Mapping[str, Any] = {
    "revenue": 0.0,
    "discount": 0.0,
    "quantity": 0.0,
    "is_refund": False,
    "channel": -1,
    "location": -1,
    "product": -1,
    "category": -1,
}


class SortedTable:
    """A table's rows before `as_of`, sorted by (customer, time), columns as read-only arrays.

    `schema` is ORDERS, ITEMS or EVENTS; other columns of `frame` are ignored, a frame of no rows may lack columns.
    Null amounts count as 0, null codes as -1 (unknown). Raises FixArguments naming the column that is missing, of the
    wrong type, null where it may not be, or not finite.
    """

    def __init__(self, name: str, frame: pl.DataFrame, schema: Mapping[str, Any], as_of: datetime) -> None:
        self.name = name
        if frame.height == 0:
            frame = pl.DataFrame(schema=dict(schema))
        self._check_types(frame, schema)
        time = next(column for column, kind in schema.items() if kind == _INSTANT)
        self.frame = frame.select(pl.col(c).cast(kind) for c, kind in schema.items()).filter(
            pl.col(time).is_null() | (pl.col(time) < as_of)
        )
        self._check_values()
        self.frame = self.frame.with_columns(pl.col(c).fill_null(_BLANKS[c]) for c in schema if c in _BLANKS)
        self.time = time
        if not is_sorted(self.integers("customer_id"), self.instants()):
            self.frame = self.frame.sort("customer_id", time)

    def _check_types(self, frame: pl.DataFrame, schema: Mapping[str, Any]) -> None:
        missing = [column for column in schema if column not in frame.columns]
        if missing:
            raise FixArguments(
                f"The {self.name} frame lacks {', '.join(missing)}.", field=self.name, valid=list(schema)
            )
        for column, kind in schema.items():
            dtype = frame.schema[column]
            if kind == _INSTANT and not (isinstance(dtype, pl.Datetime) and dtype.time_zone == "UTC"):
                raise FixArguments(f"{self.name}.{column} must be Datetime in UTC, not {dtype}.", field=column)
            if kind in (pl.Int64, pl.Int32) and not (dtype.is_integer() or dtype == pl.Null):
                raise FixArguments(f"{self.name}.{column} must be whole numbers, not {dtype}.", field=column)

    def _check_values(self) -> None:
        for column, dtype in self.frame.schema.items():
            if column not in _BLANKS and self.frame[column].null_count():
                raise FixArguments(f"{self.name}.{column} must not be null.", field=column)
            if dtype == pl.Float64 and not self.frame[column].is_finite().all():
                raise FixArguments(f"{self.name}.{column} must be finite; it holds NaN or infinity.", field=column)
        kinds = self.frame["kind"] if "kind" in self.frame.columns else None
        if kinds is not None and kinds.len() and not kinds.is_between(0, len(EVENT_KINDS) - 1).all():
            raise FixArguments(f"{self.name}.kind must be a position in EVENT_KINDS.", field="kind", valid=EVENT_KINDS)

    def floats(self, column: str) -> Floats:
        """A Float64 column."""
        return cast(Floats, _frozen(self.frame[column]))

    def codes(self, column: str) -> Codes:
        """An Int32 column of codes, -1 unknown."""
        return cast(Codes, _frozen(self.frame[column]))

    def integers(self, column: str) -> Integers:
        """An Int64 column."""
        return cast(Integers, _frozen(self.frame[column]))

    def instants(self) -> Integers:
        """The time column in microseconds since 1970, UTC."""
        return cast(Integers, _frozen(self.frame[self.time].to_physical()))

    def local_instants(self, time_zone: str) -> Integers:
        """The time column as wall-clock microseconds of `time_zone`."""
        if time_zone == "UTC":
            return self.instants()
        return cast(Integers, _frozen(wall_clock(self.frame[self.time], time_zone)))

    def code_count(self, *columns: str) -> int:
        """One more than the highest code of the columns (at least 1)."""
        highest = [cast(int | None, self.frame[column].max()) for column in columns]
        return max((h + 1 for h in highest if h is not None), default=1) or 1


def wall_clock(instants: pl.Series, time_zone: str) -> pl.Series:
    """Microseconds since 1970 as a clock on the wall of `time_zone` shows them; FixArguments for an unknown zone."""
    try:
        return instants.dt.convert_time_zone(time_zone).dt.replace_time_zone(None).to_physical()
    except pl.exceptions.PolarsError as error:
        raise FixArguments(f"{time_zone!r} is no time zone; use a name such as Europe/London.") from error


def _frozen(column: pl.Series) -> npt.NDArray[Any]:
    """Contiguous and never writeable, so that the compiled loops see one type whatever came before."""
    array = np.ascontiguousarray(column.to_numpy())
    array.flags.writeable = False
    return array
