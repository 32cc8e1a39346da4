"""Every name a product was sold under; a product is called what most of its lines call it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import ask_once, isolate

revision = "0021"
down_revision = "0020"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0021_product_names.sql").read_text())
    isolate("product_names")
    ask_once("product_names")


def downgrade() -> None:
    op.execute("drop table product_names")
