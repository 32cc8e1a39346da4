"""Conversations that name a person: they go whole, with what the agent remembers of them.

A later answer may speak of somebody without the name ("they live in …"), so no part of one can be kept. A file that
was dropped into a conversation goes alone, where only it names the person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from database.erasure.words import Words
from database.loading.statement import run
from database.queries.chat import bind_person, forget_memory

__all__ = ["erase_conversations", "mentions_in_chat"]

MEMORY = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
_STEP = [f's."{name}"' for name in ("name", "input", "output", "metadata", "tags", "generation", "modes", "command")]
_NAMING = f"""
    select t."id" from chat.threads t where {Words.condition('t."name"', 't."tags"', 't."metadata"')}
    union select s."threadId" from chat.steps s where {Words.condition(*_STEP)}
    union select e."threadId" from chat.elements e where e."threadId" is not null
        and {Words.condition('e."name"', 'e."props"', 'e."url"')}
    union select s."threadId" from chat.feedbacks f join chat.steps s on s."id" = f."forId"
        where {Words.condition('f."comment"')}
"""  # noqa: S608 - constants
_LINES = f"""
    select s."createdAt" as at, s."type" as kind, s."output" as said from chat.steps s
        where {Words.condition('s."output"')}
    union all select s."createdAt", 'feedback', f."comment" from chat.feedbacks f
        join chat.steps s on s."id" = f."forId" where {Words.condition('f."comment"')}
    order by 1
"""  # noqa: S608 - constants


def erase_conversations(connection: Connection, org_id: UUID, words: Words) -> Counter[str]:
    """Delete them: of each person who has an account, under that person's own rows; then what is left in memory."""
    gone = Counter[str]()
    for email in _people(connection):
        bind_person(connection, org_id, email)
        gone["files in conversations"] += _contents(connection, words)
        for thread in connection.execute(text(_NAMING), words.values).scalars().all():
            gone["conversations"] += _delete(connection, thread)
    gone["conversations in memory"] = _memory(connection, words)
    run(connection, "select set_config('app.person', '', true)")
    return gone


def mentions_in_chat(connection: Connection, org_id: UUID, words: Words) -> list[dict[str, object]]:
    """Lines of conversations that name the person, for an export; of what stands around them nothing."""
    found: list[dict[str, object]] = []
    for email in _people(connection):
        bind_person(connection, org_id, email)
        rows = connection.execute(text(_LINES), words.values)
        for row in rows:
            lines = [line for line in row.said.splitlines() if words.named_in(line)]
            found.append({"at": row.at, "kind": row.kind, "person": email, "lines": lines})
    run(connection, "select set_config('app.person', '', true)")
    return found


def _people(connection: Connection) -> Sequence[str]:
    return connection.execute(text("select email from users order by email")).scalars().all()


def _delete(connection: Connection, thread: UUID) -> int:
    forget_memory(connection, thread)
    run(
        connection,
        'delete from chat.contents where object_key in (select "objectKey" from chat.elements where "threadId" = :id)',
        id=thread,
    )
    run(
        connection,
        'delete from chat.feedbacks where "forId" in (select "id" from chat.steps where "threadId" = :id)',
        id=thread,
    )
    return run(connection, 'delete from chat.threads where "id" = :id', id=thread)


def _contents(connection: Connection, words: Words) -> int:
    """What is shown in a conversation, charts and tables, or was dropped into it: looked into one by one.

    Whether a table or chart names the person decides over the conversation; of a dropped file it goes alone.
    """
    keys = connection.execute(text("select object_key from chat.contents order by 1")).scalars().all()
    gone = 0
    for key in keys:
        data = connection.execute(
            text("select data from chat.contents where object_key = :key"), {"key": key}
        ).scalar_one_or_none()
        if data is not None and words.within(bytes(data)):
            gone += _forget_content(connection, key)
    return gone


def _forget_content(connection: Connection, key: str) -> int:
    shown = connection.execute(
        text('select distinct "threadId" from chat.elements where "objectKey" = :key and "threadId" is not null'
             " and \"type\" in ('custom', 'plotly', 'dataframe', 'text')"),
        {"key": key},
    ).scalars().all()  # fmt: skip
    for thread in shown:
        _delete(connection, thread)
    run(connection, 'delete from chat.elements where "objectKey" = :key', key=key)
    run(connection, "delete from chat.contents where object_key = :key", key=key)
    return 1


def _memory(connection: Connection, words: Words) -> int:
    """What the agent remembers of conversations that are in no chat (asked at the shell, or by a program)."""
    gone = 0
    every = " union ".join(f"select thread_id from checkpoints.{table}" for table in MEMORY)  # noqa: S608
    for thread in connection.execute(text(every)).scalars().all():
        if any(words.within(data) for data in _remembered(connection, thread)):
            for table in MEMORY:
                run(connection, f"delete from checkpoints.{table} where thread_id = :id", id=thread)  # noqa: S608
            gone += 1
    return gone


def _remembered(connection: Connection, thread: str) -> Iterator[bytes]:
    said = "select convert_to(concat_ws(' ', checkpoint::text, metadata::text), 'UTF8') from checkpoints.checkpoints"
    blobs = "select blob from checkpoints.checkpoint_{0} where blob is not null and thread_id = :id"
    for query in (f"{said} where thread_id = :id", blobs.format("blobs"), blobs.format("writes")):
        rows = connection.execute(text(query), {"id": thread})
        for partition in rows.scalars().partitions(50):
            yield from (bytes(data) for data in partition)
