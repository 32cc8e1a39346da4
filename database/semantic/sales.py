"""Figures of orders, their lines and their customers."""

from __future__ import annotations

from database.semantic.model import Metric

__all__ = ["CUSTOMERS", "DIFFERENT", "SALES"]


def _sale(what: str, table: str = "o") -> str:
    return f"{what} filter (where {table}.kind = 'sale')"


def _refund(what: str) -> str:
    return f"{what} filter (where o.kind = 'refund')"


def _zero(sql: str) -> str:
    return f"coalesce({sql}, 0)"


def _over(top: str, bottom: str) -> str:
    return f"cast({top} as numeric) / nullif({bottom}, 0)"


def _rate(
    name: str, unit: str, meaning: str, sql: dict[str, str], joins: tuple[str, ...] = (), title: str = ""
) -> Metric:
    """A rate or an average: no shares of it, and nothing to add up."""
    return Metric(name, unit, meaning, sql, joins=joins, title=title, is_count=False, adds_over_time=False)


def _middle(value: str) -> str:
    """The median of numbers, exactly: the mean of the two in the middle."""
    low, high = (f"percentile_disc(0.5) within group (order by {value}{way})" for way in ("", " desc"))
    return f"({_sale(low)} + {_sale(high)}) / 2"


_SOLD = "count(*) filter (where kind = 'sale')"
_SALE_REVENUE = {"orders": _zero(_sale("sum(o.revenue)")), "lines": _zero(_sale("sum(i.revenue)"))}
_GOODS = "coalesce(p.merchandise, true)"
_DISCOUNT = _sale("sum(o.discount)")

