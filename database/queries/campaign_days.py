"""What became of campaigns launched from here and of what journeys sent, day by day: sent, seen, and bought after it.

Each message counts once for each of these, on the day when it first happened in the organisation's time zone. An order
is the doing of one message at most: the last one, of whatever campaign and channel, that its customer was sent within a
window before it. That is credit, not a cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, text

from database.queries.deliveries import FATES

__all__ = ["CampaignDay", "days_of", "keep", "lately"]


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """One campaign on one day; `bought` are orders."""

    campaign_id: str
    day: date
    sent: int
    delivered: int
    opened: int
    clicked: int
    bounced: int
    unsubscribed: int
    bought: int
    bought_revenue: Decimal


_FIRST = """
    select e.message_id, min(e.at) filter (where e.kind in ('delivered', 'opened', 'clicked')) as delivered,
        min(e.at) filter (where e.kind = 'bounced') as bounced,
        min(e.at) filter (where e.kind in ('unsubscribed', 'complained')) as unsubscribed
    from message_events e join own m on m.id = e.message_id group by e.message_id
"""
_FACTS = f"""
    select campaign_id, sent_at as at, 'sent' as what, null::numeric as revenue from own
    union all
    select m.campaign_id, coalesce(f.delivered, m.sent_at), 'delivered', null
    from own m left join first f on f.message_id = m.id where {FATES["delivered"]}
    union all
    select m.campaign_id, least(m.opened_at, m.clicked_at), 'opened', null from own m where {FATES["opened"]}
    union all
    select m.campaign_id, m.clicked_at, 'clicked', null from own m where {FATES["clicked"]}
    union all
    select m.campaign_id, coalesce(f.bounced, m.sent_at), 'bounced', null
    from own m left join first f on f.message_id = m.id where {FATES["bounced"]}
    union all
    select m.campaign_id, coalesce(f.unsubscribed, m.sent_at), 'unsubscribed', null
    from own m left join first f on f.message_id = m.id where {FATES["unsubscribed"]} or {FATES["complained"]}
    union all
    select last.campaign_id, o.ordered_at, 'bought', o.revenue
    from orders o cross join lateral (
        select m.campaign_id from messages m
        where m.customer_id = o.customer_id and m.status = 'sent' and m.provider <> all(:dry)
          and m.sent_at < o.ordered_at and m.sent_at >= o.ordered_at - cast(:window as interval)
        order by m.sent_at desc, m.id limit 1
    ) last
    where o.kind = 'sale' and last.campaign_id = any(:campaigns)
      and o.ordered_at > (select min(sent_at) from own)
      and o.ordered_at <= (select max(sent_at) from own) + cast(:window as interval)
"""  # noqa: S608 - constants
_DAYS = f"""
    with own as materialized (
        select * from messages m
        where m.campaign_id = any(:campaigns) and m.status = 'sent' and m.provider <> all(:dry)
    ),
    first as ({_FIRST}),
    facts as ({_FACTS})
    select campaign_id, (at at time zone (select time_zone from organisations))::date as day,
        count(*) filter (where what = 'sent') as sent, count(*) filter (where what = 'delivered') as delivered,
        count(*) filter (where what = 'opened') as opened, count(*) filter (where what = 'clicked') as clicked,
        count(*) filter (where what = 'bounced') as bounced,
        count(*) filter (where what = 'unsubscribed') as unsubscribed,
        count(*) filter (where what = 'bought') as bought, coalesce(sum(revenue), 0) as bought_revenue
    from facts group by 1, 2
"""  # noqa: S608 - constants


def lately(connection: Connection, since: datetime, dry: Sequence[str]) -> list[str]:
    """The campaigns from here, steps of journeys among them, that were sent to somebody since; off this machine."""
    rows = connection.execute(
        text(
            """
            select c.campaign_id from campaigns c
            where (c.proposal_id is not null or c.step_of is not null) and exists (
                select from messages m where m.campaign_id = c.campaign_id and m.status = 'sent'
                and m.sent_at >= :since and m.provider <> all(:dry))
            order by 1
            """
        ),
        {"since": since, "dry": list(dry)},
    )
    return list(rows.scalars())


def days_of(
    connection: Connection, campaigns: Sequence[str], window: timedelta, dry: Sequence[str]
) -> list[CampaignDay]:
    """Their days as they are now, by campaign and day; what went no further than providers `dry` is left out."""
    rows = connection.execute(text(f"{_DAYS} order by 1, 2"), _bound(campaigns, window, dry))
    return [CampaignDay(*row) for row in rows]


def keep(connection: Connection, campaigns: Sequence[str], window: timedelta, dry: Sequence[str]) -> int:
    """Keep their days in place of those before; returns how many there are."""
    bound = _bound(campaigns, window, dry)
    connection.execute(
        text("delete from campaign_daily where campaign_id = any(:campaigns) and sent is not null"), bound
    )
    columns = ", ".join(CampaignDay.__dataclass_fields__)
    kept = connection.execute(text(f"insert into campaign_daily ({columns}) {_DAYS}"), bound)
    return kept.rowcount


def _bound(campaigns: Sequence[str], window: timedelta, dry: Sequence[str]) -> dict[str, object]:
    return {"campaigns": list(campaigns), "window": window, "dry": list(dry)}
