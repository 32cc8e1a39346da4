"""Everything held about a person, as rows by kind, for an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.erasure.conversations import mentions_in_chat
from database.erasure.journal import journal_of, staged_of
from database.erasure.mentions import mentioning, proposals_of, texts_of
from database.erasure.person import Person
from database.erasure.rows import of_customers
from database.erasure.words import Words

__all__ = ["holdings"]

Rows = list[dict[str, Any]]

_MESSAGES = """
    select m.*, p.payload -> 'content' as content_as_approved, b.subject as subject_as_sent,
        b.body_text as text_as_sent, b.delivered_at as in_sandbox_at
    from messages m left join proposals p on p.id::text = m.campaign_id
    left join sandbox_mailbox b on b.message_id = m.id where m.customer_id = :id order by m.updated_at, m.id
"""
_KINDS = {
    "customer": "select * from customers where id = :id",
    "known_scores_and_features": "select * from customer_facts where customer_id = :id",
    "messages": _MESSAGES,
    "message_events": "select e.* from message_events e join messages m on m.id = e.message_id"
    " where m.customer_id = :id order by e.at, e.id",
    "suppressions": "select * from suppressions where address = any(:addresses)",
    "segments": "select s.name, s.description, s.rule, m.since from segment_members m"
    " join segments s on s.id = m.segment_id where m.customer_id = :id order by s.name",
    "campaigns": "select distinct c.* from campaigns c where c.campaign_id in (select campaign_id from messages"
    " where customer_id = :id union select campaign_id from assignments where customer_id = :id"
    " union select campaign_id from events where customer_id = :id)",
    "merges": "select * from customer_merges where kept = :id or gone = :id order by id",
}
_TOLD_ELSEWHERE = frozenset({"messages", "segment_members"})


def holdings(connection: Connection, org_id: UUID, person: Person, words: Words) -> dict[str, Rows]:
    """Rows by kind; kinds without rows are left out."""
    values = {"id": person.id, "addresses": [address.lower() for _kind, address in person.addresses]}
    found = {kind: _rows(connection, query, values) for kind, query in _KINDS.items()}
    for table in of_customers():
        if table not in _TOLD_ELSEWHERE:
            found[table] = _rows(connection, f"select * from {table} where customer_id = :id", values)  # noqa: S608
    found["proposals"] = _proposals(connection, person, words)
    found["mentions_in_conversations"] = mentions_in_chat(connection, org_id, words)
    found["mentions_elsewhere"] = _mentions(connection, person, words)
    found["rows_of_imported_files"] = staged_of(connection, person)
    found["rows_that_imports_changed"] = journal_of(connection, person)
    return {kind: rows for kind, rows in found.items() if rows}


def _rows(connection: Connection, query: str, values: Mapping[str, Any]) -> Rows:
    rows = connection.execute(text(query), dict(values)).mappings()
    return [{name: value for name, value in row.items() if name != "org_id"} for row in rows]


def _proposals(connection: Connection, person: Person, words: Words) -> Rows:
    """Proposals they are in: of the others in it nothing."""
    return _rows(
        connection,
        "select id, kind, title, status, created_at, created_by, payload ->> 'channel' as channel,"
        " payload -> 'content' as content, payload ->> 'send_at' as send_at from proposals where id = any(:ids)",
        {"ids": proposals_of(connection, person, words)},
    )


def _mentions(connection: Connection, person: Person, words: Words) -> Rows:
    """Texts of other rows that name them: only the sentence or value that does."""
    found: Rows = []
    own = {*of_customers(), "customers", "customer_merges", "suppressions"}
    tables = [(t.name, texts_of(t)) for t in mentioning() if t.name not in own]
    for table, columns in tables:
        named = words.condition(*columns)
        rows = connection.execute(
            text(f"select {', '.join(f'{c}::text as {c}' for c in columns)} from {table} where {named}"),  # noqa: S608
            words.values,
        )
        for row in rows.mappings():
            said = {c: _said(v, words) for c, v in row.items() if v and words.named_in(v)}
            found.append({"table": table, **said})
    del person
    return found


def _said(value: str, words: Words, around: int = 80) -> list[str]:
    """Where a text names the person, with a few words before and after."""
    spans = [match.span() for match in words.pattern.finditer(value)]
    return list(dict.fromkeys(value[max(0, a - around) : b + around] for a, b in spans))
