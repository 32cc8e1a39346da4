"""Files that were imported, and the mappings that were confirmed for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from database.tables.operations import Import, ImportMapping

# Where an import came from: a file, a source of its own rows, or the word of a person about two customers.
FILE, GIVEN, PERSON = "file", "given", "person"


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


@dataclass(frozen=True, slots=True)
class Kept:
    """An import as it is kept; `number` None: from before imports could be undone."""

    number: int | None
    file_name: str
    source: str
    kind: str
    created_at: datetime
    created_by: str
    read: int
    accepted: int
    rejected: int
    inserted: int
    updated: int
    tables: Mapping[str, Mapping[str, int]]
    decisions: list[dict[str, Any]]
    same_as: int | None
    undone_at: datetime | None
    undone_by: str | None


_KEPT = [getattr(Import, name) for name in Kept.__dataclass_fields__]


def latest(connection: Connection, limit: int, *, name: str | None = None) -> list[Kept]:
    """The last imports, those of the file `name` alone where one is given."""
    query = select(*_KEPT).order_by(Import.number.desc().nulls_last(), Import.recorded_at.desc()).limit(limit)
    if name is not None:
        query = query.where(func.lower(Import.file_name) == name.lower())
    return [_kept(row) for row in connection.execute(query)]


def numbered(connection: Connection, number: int) -> Kept | None:
    """The import with this number, or None."""
    row = connection.execute(select(*_KEPT).where(Import.number == number)).one_or_none()
    return None if row is None else _kept(row)


def standing_after(connection: Connection, number: int) -> list[Kept]:
    """The imports after one that were not undone, in their order."""
    query = select(*_KEPT).where(Import.number > number, Import.undone_at.is_(None)).order_by(Import.number)
    return [_kept(row) for row in connection.execute(query)]


def touched(connection: Connection, most: int) -> list[int] | None:
    """Customers, still there, whose rows an undo in this transaction took away or changed; None: above `most`."""
    query = text(
        "select distinct customer_id from touched t where exists (select from customers where id = customer_id)"
        " order by 1 limit :n"
    )
    found = list(connection.execute(query, {"n": most + 1}).scalars())
    return found if len(found) <= most else None


def read_in_other_zones(connection: Connection, time_zone: str) -> list[str]:
    """Names of the files that stand and whose times were read in another time zone, the newest import first."""
    query = (
        select(Import.file_name)
        .where(Import.undone_at.is_(None), Import.read_zone != time_zone)
        .order_by(Import.number.desc())
    )
    return list(dict.fromkeys(connection.execute(query).scalars()))


def how_many(connection: Connection) -> int:
    """How many imports there were, undone ones too."""
    return int(connection.execute(select(func.count()).select_from(Import)).scalar_one())


def mark_undone(connection: Connection, number: int, actor: str, now: datetime) -> None:
    """Note that an import was taken back; the mapping confirmed with it is forgotten."""
    at = select(Import.created_at).where(Import.number == number).scalar_subquery()
    connection.execute(delete(ImportMapping).where(ImportMapping.saved_at == at))
    connection.execute(update(Import).where(Import.number == number).values(undone_at=now, undone_by=actor))


def _kept(row: Any) -> Kept:
    values = dict(row._mapping)
    values["tables"] = values["tables"] or {}
    return Kept(**values)
