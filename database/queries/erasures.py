"""Certificates of erasures: kept, listed, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from core.errors import NotFound

__all__ = ["ErasureRow", "get", "keep", "listed", "services_of"]


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One erasure; `places` are counts by place, `kept` and `elsewhere` sentences."""

    id: UUID
    erased_by: str
    door: str
    erased_at: datetime
    places: Mapping[str, int]
    kept: Sequence[str]
    elsewhere: Sequence[str]


_ROWS = "select id, erased_by, door, erased_at, places, kept, elsewhere from erasures"


def keep(connection: Connection, row: ErasureRow) -> None:
    """Keep a certificate."""
    connection.execute(
        text("insert into erasures (id, erased_by, door, erased_at, places, kept, elsewhere) values"
             " (:id, :by, :door, :at, cast(:places as jsonb), cast(:kept as jsonb), cast(:elsewhere as jsonb))"),
        {
            "id": row.id,
            "by": row.erased_by,
            "door": row.door,
            "at": row.erased_at,
            **{name: json.dumps(getattr(row, name)) for name in ("places", "kept", "elsewhere")},
        },
    )  # fmt: skip


def listed(connection: Connection, limit: int) -> list[ErasureRow]:
    """The newest first."""
    rows = connection.execute(text(f"{_ROWS} order by erased_at desc, id limit :limit"), {"limit": limit})
    return [ErasureRow(*row) for row in rows]


def get(connection: Connection, begins_with: str) -> ErasureRow:
    """The one erasure whose id begins so; NotFound where there is none, or several."""
    rows = connection.execute(
        text(f"{_ROWS} where starts_with(id::text, :start) limit 2"), {"start": begins_with.strip().lower()}
    ).all()
    if len(rows) != 1:
        raise NotFound(f"There is no one erasure whose number begins with '{begins_with}'.", field="erasure")
    return ErasureRow(*rows[0])


def services_of(connection: Connection, customer: int) -> dict[str, int]:
    """Providers that messages to the customer were handed to, with how many."""
    rows = connection.execute(
        text("select provider, count(*) from messages where customer_id = :id and provider is not null"
             " and sent_at is not null group by 1 order by 1"),
        {"id": customer},
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}
