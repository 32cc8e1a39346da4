"""People in a journey moved on from a node, many in one statement: where they go, what is done, and that it was done.

A statement holds the people it moves (skipping those that somebody else holds), does what the node does, notes the step
and moves them, all or nothing. So a process that is killed leaves everybody where they were, or where they went.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries.audience import REACH, SUPPRESSED

__all__ = [
    "PASSED", "SENDABLE", "Deed", "Place", "Target", "call_webhook", "expel", "holds", "keep_campaign", "move",
    "move_to_version", "next_due", "note_tag", "reacted", "rule_holds", "send", "tagged",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a version of a journey; `oldest` is when those came in who have been inside for too long.

    What anybody did before `floor` is of no account.
    """

    journey_id: UUID
    version: int
    node: str
    now: datetime
    oldest: datetime
    floor: datetime


@dataclass(frozen=True, slots=True)
class Target:
    """Where a way leads: to a node, due at an instant, or out with an outcome."""

    way: str
    node: str | None = None
    due_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What a node does with those who go some way, as a part of the statement, with its values; `joins` go before."""

    statement: str = ""
    joins: str = ""
    columns: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


_PICKED = """, {name} as materialized (
    select f.customer_id from customer_facts f where f.customer_id in (select due.customer_id from due) and {rule})"""


def holds(connection: Connection, journey_id: UUID) -> bool:
    """Whether a journey runs, and goes on running until the end of this transaction."""
    status = connection.execute(
        text("select status from journeys where id = :id for share"), {"id": journey_id}
    ).scalar()
    return status in ("running", "closing")


_MOVE = """
    with due as materialized (
        select p.customer_id, p.entry, p.since, p.caused_at, p.entered_at from journey_people p
        where p.journey_id = :journey and p.version = :version and p.node = :node and p.state = 'in'
            and p.due_at <= :now
        order by p.due_at, p.customer_id limit :limit for update skip locked
    ){asked},
    decided as materialized (
        select d.customer_id, d.entry{columns},
            case when d.entered_at <= :oldest then 'too long' else {way} end as way
        from due d {joins}
    ),
    targets as (
        select * from jsonb_to_recordset(cast(:targets as jsonb))
        as t (way text, node text, due_at timestamptz, outcome text)
    ),
    moved as (
        update journey_people p set node = t.node, due_at = t.due_at, since = :now, outcome = t.outcome,
            state = case when t.node is null then 'out' else 'in' end,
            left_at = case when t.node is null then cast(:now as timestamptz) end
        from decided d join targets t on t.way = d.way
        where p.journey_id = :journey and p.customer_id = d.customer_id and p.entry = d.entry
        returning p.customer_id
    ){doing},
    noted as (
        insert into journey_steps as s (journey_id, customer_id, entry, node, version, way, at)
        select :journey, d.customer_id, d.entry, :node, :version, d.way, :now from decided d
        on conflict (org_id, journey_id, customer_id, entry, node)
        do update set visits = s.visits + 1, way = excluded.way, at = excluded.at, version = excluded.version
        returning way
    )
    select way, count(*), (select count(*) from moved) from noted group by way
"""


def move(
    connection: Connection,
    place: Place,
    way: str,
    targets: Sequence[Target],
    *,
    limit: int,
    values: Mapping[str, Any] | None = None,
    deed: Deed = Deed(),
    picked: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Move those who are due at a node by `way` (SQL over due d, which names one of `targets`); how many went each.

    `picked` are compiled rules (over customer_facts f) by the names `rule_holds` knows them by: each is asked once, of
    all who are due together.
    """
    doing = f", deed as ({deed.statement})" if deed.statement else ""
    asked = "".join(_PICKED.format(name=name, rule=rule) for name, rule in (picked or {}).items())
    statement = _MOVE.format(asked=asked, columns=deed.columns, way=way, joins=deed.joins, doing=doing)
    bound = {
        "journey": place.journey_id, "version": place.version, "node": place.node, "now": place.now,
        "oldest": place.oldest, "floor": place.floor, "limit": limit,
        "targets": json.dumps([asdict(target) for target in targets], default=str),
    }  # fmt: skip
    rows = connection.execute(text(statement), {**bound, **(values or {}), **deed.values}).all()
    gone = {way: count for way, count, _moved in rows}
    if rows and rows[0][2] != sum(gone.values()):
        raise LookupError(f"{sum(gone.values()) - rows[0][2]} of those at {place.node} had no way to go: {gone}")
    return gone


PASSED = """
    exists (select from journey_steps s where s.journey_id = :journey and s.customer_id = d.customer_id
        and s.entry = d.entry and s.node = :node)
"""
"""Of somebody due: they have passed this node before, on an earlier version."""

