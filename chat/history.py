"""The chat's memory in PostgreSQL: threads, steps and elements, and the contents of what was shown."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from chainlit.chat_context import chat_context
from chainlit.context import context
from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from chainlit.data.storage_clients.base import BaseStorageClient
from chainlit.element import Element
from chainlit.types import ThreadDict

from chat.naming import last_command, name_of, name_of_thread
from core.errors import NotAllowed
from core.storable import cleaned, storable
from database.engine import APP_ROLE, Database
from database.queries import chat

__all__ = ["CONTENTS", "History", "history"]

CONTENTS = "/chat/contents"


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

    def _keep(self, object_key: str, mime: str, content: bytes) -> None:
        with self._database.before_login() as connection:
            chat.keep(connection, object_key, mime, content)

    def _delete(self, object_key: str) -> bool:
        with self._database.before_login() as connection:
            return chat.delete(connection, object_key)


class History(SQLAlchemyDataLayer):
    """Chainlit's data layer on our schema, which also checks that an element goes into its sender's own thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        super().__init__(
            conninfo=database.url.render_as_string(hide_password=False),
            connect_args={"options": f"-csearch_path=chat -crole={APP_ROLE}"},
            storage_provider=Contents(database),
            user_thread_limit=200,
        )

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Keep a thread; one that begins with a page is called by the page."""
        if name is not None:
            name = name_of(name, None if name.strip() else last_command(chat_context.get())) or None
        await super().update_thread(thread_id, name, user_id, metadata, tags)

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
        """Store an element. The page may send elements of its own, with any thread and id: only the thread's author
        may, and no element moves to another thread.
        """
        await asyncio.to_thread(
            self._check_owner, element.thread_id, element.id, getattr(context.session, "user", None)
        )
        await super().create_element(element)

    def _check_owner(self, thread_id: str, element_id: str, user: Any) -> None:
        with self._database.before_login() as connection:
            author = chat.author(connection, thread_id)
            thread = chat.thread_of_element(connection, element_id)
        if (author is not None and (user is None or author != user.identifier)) or thread not in (None, thread_id):
            raise NotAllowed("This element belongs to somebody else's conversation.")


def _kept(value: Any) -> Any:
    """Text that PostgreSQL holds; in JSON, where a zero byte and half of a character are written out, too."""
    if not isinstance(value, str):
        return value
    if value[:1] in ("{", "[") and ("\\u0000" in value or "\\ud" in value.lower()):
        with suppress(ValueError):
            return json.dumps(cleaned(json.loads(value)))
    return storable(value)


def history(database: Database) -> History:
    """The data layer for `@cl.data_layer`."""
    return History(database)
