"""Journeys: definitions, versions that people approved, where everybody is, and what was done with whom."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

from database.migrations.security import isolate

revision = "0060"
down_revision = "0070"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("journeys", "journey_versions", "journey_people", "journey_steps", "customer_tags", "journey_calls")
BEFORE = {"check_outbox": "0040_sending_at_speed.sql", "check_sent_again": "0036_approved_only.sql"}


def upgrade() -> None:
    op.execute((SQL / "0060_journeys.sql").read_text())
    for table in TABLES:
        isolate(table)


def downgrade() -> None:
    """Messages of steps go with the journeys they belong to."""
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
    op.execute("drop function check_journey_version()")
    op.execute("delete from messages where strpos(campaign_id, ':') > 0")
    op.execute("delete from campaigns where step_of is not null")
    op.execute("alter table messages drop constraint uq_messages_org_id_campaign_id_customer_id_channel_entry")
    op.execute("alter table messages drop column entry")
    op.execute(
        "alter table messages add constraint uq_messages_org_id_campaign_id_customer_id_channel"
        " unique (org_id, campaign_id, customer_id, channel)"
    )
    op.execute("alter table campaigns drop column step_of")
    for name, file in BEFORE.items():
        op.execute(_function(name, (SQL / file).read_text()))


def _function(name: str, script: str) -> str:
    """The statement of `script` that makes the function."""
    found = re.search(rf"create (?:or replace )?function {name}\(\).*?end \$\$;", script, re.DOTALL)
    if found is None:
        raise LookupError(name)
    return re.sub(r"^create function", "create or replace function", found[0])
