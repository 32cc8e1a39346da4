"""One column a feature, the view of everything known of a customer, and a schema for conversation state."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, isolate

revision = "0003"
down_revision = "0001"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0003_features.sql").read_text())
    isolate("features")
    op.execute((SQL / "0003_customer_facts.sql").read_text())
    op.execute(f"grant select on customer_facts to {APP_ROLE}")
    op.execute("create schema checkpoints")
    op.execute(f"grant usage, create on schema checkpoints to {APP_ROLE}")


def downgrade() -> None:
    op.execute("drop view customer_facts")
    op.execute("drop table features")
    op.execute("drop schema checkpoints cascade")
