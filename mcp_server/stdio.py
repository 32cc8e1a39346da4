"""MCP over standard input and output: one client, one identity."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from core.errors import NotAllowed
from core.identity import Identity
from database.engine import Database
from mcp_server.server import build_server
from tools.people.accounts import identity_of_key
from tools.runtime import Runtime

__all__ = ["holder_of", "serve_stdio"]


def serve_stdio(runtime: Runtime, identity: Identity | Callable[[], Identity], *, toolsets: Sequence[str] = ()) -> None:
    """Serve one client until it hangs up; nothing else may write to standard output meanwhile.

    MCP over stdio carries no token: every call acts as `identity` (asked anew at each call when it is a function).
    `toolsets` are the subjects whose tools are offered; all without any.
    """
    who = identity if callable(identity) else lambda: identity
    asyncio.run(build_server(runtime, identity=who, toolsets=toolsets).run_stdio_async(show_banner=False))


def holder_of(database: Database, key: str) -> Callable[[], Identity]:
    """The identity of the holder of `key`, looked up at each call: revoking the key ends a running session, too."""

    def identity() -> Identity:
        found = identity_of_key(database, key, door="mcp")
        if found is None:
            raise NotAllowed("AIMA_API_KEY is not, or no longer, valid. Make a key with `aima key add`.")
        return found

    return identity
