"""Prefixes of connections outlive them."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0023"
down_revision = "0022"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0023_connection_prefixes.sql").read_text())
    isolate("connection_prefixes")


def downgrade() -> None:
    op.execute("drop table connection_prefixes")
