# ruff: noqa: E501  (a table of sentences)
"""What drives a churn score, as a marketer would say it: one sentence a feature, with the customer's own figure."""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

__all__ = ["SENTENCES", "driver_sentences"]

Kind = Literal["whole", "decimal", "percent"]
_Row = tuple[str, Kind, str]

# feature: how its figure is shown, what is said of it ({} is the figure), what is said where it is not known
SENTENCES: Final[dict[str, _Row]] = {
    "days_to_limit": ("would count as having left after {} more days without an order", "whole", "has no known rhythm"),
    "recency_days": ("last ordered {} days ago", "whole", "never ordered"),
    "tenure_days": ("known to the shop for {} days", "whole", "not known for how long"),
    "days_since_first_order": ("first ordered {} days ago", "whole", "never ordered"),
    "frequency_12m": ("bought on {} days in the last 12 months", "whole", "not known how often they buy"),
    "frequency_all": ("bought on {} days so far", "whole", "not known how often they buy"),
    "typical_gap_days": ("usually {} days between purchases", "whole", "bought once, so without a rhythm yet"),
    "gap_spread_days": ("the time between purchases varies by {} days", "whole", "too few purchases to know how regular"),
    "overdue_ratio": ("silent for {} times their usual gap", "decimal", "bought once, so without a rhythm yet"),
    "monetary_value": ("spent {} so far", "whole", "spent nothing yet"),
    "avg_order_value": ("{} an order on average", "whole", "has no order with a value"),
    "order_value_spread": ("order values vary by {}", "whole", "too few orders to know how they vary"),
    "max_order_value": ("largest order {}", "whole", "has no order with a value"),
    "orders_all": ("{} orders so far", "whole", "no orders yet"),
    "orders_30d": ("{} orders in the last 30 days", "whole", "no orders yet"),
    "orders_90d": ("{} orders in the last 90 days", "whole", "no orders yet"),
    "orders_365d": ("{} orders in the last 365 days", "whole", "no orders yet"),
    "revenue_30d": ("spent {} in the last 30 days", "whole", "spent nothing yet"),
    "revenue_90d": ("spent {} in the last 90 days", "whole", "spent nothing yet"),
    "revenue_365d": ("spent {} in the last 365 days", "whole", "spent nothing yet"),
    "revenue_trend_90d": (
        "spending of the last 90 days against the 90 before: {} (1 is all new, -1 all gone)",
        "decimal",
        "spent nothing in the last 180 days",
    ),
    "items_per_order": ("{} units an order", "decimal", "not known how much is in an order"),
    "avg_item_price": ("pays {} a unit on average", "decimal", "not known what they pay a unit"),
    "distinct_products": ("bought {} different products", "whole", "not known which products they buy"),
    "distinct_categories": ("bought from {} categories", "whole", "not known which categories they buy"),
    "favourite_category_share": ("{} of what they buy is of one category", "percent", "no favourite category known"),
    "repeat_product_share": ("{} of what they buy they had bought before", "percent", "not known which products they buy"),
    "discount_share": ("discounts took {} off their orders", "percent", "not known what discounts they had"),
    "discounted_order_share": ("{} of their orders had a discount", "percent", "not known what discounts they had"),
    "refund_rate": ("{} refunds an order", "decimal", "not known what they returned"),
    "refund_value_share": ("{} of the money spent was refunded", "percent", "not known what they returned"),
    "distinct_channels": ("orders through {} channels", "whole", "not known how they order"),
    "main_channel_share": ("{} of their orders come through one channel", "percent", "not known how they order"),
    "weekend_share": ("{} of their orders are made at weekends", "percent", "not known when they order"),
    "night_share": ("{} of their orders are made at night", "percent", "not known when they order"),
    "spending_seasonality": ("spends {} times their average in their best month", "decimal", "too few months to know seasons"),
    "distinct_locations": ("orders from {} places", "whole", "not known from where they order"),
    "main_location_share": ("{} of their orders come from one place", "percent", "not known from where they order"),
    "email_sent_90d": ("was sent {} emails in the last 90 days", "whole", "not known what they were sent"),
    "email_open_rate": ("opens {} of the emails", "percent", "was sent no emails"),
    "email_click_rate": ("clicks in {} of the emails", "percent", "was sent no emails"),
    "email_bounce_rate": ("{} of the emails bounced", "percent", "was sent no emails"),
    "sms_click_rate": ("clicks in {} of the SMS", "percent", "was sent no SMS"),
    "days_since_last_open": ("last opened an email {} days ago", "whole", "never opened an email"),
    "days_since_last_visit": ("last visited the website {} days ago", "whole", "never seen on the website"),
    "website_visit_frequency": ("{} website visits in 30 days", "decimal", "never seen on the website"),
    "product_views_90d": ("viewed {} products in the last 90 days", "whole", "never seen on the website"),
    "cart_abandonment_rate": ("left {} of their carts without buying", "percent", "never filled a cart"),
    "price_sensitivity_score": ("price sensitivity {} of 100", "whole", "price sensitivity not known"),
    "brand_loyalty_score": ("brand loyalty {} of 100", "whole", "brand loyalty not known"),
    "customer_health_score": ("health {} of 100", "whole", "health not known"),
}  # fmt: skip
_ONE = r"\b1 ((?:more |different |website )?(?:day|order|product|channel|place|email|visit|unit|refund))s\b"


def driver_sentences() -> pl.Expr:
    """A sentence of the columns feature, value (null: unknown) and direction ("raises" | "lowers").

    Features that are not in SENTENCES are named with their figure.
    """
    table = {name: words for name, (words, _, _) in SENTENCES.items()}
    unknown = {name: words for name, (_, _, words) in SENTENCES.items()}
    kinds: dict[str, str] = {name: kind for name, (_, kind, _) in SENTENCES.items()}
    name = pl.col("feature")
    plain = name.str.replace_all("_", " ")
    kind = name.replace_strict(kinds, default="decimal", return_dtype=pl.String)
    figure = (
        pl.when(kind == "whole").then(pl.col("value").round(0).cast(pl.Int64).cast(pl.String))
        .when(kind == "percent").then(pl.format("{}%", (100 * pl.col("value")).round(0).cast(pl.Int64)))
        .otherwise((pl.col("value").round(1) + 0.0).cast(pl.String))
    )  # fmt: skip
    known = name.replace_strict(table, default=pl.format("{}: {}", plain, pl.lit("{}")), return_dtype=pl.String)
    missing = name.replace_strict(unknown, default=pl.format("{} is not known", plain), return_dtype=pl.String)
    said = pl.when(pl.col("value").is_null()).then(missing).otherwise(known.str.replace("{}", figure, literal=True))
    readable = (
        said.str.replace(_ONE, "1 ${1}")
        .str.replace("1 categories", "1 category", literal=True)
        .str.replace("after 0 more days", "after less than a day more", literal=True)
    )
    return pl.format("{} ({} the risk)", readable, pl.col("direction"))
