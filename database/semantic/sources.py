"""The sources there are: tables, what they can be joined with, and where each dimension is found in them."""

from __future__ import annotations

from database.semantic.charges import OWN_CURRENCY
from database.semantic.dimensions import DIMENSIONS
from database.semantic.model import Place, Source, Time

__all__ = ["DIMENSIONS", "SOURCES", "day_places"]

_CUSTOMER = "left join customers c on c.org_id = {0}.org_id and c.id = {0}.customer_id"
_RFM = "left join rfm_scores r on r.org_id = {0}.org_id and r.customer_id = {0}.customer_id"
_PRODUCT = "left join products p on p.org_id = i.org_id and p.sku = i.sku"
_CAMPAIGN = "left join campaigns g on g.org_id = {0}.org_id and g.campaign_id = {0}.campaign_id"
_FIRST = (
    "left join (select org_id, customer_id, min(ordered_at) as at from orders where customer_id is not null"
    " and kind <> 'void' group by org_id, customer_id) first"
    " on first.org_id = o.org_id and first.customer_id = o.customer_id"
)
_FIRST_SALE = (
    "left join (select distinct on (org_id, customer_id) org_id, customer_id, order_id from orders"
    " where customer_id is not null and kind = 'sale' order by org_id, customer_id, ordered_at, order_id) opening"
    " on opening.org_id = o.org_id and opening.customer_id = o.customer_id"
)
_ALL_SALES = (
    "left join (select org_id, customer_id, count(*) filter (where kind = 'sale') as sales from orders"
    " where customer_id is not null group by org_id, customer_id) habit"
    " on habit.org_id = o.org_id and habit.customer_id = o.customer_id"
)
_SECOND_SALE = (
    "left join (select org_id, order_id, cast(extract(epoch from ordered_at - before) / 86400 as numeric) as days"
    " from (select org_id, order_id, ordered_at, lag(ordered_at) over habit as before, row_number() over habit as place"
    " from orders where customer_id is not null and kind = 'sale'"
    " window habit as (partition by org_id, customer_id order by ordered_at, order_id)) sales where place = 2) second"
    " on second.org_id = o.org_id and second.order_id = o.order_id"
)
_CONTENT = (
    "left join (select i.org_id, i.order_id, count(*) as lines,"
    " count(distinct i.sku) filter (where coalesce(p.merchandise, true)) as products"
    " from order_items i left join products p on p.org_id = i.org_id and p.sku = i.sku"
    " group by i.org_id, i.order_id) content on content.org_id = o.org_id and content.order_id = o.order_id"
)
_HOLDS = "o.order_id in (select w.order_id from order_items w where w.sku in ({0}))"


def _instant(column: str) -> Time:
    from_start = f"{column} >= (cast(:start as timestamp) at time zone :tz)"
    to_end = f"{column} < ((cast(:end as timestamp) + interval '1 day') at time zone :tz)"
    return Time(f"({column} at time zone :tz)", f"{from_start} and {to_end}")


def _day(column: str) -> Time:
    return Time(f"cast({column} as timestamp)", f"{column} between :start and :end")


def day_places(local: str) -> dict[str, Place]:
    """What a day alone tells, from its SQL: its weekday, whether it is of a weekend, its month, the day itself."""
    weekend = f"case when extract(isodow from {local}) > 5 then 'weekend' else 'weekday' end"
    return {
        "weekday": Place(f"trim(to_char({local}, 'Day'))"),
        "weekend": Place(weekend),
        "month_of_year": Place(f"trim(to_char({local}, 'Month'))"),
        "days": Place(f"cast({local} as date)"),
    }


def _clock(time: Time) -> dict[str, Place]:
    hour = f"extract(hour from {time.local})"
    part = (
        f"case when {hour} < 6 then 'night' when {hour} < 12 then 'morning' when {hour} < 18 then 'afternoon'"
        " else 'evening' end"
    )
    return {
        **day_places(time.local),
        "daypart": Place(part),
        "hour": Place(f"to_char({time.local}, 'HH24')", number=hour),
    }


def _known(column: str) -> Place:
    return Place(f"case when {column} is null then 'anonymous' else 'known' end")


_ORDER_TIME = _instant("o.ordered_at")
_ITEM_TIME = _instant("i.ordered_at")
_EVENT_TIME = _instant("e.occurred_at")
_MENTION_TIME = _instant("m.posted_at")
_SPEND_TIME = _day("s.day")
_ORDER_PLACES = {
    "country": Place("coalesce(o.country, c.country)", ("customer",)),
    "city": Place("coalesce(o.city, c.city)", ("customer",)),
    "channel": Place("o.channel"),
    "kind": Place("o.kind"),
    "currency": Place(f"coalesce(o.currency, {OWN_CURRENCY})"),
    "order": Place("o.order_id"),
    "customer": Place("c.external_id", ("customer",)),
    "rfm_segment": Place("r.segment", ("rfm",)),
    "customer_type": Place(
        "case when o.customer_id is null then 'unknown' when opening.order_id = o.order_id then 'new'"
        " else 'returning' end",
        ("opening",),
    ),
    "acquired": Place(
        "case when o.customer_id is null then 'unknown'"
        " when first.at >= (cast(:start as timestamp) at time zone :tz) then 'in the period' else 'before' end",
        ("first",),
    ),
    "known_customer": _known("o.customer_id"),
    "discounted": Place(
        "case when o.kind <> 'sale' then null when o.discount > 0 then 'discounted' else 'full price' end"
    ),
    "customer_orders": Place("cast(habit.sales as text)", ("habit",), number="habit.sales"),
    "order_value": Place(number="o.revenue"),
    "order_lines": Place(joins=("content",), number="content.lines"),
    "order_products": Place(joins=("content",), number="content.products"),
    "order_units": Place(number="abs(o.quantity)"),
    "with_product": Place(among=_HOLDS),
    "with_category": Place(among=_HOLDS),
}
_ORDER_JOINS = {
    "customer": _CUSTOMER.format("o"), "rfm": _RFM.format("o"), "first": _FIRST, "opening": _FIRST_SALE,
    "habit": _ALL_SALES, "content": _CONTENT,
    "second": _SECOND_SALE,
}  # fmt: skip
_ORDER = "join orders o on o.org_id = i.org_id and o.order_id = i.order_id"
_ITEM_PLACES = (
    _ORDER_PLACES
    | _clock(_ITEM_TIME)
    | {
        "product": Place("coalesce(p.name, i.description, i.sku)", ("product",), among="i.sku in ({0})"),
        "sku": Place("i.sku"),
        "category": Place("p.category", ("product",)),
    }
)

