"""Customers who may be one person, and those who became one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from database.queries.imports import PERSON

__all__ = [
    "DOUBTFUL",
    "MergeRow",
    "PairRow",
    "Standing",
    "count_doubtful",
    "count_merges",
    "doubtful",
    "doubtful_since",
    "merges",
    "newest_customer",
    "newest_merge_of",
]

# Pairs of neighbours among those who share something; a and b are ids, the older one first.
DOUBTFUL = """
    select a, b, min(why) as why from (
        select lag(customer_id) over w as a, customer_id as b, 'the same telephone number' as why
        from contact_points where kind = 'phone' and address ~ '[0-9]{5}'
        window w as (partition by address order by customer_id)
        union all
        select lag(id) over w, id, 'the same name and city' from customers where name <> '' and city <> ''
        window w as (partition by lower(name), lower(city) order by id)
        union all
        select lag(id) over w, id, 'the same number but for leading zeros' from customers where external_id ~ '^[0-9]+$'
        window w as (partition by ltrim(external_id, '0') order by id)
        union all
        select lag(id) over w, id, 'the same number but for its letters'' case' from customers
        where external_id !~ '@' and external_id ~ '[A-Za-z]'
        window w as (partition by lower(external_id) order by id)
    ) near
    where a is not null and not exists (
        select from customer_merges m where m.parted_at is not null and m.kept in (a, b) and m.gone in (a, b))
    group by a, b
"""


# What the customer was called who is no more: who stayed may have taken over the name.
WENT = "case when m.gone_name = c.external_id then m.moved #>> '{before,external_id}' else m.gone_name end"


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two customers by what they are called, the older first, and what they share."""

    first: str
    second: str
    name: str | None
    why: str


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge: who stayed and who went, by what they are and were called."""

    id: int
    kept: str
    gone: str
    rule: str
    source: str
    at: datetime
    parted: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A merge that stands: what its customer is called, who became a part of them, the import that made it.

    `import_no` None: no import that can be undone did. `by_person`: it was a person's word, kept as an import.
    """

    id: int
    kept: str
    gone: str
    import_no: int | None
    by_person: bool


def newest_merge_of(connection: Connection, who: str) -> Standing | None:
    """The last merge that stands of the customer who goes, or went, by a number or an address."""
    query = f"""
        select m.id, c.external_id as kept, {WENT} as gone, nullif(abs(m.import_no), 0) as import_no,
            coalesce(i.source = :person, false) as by_person
        from customer_merges m join customers c on c.id = m.kept
        left join imports i on i.number = abs(m.import_no)
        where m.parted_at is null and (lower(:who) in (lower(c.external_id), lower(m.gone_name)) or exists
            (select from identities n where n.customer_id = c.id and n.value in (:who, lower(:who))))
        order by m.id desc limit 1
    """  # noqa: S608 - constants
    row = connection.execute(text(query), {"who": who.strip(), "person": PERSON}).mappings().one_or_none()
    return None if row is None else Standing(**row)


def doubtful(connection: Connection, limit: int) -> list[PairRow]:
    """The first pairs of customers who may be one person."""
    query = f"""
        select x.external_id as first, y.external_id as second, x.name, d.why from ({DOUBTFUL}) d
        join customers x on x.id = d.a join customers y on y.id = d.b order by d.b desc, d.a limit :limit
    """  # noqa: S608 - constants
    return [PairRow(**row) for row in connection.execute(text(query), {"limit": limit}).mappings()]


def count_doubtful(connection: Connection) -> int:
    """How many such pairs there are."""
    return int(connection.execute(text(f"select count(*) from ({DOUBTFUL}) d")).scalar_one())  # noqa: S608


def doubtful_since(connection: Connection, newest: int) -> dict[str, int]:
    """What customers newer than the id `newest` share with older ones: how many of them, by what it is."""
    query = f"select why, count(*) as pairs from ({DOUBTFUL}) d where d.b > :newest group by why order by why"  # noqa: S608
    return {row["why"]: row["pairs"] for row in connection.execute(text(query), {"newest": newest}).mappings()}


def newest_customer(connection: Connection) -> int:
    """The id of the customer who came last; 0 where there is none."""
    return int(connection.execute(text("select coalesce(max(id), 0) from customers")).scalar_one())


def merges(connection: Connection, limit: int) -> list[MergeRow]:
    """The last merges, newest first."""
    query = f"""
        select m.id, coalesce(c.external_id, '') as kept, {WENT} as gone, m.rule, m.source, m.at,
            m.parted_at is not null as parted
        from customer_merges m left join customers c on c.id = m.kept order by m.at desc, m.id desc limit :limit
    """  # noqa: S608 - constants
    return [MergeRow(**row) for row in connection.execute(text(query), {"limit": limit}).mappings()]


def count_merges(connection: Connection) -> int:
    """How many merges stand."""
    query = "select count(*) from customer_merges where parted_at is null"
    return int(connection.execute(text(query)).scalar_one())
