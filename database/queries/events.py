"""What providers tell of messages: each event counted once, and what they add up to, in whatever order they come.

The events are the truth. State, suppression and settling are worked out anew from all of them, under a lock on the
messages they name, so that neither order nor repetition changes anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries import alerts, outbox, suppressions
from database.tables.actions import DELIVERY_STATES

__all__ = ["OWN", "SOFT_BOUNCES", "Applied", "Told", "apply", "first_body", "refresh", "seen", "settle_reported"]

OWN = "aima"
"""Stands in place of a provider where we have seen something ourselves: by links of our own."""

SOFT_BOUNCES = 5
"""An address is suppressed when so many messages in a row came back, though it may exist."""

KEPT_NONCES = timedelta(days=3)
_ABOUT_ADDRESSES = ("unsubscribed", "resubscribed", "complained", "asked_help")


@dataclass(frozen=True, slots=True)
class Told:
    """An event as the database keeps it. `message` None: of `address`, in the form that addresses are kept in."""

    event_id: str
    kind: str
    at: datetime
    message: UUID | None
    address: str | None
    detail: str | None
    permanent: bool
    machine: bool
    url: str | None
    reference: str | None

    @classmethod
    def of_address(cls, event_id: str, kind: str, at: datetime, address: str) -> Told:
        """What is told of an address, whichever message was the occasion; bounced: there is nobody there."""
        bounced = kind == "bounced"
        return cls(event_id, kind, at, None, address.strip().lower(), None, bounced, False, None, None)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many events were new, messages whose outcome they settled, and addresses that are suppressed since."""

    fresh: int
    settled: int
    suppressed: int


def first_body(connection: Connection, provider: str, nonce: str, body: bytes, now: datetime) -> bool:
    """Whether a call's `nonce` comes with the body it came with first: False for another one."""
    digest = hashlib.sha256(body).hexdigest()
    connection.execute(text("delete from webhook_nonces where at < :before"), {"before": now - KEPT_NONCES})
    put = "insert into webhook_nonces (provider, nonce, body_hash, at) values (:provider, :nonce, :body, :at)"
    values = {"provider": provider, "nonce": nonce, "body": digest, "at": now}
    connection.execute(text(f"{put} on conflict do nothing"), values)
    kept = text("select body_hash from webhook_nonces where provider = :provider and nonce = :nonce")
    return bool(connection.execute(kept, values).scalar_one() == digest)


def apply(connection: Connection, provider: str, channel: str, told: Sequence[Told], now: datetime) -> Applied:
    """Keep what `provider` tells, and do what follows; events of messages that it did not carry are left out."""
    known = _locked(connection, provider, {event.message for event in told if event.message})
    ours = {event.event_id: event for event in told if _concerns(event, known)}
    fresh = [ours[name] for name in _insert(connection, provider, list(ours.values()), known)]
    messages = sorted({event.message for event in fresh if event.message})
    refresh(connection, messages)
    references = {event.message: event.reference for event in fresh if event.message}
    settled = settle_reported(connection, messages, now, references)
    suppressed = _suppress(connection, provider, channel, fresh, known)
    return Applied(len(fresh), len(settled), suppressed)


def seen(
    connection: Connection,
    message: UUID,
    kind: str,
    at: datetime,
    *,
    machine: bool,
    url: str | None,
    event_id: str,
    but: Sequence[str] = (),
) -> bool:
    """Keep that a message of ours was opened or a link in it followed; False where it was before, or is not kept.

    A message of which nobody knew whether it arrived has. `but`: providers whose messages do not count.
    """
    query = text("select provider from messages where id = :id and address is not null for update")
    found = connection.execute(query, {"id": message}).scalar_one_or_none()
    if found is None or found in but:
        return False
    told = Told(event_id, kind, at, message, None, None, permanent=False, machine=machine, url=url, reference=None)
    fresh = bool(_insert(connection, OWN, [told], {}))
    if fresh:
        refresh(connection, [message])
        settle_reported(connection, [message], at)
    return fresh


def _concerns(event: Told, known: Mapping[UUID, str]) -> bool:
    if event.message is not None:
        return event.message in known
    return bool(event.address) and (event.permanent or event.kind in _ABOUT_ADDRESSES)


def _locked(connection: Connection, provider: str, messages: Iterable[UUID]) -> dict[UUID, str]:
    """Addresses of the messages that are ours, by id; locked, so that whoever adds events of them waits."""
    rows = connection.execute(
        text(
            """
            select id, lower(trim(coalesce(address, ''))) from messages
            where id = any(cast(:ids as uuid[])) and provider = :provider order by id for update
            """
        ),
        {"ids": sorted(str(message) for message in messages), "provider": provider},
    )
    return {row[0]: row[1] for row in rows}


def _address(event: Told, known: Mapping[UUID, str]) -> str:
    return known[event.message] if event.message else (event.address or "").lower()


def _insert(connection: Connection, provider: str, told: Sequence[Told], known: Mapping[UUID, str]) -> list[str]:
    """Add what is not known yet; returns those events' ids."""
    rows = [
        {**asdict(event), "address_hash": _hashed(_address(event, known)) if _of_address(event) else None}
        for event in told
    ]
    added = connection.execute(
        text(
            """
            insert into message_events
                (message_id, kind, detail, at, provider, event_id, address_hash, permanent, machine, url)
            select message, kind, detail, at, :provider, event_id, address_hash, permanent, machine, url
            from jsonb_to_recordset(cast(:rows as jsonb)) as told (
                message uuid, kind text, detail text, at timestamptz, event_id text, address_hash text,
                permanent boolean, machine boolean, url text)
            on conflict (org_id, provider, event_id) do nothing returning event_id
            """
        ),
        {"provider": provider, "rows": json.dumps(rows, default=str)},
    )
    return list(added.scalars())


