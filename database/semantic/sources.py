"""The sources and dimensions there are."""

from __future__ import annotations

from database.semantic.model import Dimension, Place, Source, Time

__all__ = ["DIMENSIONS", "SOURCES"]

_CUSTOMER = "left join customers c on c.org_id = {0}.org_id and c.id = {0}.customer_id"
_RFM = "left join rfm_scores r on r.org_id = {0}.org_id and r.customer_id = {0}.customer_id"
_PRODUCT = "left join products p on p.org_id = i.org_id and p.sku = i.sku"
_CAMPAIGN = "left join campaigns g on g.org_id = {0}.org_id and g.campaign_id = {0}.campaign_id"
_FIRST = (
    "left join (select org_id, customer_id, min(ordered_at) as at from orders where customer_id is not null"
    " group by org_id, customer_id) first on first.org_id = o.org_id and first.customer_id = o.customer_id"
)


def _instant(column: str) -> Time:
    from_start = f"{column} >= (cast(:start as timestamp) at time zone :tz)"
    to_end = f"{column} < ((cast(:end as timestamp) + interval '1 day') at time zone :tz)"
    return Time(f"({column} at time zone :tz)", f"{from_start} and {to_end}")


def _day(column: str) -> Time:
    return Time(f"cast({column} as timestamp)", f"{column} between :start and :end")


def _clock(time: Time) -> dict[str, Place]:
    return {
        "weekday": Place(f"trim(to_char({time.local}, 'Day'))"),
        "hour": Place(f"to_char({time.local}, 'HH24')"),
    }


_ORDER_TIME = _instant("o.ordered_at")
_ITEM_TIME = _instant("i.ordered_at")
_EVENT_TIME = _instant("e.occurred_at")
_ORDER_PLACES = {
    "country": Place("coalesce(o.country, c.country)", ("customer",)),
    "city": Place("coalesce(o.city, c.city)", ("customer",)),
    "channel": Place("o.channel"),
    "kind": Place("o.kind"),
    "customer": Place("c.external_id", ("customer",)),
    "rfm_segment": Place("r.segment", ("rfm",)),
}
_ORDER_JOINS = {"customer": _CUSTOMER.format("o"), "rfm": _RFM.format("o"), "first": _FIRST}

_ALL = (
    Source(
        name="orders",
        table="orders",
        from_sql="orders o",
        joins=_ORDER_JOINS,
        places=_ORDER_PLACES | _clock(_ORDER_TIME),
        time=_ORDER_TIME,
    ),
    Source(
        name="buyers",
        table="orders",
        from_sql="orders o",
        joins=_ORDER_JOINS,
        places=_ORDER_PLACES | _clock(_ORDER_TIME),
        customer_sql="o.customer_id",
        gathered={"sales": "count(*) filter (where o.kind = 'sale')"},
        time=_ORDER_TIME,
    ),
    Source(
        name="lines",
        table="order_items",
        from_sql="order_items i join orders o on o.org_id = i.org_id and o.order_id = i.order_id",
        joins=_ORDER_JOINS | {"product": _PRODUCT},
        places=_ORDER_PLACES
        | _clock(_ITEM_TIME)
        | {
            "product": Place("coalesce(p.name, i.description, i.sku)", ("product",)),
            "sku": Place("i.sku"),
            "category": Place("p.category", ("product",)),
        },
        time=_ITEM_TIME,
    ),
    Source(
        name="events",
        table="events",
        from_sql="events e",
        joins={"customer": _CUSTOMER.format("e"), "rfm": _RFM.format("e"), "campaign": _CAMPAIGN.format("e")},
        places={
            "country": Place("c.country", ("customer",)),
            "city": Place("c.city", ("customer",)),
            "customer": Place("c.external_id", ("customer",)),
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
        places={"spend_channel": Place("s.channel")},
        time=_day("s.day"),
    ),
    Source(
        name="campaign_days",
        table="campaign_daily",
        from_sql="campaign_daily s",
        joins={"campaign": _CAMPAIGN.format("s")},
        places={
            "campaign": Place("coalesce(g.name, s.campaign_id)", ("campaign",)),
            "spend_channel": Place("g.channel", ("campaign",)),
        },
        time=_day("s.day"),
    ),
    Source(
        name="mentions",
        table="mentions",
        from_sql="mentions m",
        joins={},
        places={"mention_source": Place("m.source")},
        time=_instant("m.posted_at"),
    ),
)
SOURCES = {source.name: source for source in _ALL}

DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension("country", "Country of the order, else of the customer."),
        Dimension("city", "City of the order, else of the customer."),
        Dimension("channel", "Channel the order came through (web, store …)."),
        Dimension("kind", "sale, refund or adjustment."),
        Dimension("product", "Product name.", listed=False),
        Dimension("sku", "The shop's product code.", listed=False),
        Dimension("category", "Product category."),
        Dimension("customer", "The shop's customer id.", listed=False),
        Dimension("rfm_segment", "RFM segment the customer is in today (Champions … Lost)."),
        Dimension("campaign", "Campaign name."),
        Dimension("event_kind", "Kind of event (visit, cart, email_open …)."),
        Dimension("spend_channel", "Advertising channel."),
        Dimension("mention_source", "Where the brand was mentioned."),
        Dimension("weekday", "Day of the week, local time.", listed=False),
        Dimension("hour", "Hour of the day, 00 to 23, local time.", listed=False),
    )
}
