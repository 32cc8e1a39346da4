"""Slack and Teams are told that something waits in AIMA."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0061"
down_revision = "0060"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0061_notices.sql").read_text())
    isolate("notice_targets")
    isolate("notices")


def downgrade() -> None:
    op.execute("drop table notices")
    op.execute("drop table notice_targets")
