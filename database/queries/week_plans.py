"""Weekly plans: kept in the place of the one before, read by day and type, and as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, RowMapping, text

from database.staging import stage

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Group", "WeekPlan", "actions", "customers_of", "groups", "keep", "plan_of"]


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """A plan without its actions."""

    id: UUID
    week: date
    settings: dict[str, Any]
    totals: dict[str, Any]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """The actions of one day, type and channel: how many, their average score, what they cost, the hours they suit."""

    day: date
    kind: str
    channel: str
    customers: int
    score: float
    cost: float | None
    hour: int


def keep(
    connection: Connection,
    week: date,
    frame: pl.DataFrame,
    *,
    settings: Mapping[str, Any],
    totals: Mapping[str, Any],
    by: str,
) -> UUID:
    """Keep a plan in the place of that week's before. `frame` has the columns of week_actions but for plan_id."""
    import polars as pl

    plan_id = uuid4()
    connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"week {week}"}
    )  # two at once would both take the place of the one before
    connection.execute(
        text("delete from week_actions where plan_id in (select id from week_plans where week = :week)"), {"week": week}
    )
    connection.execute(text("delete from week_plans where week = :week"), {"week": week})
    connection.execute(
        text(
            "insert into week_plans (id, week, settings, totals, created_by)"
            " values (:id, :week, cast(:settings as jsonb), cast(:totals as jsonb), :by)"
        ),
        {
            "id": plan_id,
            "week": week,
            "settings": json.dumps(dict(settings)),
            "totals": json.dumps(dict(totals)),
            "by": by,
        },
    )
    if frame.height:
        staged = stage(connection, frame.with_columns(plan_id=pl.lit(str(plan_id))), like="week_actions")
        columns = ", ".join([*frame.columns, "plan_id"])
        connection.execute(text(f"insert into week_actions ({columns}) select {columns} from pg_temp.{staged}"))  # noqa: S608
    return plan_id


def plan_of(connection: Connection, week: date | None) -> WeekPlan | None:
    """The plan of the week that begins on that day; None: the one made last."""
    query = text(
        "select id, week, settings, totals, created_by, created_at from week_plans"
        " where cast(:week as date) is null or week = :week order by created_at desc limit 1"
    )
    row = connection.execute(query, {"week": week}).one_or_none()
    return None if row is None else WeekPlan(*row)


def groups(connection: Connection, plan_id: UUID) -> list[Group]:
    """What is to be done, by day, type and channel."""
    query = text(
        """
        select day, kind, channel, count(*), avg(score)::float8, sum(cost)::float8,
               mode() within group (order by hour_from)
        from week_actions where plan_id = :id group by 1, 2, 3 order by 1, count(*) desc, 2, 3
        """
    )
    return [Group(*row) for row in connection.execute(query, {"id": plan_id})]


def actions(
    connection: Connection, plan_id: UUID, *, day: date | None, kind: str | None, limit: int, offset: int
) -> tuple[int, Sequence[RowMapping]]:
    """How many actions there are of that day and type, and a page of them: by day, the highest score first."""
    where = "w.plan_id = :id and (cast(:day as date) is null or w.day = :day)"
    where += " and (cast(:kind as text) is null or w.kind = :kind)"
    values = {"id": plan_id, "day": day, "kind": kind}
    total = connection.execute(text(f"select count(*) from week_actions w where {where}"), values).scalar_one()  # noqa: S608
    query = text(
        f"""
        select c.external_id as customer, c.name, w.day, w.kind, w.channel, w.score, w.reason, w.hint, w.hour_from,
               w.hour_until, w.cost, c.city, f.favourite_category
        from week_actions w left join customers c on c.id = w.customer_id
        left join features f on f.customer_id = w.customer_id where {where}
        order by w.day, w.score desc, w.customer_id limit :limit offset :offset
        """  # noqa: S608 - constants
    )
    return total, connection.execute(query, {**values, "limit": limit, "offset": offset}).mappings().all()


def customers_of(connection: Connection, plan_id: UUID, day: date, kind: str, channel: str) -> list[int]:
    """The customers of one day, type and channel."""
    query = text(
        "select customer_id from week_actions where plan_id = :id and day = :day and kind = :kind"
        " and channel = :channel order by customer_id"
    )
    values = {"id": plan_id, "day": day, "kind": kind, "channel": channel}
    return list(connection.execute(query, values).scalars())
