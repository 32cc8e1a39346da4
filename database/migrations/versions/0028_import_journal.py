"""Imports are numbered, and can be taken back: what they wrote, what they changed, and the rows they staged."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.journal import journaled, no_longer_journaled
from database.migrations.security import ask_once, isolate

revision = "0028"
down_revision = "0027"

SQL = Path(__file__).parent.parent / "sql"
KEYS = {
    "customers": ("id",),
    "contact_points": ("kind", "customer_id"),
    "consents": ("channel", "customer_id"),
    "suppressions": ("channel", "address"),
    "products": ("sku",),
    "product_names": ("sku", "name"),
    "orders": ("order_id",),
    "order_items": ("order_id", "sku", "occurrence"),
    "events": ("event_id",),
    "campaigns": ("campaign_id",),
    "campaign_daily": ("campaign_id", "day"),
    "channel_spend": ("day", "channel"),
    "assignments": ("campaign_id", "customer_id"),
    "mentions": ("mention_id",),
    "identities": ("kind", "value"),
    "customer_merges": ("id",),
    "messages": ("id",),
    "segment_members": ("segment_id", "customer_id"),
}
CHANGED_ELSEWHERE = ("contact_points", "consents", "suppressions", "campaigns", "customer_merges")


def upgrade() -> None:
    op.execute((SQL / "0028_import_journal.sql").read_text())
    for table in ("import_changes", "import_rows"):
        isolate(table)
        ask_once(table)
    op.execute(
        "create trigger return_customer before insert on customers for each row"
        " when (current_setting('app.returning', true) = 'on') execute function return_customer()"
    )
    for table, key in KEYS.items():
        journaled(table, key, changed_elsewhere=table in CHANGED_ELSEWHERE)


def downgrade() -> None:
    for table in KEYS:
        no_longer_journaled(table)
    op.execute("drop trigger return_customer on customers")
    op.execute("drop function return_customer()")
    op.execute("drop function journal_changes()")
    op.execute("drop function disown_row()")
    op.execute("drop table import_rows, import_changes")
    op.execute("drop index uq_imports_org_id_number")
    for column in ("number", "source", "decisions", "same_as", "undone_at", "undone_by"):
        op.execute(f"alter table imports drop column {column}")
