"""Imports are known again: a fingerprint a file, a version a table."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("alter table data_coverage add column version bigint not null default 1")
    op.execute(
        "alter table imports add column fingerprint text, add column tables jsonb,"
        " add column recorded_at timestamptz not null default clock_timestamp()"
    )
    op.execute("create index ix_imports_org_id_fingerprint_recorded_at on imports (org_id, fingerprint, recorded_at)")


def downgrade() -> None:
    op.execute("drop index ix_imports_org_id_fingerprint_recorded_at")
    op.execute("alter table imports drop column recorded_at, drop column tables, drop column fingerprint")
    op.execute("alter table data_coverage drop column version")
