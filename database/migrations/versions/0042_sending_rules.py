"""Organisations say when messages go out, how many a person gets, and whether links are followed."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0042"
down_revision = "0039"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0042_sending_rules.sql").read_text())
    isolate("sending_rules")


def downgrade() -> None:
    op.execute("drop index ix_messages_org_id_customer_id")
    op.execute("drop table sending_rules")
