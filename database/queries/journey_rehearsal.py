"""What a dry run of a journey goes by: who would have entered, what they did, whom its messages could reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from database.queries.audience import REACH, SUPPRESSED, Reach
from database.queries.journey_news import occurrences

__all__ = ["did", "entrants_by_event", "members", "picked", "reach", "tags"]


def entrants_by_event(
    connection: Connection, event: str, since: datetime, now: datetime, limit: int
) -> list[tuple[int, datetime]]:
    """Who did `event` in that time, the latest first: customer and instant, each time of each."""
    rows = connection.execute(
        text(f"select customer_id, at from ({occurrences(event)}) d order by at desc, ref limit :limit"),  # noqa: S608
        {"kind": event, "since": since, "now": now, "limit": limit},
    )
    return [(customer, at) for customer, at in rows]


def members(connection: Connection, condition: str, values: Mapping[str, Any], limit: int) -> list[int]:
    """Whom a compiled rule picks."""
    query = f"select f.customer_id from customer_facts f where {condition} order by 1 limit :limit"  # noqa: S608
    return list(connection.execute(text(query), {**values, "limit": limit}).scalars())


def picked(connection: Connection, condition: str, values: Mapping[str, Any], customers: Collection[int]) -> set[int]:
    """Those of `customers` whom a compiled rule picks."""
    query = f"select f.customer_id from customer_facts f where f.customer_id = any(:customers) and {condition}"  # noqa: S608
    return set(connection.execute(text(query), {**values, "customers": list(customers)}).scalars())


def did(
    connection: Connection, event: str, customers: Collection[int], since: datetime, now: datetime
) -> dict[int, list[datetime]]:
    """When these did `event` in that time, by customer, in order."""
    rows = connection.execute(
        text(
            f"select customer_id, array_agg(at order by at) from ({occurrences(event)}) d"  # noqa: S608
            " where customer_id = any(:customers) group by 1"
        ),
        {"kind": event, "since": since, "now": now, "customers": list(customers)},
    )
    return {customer: list(times) for customer, times in rows}


def reach(connection: Connection, how: Reach, customers: Collection[int]) -> dict[int, str]:
    """Whether each of these could be written to now: sent, no address, suppressed, or no consent."""
    rows = connection.execute(
        text(
            f"""
            select c.id, case
                when p.address is null or trim(p.address) !~ :form then 'no address'
                when {SUPPRESSED} then 'suppressed'
                when a.granted is not true then 'no consent' else 'sent' end
            from customers c {REACH} where c.id = any(:customers)
            """  # noqa: S608 - constants
        ),
        {"channel": how.channel, "kind": how.kind, "form": how.form, "customers": list(customers)},
    )
    return {row[0]: row[1] for row in rows}


def tags(connection: Connection, name: str, customers: Collection[int]) -> set[int]:
    """Those of `customers` who bear a tag."""
    rows = connection.execute(
        text("select customer_id from customer_tags where name = :name and customer_id = any(:customers)"),
        {"name": name, "customers": list(customers)},
    )
    return set(rows.scalars())
