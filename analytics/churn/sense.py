"""Which of a model's contributions can be told as a reason: those a marketer would nod at.

A fitted model splits what correlated features say among them, so a customer who spends much can be given a small plus
"for spending" that only corrects another feature. As a sentence ("spent 3,120: raises the risk") that is untrue. A
contribution is told where its direction is the one in which the feature works: much buying keeps a customer, long
silence does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["KEEPS", "LOSES", "sensible", "usual_values"]

Array = NDArray[np.float64]
KEEPS: Final = frozenset({
    "frequency_12m", "frequency_all", "monetary_value", "avg_order_value", "max_order_value", "orders_all",
    "orders_30d", "orders_90d", "orders_365d", "revenue_30d", "revenue_90d", "revenue_365d", "revenue_trend_90d",
    "items_per_order", "distinct_products", "distinct_categories", "repeat_product_share", "distinct_channels",
    "email_open_rate", "email_click_rate", "sms_click_rate", "website_visit_frequency", "product_views_90d",
    "brand_loyalty_score", "customer_health_score", "days_to_limit", "tenure_days", "days_since_first_order",
})  # fmt: skip
"""The more of these, the likelier a customer stays."""
LOSES: Final = frozenset({
    "recency_days", "overdue_ratio", "typical_gap_days", "gap_spread_days", "refund_rate", "refund_value_share",
    "email_bounce_rate", "days_since_last_open", "days_since_last_visit", "cart_abandonment_rate",
})  # fmt: skip
"""The more of these, the likelier a customer leaves."""


def usual_values(matrix: Array) -> Array:
    """The median of each column's known values; NaN where none is known."""
    known = [column[~np.isnan(column)] for column in matrix.T]
    return np.array([np.median(column) if len(column) else np.nan for column in known])


def sensible(contribution: Array, matrix: Array, usual: Array, names: list[str]) -> Array:
    """The contributions, 0 where their direction is not the one in which the feature works.

    A value that is not known (NaN), and a feature that may work either way, is left as it is.
    """
    way = np.array([-1.0 if name in KEEPS else 1.0 if name in LOSES else 0.0 for name in names])
    above = np.sign(matrix - usual)
    against = (way != 0.0) & (np.sign(contribution) * above * way < 0.0)
    return np.where(against & ~np.isnan(matrix), 0.0, contribution)
