"""Large campaigns start within seconds; how long a service wants no messages is kept."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0040"
down_revision = "0045"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0040_sending_at_speed.sql").read_text())
    isolate("provider_pauses")


def downgrade() -> None:
    op.execute("drop table provider_pauses")  # the check of the outbox decides as it did before
