"""Journeys that kept some people out at random, and what those let in and those kept out did afterwards.

Everybody has a window of their own, from what let them in (or would have); who has not had it yet is in neither arm.
Of people who entered while no share was kept out nothing can be compared: they are left out too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries.experiments import Outcome

__all__ = ["JourneyOutcome", "JourneyTrial", "bought", "outcomes", "trials"]

_SHARES = """
    with shares as (
        select v.journey_id, v.started_at,
               lead(v.started_at) over (partition by v.journey_id order by v.started_at) as until,
               cast(p.payload -> 'holdout' ->> 'share' as float8) as share
        from journey_versions v join proposals p on p.id = v.proposal_id
    ),
    drawn as (
        select p.journey_id, p.customer_id, p.caused_at, p.outcome is not distinct from 'held out' as kept_out, s.share
        from journey_people p join shares s on s.journey_id = p.journey_id and p.entered_at >= s.started_at
            and (s.until is null or p.entered_at < s.until)
        where p.entry = 1 and s.share > 0
    )
"""
_TRIALS = f"""
    {_SHARES}
    select j.id, j.name, j.status, min(d.caused_at) as started_at,
        count(*) filter (where not d.kept_out and d.caused_at <= :due) as let_in,
        count(*) filter (where d.kept_out and d.caused_at <= :due) as kept_out,
        avg(d.share) filter (where d.caused_at <= :due) as planned,
        count(*) filter (where d.caused_at > :due) as waiting
    from drawn d join journeys j on j.id = d.journey_id
    where cast(:journey as uuid) is null or j.id = cast(:journey as uuid)
    group by j.id, j.name, j.status order by started_at desc, j.id
"""  # noqa: S608 - constants
_BOUGHT = f"""
    {_SHARES}
    select d.journey_id, count(*) filter (where not d.kept_out), count(*) filter (where d.kept_out) from drawn d
    where d.caused_at <= :due and exists (
        select from orders o where o.kind = 'sale' and o.customer_id = d.customer_id
        and o.ordered_at > d.caused_at and o.ordered_at <= d.caused_at + cast(:window as interval))
    group by d.journey_id
"""  # noqa: S608 - constants
# A join, not a look at each one's orders: of many people the database reads all orders once.
_OUTCOMES = f"""
    {_SHARES}
    select d.customer_id, case when d.kept_out then 'holdout' else 'journey' end as arm, not d.kept_out as treated,
        coalesce(bool_or(o.kind = 'sale' and o.ordered_at > d.caused_at), false) as bought,
        coalesce(sum(o.revenue) filter (where o.ordered_at > d.caused_at), 0)::float8 as revenue,
        coalesce(sum(o.revenue) filter (where o.ordered_at <= d.caused_at), 0)::float8 as revenue_before,
        case when cast(:event as text) is null then false else exists (
            select from events e where e.customer_id = d.customer_id and e.kind = cast(:event as text)
            and e.occurred_at > d.caused_at and e.occurred_at <= d.caused_at + cast(:window as interval)
        ) end as reached
    from drawn d left join orders o on o.customer_id = d.customer_id
        and o.ordered_at > d.caused_at - interval '365 days' and o.ordered_at <= d.caused_at + cast(:window as interval)
    where d.journey_id = :journey and d.caused_at <= :due
    group by d.customer_id, d.kept_out, d.caused_at order by d.customer_id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class JourneyTrial:
    """A journey with people drawn; those whose window is over, and how many `waiting` ones it is open for.

    `planned`: the share that was to be kept out, the mean over them; None without any.
    """

    journey_id: UUID
    name: str
    status: str
    started_at: datetime
    let_in: int
    kept_out: int
    planned: float | None
    waiting: int


@dataclass(frozen=True, slots=True)
class JourneyOutcome(Outcome):
    """One of them: besides what was bought, whether they did the event asked about (other than an order)."""

    reached: bool


def trials(
    connection: Connection, *, window: timedelta, until: datetime, journey_id: UUID | None = None
) -> list[JourneyTrial]:
    """Journeys that keep people out, the latest first; windows that are over at `until`."""
    values = {"due": until - window, "journey": journey_id}
    return [JourneyTrial(*row) for row in connection.execute(text(_TRIALS), values)]


def bought(connection: Connection, *, window: timedelta, until: datetime) -> dict[UUID, tuple[int, int]]:
    """By journey, how many of those let in, and of those kept out, bought within the window."""
    rows = connection.execute(text(_BOUGHT), {"due": until - window, "window": window})
    return {row[0]: (row[1], row[2]) for row in rows}


def outcomes(
    connection: Connection, journey_id: UUID, *, window: timedelta, until: datetime, event: str | None = None
) -> list[JourneyOutcome]:
    """What each of them did within the window from what let them in, and spent in the year before."""
    values: dict[str, Any] = {"journey": journey_id, "window": window, "due": until - window, "event": event}
    return [JourneyOutcome(*row) for row in connection.execute(text(_OUTCOMES), values)]
