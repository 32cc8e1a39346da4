"""What a message may say of the person it goes to: each merge field once, with where its value comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["MERGE_FIELDS", "Kind", "MergeField", "joins", "values_of"]

Kind = Literal["text", "number", "money", "date", "list"]


@dataclass(frozen=True, slots=True)
class MergeField:
    """`sql` is the value of a customer c, null where it is not known; `needs` names the join that it reads besides.

    It may bind :moment, the instant the message is made at.
    """

    name: str
    title: str
    kind: Kind
    example: str
    sql: str
    needs: str = ""


# A sum for each customer; asked for one customer alone, PostgreSQL sums up that one's orders only.
_JOINS: Final = {
    "orders": """
        left join (
            select customer_id, max(ordered_at) filter (where kind = 'sale') as last_at,
                   count(*) filter (where kind = 'sale') as orders, sum(revenue) as spent
            from orders where ordered_at <= :moment group by customer_id
        ) o on o.customer_id = c.id
    """,
    "features": "left join features t on t.customer_id = c.id",
}
_ZONE: Final = "(select time_zone from organisations)"
_TODAY: Final = f"(cast(:moment as timestamptz) at time zone {_ZONE})::date"
_LAST_DAY: Final = f"(o.last_at at time zone {_ZONE})::date"

# A name with digits is a label ("Customer 00042"), not something to greet by. Of a name with two parts the second is
# the last name; of one with more, nobody can tell where it begins.
MERGE_FIELDS: Final = tuple(
    MergeField(*declared)
    for declared in (
        (
            "first_name",
            "First name",
            "text",
            "Ada",
            """coalesce(nullif(trim(c.raw ->> 'first_name'), ''),
                case when c.name !~ '[0-9@]' then nullif(split_part(trim(c.name), ' ', 1), '') end)""",
        ),
        (
            "last_name",
            "Last name",
            "text",
            "Lovelace",
            r"""coalesce(nullif(trim(c.raw ->> 'last_name'), ''),
                case when trim(c.name) ~ '^[^0-9@\s]+\s+[^0-9@\s]+$' then substring(trim(c.name) from '\S+$') end)""",
        ),
        ("name", "Whole name", "text", "Ada Lovelace", "nullif(trim(c.name), '')"),
        ("country", "Country", "text", "Germany", "nullif(trim(c.country), '')"),
        ("city", "City", "text", "Berlin", "nullif(trim(c.city), '')"),
        ("customer_id", "Customer number", "text", "C-1042", "c.external_id"),
        ("last_order", "Day of the last order", "date", "2026-03-09", _LAST_DAY, "orders"),
        ("days_since_last_order", "Days since then", "number", "84", f"{_TODAY} - {_LAST_DAY}", "orders"),
        ("orders", "Orders so far", "number", "7", "coalesce(o.orders, 0)", "orders"),
        (
            "total_spent",
            "Spent so far, refunds taken off",
            "money",
            "412.5",
            "case when o.orders > 0 then o.spent end",
            "orders",
        ),
        (
            "last_products",
            "Products of the last order",
            "list",
            "Blue mug, Tea pot",
            """nullif(array(
                select distinct coalesce(nullif(trim(p.name), ''), nullif(trim(i.description), '')) as product
                from order_items i left join products p on p.sku = i.sku
                where i.customer_id = c.id and i.ordered_at = o.last_at and i.quantity > 0
                  and coalesce(p.merchandise, true)
                  and coalesce(nullif(trim(p.name), ''), nullif(trim(i.description), '')) is not null
                order by product limit 10), '{}')""",
            "orders",
        ),
        (
            "favourite_category",
            "Category bought most",
            "text",
            "Kitchen",
            "nullif(trim(t.favourite_category), '')",
            "features",
        ),
        ("shop", "Name of your shop", "text", "Mug Shop", "(select nullif(trim(name), '') from organisations)"),
        ("today", "Day of sending", "date", "2026-06-01", _TODAY),
        # What the campaign offers: no customer's own, and filled in with its offer (tools/offers/offer.py)
        ("offer", "What the campaign offers", "text", "10% off", "cast(null as text)"),
        ("offer_code", "Voucher code of the offer", "text", "SPRING-7K2M9QXA", "cast(null as text)"),
        ("offer_until", "Last day of the offer", "date", "2026-06-30", "cast(null as date)"),
    )
)
_BY_NAME: Final = {field.name: field for field in MERGE_FIELDS}
_CURRENCY: Final = "(select currency from organisations) as currency"


def values_of(names: Collection[str]) -> str:
    """The columns of these fields' values, and `currency`, which amounts are in."""
    return ", ".join([*(f"{_BY_NAME[name].sql} as {name}" for name in sorted(names)), _CURRENCY])


def joins(names: Collection[str]) -> str:
    """What has to be joined to customers c for these fields."""
    return " ".join(_JOINS[needed] for needed in sorted({_BY_NAME[name].needs for name in names} - {""}))