_ALL = (
    Source(
        name="orders",
        customer="o.customer_id",
        table="orders",
        from_sql="orders o",
        joins=_ORDER_JOINS,
        places=_ORDER_PLACES | _clock(_ORDER_TIME),
        time=_ORDER_TIME,
    ),
    Source(
        name="charges",  # orders, and those that are kept apart
        customer="o.customer_id",
        table="orders",
        from_sql="(select * from orders union all select * from orders_kept_apart()) o",
        joins=_ORDER_JOINS,
        places=_ORDER_PLACES | _clock(_ORDER_TIME),
        time=_ORDER_TIME,
    ),
    Source(
        name="buyers",
        customer="o.customer_id",
        table="orders",
        from_sql="orders o",
        joins=_ORDER_JOINS,
        places=_ORDER_PLACES | _clock(_ORDER_TIME),
        gathered_by="o.customer_id",
        gathered={
            "sales": "count(*) filter (where o.kind = 'sale')",
            "first_at": "min(o.ordered_at) filter (where o.kind = 'sale')",
            "last_at": "max(o.ordered_at) filter (where o.kind = 'sale')",
        },
        time=_ORDER_TIME,
    ),
    Source(
        name="lines",
        customer="i.customer_id",
        table="order_items",
        from_sql="order_items i",
        order_sql=_ORDER,
        joins=_ORDER_JOINS | {"product": _PRODUCT},
        places=_ITEM_PLACES,
        time=_ITEM_TIME,
    ),
    Source(
        name="line_orders",  # orders found by what is in them
        customer="i.customer_id",
        table="order_items",
        from_sql="order_items i",
        order_sql=_ORDER,
        joins=_ORDER_JOINS | {"product": _PRODUCT},
        places=_ITEM_PLACES,
        gathered_by="o.order_id",
        gathered={"kind": "min(o.kind)", "lines": "count(*)", "units": "sum(i.quantity)"},
        time=_ITEM_TIME,
    ),
    Source(
        name="baskets",  # whole orders with how much is in them
        customer="i.customer_id",
        table="order_items",
        from_sql="order_items i",
        order_sql=f"{_ORDER} {_PRODUCT}",
        joins=_ORDER_JOINS,
        places=_ORDER_PLACES | _clock(_ITEM_TIME),
        gathered_by="o.order_id",
        gathered={
            "kind": "min(o.kind)",
            "codes": "count(distinct i.sku)",
            "products": "count(distinct i.sku) filter (where coalesce(p.merchandise, true))",
        },
        time=_ITEM_TIME,
    ),
    Source(
        name="events",
        customer="e.customer_id",
        table="events",
        from_sql="events e",
        joins={"customer": _CUSTOMER.format("e"), "rfm": _RFM.format("e"), "campaign": _CAMPAIGN.format("e")},
        places={
            "country": Place("c.country", ("customer",)),
            "city": Place("c.city", ("customer",)),
            "customer": Place("c.external_id", ("customer",)),
            "known_customer": _known("e.customer_id"),
            "rfm_segment": Place("r.segment", ("rfm",)),
            "campaign": Place("coalesce(g.name, e.campaign_id)", ("campaign",)),
            "event_kind": Place("e.kind"),
        }
        | _clock(_EVENT_TIME),
        time=_EVENT_TIME,
    ),
    Source(
        name="spend",
        table="channel_spend",
        from_sql="channel_spend s",
        joins={},
        places={"spend_channel": Place("s.channel")} | day_places(_SPEND_TIME.local),
        time=_SPEND_TIME,
    ),
    Source(
        name="campaign_days",
        table="campaign_daily",
        from_sql="(select * from campaign_daily where sent is null) s",  # our own campaigns are no advertising
        joins={"campaign": _CAMPAIGN.format("s")},
        places={
            "campaign": Place("coalesce(g.name, s.campaign_id)", ("campaign",)),
            "spend_channel": Place("g.channel", ("campaign",)),
        }
        | day_places(_SPEND_TIME.local),
        time=_SPEND_TIME,
    ),
    Source(
        name="mentions",
        table="mentions",
        from_sql="mentions m",
        joins={},
        places={"mention_source": Place("m.source")} | _clock(_MENTION_TIME),
        time=_MENTION_TIME,
    ),
)
SOURCES = {source.name: source for source in _ALL}
