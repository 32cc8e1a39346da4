"""What is the same for every call of every tool: rights, evidence, local time, audit. The catalogue applies it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from core.calendar import Calendar
from core.errors import AskPerson
from core.identity import Identity
from tools.context import Context
from tools.declaration import Effect, Tool
from tools.results import Arguments, ToolResult

__all__ = ["audit", "in_local_time", "permit", "with_evidence"]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_LENGTHS = range(17, 33)  # of an instant as text


def permit(tool: Tool[Any, Any], identity: Identity) -> None:
    """NotAllowed without the scope; AskPerson where anything but a person calls what acts on the world."""
    identity.require(tool.scope)
    if tool.effect is Effect.OPERATE and not identity.person:
        raise AskPerson(f"'{tool.name}' acts on the world: only a person can do it, in the chat or at the shell.")


def with_evidence(tool: Tool[Any, Any], arguments: Arguments, result: ToolResult, calendar: Calendar) -> None:
    """Fill in which call it was, the last day it covers, and whom it speaks of."""
    evidence = result.evidence
    evidence.tool = tool.name
    evidence.arguments = arguments.model_dump(mode="json", exclude_none=True)
    if evidence.as_of is not None:
        evidence.data_until = calendar.last_day(evidence.as_of)
    if tool.audience is not None:
        result.audience = tool.audience(arguments, result)


def in_local_time(value: Any, calendar: Calendar) -> Any:
    """`value` with every instant in it as clocks of the organisation show it; models and lists are changed in place."""
    if isinstance(value, datetime):
        return calendar.local(value) if value.tzinfo else value
    if isinstance(value, str):
        return _local_text(value, calendar) if len(value) in _LENGTHS and _INSTANT.fullmatch(value) else value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if (changed := in_local_time(inner, calendar)) is not inner:
                setattr(value, name, changed)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if not isinstance(inner, int | float):
                value[at] = in_local_time(inner, calendar)
    elif isinstance(value, dict):
        for key, inner in value.items():
            value[key] = in_local_time(inner, calendar)
    return value


def audit(context: Context, tool: Tool[Any, Any], result: ToolResult) -> None:
    """Record what was proposed or done, by whom, through which door."""
    from database.queries import audit as queries

    with context.transaction() as connection:
        queries.record(
            connection,
            actor=context.identity.actor,
            door=context.identity.door,
            action=tool.name,
            subject=getattr(result, "audit_subject", None),
            detail={"arguments": result.evidence.arguments},
        )


def _local_text(text: str, calendar: Calendar) -> str:
    return calendar.local(datetime.fromisoformat(text.replace("Z", "+00:00"))).isoformat()