SENDABLE = f"""
    case when {PASSED} then 'passed'
        when c.id is null or p.address is null or trim(p.address) !~ :form then 'no address'
        when {SUPPRESSED} then 'suppressed'
        when a.granted is not true then 'no consent'
        else 'sent' end
"""
"""Of somebody due: whether they can be written to, as database/queries/audience.py judges it."""


def send(campaign_id: str, channel: str, kind: str, form: str, provider: str) -> Deed:
    """A row of the outbox for those who go the way 'sent'; the courier looks at all of it again before it sends."""
    return Deed(
        statement="""
            insert into messages (campaign_id, customer_id, channel, address, provider, due_at, entry)
            select :campaign, d.customer_id, :channel, d.address, :provider, :now, d.entry
            from decided d where d.way = 'sent'
            on conflict (org_id, campaign_id, customer_id, channel, entry) do nothing
        """,
        joins=f"left join customers c on c.id = d.customer_id {REACH}",
        columns=", trim(p.address) as address",
        values={"campaign": campaign_id, "channel": channel, "kind": kind, "form": form, "provider": provider},
    )


def note_tag(name: str, value: str | None, by: str, *, remove: bool) -> Deed:
    """A tag or attribute noted, or taken away, of those who go the way 'done'."""
    if remove:
        return Deed(
            "delete from customer_tags t using decided d"
            " where d.way = 'done' and t.customer_id = d.customer_id and t.name = :tag",
            values={"tag": name},
        )
    return Deed(
        """
        insert into customer_tags (customer_id, name, value, set_by, set_at)
        select d.customer_id, :tag, :value, :by, :now from decided d where d.way = 'done'
        on conflict (org_id, customer_id, name)
        do update set value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at
        """,
        values={"tag": name, "value": value, "by": by},
    )


def call_webhook(event: str) -> Deed:
    """A call to the organisation's webhook for those who go the way 'done'."""
    return Deed(
        """
        insert into journey_calls (journey_id, customer_id, entry, node, event, due_at, made_at)
        select :journey, d.customer_id, d.entry, :node, :event, :now, :now from decided d where d.way = 'done'
        on conflict (org_id, journey_id, customer_id, entry, node) do nothing
        """,
        values={"event": event},
    )


def rule_holds(name: str) -> str:
    """SQL: whether the compiled rule of that name (`picked` of `move`) picks somebody due."""
    return f"d.customer_id in (select {name}.customer_id from {name})"  # noqa: S608


def tagged(name: str) -> str:
    """SQL: whether somebody due bears the tag :`name`."""
    return f"exists (select from customer_tags t where t.customer_id = d.customer_id and t.name = :{name})"


def reacted(campaign: str, *, clicked: bool) -> str:
    """SQL: whether somebody due opened (a click is an open), or clicked in, what the campaign :`campaign` sent them."""
    seen = "m.clicked_at is not null" if clicked else "coalesce(m.opened_at, m.clicked_at) is not null"
    return (
        f"exists (select from messages m where m.campaign_id = any(:{campaign})"
        f" and m.customer_id = d.customer_id and m.entry = d.entry and {seen})"
    )


def keep_campaign(
    connection: Connection, campaign_id: str, name: str, channel: str, proposal_id: UUID, now: datetime
) -> None:
    """The campaign that a node's messages are of."""
    connection.execute(
        text(
            """
            insert into campaigns (campaign_id, name, channel, kind, status, audience, started_at, step_of)
            values (:id, :name, :channel, 'journey', 'active', 'Who comes to this step of the journey', :now, :proposal)
            on conflict (org_id, campaign_id) do nothing
            """
        ),
        {"id": campaign_id, "name": name, "channel": channel, "proposal": proposal_id, "now": now},
    )


def next_due(connection: Connection, journey_id: UUID, version: int, now: datetime) -> set[str]:
    """The nodes of a version at which somebody is due."""
    rows = connection.execute(
        text(
            "select distinct node from journey_people where journey_id = :id and version = :version and state = 'in'"
            " and due_at <= :now"
        ),
        {"id": journey_id, "version": version, "now": now},
    )
    return set(rows.scalars())


def move_to_version(connection: Connection, journey_id: UUID, before: int, version: int, nodes: Sequence[str]) -> int:
    """Move those inside who are at these nodes of one version to another; they wait as long as they would have."""
    moved = connection.execute(
        text(
            "update journey_people set version = :version where journey_id = :id and state = 'in'"
            " and version = :before and node = any(:nodes)"
        ),
        {"id": journey_id, "before": before, "version": version, "nodes": list(nodes)},
    )
    return moved.rowcount


def expel(connection: Connection, journey_id: UUID, outcome: str, now: datetime) -> int:
    """Let everybody out."""
    out = connection.execute(
        text(
            "update journey_people set state = 'out', outcome = :outcome, left_at = :now, node = null, due_at = null"
            " where journey_id = :id and state = 'in'"
        ),
        {"id": journey_id, "outcome": outcome, "now": now},
    )
    return out.rowcount
