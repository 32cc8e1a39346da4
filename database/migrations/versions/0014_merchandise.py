"""Products that are no merchandise: postage, fees and bookings."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0010"


def upgrade() -> None:
    op.execute("alter table products add column merchandise boolean not null default true")


def downgrade() -> None:
    op.execute("alter table products drop column merchandise")
