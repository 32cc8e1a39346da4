"""How an organisation counts weeks and years, and writes dates."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0024"


def upgrade() -> None:
    op.execute(
        "alter table organisations"
        " add column week_starts text not null default 'monday'"
        "  constraint ck_organisations_week_starts check (week_starts in ('monday', 'saturday', 'sunday')),"
        " add column fiscal_year_starts text"
        "  constraint ck_organisations_fiscal_year_starts"
        "   check (fiscal_year_starts ~ '^(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$'),"
        " add column formats text"
        "  constraint ck_organisations_formats check (formats in ('en-GB', 'en-US', 'en-CA'))"
    )


def downgrade() -> None:
    op.execute("alter table organisations drop column week_starts, drop column fiscal_year_starts, drop column formats")
