"""All an organisation knows of its customers, up to the instant its data are true for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.identity import Identity
from database.engine import Database
from database.queries import coverage, organisations
from database.queries.history import History, read_history

__all__ = ["history_of"]


def history_of(
    database: Database, identity: Identity, now: datetime, *, customers: Sequence[int] | None = None
) -> History:
    """Orders, items and events of everybody, or of `customers` (internal ids)."""
    with database.transaction(identity.org_id) as connection:
        as_of = coverage.reference_instant(connection, now)
        zone = organisations.profile(connection).time_zone
    return read_history(database, identity.org_id, as_of=as_of, time_zone=zone, customers=customers)
