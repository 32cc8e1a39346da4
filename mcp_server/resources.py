"""What an assistant may read before it asks: resources (tool results under an address) and guides (ready requests)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
from fastmcp import FastMCP
from fastmcp.exceptions import ResourceError
from fastmcp.prompts.base import Prompt, PromptArgument
from fastmcp.resources.base import Resource, ResourceResult
from fastmcp.resources.template import ResourceTemplate
from pydantic import AnyUrl, PrivateAttr

from core.errors import AimaError
from core.identity import Identity
from prompts import render
from tools.runtime import Runtime

RESOURCES = {
    "aima://data": "describe_data",
    "aima://features": "feature_dictionary",
    "aima://segments": "list_segments",
    "aima://proposals": "list_proposals",
}
CUSTOMER = "aima://customers/{customer}"

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


class ToolResource(Resource):
    """The result of a tool without arguments, as JSON."""

    mime_type: str = "application/json"
    _fetch: Callable[[], dict[str, Any]] = PrivateAttr()

    @classmethod
    def of(cls, uri: str, tool: str, runtime: Runtime, identity: Callable[[], Identity]) -> ToolResource:
        """The resource at `uri`; `identity` is asked at each reading."""
        entry = runtime.catalogue.get(tool)
        made = cls(uri=AnyUrl(uri), name=tool, description=entry.description)
        made._fetch = partial(_result, runtime, tool, {}, identity)
        return made

    async def read(self) -> ResourceResult | str:
        """The result now."""
        return await _as_text(self._fetch)


def add_resources(server: FastMCP[None], runtime: Runtime, identity: Callable[[], Identity]) -> None:
    """Offer what the catalogue can read without being asked anything, and one customer by id."""
    known = runtime.catalogue.tools
    for uri, tool in RESOURCES.items():
        if tool in known:
            server.add_resource(ToolResource.of(uri, tool, runtime, identity))
    if "customer_profile" in known:

        async def customer(customer: str) -> str:
            return await _as_text(partial(_result, runtime, "customer_profile", {"customer": customer}, identity))

        server.add_template(
            ResourceTemplate.from_function(
                customer,
                CUSTOMER,
                name="customer_profile",
                description=known["customer_profile"].description,
                mime_type="application/json",
            )
        )


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


def _result(runtime: Runtime, tool: str, arguments: dict[str, Any], identity: Callable[[], Identity]) -> dict[str, Any]:
    return runtime.call(tool, arguments, identity()).model_dump(mode="json")


async def _as_text(read: Callable[[], dict[str, Any]]) -> str:
    try:
        return json.dumps(await anyio.to_thread.run_sync(read), ensure_ascii=False)
    except AimaError as error:
        raise ResourceError(error.message) from error
