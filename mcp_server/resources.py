"""What an assistant may read before it asks: results and manuals of tools under an address, and ready requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastmcp import FastMCP
from fastmcp.exceptions import ResourceError
from fastmcp.prompts.base import Prompt, PromptArgument
from fastmcp.resources.base import Resource, ResourceResult
from fastmcp.resources.template import ResourceTemplate
from pydantic import AnyUrl, BaseModel, PrivateAttr

from core.errors import AimaError, NotFound
from core.identity import Identity
from mcp_server.threads import in_thread
from prompts import render
from tools.declaration import Tool
from tools.manual import Manual
from tools.runtime import Runtime

MANUAL = "aima://tools/{name}"

GUIDES: dict[str, tuple[str, dict[str, str]]] = {
    "month_in_review": (
        "What happened in one month, compared with the month before.",
        {"month": "Month as YYYY-MM; the last whole month of the data when left out."},
    ),
    "who_is_leaving": (
        "Who is likely to leave, what they are worth, and what to do about it.",
        {"days": "30, 60 or 90; 60 when left out."},
    ),
    "win_back": (
        "Draft a win-back campaign for a segment and put it before a person.",
        {"segment": "Name of the segment; At Risk when left out."},
    ),
}


class Record(Resource):
    """Something read anew each time, as JSON."""

    mime_type: str = "application/json"
    _fetch: Callable[[], BaseModel] = PrivateAttr()

    @classmethod
    def of(cls, uri: str, name: str, description: str, fetch: Callable[[], BaseModel]) -> Record:
        """The resource at `uri`."""
        made = cls(uri=AnyUrl(uri), name=name, description=description)
        made._fetch = fetch
        return made

    async def read(self) -> ResourceResult | str:
        """What is there now."""
        try:
            return await in_thread(lambda: json.dumps(self._fetch().model_dump(mode="json"), ensure_ascii=False))
        except AimaError as error:
            raise ResourceError(error.message) from error


class Records(ResourceTemplate):
    """Records of one kind: the names in braces in the address are arguments of `fetch`."""

    mime_type: str = "application/json"
    _fetch: Callable[..., BaseModel] = PrivateAttr()

    @classmethod
    def of(cls, uri: str, name: str, description: str, fetch: Callable[..., BaseModel]) -> Records:
        """The resources at `uri`."""
        made = cls(uri_template=uri, name=name, description=description, parameters={})
        made._fetch = fetch
        return made

    async def create_resource(self, uri: str, params: dict[str, Any]) -> Record:
        """The one at `uri`."""
        return Record.of(uri, self.name, self.description or "", partial(self._fetch, **params))


def add_resources(
    server: FastMCP[None], runtime: Runtime, identity: Callable[[], Identity], offered: Mapping[str, Tool[Any, Any]]
) -> None:
    """Offer the results of tools that declare a `uri`, and the manual of each tool; `identity` is asked each time."""

    def result(_tool: str, **arguments: str) -> BaseModel:
        return runtime.call(_tool, arguments, identity())

    def manual(name: str) -> Manual:
        if name not in offered:
            raise NotFound(f"There is no tool '{name}'.", field="name", valid=sorted(offered))
        return Manual.of(offered[name])

    for tool in offered.values():
        if tool.uri and "{" in tool.uri:
            server.add_template(Records.of(tool.uri, tool.name, tool.description, partial(result, tool.name)))
        elif tool.uri:
            server.add_resource(Record.of(tool.uri, tool.name, tool.description, partial(result, tool.name)))
    about = "All about calling a tool: its description, full schemas of arguments and result, examples."
    server.add_template(Records.of(MANUAL, "tool", about, manual))


class Guide(Prompt):
    """A request in words that leads an assistant through the tools."""

    async def render(self, arguments: dict[str, Any] | None = None) -> str:
        """The text of prompts/guide_NAME.md with the arguments filled in."""
        given = arguments or {}
        return render(f"guide_{self.name}", **{a.name: given.get(a.name) for a in self.arguments or []})


def add_guides(server: FastMCP[None]) -> None:
    """Offer the guides as MCP prompts."""
    for name, (description, fields) in GUIDES.items():
        arguments = [PromptArgument(name=n, description=d, required=False) for n, d in fields.items()]
        server.add_prompt(Guide(name=name, description=description, arguments=arguments))
