"""Alerts: what a person should know, until somebody has seen it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

__all__ = ["AlertRow", "close_settled", "listed", "mark_seen", "raise_alert", "unseen"]


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as stored."""

    id: UUID
    kind: str
    severity: str
    title: str
    detail: Mapping[str, Any]
    created_at: datetime
    seen_at: datetime | None


def raise_alert(connection: Connection, kind: str, severity: str, title: str, detail: Mapping[str, Any]) -> None:
    """Let people know of something."""
    connection.execute(
        text(
            """
            insert into alerts (kind, severity, title, detail)
            values (:kind, :severity, :title, cast(:detail as jsonb))
            """
        ),
        {"kind": kind, "severity": severity, "title": title, "detail": json.dumps(dict(detail))},
    )


def listed(connection: Connection, *, unseen_only: bool, limit: int) -> list[AlertRow]:
    """The newest alerts; with `unseen_only` those nobody has seen."""
    rows = connection.execute(
        text(
            """
            select id, kind, severity, title, detail, created_at, seen_at from alerts
            where not :unseen or seen_at is null order by created_at desc, id limit :limit
            """
        ),
        {"unseen": unseen_only, "limit": limit},
    )
    return [AlertRow(*row) for row in rows]


def unseen(connection: Connection) -> int:
    """Alerts nobody has seen."""
    return int(connection.execute(text("select count(*) from alerts where seen_at is null")).scalar_one())


def mark_seen(connection: Connection, alert_ids: Sequence[UUID] | None, now: datetime) -> int:
    """Mark these alerts (None: all) as seen; returns how many had not been."""
    marked = connection.execute(
        text(
            """
            update alerts set seen_at = :now
            where seen_at is null and (cast(:ids as uuid[]) is null or id = any(cast(:ids as uuid[])))
            """
        ),
        {"now": now, "ids": None if alert_ids is None else [str(alert_id) for alert_id in alert_ids]},
    )
    return marked.rowcount


def close_settled(connection: Connection, now: datetime) -> int:
    """Mark alerts about messages of unknown outcome as seen where none of them is unknown any more."""
    closed = connection.execute(
        text(
            """
            update alerts a set seen_at = :now
            where a.kind = 'delivery_unknown' and a.seen_at is null and not exists (
                select from jsonb_array_elements_text(a.detail -> 'message_ids') named (id)
                join messages m on m.id = cast(named.id as uuid) where m.status = 'unknown')
            """
        ),
        {"now": now},
    )
    return closed.rowcount
