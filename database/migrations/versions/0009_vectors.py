"""Behavioural vectors with an index for nearest neighbours."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0009"
down_revision = "0008"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0009_vectors.sql").read_text())
    isolate("customer_vectors")


def downgrade() -> None:
    op.execute("drop table customer_vectors")
