"""Touches: when a customer met a channel, from visits, clicks and views. What a touch is stands here once.

Clicks are visits, clicks in e-mails and text messages, and clicks on advertisements; views are opened e-mails and
advertisements seen. They come from events that were loaded, and from the messages that were sent from here (those that
a program opened left out). The channel is what the visit was marked with (UTM medium, else source), else what the event
says, else its campaign's; a visit that tells nothing is direct.
"""

from __future__ import annotations

from datetime import date, datetime
from string import Template
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, text

from database.arrow import read_frame
from database.engine import Database

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "CLICKS",
    "VIEWS",
    "has_touches",
    "read_other_rows",
    "read_refunds",
    "read_sales",
    "read_touches",
    "spend",
    "touch_costs",
]

CLICKS = ("visit", "email_click", "sms_click", "ad_click")
VIEWS = ("email_open", "ad_view", "ad_impression")

_PLAIN = "nullif(regexp_replace(lower(trim({0})), '[\\s-]+', '_', 'g'), '')"
_UTM = (
    "coalesce(e.properties ->> 'utm_{0}', e.properties #>> '{{context,campaign,{0}}}',"
    " e.properties #>> '{{campaign,{0}}}')"
)
_MEDIUM, _SOURCE = (_PLAIN.format(_UTM.format(name)) for name in ("medium", "source"))
_GROUP = f"""
    case when {_MEDIUM} in ('(none)', 'none', '(not_set)') then 'direct'
         when {_MEDIUM} in ('cpc', 'ppc', 'sem', 'paidsearch', 'paid_search') then 'paid_search'
         when {_MEDIUM} in ('paidsocial', 'paid_social', 'social_paid', 'cpm_social') then 'paid_social'
         when {_MEDIUM} in ('email', 'e_mail', 'newsletter') then 'email'
         when {_MEDIUM} in ('sms', 'text') then 'sms'
         when {_MEDIUM} in ('affiliate', 'affiliates') then 'affiliate'
         when {_MEDIUM} in ('display', 'banner', 'cpm') then 'display'
         when {_MEDIUM} in ('organic', 'organic_search') then 'organic'
         else coalesce({_MEDIUM}, {_SOURCE}) end
"""
_SAID = _PLAIN.format("coalesce(e.channel, g.channel)")
_CHANNEL = f"""
    case when e.kind in ('email_click', 'email_open') then 'email' when e.kind = 'sms_click' then 'sms'
         else coalesce({_GROUP}, case when {_SAID} in ('(direct)', '(none)', 'none') then 'direct' else {_SAID} end,
                       case when e.kind = 'visit' then 'direct' else 'ads' end) end
"""
_NAME = "coalesce(g.name, {0})"
_MARKED = _NAME.format(f"coalesce(e.campaign_id, {_UTM.format('name')}, e.properties ->> 'utm_campaign')")
_CAMPAIGN = "left join campaigns g on g.org_id = {0}.org_id and g.campaign_id = {0}.campaign_id"
TOUCHES = f"""
    select e.customer_id, e.occurred_at as at, {_CHANNEL} as channel,
           {_MARKED} as campaign,
           e.kind = any('{{{",".join(VIEWS)}}}') as is_view
    from events e {_CAMPAIGN.format("e")}
    where e.customer_id is not null and e.kind = any('{{{",".join((*CLICKS, *VIEWS))}}}')
      and e.occurred_at >= $since and e.occurred_at < $until
    union all
    select m.customer_id, m.clicked_at, m.channel, {_NAME.format("m.campaign_id")}, false
    from messages m {_CAMPAIGN.format("m")}
    where m.customer_id is not null and m.clicked_at >= $since and m.clicked_at < $until
    union all
    select m.customer_id, m.opened_at, m.channel, {_NAME.format("m.campaign_id")}, true
    from messages m {_CAMPAIGN.format("m")}
    where m.customer_id is not null and m.opened_at >= $since and m.opened_at < $until
"""  # noqa: S608 - our own words
SALES = """
    select customer_id, ordered_at as at, order_id, revenue::float8 as value,
           row_number() over (partition by customer_id order by ordered_at, order_id) = 1 as is_first
    from orders where customer_id is not null and kind = 'sale' and ordered_at < $until
    union all
    select null, ordered_at, order_id, revenue::float8, false
    from orders where customer_id is null and kind = 'sale' and ordered_at < $until
"""
_REFUNDS = """
    select r.ordered_at as at, r.customer_id, r.refund_of, -r.revenue::float8 as amount
    from orders r where r.kind = 'refund' and r.ordered_at < $until
"""
_OTHERS = """
    select ordered_at as at, revenue::float8 as value
    from orders where kind not in ('sale', 'refund') and revenue <> 0 and ordered_at < $until
"""
_SPEND = """
    with kept as (
        select channel as name, spend from channel_spend where day between :start and :end and :by = 'channel'
    ), of_campaigns as (
        select case when :by = 'channel' then g.channel else coalesce(g.name, d.campaign_id) end as name,
               d.cost as spend
        from campaign_daily d left join campaigns g on g.org_id = d.org_id and g.campaign_id = d.campaign_id
        where d.day between :start and :end and d.cost is not null and d.sent is null
          and not exists (select from kept)
    )
    select name, sum(spend)::float8 as spend from (select * from kept union all select * from of_campaigns) as spent
    where name is not null group by name
"""


