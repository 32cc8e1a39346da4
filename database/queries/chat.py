"""Contents of what the chat showed (charts, tables, files), by the key its history refers to them with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes and what they are."""

    mime: str
    data: bytes


def keep(connection: Connection, object_key: str, mime: str, data: bytes) -> None:
    """Store a content; the same key again replaces it."""
    connection.execute(
        text(
            "insert into chat.contents (object_key, mime, data) values (:key, :mime, :data)"
            " on conflict (object_key) do update set mime = excluded.mime, data = excluded.data"
        ),
        {"key": object_key, "mime": mime, "data": data},
    )


def find(connection: Connection, object_key: str, owner: str) -> Content | None:
    """The content with this key, if it belongs to a thread of the person called `owner` (their email address)."""
    row = connection.execute(
        text(
            'select c.mime, c.data from chat.contents c join chat.elements e on e."objectKey" = c.object_key'
            ' join chat.threads t on t."id" = e."threadId"'
            ' where c.object_key = :key and t."userIdentifier" = :owner limit 1'
        ),
        {"key": object_key, "owner": owner},
    ).first()
    return Content(row.mime, row.data) if row else None


def delete(connection: Connection, object_key: str) -> bool:
    """Forget a content; False when there was none."""
    found = connection.execute(text("delete from chat.contents where object_key = :key"), {"key": object_key})
    return found.rowcount == 1


def author(connection: Connection, thread_id: str) -> str | None:
    """Whose thread it is (email address); None for one that is not stored."""
    return connection.execute(
        text('select "userIdentifier" from chat.threads where "id" = cast(:thread as uuid)'), {"thread": thread_id}
    ).scalar_one_or_none()


def thread_of_element(connection: Connection, element_id: str) -> str | None:
    """The thread an element belongs to; None for one that is not stored."""
    found = connection.execute(
        text('select "threadId" from chat.elements where "id" = cast(:element as uuid)'), {"element": element_id}
    ).scalar_one_or_none()
    return str(found) if found is not None else None
