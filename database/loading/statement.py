"""Statements of this package: names come from SHAPES and table definitions, values are always bound."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

# Evaluated once a statement; the column's default would be evaluated once a row.
OWN_ORG = "(select nullif(current_setting('app.org_id', true), '')::uuid)"

# The same of the import at hand (database/loading/journal.py).
OWN_IMPORT = "(select nullif(current_setting('app.import_no', true), '')::integer)"

MANY_CHANGES = 1_000  # rows after which the planner's statistics are refreshed


def run(connection: Connection, statement: str, **values: Any) -> int:
    """Run one statement of this package; the number of rows it touched."""
    return connection.execute(text(statement), values).rowcount


def count(connection: Connection, statement: str, **values: Any) -> int:
    """The one number a query gives."""
    return int(connection.execute(text(statement), values).scalar_one())


def holds_rows(connection: Connection, table: str) -> bool:
    """Whether the organisation has any row in `table`."""
    return bool(connection.execute(text(f"select exists (select from {table})")).scalar_one())  # noqa: S608