_COSTS = f"""
    select name, sum(cost) filter (where own)::float8 as cost, count(*) filter (where not own) as other
    from (
        select case when :by = 'channel' then {_CHANNEL} else {_MARKED} end as name,
               (e.properties ->> 'cost')::numeric as cost,
               upper(coalesce(e.properties ->> 'currency', (select currency from organisations)))
                   = (select currency from organisations) as own
        from events e {_CAMPAIGN.format("e")}
        where e.kind = any(:kinds) and e.occurred_at >= :start and e.occurred_at < :end
          and e.properties ->> 'cost' ~ '^[0-9]+([.][0-9]+)?$'
    ) told where name is not null group by name
"""  # noqa: S608 - our own words


def read_touches(database: Database, org_id: UUID, *, since: datetime, until: datetime) -> pl.DataFrame:
    """customer_id, at, channel, campaign (null for none), is_view: touches of known customers."""
    with database.arrow(org_id, whole=True) as connection:
        return read_frame(connection, _bound(TOUCHES, since=since, until=until))


def read_sales(database: Database, org_id: UUID, *, until: datetime) -> pl.DataFrame:
    """customer_id (null where nobody is known), at, order_id, value as charged, is_first: sale orders."""
    with database.arrow(org_id, whole=True) as connection:
        return read_frame(connection, _bound(SALES, until=until))


def read_refunds(database: Database, org_id: UUID, *, until: datetime) -> pl.DataFrame:
    """at, customer_id, refund_of (null where it names no order), amount given back: every refund."""
    with database.arrow(org_id, whole=True) as connection:
        return read_frame(connection, _bound(_REFUNDS, until=until))


def read_other_rows(database: Database, org_id: UUID, *, until: datetime) -> pl.DataFrame:
    """at, value: order rows with money that are neither sale nor refund (adjustments)."""
    with database.arrow(org_id, whole=True) as connection:
        return read_frame(connection, _bound(_OTHERS, until=until))


def has_touches(connection: Connection) -> bool:
    """Whether any touch is known."""
    query = text(
        "select exists (select from events where kind = any(:kinds))"
        " or exists (select from messages where clicked_at is not null)"
    )
    return bool(connection.execute(query, {"kinds": list(CLICKS)}).scalar_one())


def spend(connection: Connection, *, start: date, end: date, by: str) -> dict[str, float]:
    """What was spent from `start` to `end` by 'channel' or 'campaign', as it is named there.

    Of channels what is known of them; where nothing is, the cost of their campaigns.
    """
    rows = connection.execute(text(_SPEND), {"start": start, "end": end, "by": by})
    return {row.name: row.spend for row in rows}


def touch_costs(connection: Connection, *, start: datetime, end: datetime, by: str) -> tuple[dict[str, float], int]:
    """What touches themselves say they cost, by 'channel' or 'campaign', views included; and how many say it in
    another currency than the shop's, which is left out.
    """
    values = {"start": start, "end": end, "by": by, "kinds": [*CLICKS, *VIEWS]}
    rows = connection.execute(text(_COSTS), values).all()
    return {row.name: row.cost for row in rows if row.cost is not None}, sum(row.other for row in rows)


def _bound(query: str, **instants: datetime) -> str:
    """The query with instants written in, so that rows come by COPY: nothing to escape."""
    return Template(query).substitute({name: f"'{at.isoformat()}'::timestamptz" for name, at in instants.items()})