SALES = (
    Metric(
        "revenue",
        "money",
        "Net revenue: what was charged, tax and shipping in it included, over all order rows, refunds and adjustments "
        "taken off on their own day, with or without a known customer.",
        {"orders": _zero("sum(o.revenue)"), "lines": _zero("sum(i.revenue)")},
    ),
    Metric("gross_sales", "money", "Revenue of sale orders alone, before refunds and adjustments.", _SALE_REVENUE),
    Metric(
        "refunds",
        "money",
        "Money given back in refund orders, as a positive amount.",
        {"orders": _zero(_refund("-sum(o.revenue)")), "lines": _zero(_refund("-sum(i.revenue)"))},
    ),
    _rate(
        "refund_rate",
        "share",
        "Money given back in refund orders over gross sales.",
        {
            "orders": _over(_zero(_refund("-sum(o.revenue)")), _sale("sum(o.revenue)")),
            "lines": _over(_zero(_refund("-sum(i.revenue)")), _sale("sum(i.revenue)")),
        },
    ),
    Metric("discounts", "money", "Discounts given on sale orders.", {"orders": _zero(_DISCOUNT)}),
    Metric(
        "discounted_orders",
        "orders",
        "Sale orders with a discount.",
        {"orders": "count(*) filter (where o.kind = 'sale' and o.discount > 0)"},
    ),
    _rate(
        "discount_rate",
        "share",
        "Discounts over gross sales before discounts, of sale orders.",
        {"orders": _over(_DISCOUNT, f"({_sale('sum(o.revenue)')} + {_DISCOUNT})")},
    ),
    Metric(
        "orders",
        "orders",
        "Sale orders; refunds and adjustments are not counted.",
        {"orders": _sale("count(*)"), "line_orders": _SOLD},
        overlaps=("line_orders",),
    ),
    Metric(
        "anonymous_orders",
        "orders",
        "Sale orders without a known customer.",
        {"orders": "count(*) filter (where o.kind = 'sale' and o.customer_id is null)"},
    ),
    Metric(
        "refund_orders",
        "orders",
        "Refunds and cancellations, counted as orders of their own.",
        {"orders": _refund("count(*)"), "line_orders": "count(*) filter (where kind = 'refund')"},
        overlaps=("line_orders",),
    ),
    Metric(
        "multi_product_orders",
        "orders",
        "Sale orders with more than one different product, postage and fees not counted.",
        {"baskets": "count(*) filter (where kind = 'sale' and products > 1)"},
        title="Orders with several products",
    ),
    Metric(
        "single_product_orders",
        "orders",
        "Sale orders with one product alone, postage and fees not counted.",
        {"baskets": "count(*) filter (where kind = 'sale' and products = 1)"},
        title="Orders with one product",
    ),
    Metric(
        "units",
        "units",
        "Units sold, those of refunds and adjustments taken off.",
        {"orders": _zero("sum(o.quantity)"), "lines": _zero("sum(i.quantity)")},
    ),
    Metric(
        "units_returned",
        "units",
        "Units that came back in refund orders, as a positive number.",
        {"orders": _zero(_refund("-sum(o.quantity)")), "lines": _zero(_refund("-sum(i.quantity)"))},
    ),
    _rate(
        "average_order_value",
        "money",
        "Gross sales over sale orders.",
        {"orders": f"{_sale('sum(o.revenue)')} / nullif({_sale('count(*)')}, 0)"},
    ),
    _rate(
        "median_order_value",
        "money",
        "Median revenue of sale orders: half are worth more, half less.",
        {"orders": _middle("o.revenue")},
    ),
    _rate("largest_order", "money", "Highest revenue of one sale order.", {"orders": _sale("max(o.revenue)")}),
    _rate("smallest_order", "money", "Lowest revenue of one sale order.", {"orders": _sale("min(o.revenue)")}),
    _rate(
        "average_refund",
        "money",
        "Money given back in refund orders over refund orders.",
        {"orders": f"{_refund('-sum(o.revenue)')} / nullif({_refund('count(*)')}, 0)"},
    ),
    _rate("largest_refund", "money", "Most money given back in one refund.", {"orders": _refund("max(-o.revenue)")}),
    _rate(
        "lines_per_order",
        "lines",
        "Lines of sale orders over sale orders.",
        {"line_orders": _over("sum(lines) filter (where kind = 'sale')", _SOLD)},
    ),
    _rate(
        "products_per_order",
        "products",
        "Different product codes of each sale order, on average.",
        {"baskets": _over("sum(codes) filter (where kind = 'sale')", _SOLD)},
    ),
    _rate(
        "units_per_order",
        "units",
        "Units of sale orders over sale orders.",
        {
            "orders": _over(_sale("sum(o.quantity)"), _sale("count(*)")),
            "line_orders": _over("sum(units) filter (where kind = 'sale')", _SOLD),
        },
    ),
    _rate(
        "average_unit_price",
        "money",
        "Gross sales over units sold, lines of sale orders.",
        {"lines": f"{_sale('sum(i.revenue)')} / nullif({_sale('sum(i.quantity)')}, 0)"},
    ),
    Metric(
        "lines",
        "lines",
        "Order lines, those of refunds and adjustments included.",
        {"lines": "count(*) filter (where o.kind <> 'void')"},
    ),
    Metric(
        "free_lines",
        "lines",
        "Order lines with a price of zero, those of refunds and adjustments included.",
        {"lines": "count(*) filter (where o.kind <> 'void' and i.unit_price = 0)"},
        title="Order lines with a price of zero",
    ),
    Metric(
        "products_sold",
        "products",
        "Different products in sale orders, postage and fees not counted.",
        {"lines": f"count(distinct i.sku) filter (where o.kind = 'sale' and {_GOODS})"},
        joins=("product",),
        adds_over_time=False,
        overlaps=("lines",),
    ),
)


def _different(name: str, meaning: str, what: str, join: str = "", title: str = "", only: bool = False) -> Metric:
    """How many different ones sale orders have; `only` their lines know. Months and groups of them do not add up."""
    sql = f"count(distinct {what}) filter (where o.kind = 'sale')"
    sources = ("lines",) if only else ("orders", "lines")
    joins = (join,) if join else ()
    return Metric(
        name, "number", meaning, dict.fromkeys(sources, sql), joins=joins, title=title, adds_over_time=False,
        overlaps=sources,
    )  # fmt: skip


