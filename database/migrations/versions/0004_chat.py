"""The chat's history in a schema of its own; and the application may read which revision the database is at."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0004_chat.sql").read_text())
    op.execute(f"grant usage on schema chat to {APP_ROLE}")
    op.execute(f"grant select, insert, update, delete on all tables in schema chat to {APP_ROLE}")
    op.execute(f"grant select on alembic_version to {APP_ROLE}")


def downgrade() -> None:
    op.execute("drop schema chat cascade")
    op.execute(f"revoke all on alembic_version from {APP_ROLE}")
