"""Messages on their way out: taken from the outbox, checked a last time, marked before they are handed over, settled.

Whatever is done to one message is done to many in one statement.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries.audience import REACH, SUPPRESSED
from database.queries.held import MAY_GO, UNHELD
from database.queries.merge_fields import joins, values_of
from database.queries.provider_pauses import AT_WORK

__all__ = ["Claimed", "Outcome", "Recipient", "claim", "hand_over", "recipients", "release", "settle"]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message a courier has taken."""

    id: UUID
    campaign_id: str
    customer_id: int
    channel: str
    address: str
    provider: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is true of a recipient at this moment."""

    address: str | None
    consent: bool
    suppressed: bool
    values: dict[str, object]


NOBODY = Recipient(None, consent=False, suppressed=False, values={})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message at instant `at`; with `due_at` a pending one waits for another attempt.

    `attempted`: the provider was asked to take it.
    """

    status: str
    at: datetime
    reason: str | None = None
    reference: str | None = None
    due_at: datetime | None = None
    attempted: bool = True


def claim(connection: Connection, claim_id: int, now: datetime, limit: int, provider: str) -> list[Claimed]:
    """Take up to `limit` due messages for this provider, oldest first, unless it wants none for a while.

    None of campaigns that are paused or over; the others become active.
    """
    rows = connection.execute(
        text(
            f"""
            update messages set status = 'claimed', claimed_by = :claim, updated_at = now()
            where id = any(array(  -- asked once: what is locked would not count against the limit a second time
                select m.id from messages m
                where m.status = 'pending' and m.due_at <= :now and m.provider = :provider and {AT_WORK} and {UNHELD}
                order by m.due_at limit :limit for update skip locked))
            returning id, campaign_id, customer_id, channel, address, provider, attempts
            """  # noqa: S608 - a constant
        ),
        {"claim": claim_id, "now": now, "limit": limit, "provider": provider},
    )
    taken = sorted((Claimed(*row) for row in rows), key=lambda message: message.customer_id)
    if taken:
        connection.execute(
            text("update campaigns set status = 'active' where status = 'scheduled' and campaign_id = any(:ids)"),
            {"ids": sorted({message.campaign_id for message in taken})},
        )
    return taken


def release(connection: Connection, claim_id: int) -> int:
    """Put back what was claimed and not begun."""
    released = connection.execute(
        text(
            """
            update messages set status = 'pending', claimed_by = null, updated_at = now()
            where claimed_by = :claim and status = 'claimed'
            """
        ),
        {"claim": claim_id},
    )
    return released.rowcount


def recipients(
    connection: Connection,
    customers: Collection[int],
    channel: str,
    kind: str,
    now: datetime,
    fields: Collection[str] = (),
) -> dict[int, Recipient]:
    """These customers as they are now, with their address of that kind and these merge fields; an erased one has none.

    Each is looked up by itself: for a few customers among many that is quicker than any join.
    """
    rows = connection.execute(
        text(
            f"""
            select wanted.id as customer, found.* from unnest(cast(:customers as bigint[])) as wanted (id)
            cross join lateral (
                select trim(p.address) as address, a.granted is true as consent, {SUPPRESSED} as suppressed,
                       {values_of(fields)}
                from customers c {REACH} {joins(fields)} where c.id = wanted.id offset 0
            ) found
            """  # noqa: S608 - constants, and names of declared fields
        ),
        {"channel": channel, "kind": kind, "customers": list(customers), "moment": now},
    )
    found = dict.fromkeys(customers, NOBODY)
    for row in rows.mappings():
        values = dict(row)
        whose, address = values.pop("customer"), values.pop("address")
        found[whose] = Recipient(address, values.pop("consent"), values.pop("suppressed"), values)
    return found


def hand_over(connection: Connection, claim_id: int, messages: Collection[UUID], channel: str, kind: str) -> set[UUID]:
    """Mark that the provider may deliver these messages of a channel from now on.

    Returns them but for those that are not this claim's, and those that must not be sent: who has not agreed now, is
    suppressed, or is not reached at that address any more. Those of a campaign that was paused or is over stay claimed.
    """
    moved = connection.execute(_HAND_OVER, {"ids": list(messages), "claim": claim_id, "channel": channel, "kind": kind})
    return set(moved.scalars())


def settle(connection: Connection, claim_id: int, outcomes: Mapping[UUID, Outcome]) -> set[UUID]:
    """Write down what became of messages of this claim; returns them but for those that are not this claim's."""
    told = [asdict(outcome) | {"id": message} for message, outcome in outcomes.items()]
    settled = connection.execute(
        _SETTLE, {"ids": list(outcomes), "outcomes": json.dumps(told, default=str), "claim": claim_id}
    )
    return set(settled.scalars())


# Held by their ids, in the order that everybody takes them in who takes several. What else is asked of them is asked of
# what is held: an index on states would lead through all that have been in that state today.
_HELD = """
    with held as (
        select id, campaign_id, customer_id, address, claimed_by, status from messages
        where id = any(cast(:ids as uuid[])) order by id for update
    )
"""
_HAND_OVER = text(
    f"""
    {_HELD}
    update messages m set status = 'handing_over', updated_at = now() from held h
    where m.id = any(cast(:ids as uuid[])) and m.id = h.id and h.claimed_by = :claim and h.status = 'claimed'
        and {MAY_GO} and exists (  -- each is looked up by themselves (offset), as in recipients
            select from customers c {REACH} where c.id = h.customer_id and a.granted
                and lower(trim(p.address)) = lower(h.address) and not {SUPPRESSED} offset 0)
    returning m.id
    """  # noqa: S608 - constants
)
_SETTLE = text(
    f"""
    {_HELD},
    settled as (
        update messages m set status = o.status, reason = o.reason,
            provider_reference = coalesce(o.reference, m.provider_reference),
            due_at = coalesce(o.due_at, m.due_at), updated_at = o.at,
            sent_at = case when o.status = 'sent' then o.at else m.sent_at end,
            claimed_by = case when o.status = 'pending' then null else m.claimed_by end,
            attempts = m.attempts + o.attempted::integer
        from held h join jsonb_to_recordset(cast(:outcomes as jsonb)) as o (
            id uuid, status text, at timestamptz, reason text, reference text, due_at timestamptz, attempted boolean
        ) on h.id = o.id
        where m.id = any(cast(:ids as uuid[])) and m.id = h.id and h.claimed_by = :claim
            and h.status in ('claimed', 'handing_over', 'unknown')
        returning m.id, m.status, m.reason
    )
    insert into message_events (message_id, kind, detail) select id, status, reason from settled returning message_id
    """  # noqa: S608 - a constant
)
