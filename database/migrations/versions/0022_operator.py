"""A condition's comparison has one name in kept rules: operator. Older ones said op."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"

RENAME = """
    alter table segments no force row level security;
    update segments set rule = replace(rule::text, '"{old}":', '"{new}":')::{kind} where rule::text like '%"{old}":%';
    alter table segments force row level security;
"""


def upgrade() -> None:
    """Rename within the stored trees."""
    op.execute(RENAME.format(old="op", new="operator", kind="jsonb"))


def downgrade() -> None:
    """The earlier name again."""
    op.execute(RENAME.format(old="operator", new="op", kind="jsonb"))
