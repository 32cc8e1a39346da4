"""What became of an organisation's own campaigns is kept day by day."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0043"
down_revision = "0042"

SQL = Path(__file__).parent.parent / "sql"
COLUMNS = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "bought", "bought_revenue")


def upgrade() -> None:
    op.execute((SQL / "0043_own_campaign_days.sql").read_text())


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(f"alter table campaign_daily drop column {column}")
