"""What experiments measured of channels, and budgets that were recommended."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0080"
down_revision = "0061"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0080_marketing_mix.sql").read_text())
    isolate("lift_tests", grants="select, insert, delete")
    isolate("budget_plans")


def downgrade() -> None:
    op.execute("drop table budget_plans")
    op.execute("drop table lift_tests")
