"""What providers tell of messages: events that are counted once, the state they add up to, and calls seen already."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import ask_once, isolate

revision = "0039"
down_revision = "0038"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0039_message_states.sql").read_text())
    isolate("webhook_nonces", grants="select, insert, delete")
    ask_once("webhook_nonces")


def downgrade() -> None:
    op.execute("drop table webhook_nonces")
    op.execute("drop index ix_messages_org_id_channel_address")
    for column in ("delivery", "delivery_reason", "opened_at", "machine_opened_at", "clicked_at"):
        op.execute(f"alter table messages drop column {column}")
    op.execute("alter table message_events no force row level security")
    op.execute("delete from message_events where message_id is null")
    op.execute("alter table message_events force row level security")
    op.execute("alter table message_events alter column message_id set not null")
    for column in ("provider", "event_id", "address_hash", "permanent", "machine", "url"):
        op.execute(f"alter table message_events drop column {column} cascade")
