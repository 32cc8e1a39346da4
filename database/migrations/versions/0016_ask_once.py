"""Whose rows are wanted is asked once a statement on the tables that are read by the million."""

from __future__ import annotations

from database.migrations.security import ask_once

revision = "0016"
down_revision = "0013"

TABLES = (
    "customers",
    "orders",
    "order_items",
    "events",
    "features",
    "rfm_scores",
    "churn_scores",
    "value_scores",
)


def upgrade() -> None:
    for table in TABLES:
        ask_once(table)


def downgrade() -> None:
    for table in TABLES:
        ask_once(table, once=False)
