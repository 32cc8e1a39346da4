"""Taking an import back: the database becomes what the other imports alone would have made of it.

The imports after it that went into the same tables are reversed first, the last one first, by the journal; then it is;
then the others are loaded anew, in their order, from the rows they staged. So it does not matter which import was
there first, what was a new row and what a change of one, or what was added up and completed on the way.

What others than imports changed since stays as they left it: an unsubscription, a campaign's state, a parted merge.
Customers come back under the number they had, and stay where something besides imports needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, text

from core.decisions import Decisions
from database.loading import journal, reversal
from database.loading.coverage import recount
from database.loading.load import GOODS, Load
from database.loading.merchandise import mark_merchandise
from database.loading.same_person import DERIVED
from database.loading.statement import run

if TYPE_CHECKING:
    from database.engine import Database

__all__ = ["Stated", "undo"]

# A message that was written, or a part in an experiment that no import tells of, needs its customer.
_NEEDED = (
    "exists (select from messages m where m.customer_id = p.id)"
    " or exists (select from assignments a where a.customer_id = p.id and coalesce(a.import_no, 0) <= 0)"
)
_TEMPORARY = text(
    "select relname from pg_class where relnamespace = pg_my_temp_schema() and relkind = 'r' and relpersistence = 't'"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """An import, as it has to be known to reverse it and to load it anew."""

    number: int
    source: str
    at: datetime
    tables: frozenset[str]
    staged_by: int


def undo(
    connection: Connection, database: Database, org_id: UUID, gone: Stated, others: Iterable[Stated], now: datetime
) -> list[int]:
    """Reverse import `gone`; `others` are all later imports that stand. The numbers of those that were loaded anew.

    In a transaction of `loading`, or one that holds its lock.
    """
    later = _sharing(gone, sorted(others, key=lambda other: other.number))
    journal.pause(connection)
    reversal.prepare(connection)
    for one in (*reversed(later), gone):
        reversal.reverse(connection, one.number)
    reversal.put_back(connection, ("customer_merges",))
    run(connection, "select set_config('app.returning', 'on', true)")
    for one in later:
        _load_anew(connection, database, org_id, one)
    run(connection, "select set_config('app.returning', '', true)")
    journal.pause(connection)
    _keep_needed(connection)
    if later:
        reversal.put_back(connection, reversal.CHANGED_ELSEWHERE)
    _forget_derived(connection)
    tables = gone.tables.union(*(one.tables for one in later))
    for table in sorted(tables):
        recount(connection, table, now)
    if tables & set(GOODS):
        mark_merchandise(connection)
    reversal.close(connection)
    return [one.number for one in later]


def _sharing(gone: Stated, later: Sequence[Stated]) -> list[Stated]:
    """Those of the later imports that share a table with the one that goes, or with each other and so with it."""
    tables, sharing = set(gone.tables), list[Stated]()
    while found := [one for one in later if one not in sharing and one.tables & tables]:
        sharing += found
        tables.update(*(one.tables for one in found))
    return sorted(sharing, key=lambda one: one.number)


def _load_anew(connection: Connection, database: Database, org_id: UUID, one: Stated) -> None:
    """Load what an import staged, as that import."""
    before = set(connection.execute(_TEMPORARY).scalars())
    journal.resume(connection, one.number)
    load = Load(database, connection, org_id, one.at, one.source, Decisions(), one.number, again=True)
    for staged in journal.staged_rows(connection, one.staged_by):
        load.staging.put(staged)
    load.finish()
    if made := sorted(set(connection.execute(_TEMPORARY).scalars()) - before):
        run(connection, f"drop table {', '.join(made)}")


def _keep_needed(connection: Connection) -> None:
    """Customers who went and are needed all the same are there again, and no import's."""
    run(
        connection,
        "insert into customers select (jsonb_populate_record(null::customers, p.row || '{\"import_no\": null}')).*"  # noqa: S608
        f" from returning_customers p where not exists (select from customers c where c.id = p.id) and ({_NEEDED})"
        " on conflict do nothing",
    )


def _forget_derived(connection: Connection) -> None:
    """What was computed of customers who are gone goes with them."""
    run(
        connection,
        "delete from returning_customers p where exists (select from customers c where c.id = p.id)",
    )
    for table in (*DERIVED, "segment_members"):
        run(connection, f"delete from {table} d using returning_customers p where d.customer_id = p.id")  # noqa: S608
