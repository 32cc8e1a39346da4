"""Erasing a person: certificates, keyed hashes, and the few things that may be taken out of rows nobody changes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, isolate

revision = "0045"
down_revision = "0043"

SQL = Path(__file__).parent.parent / "sql"
FOR_ERASURES = (
    "erase_words(text, text[], text[], text[], text)",
    "erase_rows(text, text, text[])",
    "erase_from_proposal(uuid, bigint, text, boolean)",
    "rehash_proposal(uuid, text, text)",
    "erase_statistics(text)",
)
PLAIN = (
    "erase_checked(text)",
    "erase_whose()",
    "names_person(text, text[], text[], text)",
    "without_words(text, text)",
    "without_words(jsonb, text)",
    "without_words(text[], text)",
)


def upgrade() -> None:
    op.execute((SQL / "0045_erasures.sql").read_text())
    isolate("erasures", grants="select, insert")
    isolate("erasure_marks", grants="select, insert, delete")
    for function in FOR_ERASURES:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP_ROLE}")


def downgrade() -> None:
    for function in (*FOR_ERASURES, *PLAIN):
        op.execute(f"drop function {function}")
    op.execute("drop table erasure_marks")
    op.execute("drop table erasures")
