"""Weekly plans: what to do for whom on which day."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0052"
down_revision = "0051"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0052_week_plans.sql").read_text())
    isolate("week_plans")
    isolate("week_actions")


def downgrade() -> None:
    op.execute("drop table week_actions, week_plans")
