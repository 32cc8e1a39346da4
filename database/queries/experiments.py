"""Campaigns whose audience was drawn into arms, and what the customers of each arm did before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["CONTROL_ARMS", "Outcome", "Trial", "outcomes", "trials"]

CONTROL_ARMS = ("control", "holdout")

_TRIALS = """
    with arms as (
        select campaign_id, count(*) filter (where lower(arm) = any(:control)) as control,
               count(*) filter (where not lower(arm) = any(:control)) as treated,
               min(assigned_at) as assigned_at
        from assignments group by campaign_id
    )
    select a.campaign_id, coalesce(c.name, a.campaign_id) as name, c.kind, c.channel,
           coalesce(c.started_at, a.assigned_at) as started_at, a.treated, a.control,
           cast(p.payload -> 'holdout' ->> 'share' as float8) as control_share
    from arms a left join campaigns c on c.campaign_id = a.campaign_id
    left join proposals p on p.id::text = c.proposal_id
    where a.treated > 0 and a.control > 0
      and (cast(:campaign as text) is null or a.campaign_id = cast(:campaign as text))
    order by started_at desc, a.campaign_id
"""
_OUTCOMES = """
    select a.customer_id, lower(a.arm) as arm, lower(a.arm) <> all(:control) as treated,
           coalesce(o.bought, false) as bought, coalesce(o.revenue, 0)::float8 as revenue,
           coalesce(o.before, 0)::float8 as revenue_before
    from assignments a
    left join lateral (
        select bool_or(kind = 'sale' and ordered_at >= :start) as bought,
               sum(revenue) filter (where ordered_at >= :start) as revenue,
               sum(revenue) filter (where ordered_at < :start) as before
        from orders o
        where o.org_id = a.org_id and o.customer_id = a.customer_id and o.ordered_at >= :before and o.ordered_at < :end
          and (not :sales_only or o.kind = 'sale')
    ) o on true
    where a.campaign_id = :campaign order by a.customer_id
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """A campaign with customers drawn into a treated and a control arm; `control_share` as planned, where known."""

    campaign_id: str
    name: str
    kind: str | None
    channel: str | None
    started_at: datetime
    treated: int
    control: int
    control_share: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One assigned customer: bought within the window or not, revenue in it, revenue before it."""

    customer_id: int
    arm: str
    treated: bool
    bought: bool
    revenue: float
    revenue_before: float


def trials(connection: Connection, campaign_id: str | None = None) -> list[Trial]:
    """Campaigns that have both arms, the latest first; or the one of that id."""
    found = connection.execute(text(_TRIALS), {"control": list(CONTROL_ARMS), "campaign": campaign_id})
    return [Trial(*row) for row in found]


def outcomes(
    connection: Connection,
    campaign_id: str,
    *,
    before: datetime,
    start: datetime,
    end: datetime,
    sales_only: bool = False,
) -> list[Outcome]:
    """What each assigned customer bought from `start` to `end`, and spent from `before` to `start`.

    sales_only: what was charged, refunds not taken off.
    """
    values = {"control": list(CONTROL_ARMS), "campaign": campaign_id, "before": before, "start": start, "end": end}
    return [Outcome(*row) for row in connection.execute(text(_OUTCOMES), {**values, "sales_only": sales_only})]
