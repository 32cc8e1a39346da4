"""Packing the days that have changed: their rows in columns, with the kinds of rows they name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, text

from database.acts.records import TABLES, Packed
from database.engine import Database

__all__ = ["pack"]

# Days and kinds were written a moment ago: the planner, who has not counted them, would go through all for each row.
_HASH = text("select set_config('enable_nestloop', 'off', true), set_config('work_mem', '256MB', true)")
_ALONE = text("select pg_try_advisory_xact_lock(acts_lock(:name))")
_COMPLETE = text("select exists (select from act_days where table_name = :name and day = '0001-01-01')")
_SPAN = text(
    "select min(day)::timestamp at time zone 'UTC' as first, (max(day) + 1)::timestamp at time zone 'UTC' as after"
    " from act_days where table_name = :name and packed is null and day > '0001-01-01'"
)
_ALL_DAYS = """
    insert into act_days (table_name, day) select :name, day from (
        select '0001-01-01'::date as day union select distinct {day} from {name} t
    ) days on conflict do nothing
"""
_NEW_KINDS = """
    insert into act_kinds (table_name, {columns}) select :name, {columns} from (
        select distinct {kinds} from {name} t where t.{at} >= :first and t.{at} < :after
            and {day} in (select day from act_days where table_name = :name and packed is null)
    ) t where not exists (select from act_kinds k where k.table_name = :name and {same})
"""
_PACK = """
    update act_days d set rows = p.rows, packed = p.packed from (
        select d.day, count(t.{key}) as rows, coalesce(string_agg({record}, '' order by t.{at}, t.{key}), '') as packed
        from act_days d left join ({name} t join act_kinds k on k.table_name = :name and {same})
            on d.day = {day} and t.{at} >= :first and t.{at} < :after
        where d.table_name = :name and d.packed is null and d.day > '0001-01-01' group by d.day
    ) p where d.table_name = :name and d.day = p.day
"""


def pack(database: Database, org_id: UUID) -> dict[str, int]:
    """Pack the days of an organisation that are not; how many there were, by table.

    A table that is being written is left for the next time: until then its changed days are read as they are.
    """
    found = {}
    for name, table in TABLES.items():
        with database.transaction(org_id) as connection:
            if connection.execute(_ALONE, {"name": name}).scalar_one():
                found[name] = _pack(connection, table)
    return found


def _pack(connection: Connection, table: Packed) -> int:
    values = {"name": table.name}
    made = {
        "name": table.name, "at": table.at, "key": table.key, "day": table.day, "record": table.record,
        "kinds": table.kind_columns, "columns": ", ".join(table.kinds), "same": table.same_kind,
    }  # fmt: skip
    connection.execute(_HASH)
    if not connection.execute(_COMPLETE, values).scalar_one():
        connection.execute(text("delete from act_days where table_name = :name"), values)
        connection.execute(text(_ALL_DAYS.format(**made)), values)
    span = connection.execute(_SPAN, values).one()
    if span.first is None:
        return 0
    between = {**values, "first": span.first, "after": span.after}
    connection.execute(text(_NEW_KINDS.format(**{**made, "same": _of_columns(table)})), between)
    return connection.execute(text(_PACK.format(**made)), between).rowcount


def _of_columns(table: Packed) -> str:
    """The condition that a row `t` with the columns of a kind is of the kind `k`."""
    return " and ".join(f"t.{name} is not distinct from k.{name}" for name in table.kinds)
