"""The foundation: every table with its row-level security, the restricted role, partitions, lookups."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, ensure_app_role, isolate, let_owner_look_up

revision = "0001"
down_revision = None

SQL = Path(__file__).parent.parent / "sql"
ADD_ONLY = ("approvals", "audit_log", "message_events")
TABLES = (
    "alerts",
    "api_keys",
    "assignments",
    "campaign_daily",
    "campaigns",
    "channel_spend",
    "churn_scores",
    "customers",
    "data_coverage",
    "events",
    "import_mappings",
    "imports",
    "jobs",
    "mentions",
    "messages",
    "model_runs",
    "order_items",
    "orders",
    "products",
    "proposals",
    "rfm_scores",
    "sandbox_mailbox",
    "segment_members",
    "segments",
    "suppressions",
    "users",
    "value_scores",
)
FUNCTIONS = (
    "ensure_month_partitions(text, timestamptz, timestamptz)",
    "login_by_email(text)",
    "login_by_key(text)",
    "organisations_served()",
)


def upgrade() -> None:
    ensure_app_role()
    op.execute("create extension if not exists vector")
    op.execute((SQL / "0001_tables.sql").read_text())
    op.execute((SQL / "0001_functions.sql").read_text())
    _secure_tables()
    _secure_functions()
    op.execute(
        "select ensure_month_partitions(t, now(), now() + interval '3 months') from unnest(array['orders', 'events']) t"
    )


def _secure_tables() -> None:
    op.execute(f"grant usage on schema public to {APP_ROLE}")
    isolate("organisations", column="id", grants="select, insert, update")
    for table in TABLES:
        isolate(table)
    for table in ADD_ONLY:
        isolate(table, grants="select, insert")
    op.execute(f"revoke update on proposals from {APP_ROLE}")
    op.execute(f"grant update (status) on proposals to {APP_ROLE}")
    for table in ("organisations", "users", "api_keys"):
        let_owner_look_up(table)


def _secure_functions() -> None:
    for function in FUNCTIONS:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP_ROLE}")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    for table in (*TABLES, *ADD_ONLY, "organisations"):
        op.execute(f"drop table {table}")
