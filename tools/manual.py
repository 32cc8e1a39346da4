"""What there is to know about calling a tool: for programs that ask, where lists of tools are kept short."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from tools.declaration import Effect, Tool

__all__ = ["Manual", "ToolInfo"]


class ToolInfo(BaseModel):
    """One tool of the catalogue."""

    name: str = Field(description="Name; its route is /api/v1/tools/NAME.")
    title: str = Field(description="Name as people read it.")
    description: str = Field(description="What it is for.")
    toolset: str = Field(description="The subject it belongs to; MCP clients switch tools on by subject.")
    effect: Effect = Field(description="read, compute, propose, or operate (only a person can, in the chat).")
    scope: str = Field(description="Scope the key needs.")

    @classmethod
    def of(cls, tool: Tool[Any, Any]) -> ToolInfo:
        """What a list says of `tool`."""
        return ToolInfo(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            toolset=tool.subject,
            effect=tool.effect,
            scope=tool.scope,
        )


class Manual(ToolInfo):
    """One tool of the catalogue in full."""

    input_schema: dict[str, Any] = Field(description="JSON schema of the arguments.")
    output_schema: dict[str, Any] = Field(description="JSON schema of the result, with titles and units.")
    examples: list[dict[str, Any]] = Field(description="Arguments of calls.")

    @classmethod
    def of(cls, tool: Tool[Any, Any]) -> Manual:
        """All about `tool`."""
        return Manual(
            **ToolInfo.of(tool).model_dump(),
            input_schema=tool.arguments.model_json_schema(),
            output_schema=tool.result.model_json_schema(mode="serialization"),
            examples=[dict(example) for example in tool.examples],
        )
