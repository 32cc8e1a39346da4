"""Conversations under row-level security like all other rows; what goes out is tied to a person's approval."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, SESSION_ORG

revision = "0036"
down_revision = "0035"

SQL = Path(__file__).parent.parent / "sql"
OWN_ORG = f"org_id = (select {SESSION_ORG})"
PERSON = "(select nullif(current_setting('app.person', true), ''))"
OWN_THREAD = '"threadId" in (select t."id" from chat.threads t)'
# Each condition but the first two looks at tables that have a policy of their own, and so at the person's own rows.
CHAT = {
    "users": f'"identifier" = {PERSON}',
    "threads": f'"userIdentifier" = {PERSON}',
    "steps": OWN_THREAD,
    "elements": OWN_THREAD,
    "feedbacks": f'"forId" in (select s."id" from chat.steps s) and ("threadId" is null or {OWN_THREAD})',  # noqa: S608
    "contents": f"person = {PERSON}",
}
MEMORY = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
TRIGGERS = {
    "check_decision": "approvals",
    "check_proposal_status": "proposals",
    "check_outbox": "messages",
    "check_sent_again": "messages",
}


def upgrade() -> None:
    op.execute((SQL / "0036_conversations.sql").read_text())
    for table, own in CHAT.items():
        op.execute(f"alter table chat.{table} alter column org_id set default {SESSION_ORG}")
        op.execute(f"alter table chat.{table} alter column org_id set not null")
        _hold_apart(f"chat.{table}", f"{OWN_ORG} and {own}")
    for table in MEMORY:
        _hold_apart(f"checkpoints.{table}", OWN_ORG)
        op.execute(f"grant select, insert, update, delete on checkpoints.{table} to {APP_ROLE}")
    for table in ("threads", "steps", "elements", "feedbacks"):
        op.execute(f"create policy owner_lookup on chat.{table} for select to current_user using (true)")
    op.execute("revoke all on function chat.is_of_another(text, uuid) from public")
    op.execute(f"grant execute on function chat.is_of_another(text, uuid) to {APP_ROLE}")
    op.execute(f"revoke create on schema checkpoints from {APP_ROLE}")
    op.execute(f"grant select on checkpoints.checkpoint_migrations to {APP_ROLE}")
    op.execute((SQL / "0036_approved_only.sql").read_text())


def _hold_apart(table: str, own: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy own_rows on {table} using ({own}) with check ({own})")


def downgrade() -> None:
    for trigger, table in TRIGGERS.items():
        op.execute(f"drop trigger {trigger} on {table}")
        op.execute(f"drop function {trigger}()")
    op.execute("drop function chat.is_of_another(text, uuid)")
    for table in ("threads", "steps", "elements", "feedbacks"):
        op.execute(f"drop policy owner_lookup on chat.{table}")
    for table in ("contents", "feedbacks", "elements", "steps", "threads", "users"):
        _put_together(f"chat.{table}")
    op.execute('alter table chat.users add constraint "users_identifier_key" unique ("identifier")')
    op.execute("alter table chat.contents drop column person")
    op.execute('alter table chat.threads alter column "userIdentifier" drop default')
    for table in MEMORY:
        _put_together(f"checkpoints.{table}")
    for table in (*MEMORY, "checkpoint_migrations"):
        op.execute(f"grant create on schema checkpoints to {APP_ROLE}")
        op.execute(f"alter table checkpoints.{table} owner to {APP_ROLE}")


def _put_together(table: str) -> None:
    op.execute(f"drop policy own_rows on {table}")
    op.execute(f"alter table {table} no force row level security")
    op.execute(f"alter table {table} disable row level security")
    op.execute(f"alter table {table} drop column org_id")