DIFFERENT = (
    _different(
        "countries_served", "Different countries of sale orders; orders without a country count for none.",
        "coalesce(o.country, c.country)", "customer", "Countries sold to",
    ),
    _different(
        "cities_served", "Different cities of sale orders; orders without a city count for none.",
        "coalesce(o.city, c.city)", "customer", "Cities sold to",
    ),
    _different("channels_used", "Different channels that sale orders came through.", "o.channel"),
    _different(
        "skus_sold", "Different product codes in sale orders, those of postage and fees too.", "i.sku",
        title="Product codes sold", only=True,
    ),
    _different(
        "categories_sold", "Different categories of products in sale orders.", "p.category", "product", only=True
    ),
)  # fmt: skip

_ORDERED = "count(distinct o.customer_id)"
_KNOWN = f"{_ORDERED} filter (where o.kind <> 'void')"
_OVER_PEOPLE = ("orders", "lines", "buyers")


def _people(
    name: str, meaning: str, sql: dict[str, str], joins: tuple[str, ...] = (), over_time: bool = False
) -> Metric:
    """Different customers: one may be in several groups, and in several months."""
    return Metric(name, "customers", meaning, sql, joins=joins, adds_over_time=over_time, overlaps=_OVER_PEOPLE)


CUSTOMERS = (
    _people(
        "customers",
        "Different known customers with any order row in the period, refunds included.",
        {"orders": _KNOWN, "lines": "count(distinct i.customer_id) filter (where o.kind <> 'void')"},
    ),
    _people(
        "ordering_customers",
        "Different known customers with a sale order in the period; who only gave something back is none.",
        {
            "orders": f"{_ORDERED} filter (where o.kind = 'sale')",
            "lines": "count(distinct i.customer_id) filter (where o.kind = 'sale')",
        },
    ),
    _people(
        "new_customers",
        "Customers whose first order row ever, refunds included, is in the period.",
        {"orders": f"{_ORDERED} filter (where o.ordered_at = first.at)"},
        ("first",),
        over_time=True,
    ),
    _people(
        "returning_customers",
        "Customers with an order row in the period whose first one ever was before it.",
        {"orders": f"{_ORDERED} filter (where first.at < {{since}})"},
        ("first",),
    ),
    _rate(
        "revenue_per_customer",
        "money",
        "Net revenue of known customers over customers.",
        {"orders": f"sum(o.revenue) filter (where o.customer_id is not null) / nullif({_KNOWN}, 0)"},
    ),
    _rate(
        "orders_per_customer",
        "orders",
        "Sale orders of known customers over the customers who have any.",
        {"buyers": "sum(sales) / nullif(count(*) filter (where sales >= 1), 0)"},
    ),
    _people(
        "one_time_customers",
        "Customers with exactly one sale order in the period.",
        {"buyers": "count(*) filter (where sales = 1)"},
    ),
    _people(
        "repeat_customers",
        "Customers with two or more sale orders in the period.",
        {"buyers": "count(*) filter (where sales >= 2)"},
    ),
    _rate(
        "repeat_rate",
        "share",
        "Customers with two or more sale orders over customers with at least one, in the period.",
        {"buyers": _over("count(*) filter (where sales >= 2)", "count(*) filter (where sales >= 1)")},
    ),
    _rate(
        "days_between_orders",
        "days",
        "Mean days from one sale order to the customer's next, both in the period.",
        {
            "buyers": "cast(sum(extract(epoch from last_at - first_at)) / 86400 as numeric)"
            " / nullif(sum(sales - 1) filter (where sales >= 1), 0)"
        },
    ),
    _rate(
        "days_to_second_order",
        "days",
        "Mean days from a customer's first sale order ever to the second, of the second orders in the period.",
        {"orders": "avg(second.days)"},
        ("second",),
    ),
)
