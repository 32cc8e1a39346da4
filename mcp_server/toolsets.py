"""Toolsets: the subjects of the catalogue as groups of tools that a client asks for, so that its list is short.

Over stdio they are chosen at the start, over HTTP in the address: /mcp?toolsets=segments,churn. None chosen: all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fastmcp.server.dependencies import get_http_request
from fastmcp.server.transforms import GetToolNext, Transform
from fastmcp.tools.base import Tool as McpTool
from fastmcp.utilities.versions import VersionSpec

from core.errors import FixArguments

__all__ = ["Toolsets", "asked_in_address"]

ALWAYS = "data"  # describe_data, with which every session begins


class Toolsets(Transform):
    """Leaves only the tools tagged with a toolset that was chosen; `chosen` is asked at each request."""

    def __init__(self, known: Collection[str], chosen: Callable[[], Sequence[str]]) -> None:
        self._known, self._chosen = known, chosen

    def chosen(self) -> set[str]:
        """The toolsets in force, none meaning all; FixArguments when one of them does not exist."""
        names = set(self._chosen())
        for name in sorted(names - set(self._known)):
            raise FixArguments(f"There is no toolset '{name}'.", field="toolsets", valid=sorted(self._known))
        return names and {ALWAYS, *names}

    async def list_tools(self, tools: Sequence[McpTool]) -> Sequence[McpTool]:
        """The tools of the chosen toolsets."""
        names = self.chosen()
        return [tool for tool in tools if not names or names & tool.tags]

    async def get_tool(
        self, name: str, call_next: GetToolNext, *, version: VersionSpec | None = None
    ) -> McpTool | None:
        """The tool, if it is of a chosen toolset."""
        tool, names = await call_next(name, version=version), self.chosen()
        return tool if tool is None or not names or names & tool.tags else None


def asked_in_address() -> Sequence[str]:
    """The toolsets named in the address of the HTTP request at hand; none outside of one."""
    try:
        query = get_http_request().query_params
    except RuntimeError:
        return ()
    return [name.strip() for name in query.get("toolsets", "").split(",") if name.strip()]
