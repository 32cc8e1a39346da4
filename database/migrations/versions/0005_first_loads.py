"""First loads of new months: indexes are built once at the end instead of row by row."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parent.parent / "sql"
FUNCTIONS = ("begin_first_load(text, timestamptz, timestamptz)", "end_first_load(text)")


def upgrade() -> None:
    op.execute((SQL / "0005_first_loads.sql").read_text())
    for function in FUNCTIONS:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP_ROLE}")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
