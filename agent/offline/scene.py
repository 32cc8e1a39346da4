"""What the offline model knows when it reads a question, from the messages of the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from agent.briefing import TOOL as BRIEFING_TOOL
from agent.transcript import role_of
from language.scene import Call, PastCall, Scene, scene_of_data
from tools.catalogue import Catalogue

__all__ = ["past", "scene_of"]


def scene_of(messages: Sequence[AnyMessage], catalogue: Catalogue) -> Scene:
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
                scene.past.append(past(Call(call["name"], dict(call["args"])), catalogue, result))
                scene.segments += _named_now(call["name"], result)
        elif role_of(message) == "task":
            break
    return scene


def past(call: Call, catalogue: Catalogue, result: Mapping[str, Any] | None = None) -> PastCall:
    """A call as later clauses see it; without a result, the customers it will speak of."""
    audience = result.get("audience") if result is not None else catalogue.audience(call.tool, call.arguments)
    return PastCall(call.tool, call.arguments, None if result is None else dict(result), audience)


def _named_now(tool: str, result: Mapping[str, Any] | None) -> list[str]:
    """Names of segments that a call made or told, later than the briefing."""
    told = result or {}
    if tool == "save_segment" and "segment" in told:
        return [str(told["segment"]["name"])]
    if tool == "list_segments":
        groups = [g for made in told.get("groupings", ()) if made["kind"] != "behaviour" for g in made["groups"]]
        return [str(each["name"]) for each in (*told.get("saved", ()), *groups)]
    return []
