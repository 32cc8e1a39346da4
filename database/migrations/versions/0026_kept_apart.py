"""Orders that are kept apart can be asked for."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0026_kept_apart.sql").read_text())


def downgrade() -> None:
    op.execute("drop function orders_kept_apart()")
