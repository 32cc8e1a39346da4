"""What people did, as journeys hear of it, and who enters, is woken, or is done because of it.

All of it can be asked again: nobody enters twice for one event, and who is woken or done is so once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

__all__ = [
    "DRAWN", "LATE", "Admission", "admit_by_event", "admit_members", "did_lately", "did_since", "loads", "occurrences",
    "reach_goal",
    "tell_planner", "wake",
]  # fmt: skip

LATE = timedelta(days=7)
"""How long after it happened an event may come in and still let somebody enter, or wake them."""

DRAWN = "('x' || left(md5({salt} || ':' || {customer}), 8))::bit(32)::bigint / 4294967296.0"
"""SQL: a number from 0 to below 1, the same for the same salt and customer, for ever."""


class Admission:
    """Where those who enter begin, and who may enter again: `again` is never, after or always."""

    def __init__(
        self, journey_id: UUID, version: int, node: str, due_at: datetime, now: datetime, *,
        again: str, days: int | None, holdout: float,
    ) -> None:  # fmt: skip
        self.values: dict[str, Any] = {
            "journey": journey_id, "version": version, "node": node, "due": due_at, "now": now, "again": again,
            "back": now - timedelta(days=days or 0), "holdout": holdout, "salt": f"{journey_id} holdout",
        }  # fmt: skip


def occurrences(event: str) -> str:
    """SQL: everything of that kind that customers did, as ref, customer_id and at; :kind is the event."""
    if event == "order":
        return (
            "select o.order_id as ref, o.customer_id, o.ordered_at as at from orders o"
            " where o.kind = 'sale' and o.customer_id is not null and o.ordered_at > :since and o.ordered_at <= :now"
        )
    return (
        "select e.event_id as ref, e.customer_id, e.occurred_at as at from events e where e.kind = :kind"
        " and e.customer_id is not null and e.occurred_at > :since and e.occurred_at <= :now"
    )


def did_since(event: str, customer: str, since: str, kind: str) -> str:
    """SQL: whether a customer did it after an instant, up to :now; :`kind` is the event, :floor bounds the search."""
    if event == "order":
        return (
            f"exists (select from orders o where o.customer_id = {customer} and o.kind = 'sale'"
            f" and o.ordered_at > {since} and o.ordered_at > :floor and o.ordered_at <= :now)"
        )
    return (
        f"exists (select from events e where e.customer_id = {customer} and e.kind = :{kind}"
        f" and e.occurred_at > {since} and e.occurred_at > :floor and e.occurred_at <= :now)"
    )


def loads(connection: Connection) -> str:
    """A mark that changes with every load of orders or events."""
    rows = connection.execute(
        text("select table_name, version from data_coverage where table_name in ('orders', 'events') order by 1")
    )
    return " ".join(f"{name} {version}" for name, version in rows)


_ENTER = f"""
    insert into journey_people (journey_id, customer_id, entry, version, state, node, due_at, since, cause, caused_at,
        entered_at, left_at, outcome)
    select :journey, n.customer_id, n.entry, :version,
        case when n.kept_out then 'out' else 'in' end, case when not n.kept_out then :node end,
        case when not n.kept_out then cast(:due as timestamptz) end, :now, n.cause, n.at, :now,
        case when n.kept_out then cast(:now as timestamptz) end, case when n.kept_out then 'held out' end
    from (
        select f.*, {DRAWN.format(salt="cast(:salt as text)", customer="f.customer_id")} < :holdout as kept_out
        from fit f
    ) n
    on conflict do nothing
"""  # noqa: S608 - constants
_LAST = """
    select p.customer_id, max(p.entry) as entry, max(p.entered_at) as entered_at, max(p.left_at) as left_at,
        bool_or(p.state = 'in') as inside, bool_or(p.outcome = 'held out') as held_out
    from journey_people p where p.journey_id = :journey
"""
# Those inside who did something, each looked up by itself: where many are at few nodes, a join would look through all
# who are there for each of the others.
_THERE = """
    news as materialized (select customer_id, max(at) as at from ({did}) d group by 1),
    there as materialized (
        select i.customer_id, i.entry, n.at from news n cross join lateral (
            select p.customer_id, p.entry from journey_people p
            where p.journey_id = :journey and p.customer_id = n.customer_id and p.state = 'in' offset 0
        ) i
    )
