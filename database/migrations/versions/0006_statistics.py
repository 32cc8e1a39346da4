"""The application may refresh the planner's statistics of the tables it loads."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE

revision = "0006"
down_revision = "0005"

SQL = Path(__file__).parent.parent / "sql"
FUNCTION = "refresh_statistics(text)"


def upgrade() -> None:
    op.execute((SQL / "0006_statistics.sql").read_text())
    op.execute(f"revoke all on function {FUNCTION} from public")
    op.execute(f"grant execute on function {FUNCTION} to {APP_ROLE}")


def downgrade() -> None:
    op.execute(f"drop function {FUNCTION}")
