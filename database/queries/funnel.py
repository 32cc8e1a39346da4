"""How many of those who visited went on to view products, fill a cart, begin a checkout and order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

__all__ = ["visitors"]

_STEPS = ("visit", "product_view", "cart", "checkout")
_VISITORS = """
    with did as (
        select customer_id, bool_or(kind = 'visit') as visit, bool_or(kind = 'product_view') as product_view,
               bool_or(kind = 'cart') as cart, bool_or(kind = 'checkout') as checkout
        from events
        where kind in ('visit', 'product_view', 'cart', 'checkout') and customer_id is not null
          and occurred_at >= (cast(:start as timestamp) at time zone :tz)
          and occurred_at < ((cast(:end as timestamp) + interval '1 day') at time zone :tz)
        group by customer_id
    ), bought as (
        select distinct customer_id from orders
        where kind = 'sale' and customer_id is not null
          and ordered_at >= (cast(:start as timestamp) at time zone :tz)
          and ordered_at < ((cast(:end as timestamp) + interval '1 day') at time zone :tz)
    )
    select count(*) as visit, count(*) filter (where product_view) as product_view,
           count(*) filter (where cart) as cart, count(*) filter (where checkout) as checkout,
           count(b.customer_id) as ordered
    from did left join bought b on b.customer_id = did.customer_id where visit
"""


def visitors(connection: Connection, start: date, end: date, time_zone: str) -> Mapping[str, Any]:
    """Known customers who visited from `start` to `end`, and of them who did what else in those days.

    visit, product_view, cart, checkout, ordered; days are of `time_zone`.
    """
    from database.acts.answers import visitors as visitors_in_columns

    if (found := visitors_in_columns(connection, start, end, time_zone, _STEPS)) is not None:
        return found
    values = {"start": start, "end": end, "tz": time_zone}
    return dict(connection.execute(text(_VISITORS), values).mappings().one())