"""
_MAY = """
    (l.entry is null or (not l.inside and not l.held_out and (
        :again = 'always' or (:again = 'after' and l.entered_at <= :back))))
"""


def admit_members(connection: Connection, admission: Admission, condition: str, bound: Mapping[str, Any]) -> int:
    """Let in whom `condition` picks now (SQL over customer_facts f); returns how many entered or were kept out."""
    entered = connection.execute(
        text(
            f"""
            with last as ({_LAST} group by p.customer_id),
            fit as (
                select m.customer_id, coalesce(l.entry, 0) + 1 as entry, 'segment' as cause,
                    cast(:now as timestamptz) as at
                from (select f.customer_id from customer_facts f where {condition}) m
                left join last l on l.customer_id = m.customer_id where {_MAY}
            )
            {_ENTER}
            """  # noqa: S608 - constants, and a compiled rule with bound values
        ),
        {**bound, **admission.values},
    )
    return entered.rowcount


def admit_by_event(connection: Connection, admission: Admission, event: str, since: datetime) -> int:
    """Let in who did `event` after `since`; returns how many entered or were kept out.

    Of several times it is the first that lets somebody in; what they did while they were inside lets nobody in later.
    """
    entered = connection.execute(
        text(
            f"""
            with news as ({occurrences(event)}), last as ({_LAST} and p.customer_id in (select customer_id from news)
                group by p.customer_id),
            fit as (
                select distinct on (n.customer_id)
                    n.customer_id, coalesce(l.entry, 0) + 1 as entry, n.ref as cause, n.at
                from news n left join last l on l.customer_id = n.customer_id
                where {_MAY} and (l.left_at is null or n.at > l.left_at)
                order by n.customer_id, n.at, n.ref
            )
            {_ENTER}
            """  # noqa: S608 - constants
        ),
        admission.values | {"kind": event, "since": since},
    )
    return entered.rowcount


def reach_goal(connection: Connection, journey_id: UUID, version: int, event: str, now: datetime) -> int:
    """Let out who did `event` after what let them in."""
    done = connection.execute(
        text(
            f"""
            with {_THERE.format(did=occurrences(event))}
            update journey_people p set state = 'out', outcome = 'goal', left_at = :now, node = null, due_at = null
            from there t where p.journey_id = :journey and p.customer_id = t.customer_id and p.entry = t.entry
                and p.version = :version and p.state = 'in' and t.at > p.caused_at
            """  # noqa: S608 - constants
        ),
        {"journey": journey_id, "version": version, "kind": event, "now": now, "since": now - LATE},
    )
    return done.rowcount


def wake(
    connection: Connection, journey_id: UUID, version: int, nodes: Sequence[str], event: str, now: datetime
) -> int:
    """Let go on, at once, who did `event` since they wait for it at these nodes."""
    woken = connection.execute(
        text(
            f"""
            with {_THERE.format(did=occurrences(event))}
            update journey_people p set due_at = :now
            from there t where p.journey_id = :journey and p.customer_id = t.customer_id and p.entry = t.entry
                and p.version = :version and p.state = 'in' and p.node = any(:nodes) and p.due_at > :now
                and t.at > p.since
            """  # noqa: S608 - constants
        ),
        {
            "journey": journey_id, "version": version, "nodes": list(nodes), "kind": event, "now": now,
            "since": now - LATE,
        },
    )  # fmt: skip
    return woken.rowcount


def did_lately(event: str, since: datetime, now: datetime) -> tuple[str, dict[str, Any]]:
    """Who did `event` after `since`, as a condition on customer_facts f with its values."""
    condition = f"f.customer_id in (select customer_id from ({occurrences(event)}) d)"  # noqa: S608 - constants
    return condition, {"kind": event, "since": since, "now": now}


def tell_planner(connection: Connection) -> None:
    """Many have entered: the planner must know of them at once."""
    connection.execute(text("select refresh_statistics('journey_people')"))
