"""Recipes of the two 0-100 scores made from other features: price sensitivity and brand loyalty.

Both use fixed thresholds, so a customer's score does not move because other customers changed.
"""

from __future__ import annotations

import polars as pl

__all__ = ["brand_loyalty", "price_sensitivity"]

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
