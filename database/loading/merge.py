"""Set-based insert and update of a table from a query, on the natural key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

# Evaluated once a statement; the column's default would be evaluated once a row.
OWN_ORG = "(select nullif(current_setting('app.org_id', true), '')::uuid)"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of one table."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.inserted + other.inserted, self.updated + other.updated, self.unchanged + other.unchanged)


def run(connection: Connection, statement: str, **values: Any) -> int:
    """Run one statement of this package; the number of rows it touched. Names come from SHAPES, values are bound."""
    return connection.execute(text(statement), values).rowcount


def count(connection: Connection, statement: str, **values: Any) -> int:
    """The one number a query gives."""
    return int(connection.execute(text(statement), values).scalar_one())


def holds_rows(connection: Connection, table: str) -> bool:
    """Whether the organisation has any row in `table`."""
    return bool(connection.execute(text(f"select exists (select from {table})")).scalar_one())  # noqa: S608


def merge(
    connection: Connection, table: str, source: str, *, key: Sequence[str], columns: Sequence[str], rows: int
) -> Counts:
    """Bring `rows` rows of the query `source` into `table`: insert new keys, update where a column differs.

    `source` gives `key` and `columns`, each key once. Columns the source does not give are left alone.
    """
    if not holds_rows(connection, table):
        return Counts(inserted=_insert(connection, table, f"({source}) s", (*key, *columns)))
    _find_changes(connection, table, source, key, columns)
    inserted = _insert(connection, table, "changes s where s.is_new", (*key, *columns))
    updated = _update(connection, table, key, columns) if columns else 0
    run(connection, "drop table changes")
    return Counts(inserted, updated, rows - inserted - updated)


def _insert(connection: Connection, table: str, source: str, columns: Sequence[str]) -> int:
    names = ", ".join(columns)
    given = ", ".join(f"s.{name}" for name in columns)
    return run(connection, f"insert into {table} (org_id, {names}) select {OWN_ORG}, {given} from {source}")  # noqa: S608


def _find_changes(connection: Connection, table: str, source: str, key: Sequence[str], columns: Sequence[str]) -> None:
    same_key = " and ".join(f"t.{name} = s.{name}" for name in key)
    differs = " or ".join(f"t.{name} is distinct from s.{name}" for name in columns) or "false"
    run(
        connection,
        f"create temp table changes on commit drop as select s.*, t.org_id is null as is_new"  # noqa: S608
        f" from ({source}) s left join {table} t on {same_key} where t.org_id is null or {differs}",
    )
    run(connection, "analyze changes")


def _update(connection: Connection, table: str, key: Sequence[str], columns: Sequence[str]) -> int:
    same_key = " and ".join(f"t.{name} = s.{name}" for name in key)
    sets = ", ".join(f"{name} = s.{name}" for name in columns)
    return run(connection, f"update {table} t set {sets} from changes s where not s.is_new and {same_key}")  # noqa: S608
