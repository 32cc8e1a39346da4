"""What one customer did, month by month and one by one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, text

__all__ = ["first_and_last_order", "latest", "months"]

_MONTHS = """
    with ordered as (
        select to_char(ordered_at at time zone :zone, 'YYYY-MM') as month,
               count(*) filter (where kind = 'sale') as orders, sum(revenue) as revenue
        from orders where customer_id = :customer and ordered_at < :as_of group by 1
    ), happened as (
        select to_char(occurred_at at time zone :zone, 'YYYY-MM') as month,
               count(*) filter (where kind in ('visit', 'product_view')) as visits,
               count(*) filter (where kind = 'email_sent') as emails,
               count(*) filter (where kind = 'email_open') as opens,
               count(*) filter (where kind = 'email_click') as clicks
        from events where customer_id = :customer and occurred_at < :as_of group by 1
    )
    select month, coalesce(orders, 0) as orders, coalesce(revenue, 0) as revenue, coalesce(visits, 0) as visits,
           coalesce(emails, 0) as emails, coalesce(opens, 0) as opens, coalesce(clicks, 0) as clicks
    from ordered full join happened using (month) order by month
"""
_LATEST = """
    select * from (
        (select ordered_at as at, kind, 1 as times, revenue, order_id as reference from orders
         where customer_id = :customer and ordered_at < :as_of order by ordered_at desc, order_id limit :limit)
        union all
        (select max(e.occurred_at), e.kind, count(*), null, max(coalesce(g.name, e.campaign_id)) from events e
         left join campaigns g on g.org_id = e.org_id and g.campaign_id = e.campaign_id
         where e.customer_id = :customer and e.occurred_at < :as_of
         group by e.kind, date_trunc('day', e.occurred_at, :zone) order by 1 desc limit :limit)
    ) as everything order by at desc, kind limit :limit
"""


def months(connection: Connection, customer_id: int, *, as_of: datetime, time_zone: str) -> list[RowMapping]:
    """month (YYYY-MM), orders, revenue, visits, emails, opens, clicks; months in which something happened."""
    values = {"customer": customer_id, "as_of": as_of, "zone": time_zone}
    return list(connection.execute(text(_MONTHS), values).mappings())


def latest(
    connection: Connection, customer_id: int, *, as_of: datetime, time_zone: str, limit: int
) -> list[RowMapping]:
    """at, kind, times, revenue, reference: orders one by one, events of a kind by day; newest first."""
    values = {"customer": customer_id, "as_of": as_of, "zone": time_zone, "limit": limit}
    return list(connection.execute(text(_LATEST), values).mappings())


def first_and_last_order(
    connection: Connection, customer_id: int, *, as_of: datetime, time_zone: str
) -> tuple[date | None, date | None]:
    """Local days of the first and the last sale order ever; None where there is none."""
    found = connection.execute(
        text("""
            select cast(min(ordered_at) at time zone :zone as date), cast(max(ordered_at) at time zone :zone as date)
            from orders where customer_id = :customer and kind = 'sale' and ordered_at < :as_of
        """),
        {"customer": customer_id, "as_of": as_of, "zone": time_zone},
    ).one()
    return found[0], found[1]
