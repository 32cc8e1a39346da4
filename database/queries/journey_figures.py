"""How journeys stand: who is where, who passed what, how they left, and what became of what they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries.deliveries import FATES

__all__ = ["NodeRow", "Totals", "inside_versions", "nodes", "outcomes", "sent", "totals", "ways"]


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One node: who is at it now, who of them is due, and who has passed it."""

    node: str
    inside: int
    due: int
    passed: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A journey in figures: entries, by where they are."""

    journey_id: UUID
    entered: int
    inside: int
    goal: int
    held_out: int
    last_entry: datetime | None


@dataclass(frozen=True, slots=True)
class SentRow:
    """What a node's messages came to."""

    node: str
    messages: int
    sent: int
    waiting: int
    failed: int
    unsubscribed: int
    opened: int
    clicked: int


def nodes(connection: Connection, journey_id: UUID, now: datetime) -> dict[str, NodeRow]:
    """Every node that anybody is at or has passed, whatever the version."""
    rows = connection.execute(
        text(
            """
            select coalesce(i.node, s.node), coalesce(i.inside, 0), coalesce(i.due, 0), coalesce(s.passed, 0)
            from (
                select node, count(*) as inside, count(*) filter (where due_at <= :now) as due from journey_people
                where journey_id = :id and state = 'in' group by node
            ) i full join (
                select node, count(*) as passed from journey_steps where journey_id = :id group by node
            ) s on s.node = i.node
            """
        ),
        {"id": journey_id, "now": now},
    )
    return {row[0]: NodeRow(*row) for row in rows}


def ways(connection: Connection, journey_id: UUID) -> dict[str, dict[str, int]]:
    """By node, how many went each way."""
    rows = connection.execute(
        text("select node, way, count(*) from journey_steps where journey_id = :id group by node, way order by 1, 2"),
        {"id": journey_id},
    )
    found: dict[str, dict[str, int]] = {}
    for node, way, count in rows:
        found.setdefault(node, {})[way] = count
    return found


def outcomes(connection: Connection, journey_id: UUID) -> dict[str, int]:
    """How those who are out left, by outcome."""
    rows = connection.execute(
        text(
            "select outcome, count(*) from journey_people where journey_id = :id and state = 'out'"
            " group by outcome order by 2 desc, 1"
        ),
        {"id": journey_id},
    )
    return {row[0]: row[1] for row in rows}


def totals(connection: Connection, journey_ids: Sequence[UUID]) -> dict[UUID, Totals]:
    """Entries of these journeys."""
    rows = connection.execute(
        text(
            """
            select journey_id, count(*) filter (where outcome is distinct from 'held out'),
                count(*) filter (where state = 'in'), count(*) filter (where outcome = 'goal'),
                count(*) filter (where outcome = 'held out'), max(entered_at)
            from journey_people where journey_id = any(:ids) group by journey_id
            """
        ),
        {"ids": list(journey_ids)},
    )
    return {row[0]: Totals(*row) for row in rows}


def sent(connection: Connection, journey_id: UUID) -> dict[str, SentRow]:
    """What the messages of each node came to, over all versions."""
    opened, clicked = FATES["opened"], FATES["clicked"]
    rows = connection.execute(
        text(
            f"""
            select split_part(m.campaign_id, ':', 2), count(*), count(*) filter (where m.status = 'sent'),
                count(*) filter (where m.status in ('pending', 'claimed', 'handing_over')),
                count(*) filter (where m.status in ('failed', 'skipped', 'unknown')),
                count(*) filter (where m.delivery in ('unsubscribed', 'complained')),
                count(*) filter (where {opened}), count(*) filter (where {clicked})
            from messages m where m.campaign_id = any(array(
                select k.campaign_id from campaigns k join journey_versions v on v.proposal_id = k.step_of
                where v.journey_id = :id))
            group by 1
            """  # noqa: S608 - constants
        ),
        {"id": journey_id},
    )
    return {row[0]: SentRow(*row) for row in rows}


def inside_versions(connection: Connection, journey_id: UUID) -> dict[int, int]:
    """How many are inside, by version."""
    rows = connection.execute(
        text("select version, count(*) from journey_people where journey_id = :id and state = 'in' group by 1"),
        {"id": journey_id},
    )
    return {row[0]: row[1] for row in rows}
