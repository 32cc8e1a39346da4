"""What customers go by, customers that turned out to be one, and when a consent was stated."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import ask_once, isolate

revision = "0027"
down_revision = "0023"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("identities", "customer_merges")


def upgrade() -> None:
    op.execute((SQL / "0027_identities.sql").read_text())
    for table in TABLES:
        isolate(table)
        ask_once(table)


def downgrade() -> None:
    before = (SQL / "0019_contacts.sql").read_text()
    start = before.index("create function forget_contacts()")
    op.execute("create or replace" + before[start + len("create") : before.index("end $$;", start) + len("end $$;")])
    op.execute("alter table consents drop column stated_at")
    for table in TABLES:
        op.execute(f"drop table {table}")
