"""The sandbox mailbox: filled in the transaction that marks a message as sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["MailboxRow", "deposit", "listed"]


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """One message as it would have gone out."""

    message_id: UUID
    campaign_id: str | None
    channel: str
    recipient: str
    subject: str | None
    body_text: str
    body_html: str | None
    headers: dict[str, str]
    delivered_at: datetime


def deposit(
    connection: Connection,
    message_id: UUID,
    *,
    channel: str,
    recipient: str,
    subject: str | None,
    body_text: str,
    body_html: str | None,
    headers: Mapping[str, str],
    now: datetime,
) -> None:
    """Put a message into the mailbox; a second one of the same id is an error of the database."""
    connection.execute(
        text(
            """
            insert into sandbox_mailbox
                (message_id, channel, recipient, subject, body_text, body_html, headers, delivered_at)
            values (:id, :channel, :recipient, :subject, :text, :html, :headers, :now)
            """
        ).bindparams(bindparam("headers", type_=JSONB)),
        {
            "id": message_id,
            "channel": channel,
            "recipient": recipient,
            "subject": subject,
            "text": body_text,
            "html": body_html,
            "headers": dict(headers),
            "now": now,
        },
    )


def listed(
    connection: Connection, *, recipient: str | None, campaign_id: str | None, limit: int, offset: int
) -> tuple[int, Sequence[MailboxRow]]:
    """How many match, and a page of them, newest first."""
    source = """
        from sandbox_mailbox b left join messages m on m.id = b.message_id
        where (cast(:recipient as text) is null or lower(b.recipient) = lower(cast(:recipient as text)))
          and (cast(:campaign as text) is null or m.campaign_id = cast(:campaign as text))
    """
    values = {"recipient": recipient.strip() if recipient else None, "campaign": campaign_id}
    total = connection.execute(text(f"select count(*) {source}"), values).scalar_one()
    rows = connection.execute(
        text(
            f"""
            select b.message_id, m.campaign_id, b.channel, b.recipient, b.subject, b.body_text, b.body_html, b.headers,
                   b.delivered_at
            {source} order by b.delivered_at desc, b.message_id limit :limit offset :offset
            """
        ),
        {**values, "limit": limit, "offset": offset},
    )
    return total, [MailboxRow(*row) for row in rows]
