"""`aima mcp`: the MCP server on standard input and output, for an assistant on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def mcp(
    org: Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="AIMA_API_KEY", help="Serve with this key's rights; reading and proposing otherwise."),
    ] = None,
    toolset: Annotated[
        list[str] | None, typer.Option(help="Serve the tools of this subject only; may be repeated. All otherwise.")
    ] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Serve the tools over stdio, bound to one identity. Over HTTP they are at /mcp of `aima up`."""
    from cli.session import opened, organisation
    from core.identity import PROPOSE, READ, Identity
    from mcp_server.stdio import holder_of, serve_stdio

    os.environ.setdefault("FASTMCP_SHOW_SERVER_BANNER", "false")
    with opened(home) as session:
        if key:
            serve_stdio(session.runtime, holder_of(session.database, key), toolsets=toolset or ())
        else:
            org_id = organisation(session.database, org)
            local = Identity(org_id, "stdio", frozenset({READ, PROPOSE}), "mcp")
            serve_stdio(session.runtime, local, toolsets=toolset or ())
