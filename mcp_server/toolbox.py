"""The agent's way to the tools: in process over the server's own `call_tool`, or as a client of a server elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastmcp import Client, FastMCP
from fastmcp.exceptions import NotFoundError, ToolError
from pydantic import ValidationError

from core.errors import AimaError, FixArguments, GiveUp, NotFound, error_of
from mcp_server.server import CALL, THREAD, Origin, call_origin, effect_of, structured


@dataclass(frozen=True, slots=True)
class Spec:
    """What a model needs to know to call a tool."""

    name: str
    description: str
    input_schema: Mapping[str, Any]
    effect: str


class InProcessToolbox:
    """Tools of a server in this process; the identity is the one bound by `core.identity.acting_as`."""

    def __init__(self, server: FastMCP[None]) -> None:
        self._server = server

    async def list_tools(self) -> Sequence[Spec]:
        """Every tool the agent may call."""
        tools = await self._server.list_tools()
        return [Spec(t.name, t.description or "", t.parameters, effect_of(t.tags)) for t in tools]

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, thread_id: str | None = None, call_id: str | None = None
    ) -> dict[str, Any]:
        """The structured result; the error of core/errors.py that the tool raised."""
        token = call_origin.set(Origin(thread_id, call_id))
        try:
            return structured(await self._server.call_tool(name, dict(arguments)))
        except ToolError as error:
            raise _cause(error) from None
        except (NotFoundError, ValidationError) as error:
            raise await self._unknown(name, error) from None
        finally:
            call_origin.reset(token)

    async def _unknown(self, name: str, error: Exception) -> AimaError:
        names = sorted(spec.name for spec in await self.list_tools())
        if name not in names:
            return NotFound(f"There is no tool '{name}'.", field="tool", valid=names)
        return FixArguments(str(error))


class RemoteToolbox:
    """Tools of a server elsewhere, over streamable HTTP with a bearer key."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key

    async def list_tools(self) -> Sequence[Spec]:
        """Every tool the agent may call."""
        async with Client(self._url, auth=self._key) as client:
            tools = await client.list_tools()
        return [Spec(t.name, t.description or "", t.inputSchema, _effect_from_hints(t)) for t in tools]

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, thread_id: str | None = None, call_id: str | None = None
    ) -> dict[str, Any]:
        """The structured result; the error of core/errors.py that the tool raised there."""
        async with Client(self._url, auth=self._key) as client:
            named = {key: value for key, value in ((THREAD, thread_id), (CALL, call_id)) if value}
            result = await client.call_tool(name, dict(arguments), raise_on_error=False, meta=named or None)
            names = sorted(tool.name for tool in await client.list_tools()) if result.is_error else [name]
        if name not in names:
            raise NotFound(f"There is no tool '{name}'.", field="tool", valid=names)
        if result.is_error:
            raise error_from_text(" ".join(getattr(block, "text", "") for block in result.content))
        return dict(result.structured_content or {})


def _cause(error: ToolError) -> AimaError:
    return error.__cause__ if isinstance(error.__cause__, AimaError) else error_from_text(str(error))


def error_from_text(text: str) -> AimaError:
    """The error a server wrote as text: message, newline, {"code": …} (see mcp_server.server.error_text)."""
    message, _, form = text.rpartition("\n")
    try:
        code = json.loads(form).get("code") if message else None
    except (ValueError, AttributeError):
        code = None
    return error_of(code, message) if code else GiveUp(text)


def _effect_from_hints(tool: Any) -> str:
    hints = tool.annotations
    if hints is not None and hints.readOnlyHint:
        return "read"
    return "compute" if hints is not None and hints.idempotentHint else "propose"
