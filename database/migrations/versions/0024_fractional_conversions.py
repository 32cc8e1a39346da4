"""Conversions are fractions where a platform shares one out among the advertisements that led to it."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0026"

TABLES = ("campaign_daily", "channel_spend")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table {table} alter column conversions type numeric(18, 4)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table {table} alter column conversions type bigint using round(conversions)")
