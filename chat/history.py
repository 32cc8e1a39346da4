"""The chat's memory in PostgreSQL: threads, steps and elements, and the contents of what was shown.

Every statement runs bound to whoever is at the screen (`chat.people.owner_at_hand`), and row-level security shows it
that person's rows alone: an id of somebody else's, from wherever it came, finds nothing and changes nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote
from uuid import UUID

from chainlit.chat_context import chat_context
from chainlit.config import config
from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from chainlit.data.storage_clients.base import BaseStorageClient
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback, ThreadDict
from chainlit.user import PersistedUser

from chat.naming import last_command, name_of, name_of_thread
from chat.people import owner_at_hand
from core.errors import NotAllowed, NotFound
from core.storable import cleaned, storable
from database.conversations import bind_each_transaction
from database.engine import APP_ROLE, Database
from database.queries import chat

__all__ = ["CONTENTS", "History"]

CONTENTS = "/chat/contents"
AUTHOR = 'select "userIdentifier" from threads where "id" = :id'
ANOTHERS = "This belongs to somebody else's conversation."


class Contents(BaseStorageClient):
    """Charts, tables and files as rows of chat.contents; read through a route that checks whose they are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upload_file(
        self,
        object_key: str,
        data: bytes | str,
        mime: str = "application/octet-stream",
        overwrite: bool = True,
        content_disposition: str | None = None,
    ) -> dict[str, Any]:
        """Store a content; its name is `object_key`."""
        content = data.encode() if isinstance(data, str) else data
        await asyncio.to_thread(self._keep, object_key, mime, content)
        return {"object_key": object_key, "url": await self.get_read_url(object_key)}

    async def delete_file(self, object_key: str) -> bool:
        """Forget a content."""
        return await asyncio.to_thread(self._delete, object_key)

    async def get_read_url(self, object_key: str) -> str:
        """Where the page finds it."""
        return f"{CONTENTS}/{quote(object_key)}"

    async def close(self) -> None:
        """Nothing to close: the pool is the runtime's."""

    def find(self, object_key: str) -> chat.Content | None:
        """A content that one of the person's conversations shows."""
        with own_rows(self._database) as connection:
            return chat.find(connection, object_key)

    def _keep(self, object_key: str, mime: str, content: bytes) -> None:
        with own_rows(self._database) as connection:
            chat.keep(connection, object_key, mime, content)

    def _delete(self, object_key: str) -> bool:
        with own_rows(self._database) as connection:
            return chat.delete(connection, object_key)


