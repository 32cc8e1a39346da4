"""What is known of a product: its names, its prices on sale lines, since when it is sold, and how much of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, RowMapping, text

from database.semantic import goods

__all__ = ["find"]

_FACTS = """
    with wanted as ({wanted}), named as (
        select p.sku, coalesce(p.name, p.sku) as name, p.category, p.price from products p
        where p.sku in (select sku from wanted)
    ), sold as (
        select i.sku, i.unit_price, i.quantity, i.revenue, o.kind, i.ordered_at, i.order_id,
               (cast(:start as date) is null or i.ordered_at >= (cast(:start as timestamp) at time zone :zone))
               and (cast(:end as date) is null
                    or i.ordered_at < ((cast(:end as timestamp) + interval '1 day') at time zone :zone)) as inside
        from order_items i join orders o on o.org_id = i.org_id and o.order_id = i.order_id
        where i.sku in (select sku from wanted) and o.kind <> 'void'
    ), priced as (
        select sku, unit_price, ordered_at, inside from sold where kind = 'sale' and unit_price > 0 and quantity > 0
    )
    select n.sku, n.name, n.category, n.price,
           (select cast(min(s.ordered_at) at time zone :zone as date) from sold s
             where s.sku = n.sku and s.kind = 'sale') as first_sold,
           (select cast(max(s.ordered_at) at time zone :zone as date) from sold s
             where s.sku = n.sku and s.kind = 'sale') as last_sold,
           (select min(unit_price) from priced r where r.sku = n.sku and r.inside) as lowest_price,
           (select max(unit_price) from priced r where r.sku = n.sku and r.inside) as highest_price,
           (select mode() within group (order by unit_price) from priced r where r.sku = n.sku and r.inside)
           as usual_price,
           (select unit_price from priced r where r.sku = n.sku and r.inside
             order by ordered_at desc, unit_price limit 1) as latest_price,
           (select count(distinct order_id) from sold s where s.sku = n.sku and s.inside and s.kind = 'sale') as orders,
           coalesce((select sum(quantity) from sold s where s.sku = n.sku and s.inside), 0) as units,
           coalesce((select sum(revenue) from sold s where s.sku = n.sku and s.inside), 0) as revenue
    from named n order by units desc, n.sku limit :limit
"""


def find(
    connection: Connection, product: str, *, start: date | None, end: date | None, time_zone: str, limit: int
) -> list[RowMapping]:
    """Facts of the products with this code or name or, where none has it, with these words in it; of the days named.

    first_sold and last_sold are of all time; prices are those of sale lines that cost something.
    """
    values = {
        "product": product, "words": goods.patterns(product), "start": start, "end": end, "zone": time_zone,
        "limit": limit,
    }  # fmt: skip
    sql = _FACTS.format(wanted=goods.worded("array[lower(:product)]", ":words"))
    return list(connection.execute(text(sql), values).mappings())
