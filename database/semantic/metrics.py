"""The metrics there are: each with its unit, its definition and its SQL in every source that can give it."""

from __future__ import annotations

from database.semantic.model import Metric

__all__ = ["METRICS"]


def _sale(what: str, table: str = "o") -> str:
    return f"{what} filter (where {table}.kind = 'sale')"


def _zero(sql: str) -> str:
    return f"coalesce({sql}, 0)"


def _events(kind: str) -> str:
    return f"count(*) filter (where e.kind = '{kind}')"


def _event_rate(kind: str) -> str:
    return f"least(1, {_events(kind)}::numeric / nullif({_events('email_sent')}, 0))"


_SALE_REVENUE = {"orders": _zero(_sale("sum(o.revenue)")), "lines": _zero(_sale("sum(i.revenue)"))}

_SALES = (
    Metric(
        "revenue",
        "money",
        "Net revenue: what was charged, over all order rows, refunds and adjustments taken off, with or without a "
        "known customer.",
        {"orders": _zero("sum(o.revenue)"), "lines": _zero("sum(i.revenue)")},
    ),
    Metric("gross_sales", "money", "Revenue of sale orders alone, before refunds and adjustments.", _SALE_REVENUE),
    Metric(
        "refunds",
        "money",
        "Money given back in refund orders, as a positive amount.",
        {
            "orders": _zero("-sum(o.revenue) filter (where o.kind = 'refund')"),
            "lines": _zero("-sum(i.revenue) filter (where o.kind = 'refund')"),
        },
    ),
    Metric("discounts", "money", "Discounts given on sale orders.", {"orders": _zero(_sale("sum(o.discount)"))}),
    Metric(
        "orders",
        "orders",
        "Sale orders; refunds and adjustments are not counted.",
        {"orders": _sale("count(*)"), "lines": _sale("count(distinct i.order_id)")},
    ),
    Metric(
        "refund_orders",
        "orders",
        "Refunds and cancellations, counted as orders of their own.",
        {
            "orders": "count(*) filter (where o.kind = 'refund')",
            "lines": "count(distinct i.order_id) filter (where o.kind = 'refund')",
        },
    ),
    Metric(
        "units",
        "units",
        "Units sold, those of refunds and adjustments taken off.",
        {"orders": _zero("sum(o.quantity)"), "lines": _zero("sum(i.quantity)")},
    ),
    Metric(
        "average_order_value",
        "money",
        "Gross sales over sale orders.",
        {"orders": f"{_sale('sum(o.revenue)')} / nullif({_sale('count(*)')}, 0)"},
    ),
    Metric("lines", "lines", "Order lines, those of refunds and adjustments included.", {"lines": "count(*)"}),
)
_CUSTOMERS = (
    Metric(
        "customers",
        "customers",
        "Different known customers with any order row in the period, refunds included.",
        {"orders": "count(distinct o.customer_id)", "lines": "count(distinct i.customer_id)"},
    ),
    Metric(
        "new_customers",
        "customers",
        "Customers whose first order row ever, refunds included, is in the period.",
        {"orders": "count(distinct o.customer_id) filter (where o.ordered_at = first.at)"},
        joins=("first",),
    ),
    Metric(
        "revenue_per_customer",
        "money",
        "Net revenue of known customers over customers.",
        {
            "orders": "sum(o.revenue) filter (where o.customer_id is not null)"
            " / nullif(count(distinct o.customer_id), 0)"
        },
    ),
    Metric(
        "orders_per_customer",
        "orders",
        "Sale orders of known customers over the customers who have any.",
        {"buyers": "sum(sales) / nullif(count(*) filter (where sales >= 1), 0)"},
    ),
    Metric(
        "one_time_customers",
        "customers",
        "Customers with exactly one sale order in the period.",
        {"buyers": "count(*) filter (where sales = 1)"},
    ),
    Metric(
        "repeat_customers",
        "customers",
        "Customers with two or more sale orders in the period.",
        {"buyers": "count(*) filter (where sales >= 2)"},
    ),
    Metric(
        "repeat_rate",
        "share",
        "Customers with two or more sale orders over customers with at least one, in the period.",
        {"buyers": "count(*) filter (where sales >= 2)::numeric / nullif(count(*) filter (where sales >= 1), 0)"},
    ),
)
_EMAIL_SENT = "e.kind = 'email_sent'"
_ENGAGEMENT = (
    Metric("emails_sent", "messages", "E-mails sent.", {"events": _events("email_sent")}, _EMAIL_SENT),
    Metric(
        "open_rate",
        "share",
        "E-mail opens over e-mails sent, at most 1.",
        {"events": _event_rate("email_open")},
        _EMAIL_SENT,
    ),
    Metric(
        "click_rate",
        "share",
        "E-mail clicks over e-mails sent, at most 1.",
        {"events": _event_rate("email_click")},
        _EMAIL_SENT,
    ),
    Metric(
        "bounce_rate",
        "share",
        "E-mail bounces over e-mails sent, at most 1.",
        {"events": _event_rate("email_bounce")},
        _EMAIL_SENT,
    ),
    Metric(
        "unsubscribe_rate",
        "share",
        "Unsubscribes over e-mails sent, at most 1.",
        {"events": _event_rate("email_unsubscribe")},
        _EMAIL_SENT,
    ),
    Metric("visits", "visits", "Website visits.", {"events": _events("visit")}, "e.kind = 'visit'"),
    Metric("product_views", "views", "Product views.", {"events": _events("product_view")}, "e.kind = 'product_view'"),
    Metric("carts", "carts", "Carts filled.", {"events": _events("cart")}, "e.kind = 'cart'"),
)


