"""Paths to conversions as files count them."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.journal import journaled
from database.migrations.security import ask_once, isolate

revision = "0087"
down_revision = "0081"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0087_conversion_paths.sql").read_text())
    isolate("conversion_paths")
    ask_once("conversion_paths")
    journaled("conversion_paths", ("file", "path_id"))


def downgrade() -> None:
    op.execute("drop table conversion_paths")
