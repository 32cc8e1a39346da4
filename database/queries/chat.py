"""What the chat showed, bound to the person whose it is; the rows themselves are the chat's data layer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from database.engine import bind_organisation

Kind = Literal["thread", "step", "element", "feedback"]


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes and what they are."""

    mime: str
    data: bytes


def bind_person(connection: Connection, org_id: UUID, email: str) -> None:
    """Bind the rest of this transaction to one person of one organisation: their conversations are all it sees."""
    bind_organisation(connection, org_id)
    connection.execute(text("select set_config('app.person', :person, true)"), {"person": email})


def keep(connection: Connection, object_key: str, mime: str, data: bytes) -> None:
    """Store a content; the same key again replaces it."""
    connection.execute(
        text(
            "insert into chat.contents (object_key, mime, data) values (:key, :mime, :data)"
            " on conflict (object_key) do update set mime = excluded.mime, data = excluded.data"
        ),
        {"key": object_key, "mime": mime, "data": data},
    )


def find(connection: Connection, object_key: str) -> Content | None:
    """The content with this key that one of the person's conversations shows."""
    row = connection.execute(
        text(
            'select c.mime, c.data from chat.contents c join chat.elements e on e."objectKey" = c.object_key'
            " where c.object_key = :key limit 1"
        ),
        {"key": object_key},
    ).first()
    return Content(row.mime, row.data) if row else None


def delete(connection: Connection, object_key: str) -> bool:
    """Forget a content; False when there was none."""
    found = connection.execute(text("delete from chat.contents where object_key = :key"), {"key": object_key})
    return found.rowcount == 1


def is_of_another(connection: Connection, kind: Kind, wanted: UUID) -> bool:
    """Whether somebody else has a row of this id, which is out of sight here."""
    return bool(
        connection.execute(text("select chat.is_of_another(:kind, :id)"), {"kind": kind, "id": wanted}).scalar_one()
    )


def forget_memory(connection: Connection, thread_id: UUID | None = None) -> None:
    """Delete what the agent remembers of the person's conversations, or of one of them (agent/conversation.py names
    its threads so).
    """
    for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes"):
        connection.execute(
            text(
                f"delete from checkpoints.{table} m using chat.threads t"  # noqa: S608 - bound: nobody else's threads
                """ where m.thread_id = concat(t.org_id, ':', t."id")"""
                """ and t."id" = coalesce(cast(:thread as uuid), t."id")"""
            ),
            {"thread": thread_id},
        )


def forget(connection: Connection, email: str) -> None:
    """Delete every conversation of a person of the organisation at hand, and what the agent remembers of them."""
    connection.execute(text("select set_config('app.person', :person, true)"), {"person": email})
    forget_memory(connection)
    for table in ("contents", "threads", "users"):
        connection.execute(text(f"delete from chat.{table}"))  # noqa: S608 - bound to the person: nobody else's rows
