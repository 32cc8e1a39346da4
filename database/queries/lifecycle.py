"""The steps of campaigns launched from here: which are legal, who took them, and what their messages do meanwhile.

The database holds the same steps (migration 0050) and writes the history itself, whoever changes a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from database.queries.campaigns import close_finished
from database.queries.held import SKIPPED_AS_ENDED

__all__ = [
    "LEGAL",
    "STATES",
    "Stage",
    "Step",
    "acting",
    "becomes",
    "close",
    "end",
    "find",
    "history",
    "legal_steps",
    "listed",
    "needs_closing",
    "put",
    "stage",
    "unsettled",
    "waits_until",
]

STATES: Final = ("scheduled", "active", "paused", "completed", "expired", "archived")
LEGAL: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "scheduled": {"start": ("active",), "pause": ("paused",), "end": ("completed",), "expire": ("expired",)},
    "active": {"pause": ("paused",), "end": ("completed",), "expire": ("expired",)},
    "paused": {"resume": ("active", "scheduled"), "end": ("completed",), "expire": ("expired",)},
    "completed": {"archive": ("archived",), "reopen": ("active",)},
    "expired": {"archive": ("archived",)},
    "archived": {},
}
"""Steps by the state they start from, with what the campaign becomes."""
_BY_A_PERSON: Final = ("pause", "resume", "end", "archive")


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken."""

    was: str
    status: str
    actor: str
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Stage:
    """A campaign and where it stands."""

    campaign_id: str
    name: str
    kind: str | None
    channel: str | None
    status: str
    started_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


_STAGE = "select campaign_id, name, kind, channel, status, started_at, ends_at, ended_at from campaigns"


def legal_steps(status: str) -> list[str]:
    """What a person can do to a campaign in this state."""
    return [name for name in _BY_A_PERSON if name in LEGAL.get(status, {})]


def becomes(status: str, step: str) -> tuple[str, ...]:
    """What a step makes of a state; nothing where it is no legal one."""
    return LEGAL.get(status, {}).get(step, ())


def acting(connection: Connection, actor: str, note: str | None = None) -> None:
    """Let the history of this transaction say who it was, and why."""
    connection.execute(
        text("select set_config('app.actor', :actor, true), set_config('app.note', :note, true)"),
        {"actor": actor, "note": note or ""},
    )


def stage(connection: Connection, campaign_id: str) -> Stage | None:
    """Where a campaign stands, held until the end of the transaction; None: none of that id was launched from here."""
    query = text(f"{_STAGE} where campaign_id = :id and proposal_id is not null for update")
    row = connection.execute(query, {"id": campaign_id}).one_or_none()
    return None if row is None else Stage(*row)


def find(connection: Connection, words: str) -> list[Stage]:
    """The launched campaigns that words mean: of that id, else of that name, else with it in their name."""
    for condition in (
        "campaign_id = :words",
        "lower(name) = lower(:words)",
        "position(lower(:words) in lower(name)) > 0",
    ):
        query = text(
            f"{_STAGE} where proposal_id is not null and {condition} order by started_at desc nulls last, name"
        )
        if found := connection.execute(query, {"words": words.strip()}).all():
            return [Stage(*row) for row in found]
    return []


def listed(connection: Connection, status: str | None, limit: int) -> tuple[int, list[Stage]]:
    """How many launched campaigns are in that state (None: in any but archived), and the newest of them."""
    which = "status <> 'archived'" if status is None else "status = :status"
    where = f"where proposal_id is not null and {which}"
    values = {"status": status, "limit": limit}
    total = connection.execute(text(f"select count(*) from campaigns {where}"), values).scalar_one()  # noqa: S608
    query = text(f"{_STAGE} {where} order by started_at desc nulls last, campaign_id limit :limit")
    return total, [Stage(*row) for row in connection.execute(query, values)]


def put(connection: Connection, campaign_id: str, status: str, *, ended_at: datetime | None = None) -> None:
    """Make a campaign what a legal step makes of it."""
    connection.execute(
        text("update campaigns set status = :status, ended_at = coalesce(:ended, ended_at) where campaign_id = :id"),
        {"id": campaign_id, "status": status, "ended": ended_at},
    )


def history(connection: Connection, campaign_id: str) -> list[Step]:
    """The steps of a campaign, oldest first."""
    query = text("select was, status, actor, note, at from campaign_history where campaign_id = :id order by id")
    return [Step(*row) for row in connection.execute(query, {"id": campaign_id})]


def waits_until(connection: Connection, campaign_id: str, now: datetime) -> datetime | None:
    """When a campaign of which nothing has gone out yet is to begin, where that is later than now."""
    query = text(
        "select min(due_at) filter (where status = 'pending') from messages where campaign_id = :id"
        " having bool_and(status in ('pending', 'claimed')) and min(due_at) > :now"
    )
    found: datetime | None = connection.execute(query, {"id": campaign_id, "now": now}).scalar_one_or_none()
    return found


def unsettled(connection: Connection, campaign_id: str) -> int:
    """Messages of a campaign that are not done with, or of which nobody knows what became of them."""
    query = text(
        "select count(*) from messages where campaign_id = :id"
        " and status in ('pending', 'claimed', 'handing_over', 'unknown')"
    )
    return int(connection.execute(query, {"id": campaign_id}).scalar_one())


def end(connection: Connection, campaign_id: str, now: datetime, reason: str) -> int:
    """Leave out what has not been handed over; returns how many messages. What is on its way stays so."""
    skipped = connection.execute(
        text(
            """
            with held as (
                select id from messages where campaign_id = :id and status in ('pending', 'claimed')
                order by id for update
            )
            update messages m set status = 'skipped', reason = :reason, claimed_by = null, updated_at = :now
            from held h where m.id = h.id and m.status in ('pending', 'claimed')
            """
        ),
        {"id": campaign_id, "reason": reason, "now": now},
    )
    return skipped.rowcount


_OVERDUE = "proposal_id is not null and status in ('scheduled', 'active', 'paused') and ends_at <= :now"


def needs_closing(connection: Connection) -> bool:
    """Whether a campaign or a proposal is over by the clock of the database and does not say so yet."""
    query = text(
        f"select exists (select from campaigns where {_OVERDUE.replace(':now', 'now()')})"  # noqa: S608 - constants
        " or exists (select from proposals where status = 'pending' and expires_at <= now())"
    )
    return bool(connection.execute(query).scalar_one())


def close(connection: Connection, now: datetime) -> int:
    """Let proposals and campaigns that are over say so, leave out what they have not sent, complete what is done.

    Returns how many campaigns and proposals changed.
    """
    values = {"now": now}
    old = connection.execute(
        text("update proposals set status = 'expired' where status = 'pending' and expires_at <= :now"), values
    )
    over = text(f"update campaigns set status = 'expired', ended_at = :now where {_OVERDUE}")  # noqa: S608 - a constant
    gone = connection.execute(over, values)
    connection.execute(text(SKIPPED_AS_ENDED), values)
    return old.rowcount + gone.rowcount + close_finished(connection, now)
