"""Forecasts are kept to be held against what comes; targets are kept."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0070"
down_revision = "0052"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0070_forecasts.sql").read_text())
    isolate("forecasts")
    isolate("targets")


def downgrade() -> None:
    op.execute("drop table targets")
    op.execute("drop table forecasts")
