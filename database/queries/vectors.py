"""Nearest neighbours among customers by the cosine distance of their behavioural vectors (pgvector).

Each organisation's vectors are a partition with a graph of its own (HNSW), so row-level security takes nothing from
what a search finds. Up to EXACT_UP_TO vectors every one is compared (a few milliseconds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Connection, bindparam, select, text

from database.tables.vectors import WIDTH, CustomerVector

__all__ = [
    "EXACT_UP_TO",
    "MOST_LEFT_OUT",
    "Kept",
    "Neighbour",
    "Sample",
    "are_many",
    "centre",
    "count_within",
    "facts_of",
    "kept",
    "nearest",
    "sample",
    "vector_of",
]

EXACT_UP_TO = 20_000
MOST_LEFT_OUT = 2_000  # a larger group is left out more cheaply by comparing everybody
# The graph is searched for this many candidates, and on until enough are not to be left out.
LEAST_CANDIDATES, MOST_CANDIDATES = 300, 1_000
SEARCH = {"hnsw.iterative_scan": "relaxed_order", "hnsw.max_scan_tuples": "200000"}
SEARCH |= {"enable_sort": "off"}  # planned by cost, small or unanalysed tables would be compared one by one
_VECTOR = bindparam("vector", type_=VECTOR(WIDTH))
_OUTSIDE = "not exists (select 1 from members m where m.customer_id = v.customer_id)"


@dataclass(frozen=True, slots=True)
class Kept:
    """The vectors an organisation has: how many, as of when, by which model run."""

    rows: int
    as_of: datetime
    model_run_id: UUID


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A customer and the cosine distance (0 = same direction, 2 = opposite)."""

    customer_id: int
    distance: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Some customers: inside a group or not, which half of it their id falls in, distance to a centre."""

    inside: list[bool]
    half: list[int]
    distance: list[float]


def kept(connection: Connection) -> Kept | None:
    """What vectors there are, or None."""
    query = text(
        "select count(*) as n, max(as_of) as as_of, max(model_run_id::text)::uuid as run from customer_vectors"
    )
    row = connection.execute(query).one()
    return Kept(row.n, row.as_of, row.run) if row.n else None


def are_many(connection: Connection) -> bool:
    """Whether there are more vectors than are compared one by one."""
    query = text("select count(*) from (select 1 from customer_vectors limit :most) v")
    return bool(connection.execute(query, {"most": EXACT_UP_TO + 1}).scalar_one() > EXACT_UP_TO)


def vector_of(connection: Connection, customer_id: int) -> list[float] | None:
    """A customer's vector, or None."""
    statement = select(CustomerVector.vector).where(CustomerVector.customer_id == customer_id)
    found = connection.execute(statement).scalar()
    return None if found is None else [float(number) for number in found]


def nearest(
    connection: Connection,
    vector: Sequence[float],
    limit: int,
    *,
    approximate: bool,
    without: tuple[str, Mapping[str, Any]] | None = None,
) -> list[Neighbour]:
    """The customers nearest to `vector`, nearest first; `without` leaves out those a compiled rule picks.

    `approximate` searches the HNSW index; otherwise every vector of the organisation is compared.
    """
    condition, values = without or ("", {})
    if not approximate:
        return _neighbours(connection, _exact_sql(condition), {**values, "vector": list(vector), "limit": limit})
    left_out = _member_ids(connection, condition, values) if condition else []
    candidates = min(max(LEAST_CANDIDATES, 2 * limit), MOST_CANDIDATES)
    connection.execute(_SETTINGS, {"names": [*SEARCH, "hnsw.ef_search"], "values": [*SEARCH.values(), str(candidates)]})
    found = _neighbours(connection, _SEARCH_SQL, {"vector": list(vector), "limit": limit, "without": left_out})
    connection.execute(text("select set_config('enable_sort', 'on', true)"))
    return found


