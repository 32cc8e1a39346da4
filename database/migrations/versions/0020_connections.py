"""Sources an organisation is connected to."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0020"
down_revision = "0019"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0020_connections.sql").read_text())
    isolate("connections")


def downgrade() -> None:
    op.execute("drop table connections")
