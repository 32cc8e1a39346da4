"""MCP over streamable HTTP: a key on every request."""

from __future__ import annotations

from functools import partial

from fastmcp.server.http import StarletteWithLifespan

from mcp_server.auth import KeyVerifier, caller
from mcp_server.server import build_server
from tools.runtime import Runtime

__all__ = ["http_app"]


def http_app(runtime: Runtime, *, path: str = "/mcp") -> StarletteWithLifespan:
    """The MCP server as an ASGI application at `path`; its `lifespan` must run with the process.

    Sessions are stateful, so that progress reaches the client.
    """
    database = runtime.database
    server = build_server(runtime, identity=partial(caller, database), auth=KeyVerifier(database))
    return server.http_app(path=path)
