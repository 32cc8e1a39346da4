"""What was charged, in which currency, and exchange rates; tax, shipping and refunds of orders."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.journal import journaled
from database.migrations.security import isolate, show_what_counts

revision = "0025"
down_revision = "0028"

SQL = Path(__file__).parent.parent / "sql"
ORDERS = (
    "tax", "shipping", "refunded", "refunded_at", "refund_of", "currency", "charged", "charged_discount",
    "charged_tax", "charged_shipping",
)  # fmt: skip
ITEMS = ("currency", "charged", "charged_price")


def upgrade() -> None:
    op.execute((SQL / "0025_currencies.sql").read_text())
    isolate("exchange_rates")
    journaled("exchange_rates", ("currency", "base", "day"))
    for table in ("orders", "order_items"):
        show_what_counts(table)


def downgrade() -> None:
    for table, columns in (("orders", ORDERS), ("order_items", ITEMS)):
        show_what_counts(table, only=False)
        op.execute(f"delete from {table} where revenue is null")  # noqa: S608
        dropped = ", ".join(f"drop column {column}" for column in columns)
        op.execute(f"alter table {table} alter column revenue set not null, {dropped}")
    op.execute("drop table exchange_rates")
    op.execute("alter table organisations drop column assumed, alter column currency set default 'GBP'")
