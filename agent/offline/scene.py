"""What the offline model knows when it reads a question: the data there are, and what was asked before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from agent.briefing import TOOL as BRIEFING_TOOL
from agent.transcript import role_of

__all__ = ["Call", "PastCall", "Scene", "scene_of", "scene_of_data"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call to be made."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PastCall:
    """A tool call that was made, with its result where there is one."""

    tool: str
    arguments: dict[str, Any]
    result: dict[str, Any] | None = None


@dataclass(slots=True)
class Scene:
    """The data (from describe_data) and the calls of this conversation so far, oldest first.

    `segments` are the names the organisation's own groups have: clusters, discovered groups, saved segments.
    """

    as_of: date | None = None
    currency: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    metrics: dict[str, bool] = field(default_factory=dict)
    past: list[PastCall] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The last day of the data; without data no relative period can be resolved, so any fixed day will do."""
        return self.as_of or date(2000, 1, 1)

    @property
    def last(self) -> PastCall | None:
        """The call a follow-up refers to."""
        return self.past[-1] if self.past else None

    def last_of(self, *tools: str) -> PastCall | None:
        """The latest call of one of `tools`."""
        return next((call for call in reversed(self.past) if call.tool in tools), None)


def scene_of(messages: Sequence[AnyMessage]) -> Scene:
    """The scene the messages tell: the briefing first, then earlier turns and earlier steps of this turn."""
    scene = Scene()
    made: dict[str, Any] = {}
    for message in messages:
        if isinstance(message, AIMessage):
            made |= {call["id"] or "": call for call in message.tool_calls}
        elif isinstance(message, ToolMessage) and message.tool_call_id in made:
            call = made[message.tool_call_id]
            result = message.artifact if message.status != "error" else None
            if call["name"] == BRIEFING_TOOL and message.tool_call_id == "briefing":
                scene = replace(scene_of_data(result or {}), past=scene.past)
            else:
                scene.past.append(PastCall(call["name"], dict(call["args"]), result))
                scene.segments += _named_now(call["name"], result)
        elif role_of(message) == "task":
            break
    return scene


def _named_now(tool: str, result: Mapping[str, Any] | None) -> list[str]:
    """Names of segments that a call made or told, later than the briefing."""
    told = result or {}
    if tool == "save_segment" and "segment" in told:
        return [str(told["segment"]["name"])]
    if tool == "list_segments":
        groups = [g for made in told.get("groupings", ()) if made["kind"] != "behaviour" for g in made["groups"]]
        return [str(each["name"]) for each in (*told.get("saved", ()), *groups)]
    return []


def scene_of_data(data: Mapping[str, Any]) -> Scene:
    """The scene before anything was asked, from a result of describe_data."""
    scene = Scene()
    if data.get("as_of"):
        instant = datetime.fromisoformat(re.sub("Z$", "+00:00", str(data["as_of"])))
        # as_of is exclusive: data that end at midnight belong to the day before
        scene.as_of = (instant - timedelta(microseconds=1)).date()
    scene.currency = str(data.get("currency", ""))
    scene.values = {d["name"]: list(d["values"]) for d in data.get("dimensions", [])}
    scene.segments = list(data.get("segments", []))
    scene.metrics = {m["name"]: bool(m["available"]) for m in data.get("metrics", [])}
    return scene
