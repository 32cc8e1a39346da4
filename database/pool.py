"""An asynchronous pool for libraries that keep their own tables in a schema of ours (conversation state)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from database.engine import APP_ROLE

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

POOL_SIZE = 4


@asynccontextmanager
async def open_pool(app_url: str, schema: str) -> AsyncIterator[AsyncConnectionPool[AsyncConnection[dict[str, Any]]]]:
    """Autocommit connections on `app_url` (SQLAlchemy or libpq form) that see `schema` only, as the restricted role.

    A login other than the restricted role must be a member of it. Rows come as dictionaries.
    """
    from psycopg import AsyncConnection
    from psycopg.rows import dict_row
    from psycopg_pool import AsyncConnectionPool

    pool: AsyncConnectionPool[AsyncConnection[dict[str, Any]]] = AsyncConnectionPool(
        app_url.replace("postgresql+psycopg://", "postgresql://", 1),
        connection_class=AsyncConnection[dict[str, Any]],
        kwargs={
            "autocommit": True,
            "prepare_threshold": 0,
            "row_factory": dict_row,
            "options": f"-c search_path={schema} -c role={APP_ROLE}",
        },
        min_size=1,
        max_size=POOL_SIZE,
        open=False,
    )
    async with pool:
        yield pool
