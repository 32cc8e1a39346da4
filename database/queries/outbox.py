"""The outbox: whose turn it is to send from it, and finding out what became of a dead courier's messages.

A courier is known by its claim: a random number it holds a session-level advisory lock on. PostgreSQL lets go of the
lock when the courier's connection ends, so `lost_claims` can tell a dead owner from a slow one without any clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries import locks
from database.queries.held import UNHELD
from database.queries.provider_pauses import AT_WORK

__all__ = [
    "Addressed",
    "Interrupted",
    "Letter",
    "address_of",
    "announce_unknown",
    "due",
    "explain_waiting",
    "hold_claim",
    "interrupted",
    "letter",
    "lost_claims",
    "note",
    "providers_waiting",
    "recover",
    "take_turn",
    "unasked",
    "waiting",
]

COURIER_LOCK = "courier of an organisation"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A message whose courier died while handing it over, at instant `at`."""

    id: UUID
    claim_id: int
    provider: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """What a campaign sends, and the hash of what a person approved; None where there is no approval."""

    payload: dict[str, Any]
    content_hash: str
    approved_hash: str | None


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a message went."""

    channel: str
    address: str


def take_turn(connection: Connection, org_id: UUID) -> bool:
    """Become this organisation's only courier, until the session ends; False while another one is at work."""
    return locks.hold(connection, COURIER_LOCK, str(org_id))


def hold_claim(connection: Connection, claim_id: int) -> None:
    """Show, until the session ends, that the owner of `claim_id` lives."""
    connection.execute(text("select pg_advisory_lock(:claim)"), {"claim": claim_id})


def due(connection: Connection, now: datetime) -> bool:
    """True when messages can be sent, or were left behind by a dead courier."""
    waiting = connection.execute(
        text(
            "select exists (select from messages m"  # noqa: S608 - constants
            f" where m.status = 'pending' and m.due_at <= :now and {AT_WORK} and {UNHELD})"
        ),
        {"now": now},
    ).scalar_one()
    return bool(waiting) or bool(lost_claims(connection))


def lost_claims(connection: Connection) -> list[int]:
    """Claims on unsettled messages whose owner is dead."""
    claims = connection.execute(
        text("select distinct claimed_by from messages where status in ('claimed', 'handing_over')")
    ).scalars()
    free = text("select pg_try_advisory_xact_lock(:claim)")
    return [claim for claim in claims if connection.execute(free, {"claim": claim}).scalar_one()]


def interrupted(connection: Connection, claims: Sequence[int]) -> list[Interrupted]:
    """The messages that dead couriers were handing over."""
    rows = connection.execute(
        text(
            """
            select id, claimed_by, provider, address, updated_at from messages
            where claimed_by = any(:claims) and status = 'handing_over'
            """
        ),
        {"claims": list(claims)},
    )
    return [Interrupted(*row) for row in rows]


def unasked(connection: Connection, providers: Sequence[str], before: datetime, limit: int) -> list[Interrupted]:
    """Messages of unknown outcome since `before` whose provider, one of these, has not been asked a second time."""
    rows = connection.execute(
        text(
            """
            select id, claimed_by, provider, address, updated_at from messages m
            where status = 'unknown' and provider = any(:providers) and updated_at <= :before and address is not null
              and not exists (select from message_events e where e.message_id = m.id and e.kind = 'asked')
            order by updated_at, id limit :limit
            """
        ),
        {"providers": list(providers), "before": before, "limit": limit},
    )
    return [Interrupted(*row) for row in rows]


