"""The one list of customer features; chat, docs and tables of features are all made from it.

Conventions that hold for every feature:

- only rows before `as_of` count; a window of n days is as_of − n days ≤ t < as_of
- an *order* is an order row that is no refund; revenue is net of refunds unless the meaning says "order value"
- *frequency* and *gap* merge orders of one local calendar day (as BG/NBD does); `orders_*` count each order
- a feature depends on the customer's own rows alone, so computing a few customers or all gives the same values
- what is undefined (a rate of nothing) is null, never 0, NaN or infinite
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["CATEGORY_NAMES", "FEATURES", "NAMES", "NUMBER_NAMES", "Feature", "feature"]

Kind = Literal["number", "category", "vector"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: `number` is a Float64 column, `category` an Int32 code, `vector` a list of floats."""

    name: str
    unit: str
    meaning: str
    kind: Kind
    group: str
    title: str


def _group(group: str, *rows: tuple[str, str, str] | tuple[str, str, str, str]) -> tuple[Feature, ...]:
    """Features of one group: (name, unit, meaning[, title]); without a title the name serves as one."""
    return tuple(
        Feature(
            name=name,
            unit=unit,
            meaning=meaning,
            kind="category" if unit in ("code", "weekday", "hour") else "number",
            group=group,
            title=title[0] if title else name.replace("_", " ").capitalize(),
        )
        for name, unit, meaning, *title in rows
    )


