"""What goes into a tool and comes out of it: bases of argument and result models, and the evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["IN_WORDS", "TERM", "Arguments", "Evidence", "Term", "ToolResult"]

IN_WORDS = "x-in-words"
"""In the schema of a model: its description tells it whole, so that lists of tools need not hold its fields."""
TERM = "term"
Term = Annotated[str, TERM]
"""An argument that is a word of AIMA's own, a metric or a field: "null" is none of them, so it means absent."""


class Arguments(BaseModel):
    """Base of argument models: unknown fields are an error, so that a typo is never ignored."""

    model_config = ConfigDict(extra="forbid")


class Evidence(BaseModel):
    """Where the figures of a result come from. `tool`, `arguments` and `data_until` are filled in by the catalogue."""

    tool: str = Field(default="", description="Name of the tool that was called.")
    arguments: dict[str, Any] = Field(default_factory=dict, description="Arguments of the call, defaults included.")
    rows: int = Field(description="Number of rows the figures rest on.")
    as_of: datetime | None = Field(default=None, description="Instant the figures are true for, exclusive.")
    data_until: date | None = Field(default=None, description="Last day covered, in the organisation's time zone.")
    sources: list[str] = Field(default_factory=list, description="Tables that were read.")
    definitions: list[str] = Field(default_factory=list, description="What the terms mean, one sentence each.")


class ToolResult(BaseModel):
    """Base of result models. Instants leave in the organisation's time zone."""

    evidence: Evidence = Field(description="Where these figures come from.")
    audience: dict[str, Any] | None = Field(default=None, description="Rule of the customers this speaks of, if any.")
