"""Set-based insert and update of a table from a query, on the natural key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database.loading.contacts import Contacts
from database.loading.first_load import first_load
from database.loading.statement import OWN_IMPORT, OWN_ORG, count, holds_rows, run

Span = tuple[datetime, datetime]
ACTS = ("orders", "order_items", "events")  # what customers did: features are made of these rows


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of one table, and whether the organisation had none there before."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    was_empty: bool = False

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.was_empty or other.was_empty,
        )

    def changes(self) -> Counts:
        """Without the rows that were there just so: others have counted them."""
        return Counts(self.inserted, self.updated, 0, self.was_empty)


def merge(
    connection: Connection,
    table: str,
    source: str,
    *,
    key: Sequence[str],
    columns: Sequence[str],
    rows: int,
    first_span: Span | None = None,
    contacts: Contacts | None = None,
) -> Counts:
    """Bring `rows` rows of the query `source` into `table`: insert new keys, update where a column differs.

    `source` gives `key` and `columns`, each key once. Columns the source does not give are left alone.
    `first_span` (first and last instant) is given where a first load may make the months itself. `contacts` come with
    customers: a row is changed where they are.
    """
    if first_span is not None:
        inserted = first_load(connection, table, source, columns=(*key, *columns), span=first_span)
        return Counts(inserted=inserted, was_empty=True)
    if not holds_rows(connection, table):
        inserted = _insert(connection, table, f"({source}) s", (*key, *columns))
        if contacts is not None:
            contacts.put(connection, f"({source})")
        return Counts(inserted=inserted, was_empty=True)
    _find_changes(connection, table, source, key, columns, contacts)
    if table in ACTS:
        _note_touched(connection, table, key, owned="customer_id" in (*key, *columns))
    inserted = _insert(connection, table, "changes s where s.is_new", (*key, *columns))
    updated = _update(connection, table, key, columns) if columns else _count_updates(connection)
    if contacts is not None:
        contacts.replace(connection, "changes")
    run(connection, "drop table changes")
    return Counts(inserted, updated, rows - inserted - updated)


def _insert(connection: Connection, table: str, source: str, columns: Sequence[str]) -> int:
    names = ", ".join(columns)
    given = ", ".join(f"s.{name}" for name in columns)
    return run(
        connection,
        f"insert into {table} (org_id, import_no, {names}) select {OWN_ORG}, {OWN_IMPORT}, {given} from {source}",  # noqa: S608
    )


def _find_changes(
    connection: Connection,
    table: str,
    source: str,
    key: Sequence[str],
    columns: Sequence[str],
    contacts: Contacts | None,
) -> None:
    same_key = " and ".join(f"t.{name} = s.{name}" for name in key)
    differs = " or ".join(f"t.{name} is distinct from s.{name}" for name in columns) or "false"
    joins, other = (contacts.joins("t.id"), contacts.changed("s")) if contacts else ("", "false")
    run(
        connection,
        f"create temp table changes on commit drop as select s.*, t.org_id is null as is_new"  # noqa: S608
        f" from ({source}) s left join {table} t on {same_key}{joins} where t.org_id is null or {differs} or {other}",
    )
    run(connection, "analyze changes")


def _note_touched(connection: Connection, table: str, key: Sequence[str], *, owned: bool) -> None:
    """Whose rows `changes` alters, into the table `touched` of this load: the owners of rows that change, and where
    the rows are `owned` (say whose they are) the new owners."""
    same_key = " and ".join(f"t.{name} = s.{name}" for name in key)
    new = "select customer_id from changes where customer_id is not null union " if owned else ""
    run(
        connection,
        f"insert into touched {new}select t.customer_id from {table} t join changes s on {same_key}"  # noqa: S608
        " where not s.is_new and t.customer_id is not null",
    )


def _count_updates(connection: Connection) -> int:
    return count(connection, "select count(*) from changes where not is_new")


def _update(connection: Connection, table: str, key: Sequence[str], columns: Sequence[str]) -> int:
    same_key = " and ".join(f"t.{name} = s.{name}" for name in key)
    sets = ", ".join(f"{name} = s.{name}" for name in columns)
    return run(connection, f"update {table} t set {sets} from changes s where not s.is_new and {same_key}")  # noqa: S608
