"""Frames as PostgreSQL's binary COPY format: whole columns at a time, no text in between.

Each column becomes a table of bytes, one row a row: a field's length (4 bytes), then its value. Side by side they are
the rows; bytes that a null or a shorter text does not have are cut out at the end.
Source: PostgreSQL manual, COPY, "Binary Format"; send and receive functions of the types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import GiveUp

if TYPE_CHECKING:
    import polars as pl

__all__ = ["HEADER", "TRAILER", "encoded"]

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH_US = 946_684_800_000_000  # 2000-01-01, PostgreSQL's zero, in microseconds since 1970
REAL_OID = 700  # pg_type.oid of the elements of real[]
MOST_BYTES = 64 << 20  # a block of rows is held twice
Bytes = NDArray[np.uint8]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NUMBERS = {"smallint": ">i2", "integer": ">i4", "bigint": ">i8", "real": ">f4", "double precision": ">f8",
           "boolean": ">i1"}  # fmt: skip


def encoded(frame: pl.DataFrame, types: list[str]) -> Iterator[bytes]:
    """The rows of `frame`, whose columns have these PostgreSQL types (as format_type names them), in pieces."""
    rows = frame.height
    if rows > 1 and rows * (_widest(frame) + frame.width) > MOST_BYTES:
        yield from encoded(frame.head(rows // 2), types)
        yield from encoded(frame.slice(rows // 2), types)
    elif rows:
        count = np.frombuffer(len(types).to_bytes(2, "big"), np.uint8)
        fields = [_field(column, kind) for column, kind in zip(frame.iter_columns(), types, strict=True)]
        block = np.hstack([np.tile(count, (rows, 1)), *(field[0] for field in fields)])
        there = np.hstack([np.ones((rows, 2), bool), *(field[1] for field in fields)])
        yield block[there].tobytes()


def _widest(frame: pl.DataFrame) -> int:
    """Bytes the longest values of the frame take in a row of the block."""
    import polars as pl

    width = 0
    for column in frame.iter_columns():
        if column.dtype == pl.String:
            width += int(column.str.len_bytes().max() or 0)  # type: ignore[arg-type]
        elif column.dtype == pl.List:
            width += 8 * int(column.list.len().max() or 0)  # type: ignore[arg-type]
        else:
            width += 12
    return width


def _field(column: pl.Series, kind: str) -> tuple[Bytes, Flags]:
    """Length and value of each row, and which of those bytes are there."""
    nothing = column.null_count() == len(column)
    values, lengths = _whole(np.zeros(len(column), np.uint8)) if nothing else _values(column, kind)
    there = column.is_not_null().to_numpy()
    size = np.where(there, lengths, -1).astype(">i4").view(np.uint8).reshape(-1, 4)
    has = np.arange(values.shape[1]) < np.where(there, lengths, 0)[:, None]
    return np.hstack([size, values]), np.hstack([np.ones((len(column), 4), bool), has])


def _values(column: pl.Series, kind: str) -> tuple[Bytes, Integers]:
    """Bytes of each value (filled up where lengths differ) and how many of them count."""
    import polars as pl

    if kind in NUMBERS:
        return _numbers(column, NUMBERS[kind])
    if kind == "timestamp with time zone":
        return _numbers(column.cast(pl.Datetime("us", "UTC")).to_physical() - EPOCH_US, ">i8")
    if kind == "uuid":
        return _texts(column.str.replace_all("-", "", literal=True).str.decode("hex"))
    if kind == "jsonb":
        return _texts("\1" + column)  # the version of its format
    if kind == "text":
        return _texts(column)
    if kind in ("real[]", "vector"):
        return _lists(column, kind)
    raise GiveUp(f"Columns of type {kind} cannot be copied.")


def _numbers(column: pl.Series, form: str) -> tuple[Bytes, Integers]:
    numbers = column.fill_null(False if str(column.dtype) == "Boolean" else 0).to_numpy()
    with np.errstate(under="ignore", over="raise"):
        return _whole(numbers.astype(form))


def _whole(numbers: NDArray[Any]) -> tuple[Bytes, Integers]:
    block = np.ascontiguousarray(numbers).view(np.uint8).reshape(len(numbers), -1)
    return block, np.full(len(numbers), block.shape[1])


def _texts(column: pl.Series) -> tuple[Bytes, Integers]:
    import polars as pl

    words = (column if column.dtype == pl.Binary else column.cast(pl.String)).cast(pl.Binary).fill_null(b"").to_list()
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    width = max(1, int(lengths.max()))
    return np.array(words, dtype=f"S{width}").view(np.uint8).reshape(len(words), width), lengths


def _lists(column: pl.Series, kind: str) -> tuple[Bytes, Integers]:
    """Numbers of each list, with the head its type wants: real[] also says the length of each element."""
    import polars as pl

    if column.dtype == pl.String:  # as PostgreSQL writes a vector
        column = column.str.json_decode(pl.List(pl.Float32))
    count = column.list.len().fill_null(0).to_numpy().astype(np.int64)
    flat = column.explode(empty_as_null=False, keep_nulls=False).cast(pl.Float32).to_numpy()
    most = int(count.max())
    array = kind == "real[]"
    element = np.dtype([("size", ">i4"), ("value", ">f4")] if array else [("value", ">f4")])
    cells = np.zeros((len(count), most), element)
    cells["value"][np.arange(most) < count[:, None]] = flat
    if array:
        cells["size"] = 4
        head = np.column_stack([np.full(len(count), n) for n in (1, 0, REAL_OID)] + [count, np.ones_like(count)])
    else:
        head = count[:, None] << 16  # two halves: how many, and nothing
    parts = [head.astype(">i4").view(np.uint8).reshape(len(count), -1), cells.view(np.uint8).reshape(len(count), -1)]
    return np.hstack(parts), parts[0].shape[1] + count * element.itemsize
