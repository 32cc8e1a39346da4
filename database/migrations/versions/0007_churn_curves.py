"""Each customer's survival curve beside the probabilities, and earlier predictions kept until they can be judged."""

from __future__ import annotations

from alembic import op

from database.migrations.security import isolate

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("alter table churn_scores add column survival real[]")
    op.execute(
        """
        create table churn_watches (
            org_id uuid default nullif(current_setting('app.org_id', true), '')::uuid not null,
            customer_id bigint not null,
            probability real not null,
            horizon_days smallint not null,
            predicted_at timestamp with time zone not null,
            model_run_id uuid not null,
            constraint pk_churn_watches primary key (org_id, customer_id)
        )
        """
    )
    isolate("churn_watches")


def downgrade() -> None:
    op.execute("drop table churn_watches")
    op.execute("alter table churn_scores drop column survival")
