"""How segments changed: drift by segment, who moved from one into another, and the alert."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, text

from database.staging import stage

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Drift",
    "alert",
    "alerted_lately",
    "comings_and_goings",
    "earlier",
    "forget",
    "keep",
    "keep_moves",
    "latest",
    "moved",
    "transitions",
]

KEPT_FOR = timedelta(days=400)
QUIET_FOR = timedelta(days=30)
"""A segment that goes on drifting is told of again after so long."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How one segment changed between `compared_with` and `as_of`; None where there is nothing to compare with."""

    kind: str
    segment: str
    as_of: datetime
    compared_with: datetime | None
    badge: str | None
    alert: bool
    reason: str
    size_before: int | None
    size_now: int
    stayed: int | None
    entered: int | None
    departed: int | None
    scores: Mapping[str, float] | None
    shifts: Sequence[Mapping[str, Any]]


_NAMES = tuple(Drift.__dataclass_fields__)
_JSON = ("scores", "shifts")


def keep(connection: Connection, drifts: Sequence[Drift]) -> None:
    """Store drifts; the same segment at the same instant is replaced, what is older than 400 days is let go."""
    if not drifts:
        return
    marks = ", ".join(f"cast(:{n} as jsonb)" if n in _JSON else f":{n}" for n in _NAMES)
    changed = ", ".join(f"{n} = excluded.{n}" for n in _NAMES[3:])
    sql = f"""
        insert into segment_drifts ({", ".join(_NAMES)}) values ({marks})
        on conflict (org_id, kind, segment, as_of) do update set {changed}
    """  # noqa: S608 - names of our own columns
    connection.execute(text(sql), [_row(drift) for drift in drifts])
    before = drifts[0].as_of - KEPT_FOR
    connection.execute(text("delete from segment_drifts where as_of < :before"), {"before": before})


def _row(drift: Drift) -> dict[str, Any]:
    values = {name: getattr(drift, name) for name in _NAMES}
    return values | {
        "scores": None if drift.scores is None else json.dumps(dict(drift.scores)),
        "shifts": json.dumps([dict(shift) for shift in drift.shifts]),
    }


def latest(connection: Connection) -> list[Drift]:
    """Every segment of the newest run: those with an alert first, then by kind and size."""
    sql = f"""
        select {", ".join(_NAMES)} from segment_drifts where as_of = (select max(as_of) from segment_drifts)
        order by alert desc, kind, size_now desc, segment
    """  # noqa: S608 - names of our own columns
    return [Drift(**row) for row in connection.execute(text(sql)).mappings()]


def keep_moves(connection: Connection, kinds: Sequence[str], moves: pl.DataFrame) -> None:
    """Replace the moves of `kinds` by `moves`: kind, customer_id, moved_from, moved_to, since, at."""
    connection.execute(text("delete from membership_moves where kind = any(:kinds)"), {"kinds": list(kinds)})
    staged = stage(connection, moves, like="membership_moves")
    names = ", ".join(moves.columns)
    sql = f"insert into membership_moves ({names}) select {names} from pg_temp.{staged}"  # noqa: S608 - our own names
    connection.execute(text(sql))


_LAST = """
    select customer_id, (array_agg(moved_from order by at))[1] as moved_from,
           (array_agg(moved_to order by at desc))[1] as moved_to
    from membership_moves where kind = :kind and at > :after group by customer_id
"""


def transitions(connection: Connection, kind: str, after: datetime) -> list[RowMapping]:
    """moved_from, moved_to, customers, clv_12m of those who moved since `after`, the largest first.

    For kinds whose segments exclude each other, of who came and went again nothing is told.
    """
    sql = f"""
        select m.moved_from, m.moved_to, count(*) as customers, sum(f.clv_12m)::float8 as clv_12m
        from ({_LAST}) m left join customer_facts f using (customer_id)
        where m.moved_from <> m.moved_to group by 1, 2 order by 3 desc, 1, 2
    """  # noqa: S608 - our own statement
    return list(connection.execute(text(sql), {"kind": kind, "after": after}).mappings())


