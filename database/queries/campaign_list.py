"""Every campaign there is, once: launched from here, what a journey sends, and those that files and sources brought.

What one journey sends, whatever its nodes and versions, is one. Days of campaigns from here are those counted from
their messages, of the others those that were reported: never both of one campaign.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, text

__all__ = ["CampaignRow", "Origin", "listed"]

Origin = Literal["here", "journey", "imported"]

_JOURNEY_STATES = (
    "case j.status when 'running' then 'active' when 'closing' then 'active' when 'ended' then 'completed'"
)
_ALL = f"""
    with every as (
        select c.campaign_id as id, c.name, c.kind, c.channel, c.status, c.started_at, c.ends_at, 'here' as origin,
            array[c.campaign_id] as parts, null::integer as import_no
        from campaigns c where c.proposal_id is not null
        union all
        select j.id::text, j.name, 'journey', string_agg(distinct c.channel, ', '), {_JOURNEY_STATES} else j.status end,
            min(c.started_at), null, 'journey', array_agg(c.campaign_id), null
        from campaigns c join journey_versions v on v.proposal_id = c.step_of join journeys j on j.id = v.journey_id
        group by j.id, j.name, j.status
        union all
        select c.campaign_id, c.name, c.kind, c.channel, lower(c.status), c.started_at, c.ended_at, 'imported',
            array[c.campaign_id], abs(c.import_no)
        from campaigns c where c.proposal_id is null and c.step_of is null
    ),
    chosen as (
        select * from every where (case when cast(:status as text) is null then status <> 'archived'
            else status = cast(:status as text) end)
            and (cast(:origin as text) is null or origin = cast(:origin as text))
    )
"""  # noqa: S608 - constants
_COUNT = f"{_ALL} select origin, count(*) from chosen group by 1"  # noqa: S608 - constants
_PAGE = f"""
    {_ALL},
    page as (select * from chosen order by origin = 'imported', started_at desc nulls last, id limit :limit)
    select p.id, p.name, p.kind, p.channel, p.status, p.started_at, p.ends_at, p.origin, m.messages, m.done,
        d.sent, d.clicks, d.orders, d.revenue, d.cost, i.file_name, i.source, i.mapping ->> 'preset' as preset
    from page p
    left join lateral (
        select count(*) as messages,
            count(*) filter (where status not in ('pending', 'claimed', 'handing_over')) as done
        from messages where campaign_id = any(p.parts) and p.origin <> 'imported'
    ) m on true
    left join lateral (
        select sum(sent)::bigint as sent, sum(case when sent is null then clicks else clicked end)::bigint as clicks,
            sum(case when sent is null then conversions else bought end) as orders,
            sum(case when sent is null then revenue else bought_revenue end) as revenue, sum(cost) as cost
        from campaign_daily where campaign_id = any(p.parts) and (sent is null) = (p.origin = 'imported')
    ) d on true
    left join imports i on i.number = p.import_no
    order by p.origin = 'imported', p.started_at desc nulls last, p.id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign with its messages (of those from here) and its days summed up; None: not known.

    `file`, `source` and `preset` tell of the import that brought it.
    """

    id: str
    name: str
    kind: str | None
    channel: str | None
    status: str
    started_at: datetime | None
    ends_at: datetime | None
    origin: Origin
    messages: int
    done: int
    sent: int | None
    clicks: int | None
    orders: Decimal | None
    revenue: Decimal | None
    cost: Decimal | None
    file: str | None
    source: str | None
    preset: str | None


def listed(
    connection: Connection, *, status: str | None, origin: Origin | None, limit: int
) -> tuple[dict[Origin, int], list[CampaignRow]]:
    """How many there are by where they come from (of any state but archived, or of one), and the newest of them."""
    values = {"status": status, "origin": origin, "limit": limit}
    totals: dict[Origin, int] = {row[0]: row[1] for row in connection.execute(text(_COUNT), values)}
    return totals, [CampaignRow(*row) for row in connection.execute(text(_PAGE), values)]
