"""Where the parts are put together: engines to settings, settings to runtime, runtime to conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr

from core.settings import Settings

if TYPE_CHECKING:
    from agent.conversation import Conversation
    from agent.toolbox import Toolbox
    from cli.engines.running import Engines
    from tools.runtime import Runtime


def settings_with(settings: Settings, engines: Engines) -> Settings:
    """The settings, with the addresses of the engines that were started or joined."""
    from core.secrets import secret_key

    return settings.model_copy(
        update={
            "app_database_url": SecretStr(engines.app_url),
            "broker_url": SecretStr(engines.broker_url),
            "secret_key": settings.secret_key or SecretStr(secret_key(settings).decode()),
        }
    )


def bring_up_to_date(owner_url: str) -> None:
    """The newest schema, its view of customers showing the addresses and consents of the channels there are."""
    from connectors.channels.discovery import address_kinds, channels
    from database import migrate

    migrate.upgrade(owner_url)
    migrate.show_contacts(owner_url, address_kinds(), channels())


def build_runtime(settings: Settings) -> Runtime:
    """Catalogue, database and queue as one."""
    from database.engine import Database
    from tools.catalogue import catalogue
    from tools.runtime import Runtime
    from workers.queue import Queue

    database = Database.from_settings(settings)
    return Runtime(catalogue(), database, Queue(database, settings).enqueue, settings=settings)


def build_toolbox(runtime: Runtime, settings: Settings) -> Toolbox:
    """The agent's way to the tools: in process, or the MCP server that AIMA_MCP_URL names."""
    from mcp_server.server import build_server
    from mcp_server.toolbox import InProcessToolbox, RemoteToolbox

    if settings.mcp_url and settings.mcp_key:
        return RemoteToolbox(settings.mcp_url, settings.mcp_key.get_secret_value())
    return InProcessToolbox(build_server(runtime))


@asynccontextmanager
async def open_conversation(runtime: Runtime, settings: Settings) -> AsyncIterator[Conversation]:
    """A conversation whose memory is kept in PostgreSQL, over the configured model or the offline one."""
    from agent.conversation import Conversation
    from agent.graph import build_graph
    from agent.memory import open_memory
    from agent.models import chat_model

    async with open_memory(runtime.database.libpq_uri()) as memory:
        graph = build_graph(
            chat_model(settings, runtime.catalogue), build_toolbox(runtime, settings), runtime.catalogue, memory
        )
        yield Conversation(graph, runtime.conventions)