class History(SQLAlchemyDataLayer):
    """Chainlit's data layer on our schema. What it is asked to write over somebody else's rows it refuses aloud."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.contents = Contents(database)
        super().__init__(
            conninfo=database.url.render_as_string(hide_password=False),
            connect_args={"options": f"-csearch_path=chat -crole={APP_ROLE}"},
            storage_provider=self.contents,
            user_thread_limit=200,
        )
        bind_each_transaction(self.engine, owner_at_hand)

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """The chat's user of that address, with the organisation that later statements are bound to."""
        user = await super().get_user(identifier)
        if user is not None and (owner := owner_at_hand()):
            user.metadata = {**user.metadata, "org_id": owner.org_id}
        return user

    async def get_thread_author(self, thread_id: str) -> str:
        """Whose thread it is; "" (which nobody is) where there is none in sight."""
        found = await self.execute_sql(AUTHOR, {"id": thread_id}) if _is_id(thread_id) else None
        return str(found[0]["userIdentifier"]) if isinstance(found, list) and found else ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """The thread of that id. One of somebody else is told as nobody's, with nothing in it: it cannot be joined."""
        if not _is_id(thread_id) or await self._is_of_another("thread", thread_id):
            return ThreadDict(
                id=thread_id, createdAt="", name=None, userId=None, userIdentifier="", tags=None, metadata=None,
                steps=[], elements=[],
            )  # fmt: skip
        return await super().get_thread(thread_id)

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Change a thread, or begin it: whoever writes its first line owns it; begun with a page it is called by it."""
        await self._refuse_others("thread", thread_id)
        if name in config.code.action_callbacks:  # a button was pressed: no conversation begins, or is called, by that
            if not await self.get_thread_author(thread_id):
                return
            name = None
        owner = owner_at_hand()
        if user_id is None and owner is not None and not await self.get_thread_author(thread_id):
            user = await self.get_user(owner.email)
            user_id = user.id if user else None
        if name is not None:
            name = name_of(name, None if name.strip() else last_command(chat_context.get())) or None
        await super().update_thread(thread_id, name, user_id, metadata, tags)

    async def delete_thread(self, thread_id: str) -> None:
        """Delete a conversation, and what the agent remembers of it."""
        await self._refuse_others("thread", thread_id)
        await asyncio.to_thread(self._forget, UUID(thread_id))
        await super().delete_thread(thread_id)

    async def create_step(self, step_dict: StepDict) -> None:
        """Store a step; one of the same id is replaced."""
        await self._refuse_others("thread", step_dict["threadId"])
        await self._refuse_others("step", step_dict["id"])
        await super().create_step(step_dict)

    async def delete_step(self, step_id: str) -> None:
        """Delete a step."""
        await self._refuse_others("step", step_id)
        await super().delete_step(step_id)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Keep what somebody says of an answer of theirs."""
        await self._refuse_others("step", feedback.forId)
        if feedback.id:
            await self._refuse_others("feedback", feedback.id)
        step = await self.get_step(feedback.forId)
        if step is None:
            raise NotFound("There is no such answer.")
        feedback.threadId = step["threadId"]
        return await super().upsert_feedback(feedback)

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Take it back."""
        await self._refuse_others("feedback", feedback_id)
        return await super().delete_feedback(feedback_id)

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """One element of a thread; NotFound without one."""
        thread = await self.get_thread(thread_id)
        elements = (thread["elements"] if thread else None) or []
        found = next((one for one in elements if one["id"] == element_id), None)
        if found is None:
            raise NotFound("There is no such element in your conversations.")
        return found

    async def get_all_user_threads(
        self, user_id: str | None = None, thread_id: str | None = None
    ) -> list[ThreadDict] | None:
        """Threads with all that is in them; each has a name, and texts where the search looks for words."""
        threads = await super().get_all_user_threads(user_id, thread_id)
        for thread in threads or []:
            for step in thread["steps"]:
                step["output"] = step["output"] or ""
            thread["name"] = name_of_thread(dict(thread))
        return threads

    async def execute_sql(self, query: str, parameters: dict[str, Any]) -> Any:
        """As chainlit's, with values that the database can hold: what was pasted into the page may be anything."""
        return await super().execute_sql(query, {name: _kept(value) for name, value in parameters.items()})

    async def create_element(self, element: Element) -> None:
        """Store an element. The page may send elements of its own, with any thread and id: no element goes into
        somebody else's thread, and none moves to another thread.
        """
        await self._refuse_others("thread", element.thread_id)
        await self._refuse_others("element", element.id)
        known = await self.execute_sql('select "threadId" from elements where "id" = :id', {"id": element.id})
        if isinstance(known, list) and known and known[0]["threadId"] != element.thread_id:
            raise NotAllowed(ANOTHERS)
        await super().create_element(element)

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Delete an element."""
        await self._refuse_others("element", element_id)
        await super().delete_element(element_id, thread_id)

    async def _refuse_others(self, kind: chat.Kind, wanted: str) -> None:
        if not _is_id(wanted):
            raise NotFound("There is nothing of that name in your conversations.")
        if await self._is_of_another(kind, wanted):
            raise NotAllowed(ANOTHERS)

    def _forget(self, thread_id: UUID) -> None:
        with own_rows(self._database) as connection:
            chat.forget_memory(connection, thread_id)

    async def _is_of_another(self, kind: chat.Kind, wanted: str) -> bool:
        def ask() -> bool:
            with own_rows(self._database) as connection:
                return chat.is_of_another(connection, kind, UUID(wanted))

        return await asyncio.to_thread(ask)


def _kept(value: Any) -> Any:
    """Text that PostgreSQL holds; in JSON, where a zero byte and half of a character are written out, too."""
    if not isinstance(value, str):
        return value
    if value[:1] in ("{", "[") and ("\\u0000" in value or "\\ud" in value.lower()):
        with suppress(ValueError, RecursionError):
            return json.dumps(cleaned(json.loads(value)))
    return storable(value)


@contextmanager
def own_rows(database: Database) -> Iterator[Any]:
    """A transaction bound to whoever is at the screen; NotAllowed where nobody is."""
    owner = owner_at_hand()
    if owner is None:
        raise NotAllowed("Log in first.")
    with database.before_login() as connection:
        chat.bind_person(connection, UUID(owner.org_id), owner.email)
        yield connection


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except (ValueError, AttributeError, TypeError):
        return False
    return True
