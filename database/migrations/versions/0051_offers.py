"""Offers with their voucher codes, each given to one customer; orders tell the code they were made with."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0051"
down_revision = "0050"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0051_offers.sql").read_text())
    isolate("offers", grants="select, insert, delete, update (withdrawn_at, withdrawn_by)")
    isolate("offer_codes", grants="select, insert, delete, update (taken_at)")
    isolate("code_assignments")


def downgrade() -> None:
    op.execute("drop index ix_orders_org_id_voucher_code")
    op.execute("alter table orders drop column voucher_code")
    op.execute("drop table code_assignments, offer_codes, offers")
    op.execute("drop function keep_taken()")