def _spend(column: str, cost: str = "s.spend") -> str:
    return f"sum({column})::numeric / nullif(sum({cost}), 0)"


def _both(sql: str) -> dict[str, str]:
    return {"spend": sql, "campaign_days": sql.replace("s.spend", "s.cost")}


_ADVERTISING = (
    Metric("spend", "money", "Advertising spend.", _both(_zero("sum(s.spend)"))),
    Metric(
        "impressions",
        "impressions",
        "Times advertisements were shown.",
        _both(_zero("sum(s.impressions)")),
        "s.impressions is not null",
    ),
    Metric("clicks", "clicks", "Clicks on advertisements.", _both(_zero("sum(s.clicks)")), "s.clicks is not null"),
    Metric(
        "conversions",
        "conversions",
        "Conversions the advertising platforms report.",
        _both(_zero("sum(s.conversions)")),
        "s.conversions is not null",
    ),
    Metric(
        "ctr",
        "share",
        "Clicks over impressions.",
        _both(_spend("s.clicks", "s.impressions")),
        "s.clicks is not null",
        title="CTR",
    ),
    Metric(
        "cpc",
        "money",
        "Advertising spend over clicks.",
        _both("sum(s.spend) / nullif(sum(s.clicks), 0)"),
        "s.clicks is not null",
        title="CPC",
    ),
    Metric(
        "cpa",
        "money",
        "Advertising spend over reported conversions.",
        _both("sum(s.spend) / nullif(sum(s.conversions), 0)"),
        "s.conversions is not null",
        title="CPA",
    ),
    Metric(
        "channel_revenue",
        "money",
        "Revenue the advertising platforms report (their own credit, not a cause).",
        _both(_zero("sum(s.revenue)")),
        "s.revenue is not null",
    ),
    Metric(
        "roas",
        "ratio",
        "Platform-reported revenue over advertising spend.",
        _both(_spend("s.revenue")),
        "s.revenue is not null",
        title="ROAS",
    ),
)
_BRAND = (
    Metric("mentions", "mentions", "Mentions of the brand.", {"mentions": "count(*)"}),
    Metric(
        "average_rating",
        "rating",
        "Mean rating of the mentions that carry one.",
        {"mentions": "avg(m.rating)"},
        "m.rating is not null",
    ),
)

METRICS = {metric.name: metric for metric in (*_SALES, *_CUSTOMERS, *_ENGAGEMENT, *_ADVERTISING, *_BRAND)}
