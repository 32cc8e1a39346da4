"""What people read instead of the names of fields and metrics: "12-month value" for clv_12m."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["title_of", "word_of"]

_TITLES: Final[Mapping[str, str]] = {
    "customer_id": "Customer", "email": "E-mail", "consent_email": "Agreed to e-mail", "consent_sms": "Agreed to SMS",
    "created_at": "Created", "recency_days": "Days since last order", "tenure_days": "Days known",
    "days_since_first_order": "Days since first order", "frequency_12m": "Purchase days in 12 months",
    "frequency_all": "Purchase days", "typical_gap_days": "Typical gap (days)", "gap_spread_days": "Gap spread (days)",
    "overdue_ratio": "Overdue (× usual gap)", "monetary_value": "Spent", "avg_order_value": "Average order",
    "order_value_spread": "Order value spread", "max_order_value": "Largest order", "orders_all": "Orders",
    "orders_30d": "Orders, 30 days", "orders_90d": "Orders, 90 days", "orders_365d": "Orders, 365 days",
    "revenue_all": "Revenue", "revenue_30d": "Revenue, 30 days", "revenue_90d": "Revenue, 90 days",
    "revenue_365d": "Revenue, 365 days", "revenue_trend_90d": "Revenue trend, 90 days",
    "discounted_order_share": "Share of orders with discount", "email_sent_90d": "E-mails sent, 90 days",
    "email_open_rate": "E-mail open rate", "email_click_rate": "E-mail click rate",
    "email_bounce_rate": "E-mail bounce rate", "sms_click_rate": "SMS click rate",
    "days_since_last_open": "Days since last open", "days_since_last_visit": "Days since last visit",
    "website_visit_frequency": "Visits a month", "product_views_90d": "Product views, 90 days",
    "customer_health_score": "Health", "rfm_segment": "RFM segment", "churn_status": "Active or left",
    "churn_risk": "Churn risk", "churn_30": "Leaves in 30 days", "churn_60": "Leaves in 60 days",
    "churn_90": "Leaves in 90 days", "p_alive": "Still buys (probability)",
    "expected_orders_12m": "Expected purchases, 12 months", "clv_12m": "12-month value",
    "clv_12m_low": "12-month value, low", "clv_12m_high": "12-month value, high",
    "next_purchase_at": "Next purchase", "next_purchase_low": "Next purchase, earliest",
    "next_purchase_high": "Next purchase, latest", "next_at": "Next purchase", "next_low": "Earliest",
    "next_high": "Latest", "average_clv_12m": "Average 12-month value", "average_churn_60": "Leave in 60 days",
    "average_health": "Average health", "average_value": "Average spent", "with_consent_email": "May get e-mail",
    "probability": "Leaves (probability)", "high_risk": "At high risk", "ctr": "CTR", "cpc": "CPC", "cpa": "CPA",
    "roas": "ROAS", "integrated_brier": "Brier score (integrated)",
    "calibration_error_30d": "Calibration error, 30 days",
    "calibration_error_60d": "Calibration error, 60 days", "calibration_error_90d": "Calibration error, 90 days",
}  # fmt: skip


def title_of(name: str) -> str:
    """The name of a field, metric or column as a heading."""
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def word_of(name: str) -> str:
    """The same within a sentence: "revenue by RFM segment"."""
    title = title_of(name)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
