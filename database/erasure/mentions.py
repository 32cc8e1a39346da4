"""Texts that name a person in rows that are not theirs: the words are taken out, or the row goes.

Accounts of people who log in, and who did what, are not a customer's data and stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from database.erasure.person import Person
from database.erasure.rows import owned
from database.erasure.words import Words
from database.loading.statement import run

__all__ = ["erase_mentions", "erase_proposals", "mentioning", "proposals_of", "texts_of"]

Rehash = Callable[[Mapping[str, Any]], str]

ACCOUNTS = frozenset({"api_keys", "channel_accounts", "connections", "connection_prefixes", "login_sessions", "users"})
ELSEWHERE = frozenset({"erasure_marks", "erasures", "import_changes", "import_rows", "proposals"})
WHOLE = ("mentions", "product_names")  # a row that names the person goes whole
WHO = frozenset(
    {"actor", "created_by", "changed_by", "decided_by", "requested_by", "saved_by", "undone_by", "updated_by"}
)


def texts_of(table: Table) -> list[str]:
    """Columns of a table that hold texts, without keys and without who did it."""
    kinds = (Text, JSONB, ARRAY)
    keys = {column.name for column in table.primary_key.columns}
    return [
        c.name
        for c in table.columns
        if isinstance(c.type, kinds)
        and (not isinstance(c.type, ARRAY) or isinstance(c.type.item_type, Text))
        and c.name not in keys | WHO
    ]


def mentioning() -> list[Table]:
    """Tables whose texts may name somebody whose row it is not."""
    return [table for table in owned() if table.name not in ACCOUNTS | ELSEWHERE and texts_of(table)]


def erase_mentions(connection: Connection, person: Person, words: Words) -> Counter[str]:
    """Take the words out of every text; rows by table. To be called when the person's own rows are gone."""
    changed = Counter[str]()
    changed["segments"] = _segments(connection, person, words)
    for table in mentioning():
        columns = texts_of(table)
        if table.name in WHOLE:
            keys = [c.name for c in table.primary_key.columns if isinstance(c.type, Text)]
            named = words.condition(*dict.fromkeys((*keys, *columns)))
            changed[table.name] += run(connection, f"delete from {table.name} where {named}", **words.values)  # noqa: S608
            continue
        erased = text("select erase_words(:table, :columns, :needles, :digits, :words)")
        changed[table.name] += connection.execute(
            erased, {**words.values, "table": table.name, "columns": columns}
        ).scalar_one()
    return changed


def _segments(connection: Connection, person: Person, words: Words) -> int:
    """Saved segments whose rule names the person."""
    gone = connection.execute(
        text(f"delete from segments where {words.condition('rule')} or exists ("  # noqa: S608
             " select from jsonb_path_query(rule, '$.**') said where said #>> '{}' = any(:numbers)) returning id"),
        {**words.values, "numbers": list(person.numbers)},
    ).scalars().all()  # fmt: skip
    run(connection, "delete from segment_members where segment_id = any(:gone)", gone=list(gone))
    return len(gone)


def proposals_of(connection: Connection, person: Person, words: Words) -> list[UUID]:
    """Proposals that have the person in their list of customers, or name them."""
    rows = connection.execute(
        text("select id from proposals where payload -> 'customers' @> to_jsonb(cast(:id as bigint))"  # noqa: S608
             f" or {words.condition('payload', 'title')} order by created_at"),
        {"id": person.id, **words.values},
    )  # fmt: skip
    return list(rows.scalars())


def erase_proposals(connection: Connection, person: Person, words: Words, rehash: Rehash) -> Counter[str]:
    """Take the person out of proposals. One that waits is withdrawn: what would be approved is no more what was shown.

    `rehash` gives the hash of a payload, which takes the place of the old one where somebody has decided.
    """
    found = proposals_of(connection, person, words)
    counts = Counter(proposals=len(found))
    for proposal in found:
        row = connection.execute(
            text("select status, content_hash, coalesce(payload -> 'sample', 'null')::text ~* :words as shows"
                 " from proposals where id = :id for update"),
            {"id": proposal, "words": words.in_sql},
        ).one()  # fmt: skip
        if row.status == "pending":
            run(connection, "update proposals set status = 'superseded' where id = :id", id=proposal)
            counts["proposals withdrawn"] += 1
        left = connection.execute(
            text("select payload from erase_from_proposal(:id, :customer, :words, :shows)"),
            {"id": proposal, "customer": person.id, "words": words.in_sql, "shows": row.shows},
        ).scalar_one()
        connection.execute(
            text("select rehash_proposal(:id, :old, :new)"),
            {"id": proposal, "old": row.content_hash, "new": rehash(left)},
        )
    return counts
