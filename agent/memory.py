"""Where conversations are kept between questions: LangGraph checkpoints in PostgreSQL, in a schema of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

SCHEMA = "checkpoints"
APP_ROLE = "aima_app"
_POOL_SIZE = 4


@asynccontextmanager
async def open_memory(app_url: str) -> AsyncIterator[AsyncPostgresSaver]:
    """A checkpointer on `app_url` (SQLAlchemy or libpq form); its tables are made in the schema `checkpoints`.

    A login other than the restricted role must be a member of it, and acts as it.
    """
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from psycopg.rows import dict_row
    from psycopg_pool import AsyncConnectionPool

    options = f"-c search_path={SCHEMA} -c role={APP_ROLE}"
    pool = AsyncConnectionPool(
        app_url.replace("postgresql+psycopg://", "postgresql://", 1),
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row, "options": options},
        min_size=1,
        max_size=_POOL_SIZE,
        open=False,
    )
    async with pool:
        saver = AsyncPostgresSaver(pool)  # type: ignore[arg-type]
        await saver.setup()
        yield saver
