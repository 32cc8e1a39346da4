"""The web process: chat, MCP, API and health as one ASGI application on one port.

uvicorn cli.asgi:create_app --factory
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from core.settings import Settings, get_settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fastapi import FastAPI

    from agent.events import Event
    from chat.parts import Parts
    from tools.runtime import Runtime
    from web.health import Check


def create_app(settings: Settings | None = None) -> FastAPI:
    """Wire everything; connections open when the process starts serving."""
    from starlette.routing import Route

    from chat.mounting import mount_chat
    from chat.parts import Parts
    from cli.children import local_host
    from cli.session import organisation
    from cli.shell_door import ASK_PATH, new_door
    from cli.wiring import build_runtime, open_conversation
    from mcp_server.http import http_app
    from tools.campaigns.unsubscribe import base_url, signing_key
    from web.app import create_app as create_web
    from web.origins import Places
    from web.shell import shell_routes

    settings = settings or get_settings()
    runtime = build_runtime(settings)
    mcp = http_app(runtime)
    parts = Parts(runtime)
    door = new_door(local_host(settings.host), settings.port)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(mcp.lifespan(mcp))
            parts.conversation = await stack.enter_async_context(open_conversation(runtime, settings))
            stack.push_async_callback(parts.close)
            stack.enter_context(door.written(settings.home))
            yield
        runtime.close()

    key = signing_key(settings)
    app = create_web(runtime, key=key, checks=_checks(runtime, settings), lifespan=lifespan, places=Places.of(settings))
    app.router.routes.append(Route("/mcp", endpoint=mcp))
    app.include_router(shell_routes(ASK_PATH, door.key, partial(organisation, runtime.database), partial(_turn, parts)))
    mount_chat(app, parts, address=base_url(settings), files=settings.home / "chat-files")
    return app


def _checks(runtime: Runtime, settings: Settings) -> dict[str, Check]:
    from database.queries.readiness import check_database, check_schema
    from workers.queue import check_broker

    return {
        "database": partial(check_database, runtime.database),
        "schema": partial(check_schema, runtime.database),
        "broker": partial(check_broker, settings),
    }


def _turn(parts: Parts, question: str, org_id: UUID, thread: str) -> AsyncGenerator[Event, None]:
    """One turn of this machine's shell."""
    from cli.session import shell_identity
    from core.errors import RetryLater

    if parts.conversation is None:
        raise RetryLater("The conversation is still starting; ask again in a moment.", retry_after_s=2)
    return parts.conversation.ask(question, shell_identity(org_id), thread)
