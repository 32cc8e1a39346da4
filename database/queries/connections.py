"""Connections to sources: made, begun, advanced with the rows that are loaded, ended, disabled, removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from core.errors import NotFound

__all__ = [
    "ConnectionRow",
    "advance",
    "begin",
    "create",
    "disable",
    "every",
    "fail",
    "finish",
    "is_first_of_source",
    "named",
    "prefix_of",
    "remove",
    "renew",
]


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One connection as stored; `settings` are sealed, `cursors` are positions by stream."""

    id: UUID
    source: str
    name: str
    prefix: str
    settings: bytes = field(repr=False)
    cursors: dict[str, dict[str, Any]]
    status: str
    last_error: str | None
    last_result: dict[str, Any] | None
    last_synced_at: datetime | None
    started_at: datetime | None
    created_by: str
    created_at: datetime


_COLUMNS = ", ".join(ConnectionRow.__dataclass_fields__)


def every(connection: Connection) -> list[ConnectionRow]:
    """All of them, by name."""
    rows = connection.execute(text(f"select {_COLUMNS} from connections order by name, id"))  # noqa: S608
    return [ConnectionRow(*row) for row in rows]


def named(connection: Connection, name: str) -> ConnectionRow:
    """The connection of that name (or id); NotFound lists those there are."""
    known = every(connection)
    for row in known:
        if name.casefold() in (row.name.casefold(), str(row.id)):
            return row
    raise NotFound(f"There is no connection '{name}'.", field="connection", valid=[row.name for row in known])


def prefix_of(connection: Connection, source: str, name: str) -> str:
    """What stands before the identifiers of the connection of that name, now and whenever it is made again.

    Only the first connection of all has the bare identifiers: two vendors may both have an order 1001.
    """
    values = {"source": source, "name": name.lower(), "by_name": f"{name}:", "by_both": f"{source} {name}:"}
    connection.execute(
        text(
            """
            insert into connection_prefixes (source, name, prefix)
            select :source, :name, case
                when not exists (select from connection_prefixes) then ''
                when exists (select from connection_prefixes where prefix = :by_name) then :by_both
                else :by_name
            end
            on conflict (org_id, source, name) do nothing
            """
        ),
        values,
    )
    kept = text("select prefix from connection_prefixes where source = :source and name = :name")
    return str(connection.execute(kept, values).scalar_one())


def is_first_of_source(connection: Connection, row: ConnectionRow) -> bool:
    """Whether there was no connection to its source before."""
    first = text("select prefix from connection_prefixes where source = :source order by created_at, prefix limit 1")
    return bool(connection.execute(first, {"source": row.source}).scalar() in (row.prefix, None))


def create(
    connection: Connection, connection_id: UUID, *, source: str, name: str, prefix: str, settings: bytes, by: str
) -> None:
    """Keep a new connection."""
    connection.execute(
        text(
            """
            insert into connections (id, source, name, prefix, settings, created_by)
            values (:id, :source, :name, :prefix, :settings, :by)
            """
        ),
        {"id": connection_id, "source": source, "name": name, "prefix": prefix, "settings": settings, "by": by},
    )


def renew(connection: Connection, connection_id: UUID, settings: bytes, *, afresh: bool) -> None:
    """Give a connection other settings and let it sync again, `afresh` from the beginning; a sync under way ends."""
    connection.execute(
        text(
            """
            update connections set settings = :settings, status = 'active', last_error = null, started_at = null,
                cursors = case when :afresh then '{}' else cursors end
            where id = :id
            """
        ),
        {"id": connection_id, "settings": settings, "afresh": afresh},
    )


def begin(connection: Connection, connection_id: UUID, now: datetime) -> None:
    """A sync begins."""
    connection.execute(
        text("update connections set started_at = :now where id = :id"), {"id": connection_id, "now": now}
    )


def advance(
    connection: Connection, connection_id: UUID, began: datetime, stream: str, position: Mapping[str, Any]
) -> None:
    """Keep where `stream` goes on, in the transaction that loads the rows up to there.

    NotFound, so that the rows are not kept either, where the sync that `began` then is not the one at work any more:
    the connection was removed, disabled, or given other settings.
    """
    kept = connection.execute(
        text(
            """
            update connections set cursors = cursors || jsonb_build_object(cast(:stream as text),
                cast(:position as jsonb))
            where id = :id and status = 'active' and started_at = :began
            """
        ),
        {"id": connection_id, "began": began, "stream": stream, "position": json.dumps(dict(position))},
    )
    if not kept.rowcount:
        raise NotFound("The connection was removed or changed while it was being synced.", field="connection")


def finish(
    connection: Connection,
    connection_id: UUID,
    began: datetime,
    result: Mapping[str, Any],
    *,
    error: str | None,
    complete: bool,
) -> None:
    """The sync that `began` then has ended: `complete`, or to be gone on with; `error`: what could not be read."""
    sets = "last_result = cast(:result as jsonb), last_error = :error"
    sets += ", last_synced_at = case when :complete then :began else last_synced_at end"
    values = {"result": json.dumps(dict(result)), "error": error, "complete": complete}
    _end(connection, connection_id, began, sets, values)


def fail(connection: Connection, connection_id: UUID, began: datetime, error: str) -> None:
    """The sync ended before its time, in words safe to show; the next one goes on from there."""
    _end(connection, connection_id, began, "last_error = :error", {"error": error})


def disable(connection: Connection, connection_id: UUID, began: datetime, error: str) -> bool:
    """Sync no more until a person has given another credential; False where somebody has, meanwhile."""
    return _end(connection, connection_id, began, "status = 'disabled', last_error = :error", {"error": error})


def _end(connection: Connection, connection_id: UUID, began: datetime, sets: str, values: Mapping[str, Any]) -> bool:
    """End the sync that `began` then; False where another one is at work, or other settings were given."""
    ended = connection.execute(
        text(f"update connections set started_at = null, {sets} where id = :id and started_at = :began"),  # noqa: S608
        {"id": connection_id, "began": began, **values},
    )
    return bool(ended.rowcount)


def remove(connection: Connection, connection_id: UUID) -> None:
    """Forget a connection and its credential; what was loaded stays."""
    connection.execute(text("delete from connections where id = :id"), {"id": connection_id})
