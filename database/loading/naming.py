"""What products are called: by the catalogue, else as most of their order lines call them.

A rename on a few lines does not win, and the name a product had before still finds it. Lines without a price are
bookings of stock, whose texts ("damaged", "check") are no names.
"""

from __future__ import annotations

from sqlalchemy import Connection

from database.loading.statement import OWN_ORG, count, holds_rows, run

__all__ = ["count_names", "insert_named", "name_products"]

_KNOWN = (
    " and not exists (select from order_items i where i.order_id = t.order_id and i.sku = t.sku"
    " and i.occurrence = t.occurrence and i.description = t.description)"
)
_BEST = """
    create temp table renamed on commit drop as
    select b.sku, b.name from (
        select distinct on (sku) sku, name from product_names
        where lines > 0 and sku in (select sku from typed_lines) order by sku, lines desc, last_at desc, name
    ) b join products p on p.sku = b.sku left join product_names n on n.sku = b.sku and n.chosen
    where p.name is not distinct from n.name and p.name is distinct from b.name
"""


def insert_named(connection: Connection, source: str) -> int:
    """Insert the products of `source` (sku, name, category), their names chosen for want of a catalogue's; how many."""
    return count(
        connection,
        f"with added as (insert into products (org_id, sku, name, category) select {OWN_ORG}, s.sku, s.name, s.category"  # noqa: S608
        f" from ({source}) s returning sku, name), named as (insert into product_names (org_id, sku, name, chosen)"
        f" select {OWN_ORG}, a.sku, a.name, true from added a where a.name is not null"
        " on conflict (org_id, sku, name) do update set chosen = true) select count(*) from added",
    )


def count_names(connection: Connection) -> None:
    """Count the names on `typed_lines` that are new; to be called before they are merged."""
    new = _KNOWN if holds_rows(connection, "order_items") else ""
    run(
        connection,
        "insert into product_names as n (org_id, sku, name, lines, last_at)"  # noqa: S608
        f" select {OWN_ORG}, t.sku, t.description, count(*), max(t.ordered_at) from typed_lines t"
        f" where t.description is not null and t.unit_price <> 0{new} group by t.sku, t.description"
        " on conflict (org_id, sku, name) do update"
        " set lines = n.lines + excluded.lines, last_at = greatest(n.last_at, excluded.last_at)",
    )


def name_products(connection: Connection) -> None:
    """Give products of `typed_lines` that no catalogue names the name most of their lines carry, at a tie the last."""
    run(connection, _BEST)
    run(connection, "update products p set name = r.name from renamed r where p.sku = r.sku")
    run(connection, "update product_names n set chosen = n.name = r.name from renamed r where n.sku = r.sku")
    run(connection, "drop table renamed")
