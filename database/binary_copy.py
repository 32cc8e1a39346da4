"""Frames as PostgreSQL's binary COPY format: whole columns at a time, no text in between.

The rows are a table of bytes: of each field its length (4 bytes), then its value. Columns are written into it one
after the other; bytes that a null or a shorter text does not have are cut out at the end.
Source: PostgreSQL manual, COPY, "Binary Format"; send and receive functions of the types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
EPOCH_DAYS = 10_957  # the same in days
REAL_OID, TEXT_OID = 700, 25  # pg_type.oid of the elements of real[] and text[]
MOST_BYTES = 64 << 20  # a block of rows is held twice
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NUMBERS = {"smallint": ">i2", "integer": ">i4", "bigint": ">i8", "real": ">f4", "double precision": ">f8",
           "boolean": ">i1"}  # fmt: skip


def encoded(frame: pl.DataFrame, types: list[str]) -> Iterator[bytes]:
    """The rows of `frame`, whose columns have these PostgreSQL types (as format_type names them), in pieces."""
    rows = frame.height
    if rows > 1 and rows * _widest(frame) > MOST_BYTES:
        yield from encoded(frame.head(rows // 2), types)
        yield from encoded(frame.slice(rows // 2), types)
    elif rows:
        yield _rows([_field(column, kind) for column, kind in zip(frame.iter_columns(), types, strict=True)])


@dataclass(frozen=True, slots=True)
class _Field:
    """A column: its values (one-dimensional, or a row of bytes each), bytes of each that count, which are no null."""

    values: NDArray[Any]
    lengths: Integers
    there: Flags

    @property
    def width(self) -> int:
        return self.values.dtype.itemsize if self.values.ndim == 1 else self.values.shape[1]


def _rows(fields: list[_Field]) -> bytes:
    rows = len(fields[0].there)
    block = np.empty((rows, 2 + sum(4 + field.width for field in fields)), np.uint8)
    kept = np.ones(block.shape, bool)
    block[:, :2] = np.frombuffer(len(fields).to_bytes(2, "big"), np.uint8)
    at = 2
    for field in fields:
        value = slice(at + 4, at + 4 + field.width)
        block[:, at : at + 4].view(">i4")[:, 0] = np.where(field.there, field.lengths, -1)
        if field.values.ndim == 1:
            block[:, value].view(field.values.dtype)[:, 0] = field.values
        else:
            block[:, value] = field.values
        if (field.lengths < field.width).any():
            kept[:, value] = np.arange(field.width) < np.where(field.there, field.lengths, 0)[:, None]
        elif not field.there.all():
            kept[:, value] = field.there[:, None]
        at = value.stop
    return block.tobytes() if kept.all() else block[kept].tobytes()


def _widest(frame: pl.DataFrame) -> int:
    """Bytes the longest values of the frame take in a row of the block."""
    import polars as pl

    width = 0
    for column in frame.iter_columns():
        if column.dtype == pl.String:
            width += int(column.str.len_bytes().max() or 0)  # type: ignore[arg-type]
        elif column.dtype == pl.List(pl.String):
            width += int(column.list.eval(pl.element().str.len_bytes() + 4).list.sum().max() or 0) + 20  # type: ignore[arg-type]
        elif column.dtype == pl.List:
            width += 8 * int(column.list.len().max() or 0)  # type: ignore[arg-type]
        else:
            width += 12
    return width


def _field(column: pl.Series, kind: str) -> _Field:
    there = column.is_not_null().to_numpy()
    if not there.any():
        return _Field(np.zeros(len(there), np.uint8), np.ones(len(there), np.int64), there)
    values, lengths = _values(column, kind)
    return _Field(values, lengths, there)


def _values(column: pl.Series, kind: str) -> tuple[NDArray[Any], Integers]:
    """Each value (anything where null), and how many bytes of it count."""
    import polars as pl

    if kind in NUMBERS:
        return _numbers(column, NUMBERS[kind])
    if kind == "timestamp with time zone":
        return _numbers(column.cast(pl.Datetime("us", "UTC")).to_physical() - EPOCH_US, ">i8")
    if kind == "date":
        return _numbers(column.cast(pl.Date).to_physical() - EPOCH_DAYS, ">i4")
    if kind == "uuid":
        return _texts(column.str.replace_all("-", "", literal=True).str.decode("hex"))
    if kind == "jsonb":
        return _texts("\1" + column)  # the version of its format
    if kind == "text":
        return _texts(column)
    if kind == "text[]":
        return _texts(_word_lists(column))
    if kind in ("real[]", "vector"):
        return _lists(column, kind)
    raise GiveUp(f"Columns of type {kind} cannot be copied.")


def _numbers(column: pl.Series, form: str) -> tuple[NDArray[Any], Integers]:
    numbers = column.fill_null(False if str(column.dtype) == "Boolean" else 0).to_numpy()
    with np.errstate(under="ignore", over="raise"):
        narrow = numbers.astype(form)
    return narrow, np.full(len(narrow), narrow.dtype.itemsize)


def _texts(column: pl.Series) -> tuple[NDArray[Any], Integers]:
    import polars as pl

    binary = (column if column.dtype == pl.Binary else column.cast(pl.String).cast(pl.Binary)).fill_null(b"")
    lengths = binary.bin.size().to_numpy().astype(np.int64)
    return np.array(binary.to_list(), dtype=f"S{max(1, int(lengths.max()))}"), lengths


def _word_lists(column: pl.Series) -> pl.Series:
    """Lists of words as text[] wants them: few are different, so each is written once."""
    import polars as pl

    written: dict[tuple[str, ...], bytes] = {}
    rows: list[bytes | None] = []
    for words in column.to_list():
        if words is None:
            rows.append(None)
            continue
        key = tuple(words)
        if key not in written:
            head = [1, 0, TEXT_OID, len(key), 1] if key else [0, 0, TEXT_OID]
            texts = [word.encode() for word in key]
            body = b"".join(len(text).to_bytes(4, "big") + text for text in texts)
            written[key] = np.array(head, ">i4").tobytes() + body
        rows.append(written[key])
    return pl.Series(rows, dtype=pl.Binary)


def _lists(column: pl.Series, kind: str) -> tuple[NDArray[Any], Integers]:
    """Numbers of each list, with the head its type wants: real[] also says the length of each element."""
    import polars as pl

    if column.dtype == pl.String:  # as PostgreSQL writes it
        column = column.str.replace_many(["{", "}"], ["[", "]"]).str.json_decode(pl.List(pl.Float32))
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
