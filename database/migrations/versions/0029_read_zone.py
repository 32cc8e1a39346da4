"""An import keeps the time zone in which it read times without one: who changes the zone is told what stays so."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0033"


def upgrade() -> None:
    op.execute("alter table imports add column read_zone text")


def downgrade() -> None:
    op.execute("alter table imports drop column read_zone")
