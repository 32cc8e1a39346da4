"""Files that were imported, and the mappings that were confirmed for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from database.tables.identity import Organisation
from database.tables.operations import Import, ImportMapping

FILE, GIVEN = "file", "given"  # where an import came from: a file, or a source of its own rows


def time_zone_of(connection: Connection) -> str:
    """The time zone of the organisation of this transaction."""
    return str(connection.execute(select(Organisation.time_zone)).scalar_one())


def saved_mapping(connection: Connection, header_key: str) -> dict[str, Any] | None:
    """The mapping confirmed for this header; None when there is none."""
    query = select(ImportMapping.mapping).where(ImportMapping.header_key == header_key)
    found = connection.execute(query).scalar_one_or_none()
    return dict(found) if found is not None else None


def save_mapping(
    connection: Connection, *, header_key: str, kind: str, mapping: Mapping[str, Any], actor: str, now: datetime
) -> None:
    """Keep a mapping for files with this header; the newest one counts."""
    values = {"kind": kind, "mapping": dict(mapping), "saved_by": actor, "saved_at": now}
    statement = insert(ImportMapping).values(header_key=header_key, **values)
    key = [ImportMapping.org_id, ImportMapping.header_key]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def record_import(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note that a file was imported; `values` are the columns of the table of imports."""
    connection.execute(insert(Import).values(**values))


@dataclass(frozen=True, slots=True)
class Imported:
    """An earlier import: rows read and rejected, and for each table it went into its rows and the version it left.

    `number`: the import that staged its rows; None from before imports were numbered.
    """

    number: int | None
    read: int
    rejected: int
    tables: Mapping[str, Mapping[str, int]]


def latest_of(connection: Connection, fingerprint: str) -> Imported | None:
    """The last import of a file with this fingerprint that was not undone, or None."""
    number = func.coalesce(Import.same_as, Import.number)
    query = (
        select(number, Import.read, Import.rejected, Import.tables)
        .where(Import.fingerprint == fingerprint, Import.undone_at.is_(None))
        .order_by(Import.recorded_at.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Imported(row[0], row.read, row.rejected, row.tables or {})


def account(connection: Connection) -> tuple[int, int, int]:
    """Files imported, rows read from them and rows rejected, over all imports that were not undone."""
    query = select(
        func.count(), func.coalesce(func.sum(Import.read), 0), func.coalesce(func.sum(Import.rejected), 0)
    ).where(Import.source == FILE, Import.undone_at.is_(None))
    files, read, rejected = connection.execute(query).one()
    return int(files), int(read), int(rejected)
