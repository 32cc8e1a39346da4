"""How the agent reaches tools: over MCP, in process or by HTTP. The composition root hands one in.

The in-process form belongs to mcp_server (it calls the server's own `call_tool`); it fits `Toolbox` by its shape.
Tools with the effect operate are never listed: no model can call them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class ToolSpec(Protocol):
    """What a model needs to know to call a tool."""

    @property
    def name(self) -> str:
        """Name to call it by."""
        ...

    @property
    def description(self) -> str:
        """What it is for; first line says when to choose it."""
        ...

    @property
    def input_schema(self) -> Mapping[str, Any]:
        """JSON schema of the arguments."""
        ...

    @property
    def effect(self) -> str:
        """read, compute or propose."""
        ...


class Toolbox(Protocol):
    """The tools of the caller's organisation. The identity is the one bound by `core.identity.acting_as`."""

    async def list_tools(self) -> Sequence[ToolSpec]:
        """Every tool the agent may call."""
        ...

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, thread_id: str | None = None, call_id: str | None = None
    ) -> dict[str, Any]:
        """The structured result (the result model as JSON, `evidence` included).

        Errors: those of core/errors.py (FixArguments, NoSuchData, NotAllowed, RetryLater …), message included.
        """
        ...
