"""The journal of imports, by which one can be taken back (database/loading/undo.py).

While an import has begun, triggers do the noting, whoever writes: rows made in a `Loaded` table carry its number, and
rows changed or deleted are kept in import_changes as they were before and after. Nothing has to be called. A new table
that imports write inherits `database.tables.base.Loaded` and is given to `database.migrations.journal.journaled`.
The staged rows are kept too, packed: taking an import back loads the later ones anew from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from database.loading.statement import count
from database.tables.base import Base, Loaded

__all__ = ["JOURNALED", "REPEATS_DROPPED", "StagedRows", "begin", "keep_rows", "pack", "pause", "resume", "staged_rows"]

CODEC = "zstd"
REPEATS_DROPPED = ("repeats dropped",)  # in place of columns: what was done to the rows staged until then
JOURNALED: Mapping[str, tuple[str, ...]] = {
    str(mapper.local_table): mapper.class_.journal_key
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Loaded)
}
_KEEP = text(
    "insert into import_rows (import_no, shape, columns, rows, packed, size)"
    " values (:number, :shape, :columns, :rows, :packed, :size)"
)
_PARTS = text("select id from import_rows where import_no = :number order by id")
_PART = text("select shape, columns, rows, packed, size from import_rows where import_no = :number and id = :id")


@dataclass(frozen=True, slots=True)
class StagedRows:
    """Rows as they were given to a staging table: COPY's CSV with these columns."""

    shape: str
    columns: tuple[str, ...]
    rows: int
    csv: bytes


def begin(connection: Connection) -> int:
    """Begin an import in this transaction: its number. The organisation's loads must take turns (`loading`)."""
    number = count(connection, "select coalesce(max(number), 0) + 1 from imports")
    resume(connection, number)
    return number


def resume(connection: Connection, number: int) -> None:
    """What this transaction writes from here on belongs to import `number`."""
    connection.execute(text("select set_config('app.import_no', :n, true)"), {"n": str(number)})


def pause(connection: Connection) -> None:
    """What this transaction writes from here on is neither an import's nor somebody else's change."""
    resume(connection, 0)


def pack(staged: StagedRows) -> bytes:
    """Staged rows as they are kept; needs no database, so it can be done while that is busy with something else."""
    import pyarrow as pa

    packed: bytes = pa.compress(staged.csv, codec=CODEC, asbytes=True)
    return packed


def keep_rows(connection: Connection, number: int, staged: StagedRows, packed: bytes) -> None:
    """Keep staged rows of import `number`, packed by `pack`."""
    values = {"shape": staged.shape, "columns": list(staged.columns), "rows": staged.rows, "packed": packed}
    connection.execute(_KEEP, values | {"number": number, "size": len(staged.csv)})


def staged_rows(connection: Connection, number: int) -> Iterator[StagedRows]:
    """The staged rows of import `number`, in the order in which they were staged."""
    import pyarrow as pa

    for part in connection.execute(_PARTS, {"number": number}).scalars().all():
        row = connection.execute(_PART, {"number": number, "id": part}).one()
        csv = pa.decompress(row.packed, decompressed_size=row.size, codec=CODEC, asbytes=True)
        yield StagedRows(row.shape, tuple(row.columns), row.rows, csv)
