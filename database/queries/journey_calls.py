"""Calls to an organisation's webhook that journeys ask for: what waits, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

__all__ = ["CallRow", "Trouble", "due", "settle", "troubles"]


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that waits: the customer by the shop's own number."""

    id: UUID
    journey: str
    node: str
    event: str
    customer: str
    attempts: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """Calls of one node that were not taken: `status` pending (tried again) or failed, and why the latest was not."""

    node: str
    status: str
    calls: int
    reason: str


def due(connection: Connection, now: datetime, limit: int) -> Sequence[CallRow]:
    """Calls that are due, the oldest first, of journeys that nobody has paused."""
    rows = connection.execute(
        text(
            """
            select w.id, j.name, w.node, w.event, c.external_id, w.attempts, w.made_at
            from journey_calls w join journeys j on j.id = w.journey_id join customers c on c.id = w.customer_id
            where w.status = 'pending' and w.due_at <= :now and j.status <> 'paused'
            order by w.due_at, w.id limit :limit
            """
        ),
        {"now": now, "limit": limit},
    )
    return [CallRow(*row) for row in rows]


def settle(
    connection: Connection, call_id: UUID, status: str, reason: str | None = None, due_at: datetime | None = None
) -> None:
    """Write down what became of a call; a pending one is made again at `due_at`."""
    connection.execute(
        text(
            "update journey_calls set status = :status, attempts = attempts + 1, reason = :reason,"
            " due_at = coalesce(cast(:due as timestamptz), due_at) where id = :id and status = 'pending'"
        ),
        {"id": call_id, "status": status, "reason": reason, "due": due_at},
    )


def troubles(connection: Connection, journey_id: UUID) -> Sequence[Trouble]:
    """What a journey's webhook has not taken, by node: what failed, then what is tried again."""
    rows = connection.execute(
        text(
            """
            select node, status, count(*), (array_agg(reason order by due_at desc, id))[1] from journey_calls
            where journey_id = :id and status in ('failed', 'pending') and reason is not null
            group by node, status order by node, status
            """
        ),
        {"id": journey_id},
    )
    return [Trouble(*row) for row in rows]
