"""Syncs in the background: every half hour, and when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import AimaError
from core.secrets import Vault
from core.settings import get_settings
from database.queries import connections
from tools.connections.account import SyncResult
from tools.connections.run import sync
from tools.declaration import Every, Work, job
from tools.results import Arguments

if TYPE_CHECKING:
    from sqlalchemy import Connection


class SyncArguments(Arguments):
    """Which connection."""

    connection: UUID | None = Field(default=None, description="Its id; absent: all that are active, one by one.")


class SyncReport(BaseModel):
    """What came of it."""

    synced: list[SyncResult] = Field(description="One entry per connection that was read to its end.")
    failed: dict[str, str] = Field(description="Name of each other connection, and why.")


def _any_active(connection: Connection) -> bool:
    return any(row.status == "active" for row in connections.every(connection))


@job(every=(Every("*/30 * * * *"),), needs=_any_active)
def sync_connection(work: Work, arguments: SyncArguments) -> SyncReport:
    """Bring in what is new. One connection's trouble is the job's own; of several, each has its own account."""
    vault = Vault.of(get_settings())
    if arguments.connection is not None:
        return SyncReport(synced=[_one(work, vault, arguments.connection)], failed={})
    with work.database.transaction(work.identity.org_id) as transaction:
        active = [row for row in connections.every(transaction) if row.status == "active"]
    report = SyncReport(synced=[], failed={})
    for row in active:
        try:
            report.synced.append(_one(work, vault, row.id))
        except AimaError as error:
            report.failed[row.name] = error.message
    return report


def _one(work: Work, vault: Vault, connection: UUID) -> SyncResult:
    return sync(work.database, work.identity, str(connection), vault=vault, now=work.now, progress=work.progress)
