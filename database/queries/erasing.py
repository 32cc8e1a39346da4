"""Taking an organisation's data away: everything but the organisation, its people and its audit log."""

from __future__ import annotations

from sqlalchemy import Connection, text

TABLES = (
    "alerts",
    "assignments",
    "campaign_daily",
    "campaigns",
    "channel_spend",
    "churn_scores",
    "churn_watches",
    "customer_vectors",
    "customers",
    "data_coverage",
    "events",
    "features",
    "imports",
    "jobs",
    "mentions",
    "messages",
    "model_runs",
    "next_items",
    "order_items",
    "orders",
    "products",
    "proposals",
    "rfm_scores",
    "sandbox_mailbox",
    "segment_members",
    "segments",
    "suppressions",
    "uplift_scores",
    "value_at_risk",
    "value_scores",
)


def empty(connection: Connection) -> None:
    """Delete every row of the data tables that belongs to the organisation at hand."""
    for table in TABLES:
        connection.execute(text(f"delete from {table}"))  # noqa: S608 - names from TABLES