def moved(
    connection: Connection, kind: str, after: datetime, moved_from: str | None, moved_to: str | None, limit: int
) -> list[RowMapping]:
    """Customers who moved (external_id, name, moved_from, moved_to, revenue, predicted value), most valuable first."""
    sql = f"""
        select f.external_id, f.name, m.moved_from, m.moved_to, f.monetary_value::float8 as monetary_value,
               f.clv_12m::float8 as clv_12m
        from ({_LAST}) m join customer_facts f using (customer_id)
        where m.moved_from <> m.moved_to
          and (cast(:moved_from as text) is null or m.moved_from = :moved_from)
          and (cast(:moved_to as text) is null or m.moved_to = :moved_to)
        order by f.monetary_value desc nulls last, f.customer_id limit :limit
    """  # noqa: S608 - our own statement
    values = {"kind": kind, "after": after, "moved_from": moved_from, "moved_to": moved_to, "limit": limit}
    return list(connection.execute(text(sql), values).mappings())


def comings_and_goings(connection: Connection, kind: str, after: datetime) -> dict[str, tuple[int, int]]:
    """(entered, departed) of each segment of `kind` since `after`; who came and went again counts in neither."""
    sql = text(
        """
        with net as (
            select customer_id, segment, sum(step) as change from (
                select customer_id, moved_to as segment, 1 as step from membership_moves
                where kind = :kind and at > :after
                union all
                select customer_id, moved_from, -1 from membership_moves where kind = :kind and at > :after
            ) steps group by customer_id, segment
        )
        select segment, count(*) filter (where change > 0) as entered, count(*) filter (where change < 0) as departed
        from net where segment <> 'none' group by segment
        """
    )
    rows = connection.execute(sql, {"kind": kind, "after": after})
    return {row.segment: (row.entered, row.departed) for row in rows}


def earlier(connection: Connection, as_of: datetime, after: datetime) -> dict[tuple[str, str], tuple[datetime, int]]:
    """(instant, size) of each (kind, segment) in the oldest run before `as_of` and not before `after`."""
    sql = text(
        """
        select distinct on (kind, segment) kind, segment, as_of, size_now from segment_drifts
        where as_of < :as_of and as_of >= :after order by kind, segment, as_of
        """
    )
    rows = connection.execute(sql, {"as_of": as_of, "after": after})
    return {(row.kind, row.segment): (row.as_of, row.size_now) for row in rows}


def forget(connection: Connection, kind: str) -> None:
    """Let go what was kept of segments of `kind`: they were made anew and are no longer the same ones."""
    for table in ("segment_drifts", "membership_moves"):
        connection.execute(text(f"delete from {table} where kind = :kind"), {"kind": kind})  # noqa: S608 - our tables


def alerted_lately(connection: Connection, drift: Drift) -> bool:
    """Whether an earlier run of the last 30 days told of the same segment already."""
    sql = text(
        "select exists (select 1 from segment_drifts where kind = :kind and segment = :segment and alert"
        " and as_of < :as_of and as_of > :after)"
    )
    values = {"kind": drift.kind, "segment": drift.segment, "as_of": drift.as_of, "after": drift.as_of - QUIET_FOR}
    return bool(connection.execute(sql, values).scalar_one())


def alert(connection: Connection, drift: Drift, title: str, detail: Mapping[str, Any]) -> bool:
    """Tell people that a segment drifts; False when this very run has told them already."""
    sql = text(
        """
        insert into alerts (kind, severity, title, detail)
        select 'segment_drift', 'high', :title, cast(:detail as jsonb)
        where not exists (
            select 1 from alerts where kind = 'segment_drift' and detail ->> 'segment' = :segment
            and detail ->> 'kind' = :kind and detail ->> 'as_of' = cast(:detail as jsonb) ->> 'as_of'
        )
        """
    )
    values = {"title": title, "detail": json.dumps(dict(detail)), "segment": drift.segment, "kind": drift.kind}
    return connection.execute(sql, values).rowcount > 0
