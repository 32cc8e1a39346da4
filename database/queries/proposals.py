"""Proposals and decisions: what was put before a person, and what they made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from core.errors import NotFound

__all__ = [
    "ProposalRow",
    "by_request",
    "decide",
    "get",
    "insert",
    "listed",
    "lock",
    "set_status",
    "waiting_for",
]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal with its decision. `payload` is without the list of customers unless asked for by `get`."""

    id: UUID
    kind: str
    title: str
    payload: dict[str, Any]
    content_hash: str
    status: str
    created_by: str
    created_at: datetime
    replaces: UUID | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    approved_hash: str | None
    note: str | None
    campaign_id: str | None
    expires_at: datetime | None
    endorsed_by: str | None


def insert(
    connection: Connection,
    *,
    proposal_id: UUID,
    kind: str,
    title: str,
    payload: Mapping[str, Any],
    content_hash: str,
    created_by: str,
    thread_id: str | None,
    request_key: str | None,
    replaces: UUID | None = None,
    expires_at: datetime | None = None,
    plan_id: UUID | None = None,
) -> bool:
    """Keep a proposal; False when `request_key` made one before (a concurrent one is waited for)."""
    added = connection.execute(
        text(
            """
            insert into proposals (id, kind, title, payload, content_hash, created_by, thread_id, request_key, replaces,
                                   expires_at, plan_id)
            values (:id, :kind, :title, :payload, :hash, :by, :thread, :key, :replaces, :expires, :plan)
            on conflict (org_id, request_key) do nothing
            """
        ).bindparams(bindparam("payload", type_=JSONB)),
        {
            "id": proposal_id,
            "kind": kind,
            "title": title,
            "payload": dict(payload),
            "hash": content_hash,
            "by": created_by,
            "thread": thread_id,
            "key": request_key,
            "replaces": replaces,
            "expires": expires_at,
            "plan": plan_id,
        },
    )
    return added.rowcount == 1


def lock(connection: Connection, proposal_id: UUID) -> None:
    """Take turns deciding about one proposal, until the end of the transaction."""
    connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"proposal {proposal_id}"}
    )


_SELECT = """
    select p.id, p.kind, p.title, {payload} as payload, p.content_hash, p.status, p.created_by, p.created_at,
           p.replaces, a.decision, a.decided_by, a.decided_at, a.content_hash as approved_hash, a.note, c.campaign_id,
           p.expires_at, case when p.status = 'pending' then e.decided_by end
    from proposals p
    left join approvals a on a.proposal_id = p.id
    left join campaigns c on c.proposal_id = p.id::text
    left join endorsements e on e.proposal_id = p.id
"""
_UNSETTLED = "exists (select from messages m where m.campaign_id = p.id::text and m.status = 'unknown')"
_LIGHT, _WHOLE = _SELECT.format(payload="p.payload - 'customers'"), _SELECT.format(payload="p.payload")


def get(connection: Connection, proposal_id: UUID) -> ProposalRow:
    """One proposal, the list of customers included; NotFound when this organisation has none of that id."""
    row = connection.execute(text(f"{_WHOLE} where p.id = :id"), {"id": proposal_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no proposal {proposal_id}. list_proposals shows what there is.", field="proposal_id")
    return ProposalRow(*row)


def by_request(connection: Connection, request_key: str) -> ProposalRow | None:
    """The proposal an earlier call with the same key made."""
    row = connection.execute(text(f"{_LIGHT} where p.request_key = :key"), {"key": request_key}).one_or_none()
    return None if row is None else ProposalRow(*row)


def listed(
    connection: Connection, *, status: str | None, proposal_id: UUID | None, limit: int, plan_id: UUID | None = None
) -> tuple[int, Sequence[ProposalRow]]:
    """How many match, and the newest of them. `unsettled`: those with messages of unknown outcome."""
    state = _UNSETTLED if status == "unsettled" else "(cast(:status as text) is null or p.status = :status)"
    where = f"{state} and (cast(:id as uuid) is null or p.id = :id)"
    where += " and (cast(:plan as uuid) is null or p.plan_id = :plan)"
    values = {"status": status, "id": proposal_id, "plan": plan_id}
    total = connection.execute(text(f"select count(*) from proposals p where {where}"), values).scalar_one()  # noqa: S608
    query = text(f"{_LIGHT} where {where} order by p.created_at desc, p.id limit :limit")
    rows = connection.execute(query, {**values, "limit": limit})
    return total, [ProposalRow(*row) for row in rows]


def waiting_for(connection: Connection, kind: str, name: str, value: str) -> list[UUID]:
    """The pending proposals of a kind whose payload has this value under that name, the newest first."""
    rows = connection.execute(
        text(
            "select id from proposals where status = 'pending' and kind = :kind and payload ->> :name = :value"
            " order by created_at desc, id"
        ),
        {"kind": kind, "name": name, "value": value},
    )
    return list(rows.scalars())


def set_status(connection: Connection, proposal_id: UUID, status: str) -> None:
    """Move a pending proposal on (the caller holds its lock and has checked that it is pending)."""
    connection.execute(
        text("update proposals set status = :status where id = :id and status = 'pending'"),
        {"status": status, "id": proposal_id},
    )


def decide(
    connection: Connection, proposal: ProposalRow, *, decision: str, by: str, user_id: UUID, note: str | None
) -> None:
    """Keep a person's decision (one a proposal, by its primary key) and the state it leads to."""
    connection.execute(
        text(
            """
            insert into approvals (proposal_id, decision, content_hash, decided_by, user_id, note)
            values (:id, :decision, :hash, :by, :user, :note)
            """
        ),
        {
            "id": proposal.id,
            "decision": decision,
            "hash": proposal.content_hash,
            "by": by,
            "user": user_id,
            "note": note,
        },
    )
    set_status(connection, proposal.id, decision)