def _of_address(event: Told) -> bool:
    return event.message is None or event.kind in _ABOUT_ADDRESSES


def _hashed(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def refresh(connection: Connection, messages: Sequence[UUID]) -> None:
    """Work out anew what is known of `messages`: the heaviest of what was told, and when it was first seen.

    Whoever opens or clicks has got it. Our own unsubscribe link counts like a provider's.
    """
    connection.execute(
        text(
            """
            with told as (
                select message_id, kind, detail, at, machine, event_id, array_position(
                    cast(:states as text[]), case when kind in ('opened', 'clicked') then 'delivered' else kind end
                ) as weight
                from message_events
                where message_id = any(cast(:ids as uuid[])) and (provider is not null or kind = 'unsubscribed')
            ),
            summed as (
                select message_id, max(weight) as weight,
                    (array_agg(detail order by weight desc nulls last, at, event_id))[1] as reason,
                    min(at) filter (where kind = 'opened' and not machine) as opened,
                    min(at) filter (where kind in ('opened', 'clicked') and machine) as machine,
                    min(at) filter (where kind = 'clicked' and not machine) as clicked
                from told group by message_id
            )
            update messages m set delivery = (cast(:states as text[]))[s.weight],
                delivery_reason = case when (cast(:states as text[]))[s.weight] = any(cast(:unhappy as text[]))
                    then s.reason end,
                opened_at = s.opened, machine_opened_at = s.machine, clicked_at = s.clicked
            from summed s where m.id = s.message_id
            """
        ),
        {
            "ids": [str(message) for message in messages],
            "states": list(DELIVERY_STATES),
            "unhappy": ["deferred", "failed", "rejected", "bounced"],
        },
    )


def settle_reported(
    connection: Connection,
    messages: Sequence[UUID],
    now: datetime,
    references: Mapping[UUID, str | None] | None = None,
) -> list[UUID]:
    """Mark as sent what its provider speaks of: it has got the message, so it must not be handed over again.

    Returns those that were not known to be sent; alerts about them close.
    """
    rows = connection.execute(
        text(
            """
            update messages m set status = 'sent', reason = null, claimed_by = null, updated_at = :now,
                sent_at = coalesce(m.sent_at, m.updated_at),
                provider_reference = coalesce(m.provider_reference, told.reference)
            from unnest(cast(:ids as uuid[]), cast(:references as text[])) as told (id, reference)
            where m.id = told.id and m.status in ('unknown', 'pending', 'claimed') and exists (
                select from message_events e where e.message_id = m.id and e.provider in (m.provider, :own))
            returning m.id
            """
        ),
        {
            "ids": [str(message) for message in messages],
            "references": [(references or {}).get(message) for message in messages],
            "now": now,
            "own": OWN,
        },
    )
    settled = list(rows.scalars())
    for message in settled:
        outbox.note(connection, message, "sent", "it is known to have arrived")
    if settled:
        alerts.close_settled(connection, now)
    return settled


def _suppress(
    connection: Connection, provider: str, channel: str, fresh: Sequence[Told], known: Mapping[UUID, str]
) -> int:
    """Suppress whom nothing must be sent any more; an order of reasons says which of them a START may lift."""
    added = 0
    for event in sorted(fresh, key=lambda event: _address(event, known)):  # in one order: nobody waits in a circle
        address = _address(event, known)
        if event.kind == "complained":
            added += suppressions.add(connection, channel, address, "complained")
        elif event.permanent or (event.kind == "bounced" and _keeps_bouncing(connection, channel, address)):
            added += suppressions.add(connection, channel, address, "bounced")
        elif event.kind in ("unsubscribed", "resubscribed"):
            added += _follow_wish(connection, provider, channel, address)
    return added


def _follow_wish(connection: Connection, provider: str, channel: str, address: str) -> int:
    """What somebody told this provider last; where both came at one instant, that they want no more."""
    held = {"kind": "wish of an address", "hash": _hashed(address), "provider": provider}
    connection.execute(text("select pg_advisory_xact_lock(hashtext(:kind), hashtext(:hash))"), held)
    last = connection.execute(
        text(
            """
            select kind from message_events
            where address_hash = :hash and provider = :provider and kind in ('unsubscribed', 'resubscribed')
            order by at desc, kind desc limit 1
            """
        ),
        held,
    ).scalar_one()
    if last == "unsubscribed":
        return int(suppressions.add(connection, channel, address, suppressions.told_by(provider)))
    suppressions.lift(connection, channel, address, suppressions.told_by(provider))
    return 0


def _keeps_bouncing(connection: Connection, channel: str, address: str) -> bool:
    """Whether the last messages to an address, of those of which the end is known, all came back."""
    rows: Sequence[Any] = connection.execute(
        text(
            """
            select delivery from messages
            where channel = :channel and lower(address) = :address and delivery is not null
              and delivery not in ('accepted', 'deferred') order by sent_at desc nulls last, id limit :last
            """
        ),
        {"channel": channel, "address": address, "last": SOFT_BOUNCES},
    ).all()
    return [row[0] for row in rows] == ["bounced"] * SOFT_BOUNCES
