"""What customers did, by day in columns; orders that are kept apart are found without reading the others."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, ask_once, isolate

revision = "0046"
down_revision = "0040"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("orders", "events")
ROWS = {
    "insert": "new table as made",
    "update": "old table as gone new table as made",
    "delete": "old table as gone",
}


def upgrade() -> None:
    op.execute((SQL / "0046_act_days.sql").read_text())
    for table in ("act_days", "act_kinds"):
        isolate(table)
        ask_once(table)
    op.execute(f"grant usage on sequence act_versions to {APP_ROLE}")
    for table in TABLES:
        for way, rows in ROWS.items():
            op.execute(
                f"create trigger forget_days_{way} after {way} on {table} referencing {rows}"
                " for each statement execute function forget_act_days()"
            )
    op.execute("create index ix_orders_org_id_kept_apart on orders (org_id) where revenue is null")


def downgrade() -> None:
    op.execute("drop index ix_orders_org_id_kept_apart")
    for table in TABLES:
        for way in ROWS:
            op.execute(f"drop trigger forget_days_{way} on {table}")
    for function in ("forget_act_days()", "forget_all_act_days(text)", "acts_lock(text)"):
        op.execute(f"drop function {function}")
    op.execute("drop table act_kinds, act_days")
    op.execute("drop sequence act_versions")
