"""The web process: chat, MCP, API and health as one ASGI application on one port.

uvicorn cli.asgi:create_app --factory
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from core.settings import Settings, get_settings

if TYPE_CHECKING:
    from fastapi import FastAPI


def create_app(settings: Settings | None = None) -> FastAPI:
    """Wire everything; connections open when the process starts serving."""
    from starlette.routing import Route

    from chat.mounting import mount_chat
    from chat.parts import Parts
    from cli.wiring import build_runtime, open_conversation
    from database.queries.readiness import check_database, check_schema
    from mcp_server.http import http_app
    from tools.campaigns.unsubscribe import base_url, signing_key
    from web.app import create_app as create_web
    from workers.queue import check_broker

    settings = settings or get_settings()
    runtime = build_runtime(settings)
    mcp = http_app(runtime)
    parts = Parts(runtime)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(mcp.lifespan(mcp))
            parts.conversation = await stack.enter_async_context(open_conversation(runtime, settings))
            stack.push_async_callback(parts.close)
            yield
        runtime.close()

    checks = {
        "database": partial(check_database, runtime.database),
        "schema": partial(check_schema, runtime.database),
        "broker": partial(check_broker, settings),
    }
    key = signing_key(settings)
    app = create_web(runtime, key=key, checks=checks, lifespan=lifespan)
    app.router.routes.append(Route("/mcp", endpoint=mcp))
    mount_chat(app, parts, key=key, address=base_url(settings), files=settings.home / "chat-files")
    return app
