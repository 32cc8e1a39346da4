"""The latest features of every customer: one column a feature, named as in the feature dictionary."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Double, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.dialects.postgresql import UUID as PgUUID

from database.tables.base import NOW, ORG_FROM_SESSION, Base

TEXTS = (
    "favourite_category",
    "main_channel",
    "main_location",
)
SMALL_INTEGERS = (
    "preferred_day_of_week",
    "preferred_hour_of_day",
)
MONEY = (
    "monetary_value",
    "avg_order_value",
    "order_value_spread",
    "max_order_value",
    "revenue_30d",
    "revenue_90d",
    "revenue_365d",
    "avg_item_price",
)
REALS = (
    "recency_days",
    "tenure_days",
    "days_since_first_order",
    "frequency_12m",
    "frequency_all",
    "typical_gap_days",
    "gap_spread_days",
    "overdue_ratio",
    "orders_all",
    "orders_30d",
    "orders_90d",
    "orders_365d",
    "revenue_trend_90d",
    "items_per_order",
    "distinct_products",
    "distinct_categories",
    "favourite_category_share",
    "repeat_product_share",
    "discount_share",
    "discounted_order_share",
    "refund_rate",
    "refund_value_share",
    "distinct_channels",
    "main_channel_share",
    "weekend_share",
    "night_share",
    "spending_seasonality",
    "distinct_locations",
    "main_location_share",
    "email_sent_90d",
    "email_open_rate",
    "email_click_rate",
    "email_bounce_rate",
    "sms_click_rate",
    "days_since_last_open",
    "days_since_last_visit",
    "website_visit_frequency",
    "product_views_90d",
    "cart_abandonment_rate",
    "price_sensitivity_score",
    "brand_loyalty_score",
    "customer_health_score",
)

features = Table(
    "features",
    Base.metadata,
    Column("org_id", PgUUID(as_uuid=True), primary_key=True, server_default=ORG_FROM_SESSION),
    Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("as_of", DateTime(timezone=True), nullable=False),
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    *(Column(name, Text) for name in TEXTS),
    *(Column(name, SmallInteger) for name in SMALL_INTEGERS),
    *(Column(name, Double) for name in MONEY),
    *(Column(name, REAL) for name in REALS),
    postgresql_partition_by="LIST (org_id)",
)
