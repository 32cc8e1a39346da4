"""Groups found in the features: runs, who is in what, who moved between runs, the map of customers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from database.arrow import read_frame
from database.engine import Database
from database.staging import replace_rows, stage

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "KINDS",
    "GroupingRun",
    "countries",
    "customer_names",
    "keep_customer_groups",
    "keep_grouping",
    "keep_map",
    "latest",
    "map_points",
    "names_of",
    "read_features",
    "sampled_features",
]

KINDS = {"cluster": "cluster", "discovered": "discovered_group"}
"""Kinds of found groups that exclude each other, and their column of customer_groups and customer_facts."""
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class GroupingRun:
    """One run of a way to group everybody, as stored; `groups` as tools/segmentation.py writes them."""

    kind: str
    as_of: datetime
    status: str
    reason: str | None
    customers: int
    ungrouped: int
    silhouette: float | None
    asked: int | None
    tried: Sequence[Any]
    groups: Sequence[Mapping[str, Any]]


def latest(connection: Connection) -> dict[str, GroupingRun]:
    """The newest run of each kind."""
    columns = ", ".join(GroupingRun.__dataclass_fields__)
    sql = f"select distinct on (kind) {columns} from groupings order by kind, created_at desc"  # noqa: S608
    return {row["kind"]: GroupingRun(**row) for row in connection.execute(text(sql)).mappings()}


def keep_grouping(connection: Connection, run: GroupingRun) -> None:
    """Store `run`; runs of more than 400 days ago are let go."""
    values = {name: getattr(run, name) for name in GroupingRun.__dataclass_fields__}
    values |= {"tried": json.dumps(list(run.tried)), "groups": json.dumps([dict(g) for g in run.groups])}
    names = ", ".join(values)
    marks = ", ".join(f"cast(:{n} as jsonb)" if n in ("tried", "groups") else f":{n}" for n in values)
    connection.execute(text(f"insert into groupings ({names}) values ({marks})"), values)  # noqa: S608 - our own names
    connection.execute(text("delete from groupings where as_of < :before"), {"before": run.as_of - KEPT_FOR})


def read_features(database: Database, org_id: UUID, columns: Sequence[str]) -> pl.DataFrame:
    """customer_id and `columns` of the stored features of everybody, by customer_id."""
    sql = f"select customer_id, {', '.join(columns)} from features"  # noqa: S608 - our columns
    with database.arrow(org_id) as connection:
        return read_frame(connection, sql).sort("customer_id")


def sampled_features(
    connection: Connection, columns: Sequence[str], condition: str, values: Mapping[str, Any], limit: int
) -> list[tuple[Any, ...]]:
    """customer_id and `columns` of at most `limit` customers with features whom a compiled rule picks.

    The order is that of a hash of the customer, so the same ones are drawn every time.
    """
    chosen = ", ".join(f"f.{column}" for column in columns)
    sql = f"""
        select f.customer_id, {chosen} from customer_facts f where f.features_as_of is not null and ({condition})
        order by hashint8(f.customer_id), f.customer_id limit :limit
    """  # noqa: S608 - our own columns, a compiled rule
    return [tuple(row) for row in connection.execute(text(sql), {**values, "limit": limit})]


def names_of(database: Database, org_id: UUID, kind: str) -> pl.DataFrame:
    """customer_id and name of the group of `kind` (in KINDS) everybody is in now."""
    query = f"select customer_id, {KINDS[kind]} as name from customer_groups"  # noqa: S608 - a column of our own
    return _pairs(database, org_id, query, KINDS[kind])


def countries(database: Database, org_id: UUID) -> pl.DataFrame:
    """customer_id and country, as `name`, of everybody whose country is known."""
    return _pairs(database, org_id, "select id as customer_id, country as name from customers", "country")


def _pairs(database: Database, org_id: UUID, query: str, column: str) -> pl.DataFrame:
    with database.arrow(org_id) as connection:
        return read_frame(connection, f"{query} where {column} is not null").sort("customer_id")


def keep_customer_groups(
    connection: Connection, frame: pl.DataFrame, *, as_of: datetime, since: Mapping[str, datetime]
) -> int:
    """Put `frame` in place of everybody's groups, and keep who moved; returns customers written.

    frame: customer_id and the other columns of customer_groups. `since` has the instant of the run before for each
    kind whose moves are to be kept (a kind of KINDS that was not grouped anew in another way).
    """
    staged = stage(connection, frame, like="customer_groups")
    for kind, before in since.items():
        if before < as_of:
            values = {"kind": kind, "since": before, "at": as_of}
            connection.execute(text(_MOVED.format(column=KINDS[kind], staged=staged)), values)
    connection.execute(text("delete from membership_moves where at < :before"), {"before": as_of - KEPT_FOR})
    return replace_rows(connection, "customer_groups", frame, whole=True)


_MOVED = """
    insert into membership_moves (kind, customer_id, moved_from, moved_to, since, at)
    select :kind, customer_id, coalesce(o.{column}, 'none'), coalesce(n.{column}, 'none'), :since, :at
    from customer_groups o full join pg_temp.{staged} n using (customer_id)
    where o.{column} is distinct from n.{column}
    on conflict do nothing
"""


def keep_map(connection: Connection, points: pl.DataFrame) -> int:
    """Replace the map's points: customer_id, x, y, as_of."""
    return replace_rows(connection, "map_points", points, whole=True)


def map_points(connection: Connection, column: str, limit: int) -> list[RowMapping]:
    """external_id, x, y and the segment of sampled customers; `column` of customer_facts names the segment."""
    sql = text(
        f"""
        select f.external_id, p.x::float8 as x, p.y::float8 as y, f.{column} as segment, p.as_of
        from map_points p join customer_facts f on f.org_id = p.org_id and f.customer_id = p.customer_id
        order by p.customer_id limit :limit
        """  # noqa: S608 - a column of our own
    )
    return list(connection.execute(sql, {"limit": limit}).mappings())


def customer_names(connection: Connection, customers: Sequence[int]) -> dict[int, str]:
    """The shop's own ids of customers."""
    query = text("select id, external_id from customers where id = any(:ids)")
    return {row.id: row.external_id for row in connection.execute(query, {"ids": list(customers)})}
