"""Where conversations are kept between questions: LangGraph checkpoints in PostgreSQL, in a schema of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from core.errors import GiveUp
from core.identity import current_identity
from database.pool import open_pool

if TYPE_CHECKING:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

SCHEMA = "checkpoints"
VERSION = 9  # of the tables, as the library counts its changes to them; a migration of ours makes them


@asynccontextmanager
async def open_memory(app_url: str) -> AsyncIterator[AsyncPostgresSaver]:
    """A checkpointer on `app_url` (SQLAlchemy or libpq form). Each statement sees the rows of one organisation: that
    of the identity at hand (core/identity.py).
    """
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

    class BoundSaver(AsyncPostgresSaver):
        @asynccontextmanager
        async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[Any]:
            org_id = str(current_identity().org_id)
            async with super()._cursor(pipeline=pipeline) as cursor:
                await cursor.execute("select set_config('app.org_id', %s, false)", (org_id,))
                yield cursor

    if len(BoundSaver.MIGRATIONS) != VERSION + 1:
        raise GiveUp("This version of LangGraph keeps its memory otherwise than AIMA's database does.")
    async with open_pool(app_url, SCHEMA) as pool:
        yield BoundSaver(pool)