_SETTINGS = text(
    "select set_config(name, value, true) from unnest(cast(:names as text[]), cast(:values as text[])) s (name, value)"
)
# Relaxed order keeps neighbours that a strict one would drop as found too late; so they are put in order afterwards.
_SEARCH_SQL = """
    with near as materialized (
        select v.customer_id, v.vector <=> :vector as distance from customer_vectors v
        where v.customer_id <> all(:without) order by v.vector <=> :vector limit :limit
    )
    select customer_id, distance from near order by distance + 0, customer_id
"""


def _exact_sql(condition: str) -> str:
    """Compare every vector: there is no index on a sum, and the sum is all that is sorted by."""
    members, where = (f"with {_members(condition)} ", f" where {_OUTSIDE}") if condition else ("", "")
    return (
        f"{members}select v.customer_id, (v.vector <=> :vector) + 0 as distance"  # noqa: S608 - compiled rule
        f" from customer_vectors v{where} order by distance, v.customer_id limit :limit"
    )


def _neighbours(connection: Connection, sql: str, bound: Mapping[str, Any]) -> list[Neighbour]:
    rows = connection.execute(text(sql).bindparams(_VECTOR), dict(bound))
    return [Neighbour(row.customer_id, float(row.distance)) for row in rows]


def _member_ids(connection: Connection, condition: str, values: Mapping[str, Any]) -> list[int]:
    query = text(f"select f.customer_id from customer_facts f where {condition}")  # noqa: S608 - compiled rule
    return list(connection.execute(query, dict(values)).scalars())


def _members(condition: str) -> str:
    return f"members as materialized (select f.customer_id from customer_facts f where {condition})"  # noqa: S608


def centre(
    connection: Connection, condition: str, values: Mapping[str, Any], *, half: int | None = None
) -> tuple[list[float] | None, int]:
    """The mean vector of the customers a compiled rule picks, and how many of them have one.

    `half` 0 or 1 takes only a random half of them (by a hash of the id).
    """
    sql = (
        f"with {_members(condition)} select avg(v.vector) as middle, count(*) as n"  # noqa: S608 - compiled rule
        " from customer_vectors v join members m using (customer_id)"
        " where cast(:half as int) is null or (hashint8(v.customer_id) & 1) = cast(:half as int)"
    )
    query = text(sql).columns(middle=VECTOR(WIDTH))
    row = connection.execute(query, {**values, "half": half}).one()
    return (None if row.middle is None else [float(x) for x in row.middle]), row.n


def sample(
    connection: Connection, condition: str, values: Mapping[str, Any], vector: Sequence[float], *, most: int
) -> Sample:
    """Up to `most` customers inside and as many outside of a compiled rule, with their distance to `vector`."""
    sql = (
        f"with {_members(condition)}, told as (select v.customer_id, v.vector,"  # noqa: S608 - compiled rule
        " m.customer_id is not null as inside,"
        " row_number() over (partition by m.customer_id is not null order by hashint8extended(v.customer_id, 7)) as n"
        " from customer_vectors v left join members m using (customer_id))"
        " select inside, hashint8(customer_id) & 1 as half, vector <=> :vector as distance from told where n <= :most"
    )
    rows = connection.execute(text(sql).bindparams(_VECTOR), {**values, "vector": list(vector), "most": most}).all()
    return Sample([r.inside for r in rows], [r.half for r in rows], [float(r.distance) for r in rows])


def count_within(
    connection: Connection, condition: str, values: Mapping[str, Any], vector: Sequence[float], distance: float
) -> int:
    """Customers outside of a compiled rule at most `distance` away from `vector` (every vector is compared)."""
    sql = (
        f"with {_members(condition)} select count(*) from customer_vectors v"  # noqa: S608 - compiled rule
        f" where v.vector <=> :vector <= :distance and {_OUTSIDE}"
    )
    bound = {**values, "vector": list(vector), "distance": distance}
    return int(connection.execute(text(sql).bindparams(_VECTOR), bound).scalar_one())


def facts_of(connection: Connection, customer_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Everything known of these customers, by internal id."""
    query = text("select * from customer_facts where customer_id = any(:ids)")
    return {row["customer_id"]: dict(row) for row in connection.execute(query, {"ids": list(customer_ids)}).mappings()}
