"""What it takes to score somebody again, kept with the run of a model."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("alter table model_runs add column state jsonb")


def downgrade() -> None:
    op.execute("alter table model_runs drop column state")
