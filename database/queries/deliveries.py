"""Messages whose delivery nobody knows of, and a person's word on what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries import outbox

__all__ = ["UnknownMessage", "settle", "unknown"]


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message that may or may not have been delivered."""

    message_id: UUID
    recipient: str | None
    since: datetime
    reason: str | None


def unknown(connection: Connection, campaign_id: str, limit: int) -> list[UnknownMessage]:
    """The unknown messages of a campaign, oldest first."""
    rows = connection.execute(
        text(
            """
            select id, address, updated_at, reason from messages
            where campaign_id = :campaign and status = 'unknown' order by updated_at, id limit :limit
            """
        ),
        {"campaign": campaign_id, "limit": limit},
    )
    return [UnknownMessage(*row) for row in rows]


def settle(connection: Connection, message_id: UUID, *, delivered: bool, now: datetime, by: str) -> str | None:
    """Write down what a person found out about an unknown message; returns its campaign, None when it is not unknown.

    Delivered: it is sent. Not delivered: it is due again, and its campaign is open again.
    """
    campaign: str | None = connection.execute(
        text(
            """
            update messages set status = :status, reason = null, updated_at = :now, claimed_by = null,
                   sent_at = case when :delivered then updated_at else sent_at end,
                   due_at = case when :delivered then due_at else cast(:now as timestamptz) end
            where id = :id and status = 'unknown' returning campaign_id
            """
        ),
        {"id": message_id, "status": "sent" if delivered else "pending", "delivered": delivered, "now": now},
    ).scalar_one_or_none()
    if campaign is None:
        return None
    outbox.note(connection, message_id, "delivered" if delivered else "not_delivered", f"said by {by}")
    if not delivered:
        connection.execute(
            text("update campaigns set status = 'active', ended_at = null where campaign_id = :id and status = :done"),
            {"id": campaign, "done": "completed"},
        )
    return campaign
