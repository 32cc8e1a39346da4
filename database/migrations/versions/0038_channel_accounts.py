"""Organisations have senders and providers of their own, channel by channel."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0038"
down_revision = "0037"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0038_channel_accounts.sql").read_text())
    isolate("channel_accounts")


def downgrade() -> None:
    op.execute("drop table channel_accounts")
