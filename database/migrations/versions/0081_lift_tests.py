"""Experiments for the marketing mix: many at once from a file, and those of campaigns that are kept out of it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0081"
down_revision = "0080"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0081_lift_tests.sql").read_text())
    isolate("lift_test_exclusions", grants="select, insert, delete")


def downgrade() -> None:
    op.execute("drop table lift_test_exclusions")
    op.execute("drop index uq_lift_tests_period")
    op.execute(
        "alter table lift_tests drop constraint ck_lift_tests_period, drop column started_on, drop column source"
    )
