"""Whose facts changed, noted by triggers on the tables that customer_facts is made of."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0011"
down_revision = "0014"

SQL = Path(__file__).parent.parent / "sql"
CUSTOMER_IN = {
    "customers": "id",
    "features": "customer_id",
    "rfm_scores": "customer_id",
    "churn_scores": "customer_id",
    "value_scores": "customer_id",
}
WAYS = {"insert": "new", "update": "new", "delete": "old"}


def upgrade() -> None:
    op.execute((SQL / "0011_customer_changes.sql").read_text())
    isolate("customer_changes", grants="select, insert, delete")
    for table, column in CUSTOMER_IN.items():
        for way, rows in WAYS.items():
            op.execute(
                f"create trigger note_{way} after {way} on {table} referencing {rows} table as changed"
                f" for each statement execute function note_customer_changes('{column}')"
            )


def downgrade() -> None:
    for table in CUSTOMER_IN:
        for way in WAYS:
            op.execute(f"drop trigger note_{way} on {table}")
    op.execute("drop function note_customer_changes()")
    op.execute("drop table customer_changes")
