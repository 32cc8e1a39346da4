"""The dimensions there are: what figures can be broken down and filtered by."""

from __future__ import annotations

from calendar import day_name, month_name

from database.semantic.model import Dimension

__all__ = ["DIMENSIONS"]

_PERIOD = ("in the period", "before", "unknown")
_PRICED = ("discounted", "full price")
_PARTS = ("night", "morning", "afternoon", "evening")

DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension("country", "Country of the order, else of the customer."),
        Dimension("city", "City of the order, else of the customer."),
        Dimension("channel", "Channel the order came through (web, store …)."),
        Dimension("kind", "sale, refund or adjustment."),
        Dimension("product", "Product; found by each name it was sold under, and by SKU.", False, matches="product"),
        Dimension("sku", "The shop's product code.", listed=False),
        Dimension("category", "Product category."),
        Dimension("currency", "Currency that the order was charged in; money is in your own, but for `charged`."),
        Dimension("order", "The shop's order number.", listed=False),
        Dimension("customer", "The shop's customer id.", listed=False),
        Dimension("rfm_segment", "RFM segment the customer is in today (Champions … Lost)."),
        Dimension("campaign", "Campaign name."),
        Dimension("event_kind", "Kind of event (visit, cart, email_open …)."),
        Dimension("spend_channel", "Advertising channel."),
        Dimension("mention_source", "Where the brand was mentioned."),
        Dimension("weekday", "Day of the week, local time.", listed=False, values=tuple(day_name)),
        Dimension("weekend", "weekend (Saturday, Sunday) or weekday, local time.", False, ("weekend", "weekday")),
        Dimension(
            "daypart", "night (0-5 h), morning (6-11), afternoon (12-17) or evening (18-23), local time.", False, _PARTS
        ),
        Dimension("hour", "Hour of the day, 00 to 23, local time; a number.", listed=False, matches="number"),
        Dimension("month_of_year", "Month whatever the year (January …), local time.", False, tuple(month_name)[1:]),
        Dimension(
            "days",
            "Filter only, with `in`: stretches of local days, each as first/last: 2024-12-01/2024-12-10.",
            listed=False,
            cut=False,
            matches="days",
        ),
        Dimension(
            "customer_type",
            "new: the customer's first sale order ever; returning: everything else of a known customer; unknown: no "
            "known customer.",
            False,
            ("new", "returning", "unknown"),
        ),
        Dimension(
            "acquired",
            "Whether the customer's first order ever lies in the period or before it; unknown: no known customer.",
            False,
            _PERIOD,
        ),
        Dimension(
            "known_customer", "known or anonymous: whether the customer is known.", False, ("known", "anonymous")
        ),
        Dimension("discounted", "discounted or full price: whether the sale order had a discount.", False, _PRICED),
        Dimension(
            "customer_orders",
            "Sale orders the customer has had in all, a number (1: bought once, 2 and more: came back).",
            listed=False,
            matches="number",
        ),
        Dimension(
            "order_value", "Filter only: revenue of the order, a number.", listed=False, cut=False, matches="number"
        ),
        Dimension(
            "order_lines",
            "Filter only: lines of the order, a number.",
            listed=False,
            cut=False,
            matches="number",
            table="order_items",
        ),
        Dimension(
            "order_products",
            "Filter only: different products in the order, postage and fees not counted, a number.",
            listed=False,
            cut=False,
            matches="number",
            table="order_items",
        ),
        Dimension(
            "order_units", "Filter only: units in the order, a number.", listed=False, cut=False, matches="number"
        ),
        Dimension(
            "with_product",
            "Filter only: the order holds a line of this product (name, former name or SKU). Several such filters: "
            "orders that hold all.",
            listed=False,
            cut=False,
            matches="product",
        ),
        Dimension(
            "with_category",
            "Filter only: the order holds a line of this category.",
            listed=False,
            cut=False,
            matches="category",
        ),
    )
}
