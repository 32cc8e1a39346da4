"""Recipes of the two 0-100 scores made from other features: price sensitivity and brand loyalty.

Both use fixed thresholds, so a customer's score does not move because other customers changed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics.features.parts import ScorePart

__all__ = ["brand_loyalty", "explain_loyalty", "explain_price_sensitivity", "price_sensitivity"]

DEEP_DISCOUNT = 0.30
LOYALTY_ORDERS = 3.0
LONG_RELATION_DAYS = 730.0


def price_sensitivity() -> pl.Expr:
    """price_sensitivity_score: 60 × share of orders with a discount + 40 × depth; null without an order.

    depth = discount_share / 0.30, at most 1: who gets 30 % off on average has all of it. In data that records no
    discounts the score is 0 for everybody and tells nothing.
    """
    depth = (pl.col("discount_share").fill_null(0.0) / DEEP_DISCOUNT).clip(0.0, 1.0)
    return (60.0 * pl.col("discounted_order_share") + 40.0 * depth).alias("price_sensitivity_score")


def brand_loyalty() -> pl.Expr:
    """brand_loyalty_score: repeat × (50 + 20 × lasting + 15 × full price + 15 × kept); null without an order.

    repeat = 1 − exp(−(frequency_all − 1) / 3): 0 for one purchase day, .63 for four, .95 for ten
    lasting = days between first and last order over 730, at most 1
    full price = 1 − discounted_order_share
    kept = 1 − refund_value_share, within 0 and 1 (0 when nothing was paid)
    """
    repeat = 1.0 - (-(pl.col("frequency_all") - 1.0) / LOYALTY_ORDERS).exp()
    lasting = ((pl.col("days_since_first_order") - pl.col("recency_days")) / LONG_RELATION_DAYS).clip(0.0, 1.0)
    full_price = 1.0 - pl.col("discounted_order_share")
    kept = (1.0 - pl.col("refund_value_share").fill_null(1.0)).clip(0.0, 1.0)
    score = repeat * (50.0 + 20.0 * lasting + 15.0 * full_price + 15.0 * kept)
    return pl.when(pl.col("recency_days").is_not_null()).then(score).alias("brand_loyalty_score")


def explain_price_sensitivity(row: Mapping[str, Any]) -> list[ScorePart]:
    """The two parts of one customer's price_sensitivity_score (a row of features); empty without an order."""
    orders, share = row["discounted_order_share"], row["discount_share"]
    if orders is None:
        return []
    depth = min(max((share or 0.0) / DEEP_DISCOUNT, 0.0), 1.0)
    given = "nothing was paid that a discount could be taken off" if share is None else _discounted(share)
    return [
        ScorePart("discounted orders", 60.0 * orders, 60.0, f"{orders:.0%} of the orders had a discount"),
        ScorePart("depth of discounts", 40.0 * depth, 40.0, given),
    ]


def _discounted(share: float) -> str:
    return f"discounts took {share:.0%} off all that was ordered; {DEEP_DISCOUNT:.0%} or more are full points"


def explain_loyalty(row: Mapping[str, Any]) -> list[ScorePart]:
    """The parts of one customer's brand_loyalty_score (a row of features); empty without an order.

    Coming back weighs on every part: each is multiplied by `repeat` of `brand_loyalty`.
    """
    days, first, last = row["frequency_all"], row["days_since_first_order"], row["recency_days"]
    if last is None or days is None or first is None:
        return []
    repeat = 1.0 - math.exp(-(days - 1.0) / LOYALTY_ORDERS)
    discounted, refunded = row["discounted_order_share"], row["refund_value_share"]
    lasting = min(max((first - last) / LONG_RELATION_DAYS, 0.0), 1.0)
    kept = min(max(1.0 - (1.0 if refunded is None else refunded), 0.0), 1.0)
    returned = "nothing was paid" if refunded is None else f"{refunded:.0%} of the money spent was refunded"
    bought = f"bought on {days:.0f} day{'s' if days != 1 else ''}"
    parts = [
        ("coming back", 50.0, 1.0, bought if days > 1 else f"{bought}: nobody is loyal after one purchase"),
        ("lasting", 20.0, lasting, f"{first - last:.0f} days between the first and the last order; two years are full"),
        ("full price", 15.0, 1.0 - discounted, f"{1.0 - discounted:.0%} of the orders were at full price"),
        ("kept", 15.0, kept, returned if refunded or refunded is None else "no refunds"),
    ]
    return [ScorePart(name, repeat * most * level, most, why) for name, most, level, why in parts]
