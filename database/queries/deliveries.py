"""What became of a campaign's messages, as far as it is known, and a person's word on those of which nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries import alerts, outbox

__all__ = [
    "FATES",
    "Bought",
    "Fates",
    "Recipient",
    "UnknownMessage",
    "bought",
    "campaign_of",
    "fates",
    "recipients",
    "recipients_total",
    "reported_reasons",
    "settle",
    "unknown",
]

# The fates of a message that was sent: each has one of the first five, the rest are of some of them.
_SENT = "m.status = 'sent'"
_DELIVERED = f"{_SENT} and m.delivery in ('delivered', 'unsubscribed', 'complained')"
_BOUGHT = """o.customer_id = m.customer_id and o.kind = 'sale' and o.ordered_at > m.sent_at
    and o.ordered_at <= m.sent_at + cast(:window as interval)"""
FATES = {
    "silent": f"{_SENT} and coalesce(m.delivery, 'accepted') = 'accepted'",
    "delayed": f"{_SENT} and m.delivery = 'deferred'",
    "bounced": f"{_SENT} and m.delivery = 'bounced'",
    "refused": f"{_SENT} and m.delivery in ('rejected', 'failed')",
    "delivered": _DELIVERED,
    "opened": f"{_DELIVERED} and coalesce(m.opened_at, m.clicked_at) is not null",
    "opened_by_machine": (
        f"{_DELIVERED} and m.machine_opened_at is not null and coalesce(m.opened_at, m.clicked_at) is null"
    ),
    "clicked": f"{_DELIVERED} and m.clicked_at is not null",
    "unsubscribed": f"{_SENT} and m.delivery = 'unsubscribed'",
    "complained": f"{_SENT} and m.delivery = 'complained'",
}
_LISTED = FATES | {
    "bought": f"{_SENT} and exists (select from orders o where {_BOUGHT})",
    "failed": "m.status = 'failed'",
    "skipped": "m.status = 'skipped'",
    "unknown": "m.status = 'unknown'",
    "waiting": "m.status in ('pending', 'claimed', 'handing_over')",
}


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message that may or may not have been delivered."""

    message_id: UUID
    recipient: str | None
    since: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Fates:
    """Messages of a campaign that were sent, by what became of them; each of the sent is in one of the first five."""

    sent: int
    silent: int
    delayed: int
    bounced: int
    refused: int
    delivered: int
    opened: int
    opened_by_machine: int
    clicked: int
    unsubscribed: int
    complained: int


@dataclass(frozen=True, slots=True)
class Bought:
    """Customers who ordered within a time after their message, and what."""

    customers: int
    orders: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient and what became of the message."""

    message_id: UUID
    customer: str | None
    recipient: str | None
    status: str
    delivery: str | None
    reason: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    clicked_at: datetime | None
    orders: int


def fates(connection: Connection, campaign_id: str) -> Fates:
    """How the messages of a campaign fared."""
    counted = ", ".join(f"count(*) filter (where {condition}) as {name}" for name, condition in FATES.items())
    query = f"select count(*) filter (where {_SENT}) as sent, {counted} from messages m where campaign_id = :campaign"  # noqa: S608
    return Fates(**connection.execute(text(query), {"campaign": campaign_id}).mappings().one())


def bought(connection: Connection, campaign_id: str, window: timedelta) -> Bought:
    """Who of a campaign's recipients ordered in `window` after the message was sent."""
    span = text(
        f"select min(sent_at), max(sent_at) from messages m where campaign_id = :campaign and {_SENT}"  # noqa: S608
    )
    first, last = connection.execute(span, {"campaign": campaign_id}).one()
    if first is None:
        return Bought(0, 0, Decimal(0))
    row = connection.execute(
        text(
            f"""
            select count(distinct o.customer_id), count(distinct o.order_id), coalesce(sum(o.revenue), 0)
            from messages m join orders o on {_BOUGHT}
            where m.campaign_id = :campaign and {_SENT} and o.ordered_at > :first and o.ordered_at <= :last
            """  # noqa: S608 - constants
        ),
        {"campaign": campaign_id, "window": window, "first": first, "last": last + window},
    ).one()
    return Bought(*row)


def reported_reasons(connection: Connection, campaign_id: str, limit: int) -> dict[str, int]:
    """Why messages that were sent did not arrive, as their providers say, most frequent first."""
    rows = connection.execute(
        text(
            """
            select delivery_reason, count(*) from messages
            where campaign_id = :campaign and status = 'sent' and delivery_reason is not null
            group by delivery_reason order by count(*) desc, delivery_reason limit :limit
            """
        ),
        {"campaign": campaign_id, "limit": limit},
    )
    return {row[0]: row[1] for row in rows}


def recipients(
    connection: Connection, campaign_id: str, fate: str, window: timedelta, *, limit: int, offset: int
) -> list[Recipient]:
    """A page of a campaign's recipients of that fate, by address."""
    rows = connection.execute(
        text(
            f"""
            select m.id, c.external_id, m.address, m.status, m.delivery, coalesce(m.delivery_reason, m.reason),
                m.sent_at, m.opened_at, m.clicked_at, (select count(*) from orders o where {_BOUGHT})
            from messages m left join customers c on c.id = m.customer_id
            where m.campaign_id = :campaign and {_LISTED[fate]}
            order by lower(m.address), m.id limit :limit offset :offset
            """  # noqa: S608 - constants
        ),
        {"campaign": campaign_id, "window": window, "limit": limit, "offset": offset},
    )
    return [Recipient(*row) for row in rows]


def recipients_total(connection: Connection, campaign_id: str, fate: str, window: timedelta) -> int:
    """How many recipients of that fate there are."""
    query = f"select count(*) from messages m where m.campaign_id = :campaign and {_LISTED[fate]}"  # noqa: S608
    return int(connection.execute(text(query), {"campaign": campaign_id, "window": window}).scalar_one())


def campaign_of(connection: Connection, message_id: UUID) -> str | None:
    """The campaign of a message; None: there is no such message."""
    found: str | None = connection.execute(
        text("select campaign_id from messages where id = :id"), {"id": message_id}
    ).scalar_one_or_none()
    return found


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


def resend(connection: Connection, campaign_id: str, *, now: datetime, by: str) -> int:
    """Make the failed messages of a campaign due again, and open it again; returns how many."""
    found = connection.execute(
        text(
            """
            with again as (
                update messages set status = 'pending', reason = null, attempts = 0, updated_at = :now,
                       claimed_by = null, due_at = :now
                where campaign_id = :campaign and status = 'failed' returning id
            ), noted as (
                insert into message_events (message_id, kind, detail) select id, 'resent', :by from again
            )
            select count(*) from again
            """
        ),
        {"campaign": campaign_id, "now": now, "by": f"asked for by {by}"},
    )
    messages = int(found.scalar_one())
    if messages:
        _open_again(connection, campaign_id)
    return messages


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
    alerts.close_settled(connection, now)
    if not delivered:
        _open_again(connection, campaign)
    return campaign


def _open_again(connection: Connection, campaign_id: str) -> None:
    connection.execute(
        text("update campaigns set status = 'active', ended_at = null where campaign_id = :id and status = :done"),
        {"id": campaign_id, "done": "completed"},
    )
