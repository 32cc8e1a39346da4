"""What came of each campaign that was sent: of those from here by their days or messages, of others by their events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, text

__all__ = ["SentCampaign", "sent_campaigns"]

_SENT = "e.kind in ('email_sent', 'sms_sent')"
_QUERY = f"""
    with own as (
        select c.campaign_id as id, coalesce(c.started_at, min(d.day)::timestamptz) as sent_at,
            sum(d.sent) as sent, sum(d.opened) as opened, sum(d.clicked) as clicked, sum(d.bounced) as bounced,
            sum(d.unsubscribed) as unsubscribed
        from campaign_daily d join campaigns c on c.campaign_id = d.campaign_id
        where d.sent is not null and c.step_of is null
        group by c.campaign_id, c.started_at having sum(d.sent) > 0
    ),
    other as (
        select e.campaign_id as id, min(e.occurred_at) filter (where {_SENT}) as sent_at,
            count(*) filter (where {_SENT}) as sent,
            case when bool_or(e.kind = 'email_sent') then count(*) filter (where e.kind = 'email_open') end as opened,
            count(*) filter (where e.kind in ('email_click', 'sms_click')) as clicked,
            case when bool_or(e.kind = 'email_sent') then count(*) filter (where e.kind = 'email_bounce') end
                as bounced,
            case when bool_or(e.kind = 'email_sent') then count(*) filter (where e.kind = 'email_unsubscribe') end
                as unsubscribed
        from events e where e.campaign_id is not null
        group by e.campaign_id having count(*) filter (where {_SENT}) > 0
    ),
    kept_here as (  -- went into the mailbox of this machine: nobody opens or clicks there
        select m.campaign_id as id, min(m.sent_at) as sent_at, count(*) as sent, null::numeric as opened,
            null::numeric as clicked, null::numeric as bounced, null::numeric as unsubscribed
        from messages m join campaigns c on c.campaign_id = m.campaign_id
        where m.sent_at is not null and c.step_of is null
        group by m.campaign_id
    ),
    every as (
        select * from own union all select * from other where id not in (select id from own)
        union all select * from kept_here where id not in (select id from own union all select id from other)
    )
    select s.id, coalesce(c.name, s.id) as name, c.channel, s.sent_at, s.sent::bigint, s.opened::bigint,
        s.clicked::bigint, s.bounced::bigint, s.unsubscribed::bigint, m.orders, m.revenue,
        exists (select from assignments a where a.campaign_id = s.id and a.arm = 'control')
            as with_control
    from every s left join campaigns c on c.campaign_id = s.id
    left join lateral (
        select sum(case when d.sent is null then d.conversions else d.bought end) as orders,
            sum(case when d.sent is null then d.revenue else d.bought_revenue end) as revenue
        from campaign_daily d where d.campaign_id = s.id
    ) m on true
    where (cast(:channel as text) is null or c.channel = cast(:channel as text))
        and (cast(:first as timestamptz) is null or s.sent_at >= cast(:first as timestamptz))
        and (cast(:until as timestamptz) is null or s.sent_at < cast(:until as timestamptz))
    order by s.sent_at desc, s.id desc
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class SentCampaign:
    """One campaign with how many messages went out and what became of them; None: nothing of it is known.

    `orders` and `revenue` are credited to campaigns from here, and reported for imported ones.
    """

    id: str
    name: str
    channel: str | None
    sent_at: datetime
    sent: int
    opened: int | None
    clicked: int | None
    bounced: int | None
    unsubscribed: int | None
    orders: Decimal | None
    revenue: Decimal | None
    with_control: bool


def sent_campaigns(
    connection: Connection, channel: str | None, first: datetime | None, until: datetime | None
) -> list[SentCampaign]:
    """Campaigns (of one channel or all) whose first message went out from `first` on and before `until`."""
    asked = {"channel": channel, "first": first, "until": until}
    return [SentCampaign(*row) for row in connection.execute(text(_QUERY), asked)]
