"""Campaigns go from step to step with their history; proposals expire; large ones need a second person."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0050"
down_revision = "0046"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0050_lifecycle.sql").read_text())
    isolate("campaign_history", grants="select, insert")
    isolate("endorsements", grants="select, insert")
    isolate("approval_rules")


def downgrade() -> None:
    op.execute((SQL / "0050_rehash_before.sql").read_text())
    for trigger, table in (
        ("check_second", "approvals"),
        ("keep_step", "campaigns"),
        ("keep_first_step", "campaigns"),
        ("check_lifecycle", "campaigns"),
    ):
        op.execute(f"drop trigger {trigger} on {table}")
    op.execute("drop table endorsements, approval_rules, campaign_history")
    for function in ("check_second()", "needs_second(jsonb)", "keep_history()", "check_lifecycle()"):
        op.execute(f"drop function {function}")
    op.execute("update proposals set status = 'superseded' where status = 'expired'")
    op.execute("alter table proposals drop constraint ck_proposals_status")
    op.execute(
        "alter table proposals add constraint ck_proposals_status"
        " check (status in ('pending', 'approved', 'rejected', 'superseded'))"
    )
    op.execute("alter table proposals drop column plan_id, drop column expires_at")
    op.execute("alter table campaigns drop column ends_at")
