"""Who responds to what, next items, and value at risk over time."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0008"
down_revision = "0007"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("uplift_scores", "next_items", "value_at_risk")


def upgrade() -> None:
    op.execute((SQL / "0008_response.sql").read_text())
    for table in TABLES:
        isolate(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