_RHYTHM = _group(
    "rhythm",
    ("recency_days", "days", "days since the last order; null for who never ordered", "Days since last order"),
    ("tenure_days", "days", "days since the customer's first order, order line, refund or event", "Days known"),
    ("days_since_first_order", "days", "days since the first order", "Days since first order"),
    ("frequency_12m", "purchase days", "days with an order in the last 365 days", "Purchase days in 12 months"),
    ("frequency_all", "purchase days", "days with an order since the beginning", "Purchase days"),
    (
        "typical_gap_days",
        "days",
        "median days between purchase days; null below two purchase days",
        "Typical gap (days)",
    ),
    (
        "gap_spread_days",
        "days",
        "standard deviation of the days between purchase days; null below two gaps",
        "Gap spread (days)",
    ),
    (
        "overdue_ratio",
        "ratio",
        "recency over typical gap: above 1 the customer is later than usual",
        "Overdue (× usual gap)",
    ),
)
_VALUE = _group(
    "value",
    ("monetary_value", "money", "revenue since the beginning, refunds taken off", "Spent"),
    ("avg_order_value", "money", "mean order value, refunds left out", "Average order"),
    ("order_value_spread", "money", "standard deviation of order values; null below two orders", "Order value spread"),
    ("max_order_value", "money", "largest single order value", "Largest order"),
    ("orders_all", "orders", "orders since the beginning", "Orders"),
    ("orders_30d", "orders", "orders in the last 30 days", "Orders, 30 days"),
    ("orders_90d", "orders", "orders in the last 90 days", "Orders, 90 days"),
    ("orders_365d", "orders", "orders in the last 365 days", "Orders, 365 days"),
    ("revenue_30d", "money", "revenue in the last 30 days, refunds taken off", "Revenue, 30 days"),
    ("revenue_90d", "money", "revenue in the last 90 days, refunds taken off", "Revenue, 90 days"),
    ("revenue_365d", "money", "revenue in the last 365 days, refunds taken off", "Revenue, 365 days"),
    (
        "revenue_trend_90d",
        "-1 to 1",
        "(last 90 days − 90 before) / (|last 90| + |90 before|) of revenue; 1 = new money, -1 = all gone, "
        "null when there was none in 180 days",
        "Revenue trend, 90 days",
    ),
)
_BASKET = _group(
    "basket",
    ("items_per_order", "units", "mean units an order", "Items per order"),
    ("avg_item_price", "money", "revenue a unit over bought lines", "Average item price"),
    ("distinct_products", "products", "different products bought; null without order lines", "Different products"),
    (
        "distinct_categories",
        "categories",
        "different categories bought; null without a known category",
        "Different categories",
    ),
    ("favourite_category", "code", "category with the most bought lines (lowest code of equals)"),
    (
        "favourite_category_share",
        "share",
        "favourite category's share of bought lines with a known category",
        "Share of favourite category",
    ),
    (
        "repeat_product_share",
        "share",
        "share of bought lines beyond the first of their product",
        "Share of products bought again",
    ),
)
_PRICE = _group(
    "price",
    ("discount_share", "share", "discounts over list value (order value + discount) of all orders"),
    ("discounted_order_share", "share", "share of orders with any discount", "Share of orders with discount"),
    ("refund_rate", "refunds an order", "refunds over orders, both counted"),
    (
        "refund_value_share",
        "share",
        "money refunded over order value; above 1 when more came back than was sold",
        "Refunded share of sales",
    ),
)
_CHANNEL = _group(
    "channel",
    ("distinct_channels", "channels", "different order channels; null when no order has one", "Different channels"),
    ("main_channel", "code", "channel with the most orders (lowest code of equals)"),
    ("main_channel_share", "share", "main channel's share of orders with a known channel", "Share of main channel"),
)
_TIME = _group(
    "time",
    (
        "preferred_day_of_week",
        "weekday",
        "day with the most orders, 1 Monday to 7 Sunday, local (earliest of equals)",
        "Favourite weekday",
    ),
    (
        "preferred_hour_of_day",
        "hour",
        "hour with the most orders, 0 to 23, local (earliest of equals)",
        "Favourite hour",
    ),
    ("weekend_share", "share", "share of orders on Saturday and Sunday, local", "Share of orders at weekends"),
    ("night_share", "share", "share of orders from 22:00 to 05:59, local", "Share of orders at night"),
    (
        "spending_seasonality",
        "ratio",
        "revenue of the best calendar month (a mean over the years) over the mean of all calendar months since the "
        "first order; 1 = even; null below three orders or six calendar months",
    ),
)
_LOCATION = _group(
    "location",
    ("distinct_locations", "locations", "different order locations; null when no order has one", "Different places"),
    ("main_location", "code", "location with the most orders (lowest code of equals)", "Main place"),
    ("main_location_share", "share", "main location's share of orders with a known location", "Share of main place"),
)
_ENGAGEMENT = _group(
    "engagement",
    ("email_sent_90d", "messages", "emails sent to the customer in the last 90 days", "Emails sent, 90 days"),
    ("email_open_rate", "share", "opens over emails sent, at most 1; null when none was sent", "Email open rate"),
    ("email_click_rate", "share", "clicks over emails sent, at most 1; null when none was sent", "Email click rate"),
    (
        "email_bounce_rate",
        "share",
        "bounces over emails sent, at most 1; null when none was sent",
        "Email bounce rate",
    ),
    ("sms_click_rate", "share", "clicks over SMS sent, at most 1; null when none was sent", "SMS click rate"),
    ("days_since_last_open", "days", "days since the last email open", "Days since last open"),
    ("days_since_last_visit", "days", "days since the last website visit or product view", "Days since last visit"),
    (
        "website_visit_frequency",
        "visits a 30 days",
        "visits in the last 90 days over 3; null without a visit, view, cart or checkout",
        "Visits a month",
    ),
    (
        "product_views_90d",
        "views",
        "product views in the last 90 days; null without a visit, view, cart or checkout",
        "Product views, 90 days",
    ),
    (
        "cart_abandonment_rate",
        "share",
        "share of carts at least 24 hours old with no order or purchase event in the 24 hours after them",
    ),
)
_SCORE = _group(
    "score",
    (
        "price_sensitivity_score",
        "0-100",
        "how much the customer waits for discounts: 60 × discounted_order_share + 40 × discount_share / 0.30 (at most "
        "40); 0 for everybody where no discounts are recorded",
    ),
    (
        "brand_loyalty_score",
        "0-100",
        "how steadily the customer comes back at full price: (1 − exp(−(frequency_all − 1) / 3)) × (50 + 20 × years "
        "from first to last order / 2 + 15 × share of orders without discount + 15 × share of money not refunded)",
    ),
    (
        "customer_health_score",
        "0-100",
        "how well the relation is doing: points for rhythm 30, frequency 20, trend 15, engagement 15, satisfaction 10, "
        "breadth 10; a part without data is left out and the others are scaled up to 100",
        "Health",
    ),
)

FEATURES: tuple[Feature, ...] = (
    *_RHYTHM,
    *_VALUE,
    *_BASKET,
    *_PRICE,
    *_CHANNEL,
    *_TIME,
    *_LOCATION,
    *_ENGAGEMENT,
    *_SCORE,
)
NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES)
NUMBER_NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES if f.kind == "number")
CATEGORY_NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES if f.kind == "category")
_BY_NAME = {f.name: f for f in FEATURES}


def feature(name: str) -> Feature:
    """The feature of that name; raises FixArguments listing the valid names."""
    if name not in _BY_NAME:
        from core.errors import FixArguments

        raise FixArguments(f"There is no customer feature {name!r}.", field="feature", valid=NAMES)
    return _BY_NAME[name]
