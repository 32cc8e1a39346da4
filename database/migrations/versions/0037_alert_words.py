"""Alerts of segments that drift, raised in names of features ("orders 90d 0.58 → 0.31"), say it in words."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.execute("alter table alerts no force row level security")
    op.execute(
        """
        update alerts set title = concat(
            '“', detail ->> 'segment', '”: ', to_char((detail ->> 'size')::bigint, 'FM999,999,999'),
            ' customers do worse than two months ago, compared with everybody else'
        )
        where kind = 'segment_drift' and right(title, length(detail ->> 'reason')) = detail ->> 'reason'
        """
    )
    op.execute("alter table alerts force row level security")


def downgrade() -> None:
    """The words stay: what they were made of is in the alert's detail."""