def recover(connection: Connection, claims: Sequence[int], undelivered: Sequence[UUID] = ()) -> tuple[int, list[UUID]]:
    """Settle what dead couriers left: claimed → pending; handing over → unknown, never to be sent by itself again.

    `undelivered`: messages whose provider says that it never got them; they are pending again as well.
    Returns how many are pending again, and the messages whose outcome nobody knows.
    """
    owners = {"claims": list(claims)}
    released = connection.execute(
        text(
            """
            update messages m set status = 'pending', claimed_by = null, updated_at = now()
            where claimed_by = any(:claims)
              and (status = 'claimed' or (status = 'handing_over' and id = any(cast(:undelivered as uuid[]))))
            """
        ),
        owners | {"undelivered": list(undelivered)},
    )
    unknown = connection.execute(
        text(
            """
            update messages set status = 'unknown',  -- updated_at stays the instant of the attempt: it is asked about
                   reason = 'the courier died while handing over: it may or may not have been delivered'
            where claimed_by = any(:claims) and status = 'handing_over' returning id
            """
        ),
        owners,
    )
    found = list(unknown.scalars())
    for message_id in found:
        note(connection, message_id, "unknown")
    return released.rowcount, found


def _unknown(messages: int) -> str:
    which = "1 message" if messages == 1 else f"{messages:,} messages"
    return f"{which} may or may not have been delivered: look into the mail server's log and say what became of it"


def announce_unknown(connection: Connection, message_ids: Sequence[UUID]) -> None:
    """Ask a person to find out about those of these messages whose outcome is unknown."""
    asked = text("select id from messages where id = any(cast(:ids as uuid[])) and status = 'unknown' order by id")
    ids = [str(found) for found in connection.execute(asked, {"ids": list(map(str, message_ids))}).scalars()]
    if not ids:
        return
    connection.execute(
        text(
            """
            insert into alerts (kind, severity, title, detail)
            values ('delivery_unknown', 'medium', :title, jsonb_build_object('message_ids', cast(:ids as text[])))
            """
        ),
        {"title": _unknown(len(ids)), "ids": ids},
    )


def letter(connection: Connection, campaign_id: str) -> Letter | None:
    """What a campaign sends, with the approval it rests on."""
    row = connection.execute(
        text(
            """
            select p.payload, p.content_hash, a.content_hash
            from campaigns c join proposals p on p.id::text = coalesce(c.proposal_id, c.step_of::text)
            left join approvals a on a.proposal_id = p.id and a.decision = 'approved'
            where c.campaign_id = :campaign
            """
        ),
        {"campaign": campaign_id},
    ).one_or_none()
    return None if row is None else Letter(*row)


def note(connection: Connection, message_id: UUID, kind: str, detail: str | None = None) -> None:
    """Add to a message's history."""
    connection.execute(
        text("insert into message_events (message_id, kind, detail) values (:id, :kind, :detail)"),
        {"id": message_id, "kind": kind, "detail": detail},
    )


def address_of(connection: Connection, message_id: UUID) -> Addressed | None:
    """Channel and address of a message that has one; locked, as events of messages are (database/queries/events.py)."""
    found = text("select channel, address from messages where id = :id and address is not null for update")
    row = connection.execute(found, {"id": message_id}).one_or_none()
    return None if row is None else Addressed(*row)


def waiting(connection: Connection, now: datetime) -> int:
    """Messages that are due now and not settled."""
    query = f"select count(*) from messages m where status in ('pending', 'claimed') and due_at <= :now and {UNHELD}"  # noqa: S608
    return int(connection.execute(text(query), {"now": now}).scalar_one())


def providers_waiting(connection: Connection, now: datetime) -> set[str]:
    """Providers that due messages wait for."""
    query = f"select distinct provider from messages m where status = 'pending' and due_at <= :now and {UNHELD}"  # noqa: S608
    return set(connection.execute(text(query), {"now": now}).scalars())


def explain_waiting(connection: Connection, provider: str, now: datetime, reason: str) -> None:
    """Write at due messages why they are not sent: nobody is there to carry them."""
    connection.execute(
        text(
            """
            update messages set reason = :reason, updated_at = :now
            where status = 'pending' and provider = :provider and due_at <= :now and reason is distinct from :reason
            """
        ),
        {"provider": provider, "reason": reason, "now": now},
    )
