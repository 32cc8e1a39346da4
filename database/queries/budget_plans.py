"""Budgets put before a person, and what they decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from core.errors import NotFound

__all__ = ["PlanRow", "decide", "get", "keep", "listed"]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan as stored."""

    id: UUID
    title: str
    payload: dict[str, Any]
    content_hash: str
    status: str
    created_by: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


_COLUMNS = ", ".join(PlanRow.__dataclass_fields__)


def keep(
    connection: Connection,
    *,
    title: str,
    payload: Mapping[str, Any],
    content_hash: str,
    by: str,
    request_key: str | None,
) -> PlanRow:
    """Keep a plan in place of those that still wait; the one an earlier call with `request_key` made, if there is."""
    made = connection.execute(
        text(
            """
            insert into budget_plans (title, payload, content_hash, created_by, request_key)
            values (:title, :payload, :hash, :by, :key) on conflict (org_id, request_key) do nothing returning id
            """
        ).bindparams(bindparam("payload", type_=JSONB)),
        {"title": title, "payload": dict(payload), "hash": content_hash, "by": by, "key": request_key},
    ).scalar_one_or_none()
    if made is None:
        query = text(f"select {_COLUMNS} from budget_plans where request_key = :key")  # noqa: S608
        return PlanRow(*connection.execute(query, {"key": request_key}).one())
    connection.execute(
        text("update budget_plans set status = 'superseded' where status = 'pending' and id <> :id"), {"id": made}
    )
    return get(connection, made)


def get(connection: Connection, plan_id: UUID, *, lock: bool = False) -> PlanRow:
    """One plan; NotFound when this organisation has none of that id. lock: until the end of the transaction."""
    query = f"select {_COLUMNS} from budget_plans where id = :id{' for update' if lock else ''}"  # noqa: S608
    row = connection.execute(text(query), {"id": plan_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no budget plan {plan_id}. list_budget_plans shows what there is.", field="plan_id")
    return PlanRow(*row)


def listed(connection: Connection, status: str | None, limit: int) -> tuple[int, Sequence[PlanRow]]:
    """How many match, and the newest of them."""
    where, values = "(cast(:status as text) is null or status = :status)", {"status": status}
    total = connection.execute(text(f"select count(*) from budget_plans where {where}"), values).scalar_one()  # noqa: S608
    query = text(f"select {_COLUMNS} from budget_plans where {where} order by created_at desc, id limit :limit")  # noqa: S608
    return total, [PlanRow(*row) for row in connection.execute(query, {**values, "limit": limit})]


def decide(connection: Connection, plan_id: UUID, *, status: str, by: str, user_id: UUID, note: str | None) -> PlanRow:
    """Keep a person's decision about a plan that waits (the caller holds its lock)."""
    connection.execute(
        text(
            """
            update budget_plans set status = :status, decided_by = :by, user_id = :user, decided_at = now(),
                note = :note
            where id = :id and status = 'pending'
            """
        ),
        {"id": plan_id, "status": status, "by": by, "user": user_id, "note": note},
    )
    return get(connection, plan_id)
