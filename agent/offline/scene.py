"""What the offline model knows when it reads a question, from the messages of the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from agent.briefing import TOOL as BRIEFING_TOOL
from agent.offline.smalltalk import small_talk
from agent.transcript import role_of
from language.scene import Call, PastCall, Scene, scene_of_data
from tools.catalogue import Catalogue

__all__ = ["past", "scene_of"]


def scene_of(messages: Sequence[AnyMessage], catalogue: Catalogue) -> Scene:
    """The scene the messages tell: the briefing first, then earlier turns and earlier steps of this turn."""
    scene = Scene()
    made: dict[str, tuple[int, Any]] = {}
    question = ""
    for at, message in enumerate(messages):
        if isinstance(message, AIMessage):
            made |= {call["id"] or "": (at, call) for call in message.tool_calls}
            scene.unanswered = (
                not message.tool_calls and role_of(messages[at - 1]) == "question" and small_talk(question) is None
            )
        elif isinstance(message, ToolMessage) and message.tool_call_id in made:
            _learn(scene, *made[message.tool_call_id], message, catalogue)
        elif role_of(message) == "question":
            question = str(message.content)
        elif role_of(message) == "task":
            break
    return scene


def past(call: Call, catalogue: Catalogue, result: Mapping[str, Any] | None = None) -> PastCall:
    """A call as later clauses see it; without a result, the customers it will speak of."""
    audience = result.get("audience") if result is not None else catalogue.audience(call.tool, call.arguments)
    return PastCall(call.tool, call.arguments, None if result is None else dict(result), audience)


def _learn(scene: Scene, clause: int, call: Any, message: ToolMessage, catalogue: Catalogue) -> None:
    """What a call and its result add to the scene."""
    result = message.artifact if message.status != "error" else {}
    if call["name"] == BRIEFING_TOOL and message.tool_call_id == "briefing":
        told = scene_of_data(result or {})
        for name in ("last_day", "now", "currency", "values", "metrics", "segments", "product_words"):
            setattr(scene, name, getattr(told, name))
        return
    made = past(Call(call["name"], dict(call["args"])), catalogue, result)
    scene.past.append(replace(made, clause=clause))
    scene.segments += _named_now(call["name"], result)


def _named_now(tool: str, result: Mapping[str, Any] | None) -> list[str]:
    """Names of segments that a call made or told, later than the briefing."""
    told = result or {}
    if tool == "save_segment" and "segment" in told:
        return [str(told["segment"]["name"])]
    if tool == "list_segments":
        groups = [g for made in told.get("groupings", ()) if made["kind"] != "behaviour" for g in made["groups"]]
        return [str(each["name"]) for each in (*told.get("saved", ()), *groups)]
    return []
