"""The audit log: rows are only ever added (the application's role cannot change or delete them)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from database.tables.operations import AuditEntry


def record(
    connection: Connection, *, actor: str, door: str, action: str, subject: str | None, detail: Mapping[str, Any]
) -> None:
    """Add one entry: who (`actor`), through which door, did what to what."""
    connection.execute(
        insert(AuditEntry).values(actor=actor, door=door, action=action, subject=subject, detail=dict(detail))
    )
