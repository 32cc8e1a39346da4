"""Messages that a provider reports on, and what is known of them then."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from core.clock import utc_now
from database.engine import Database
from database.queries import events as queries
from tests.integration.test_outbox import run

COUNTS = """select (select count(*) from message_events where provider is not null),
                   (select count(*) from suppressions), (select count(*) from messages where delivery is not null)"""


def message(
    database: Database, org_id: UUID, address: str = "ada@example.com", *, provider: str = "sendgrid",
    channel: str = "email", status: str = "sent",
) -> UUID:  # fmt: skip
    """A message in the outbox."""
    made = """insert into messages (campaign_id, customer_id, channel, address, status, due_at, sent_at, provider)
              values ('c', (random() * 1e15)::bigint, :channel, :address, :status, now(), now(), :provider)
              returning id"""
    values = {"address": address, "provider": provider, "channel": channel, "status": status}
    found: UUID = run(database, org_id, made, **values)
    return found


def counted(database: Database, org_id: UUID) -> tuple[int, int, int]:
    with database.transaction(org_id) as connection:
        row = connection.execute(text(COUNTS)).one()
        return row[0], row[1], row[2]


def state(database: Database, org_id: UUID, message_id: UUID) -> str | None:
    found: str | None = run(database, org_id, "select delivery from messages where id = :id", id=message_id)
    return found


def suppressed(database: Database, org_id: UUID, address: str, channel: str = "email") -> str | None:
    query = "select reason from suppressions where channel = :channel and address = :address"
    found: str | None = run(database, org_id, query, channel=channel, address=address)
    return found


def apply(
    database: Database, org_id: UUID, *events: queries.Told, provider: str = "sendgrid", channel: str = "email"
) -> Any:
    with database.transaction(org_id) as connection:
        return queries.apply(connection, provider, channel, events, utc_now())


def event(kind: str, message_id: UUID | None, at: datetime, **more: Any) -> queries.Told:
    given: dict[str, Any] = {
        "event_id": uuid4().hex, "kind": kind, "at": at, "message": message_id, "address": None, "detail": None,
        "permanent": False, "machine": False, "url": None, "reference": None,
    }  # fmt: skip
    return queries.Told(**{**given, **more})
