"""One import reversed by the journal: rows it made go, rows it changed or deleted are as they were.

Column by column, and only where nobody has changed a row since: what others changed stays, and is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from database.loading.journal import JOURNALED
from database.loading.merge import ACTS
from database.loading.statement import run
from database.tables.base import Base

__all__ = ["CHANGED_ELSEWHERE", "close", "prepare", "put_back", "reverse"]

# Tables whose rows others than imports change (trigger `disown`), referred to by what refers to customers first.
CHANGED_ELSEWHERE = ("campaigns", "suppressions", "contact_points", "consents", "customer_merges")
_NET = """
    create temp table net on commit drop as
    select first.before, last.after from (
        select min(id) as first, max(id) as last from import_changes
        where import_no = :number and table_name = :table group by key
    ) g join import_changes first on first.import_no = :number and first.id = g.first
    join import_changes last on last.import_no = :number and last.id = g.last
"""
_CHANGED = text("select distinct table_name from import_changes where import_no = :number")


def prepare(connection: Connection) -> None:
    """Make room for what has to be remembered while imports are reversed and loaded anew."""
    run(
        connection,
        "create temp table returning_customers (id bigint primary key, external_id text, row jsonb) on commit drop",
    )
    run(connection, "create index on returning_customers (external_id)")
    run(
        connection,
        "create temp table changed_elsewhere"
        " (id bigint generated always as identity, name text, row jsonb) on commit drop",
    )


def close(connection: Connection) -> None:
    """Forget it."""
    run(connection, "drop table returning_customers, changed_elsewhere")


def reverse(connection: Connection, number: int) -> None:
    """Reverse import `number`; the imports after it must have been reversed."""
    changed = set(connection.execute(_CHANGED, {"number": number}).scalars())
    for table in ACTS:
        _note_touched(connection, table, number)
    run(
        connection,
        "insert into returning_customers select c.id, c.external_id, to_jsonb(c) from customers c"
        " where c.import_no = :number on conflict (id) do nothing",
        number=number,
    )
    for table in sorted(JOURNALED):
        if table in CHANGED_ELSEWHERE:
            run(
                connection,
                f"insert into changed_elsewhere (name, row) select '{table}', to_jsonb(t) from {table} t"  # noqa: S608
                " where import_no = :mine",
                mine=-number,
            )
        run(connection, f"delete from {table} where import_no = :number", number=number)  # noqa: S608
        if table in changed:
            _restore(connection, table, number)
    run(connection, "delete from import_changes where import_no = :number", number=number)


def put_back(connection: Connection, tables: Iterable[str]) -> None:
    """Rows of `tables` that others had changed are as they left them."""
    for table in tables:
        names = [column.name for column in Base.metadata.tables[table].columns]
        key = ("org_id", *JOURNALED[table])
        sets = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
        exists = " and exists (select from customers c where c.id = r.customer_id)" if "customer_id" in names else ""
        run(
            connection,
            f"insert into {table} ({', '.join(names)})"  # noqa: S608
            f" select distinct on ({', '.join(f'r.{name}' for name in key)}) {', '.join(f'r.{name}' for name in names)}"
            f" from changed_elsewhere e, jsonb_populate_record(null::{table}, e.row) r where e.name = '{table}'{exists}"
            f" order by {', '.join(f'r.{name}' for name in key)}, e.id"
            f" on conflict ({', '.join(key)}) do update set {sets}",
        )


def _note_touched(connection: Connection, table: str, number: int) -> None:
    """Whose rows the reversal takes away or changes, into the table `touched`."""
    run(
        connection,
        f"insert into touched select customer_id from {table} where import_no = :number and customer_id is not null"  # noqa: S608
        " union select (r ->> 'customer_id')::bigint from import_changes j, unnest(array[j.before, j.after]) r"
        f" where j.import_no = :number and j.table_name = '{table}' and r ->> 'customer_id' is not null",
        number=number,
    )


def _restore(connection: Connection, table: str, number: int) -> None:
    """Rows that the import changed, deleted, or moved to another key."""
    run(connection, _NET, number=number, table=table)
    key = ("org_id", *JOURNALED[table])
    names = [column.name for column in Base.metadata.tables[table].columns]
    before, after = (f"jsonb_populate_record(null::{table}, n.{which}) {which[0]}" for which in ("before", "after"))
    same = " and ".join(f"t.{name} = {{0}}.{name}" for name in key)
    if table in CHANGED_ELSEWHERE:
        run(
            connection,
            f"insert into changed_elsewhere (name, row) select '{table}', to_jsonb(t) from net n, {after}, {table} t"  # noqa: S608
            f" where n.after is not null and {same.format('a')} and to_jsonb(t) is distinct from n.after",
        )
    run(
        connection,
        f"delete from {table} t using net n, {after} where n.before is null and n.after is not null"  # noqa: S608
        f" and {same.format('a')} and to_jsonb(t) = n.after",
    )
    sets = ", ".join(
        f"{name} = case when t.{name} is not distinct from a.{name} then b.{name} else t.{name} end"
        for name in names
        if name not in key
    )
    run(
        connection,
        f"update {table} t set {sets} from net n, {before}, {after}"  # noqa: S608
        f" where n.before is not null and n.after is not null and {same.format('b')}",
    )
    run(
        connection,
        f"insert into {table} ({', '.join(names)}) select {', '.join(f'b.{name}' for name in names)}"  # noqa: S608
        f" from net n, {before} where n.before is not null and n.after is null on conflict do nothing",
    )
    run(connection, "drop table net")
