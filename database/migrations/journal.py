"""What a migration calls for each table that imports write, so that an import can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

OWN_IMPORT = "nullif(current_setting('app.import_no', true), '')::integer"
GUARDED = "(new.import_no > 0 and " + OWN_IMPORT + " is null)"


def journaled(table: str, key: Sequence[str], *, changed_elsewhere: bool = False) -> None:
    """Have the rows of `table` remember the import that made them, and imports note what they change or delete.

    `key` names a row within the organisation for good (no partition column). `changed_elsewhere`: others than imports
    change rows too; from then on these are no import's to take back. Not for tables partitioned by time.
    The table's model inherits `database.tables.base.Loaded`, with the same key.
    """
    op.execute(f"alter table {table} add column import_no integer")
    op.execute(f"alter table {table} alter column import_no set default {OWN_IMPORT}")
    arguments = ", ".join(f"'{column}'" for column in key)
    for way, rows in (("update", "old table as gone new table as made"), ("delete", "old table as gone")):
        op.execute(
            f"create trigger journal_{way} after {way} on {table} referencing {rows}"
            f" for each statement execute function journal_changes({arguments})"
        )
    if changed_elsewhere:
        op.execute(
            f"create trigger disown before update on {table} for each row when {GUARDED} execute function disown_row()"
        )


def no_longer_journaled(table: str) -> None:
    """Take it back, for a downgrade."""
    for trigger in ("journal_update", "journal_delete", "disown"):
        op.execute(f"drop trigger if exists {trigger} on {table}")
    op.execute(f"alter table {table} drop column import_no")
