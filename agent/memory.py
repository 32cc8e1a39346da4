"""Where conversations are kept between questions: LangGraph checkpoints in PostgreSQL, in a schema of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from database.pool import open_pool

if TYPE_CHECKING:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

SCHEMA = "checkpoints"


@asynccontextmanager
async def open_memory(app_url: str) -> AsyncIterator[AsyncPostgresSaver]:
    """A checkpointer on `app_url` (SQLAlchemy or libpq form); its tables are made in the schema `checkpoints`."""
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

    async with open_pool(app_url, SCHEMA) as pool:
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        yield saver
