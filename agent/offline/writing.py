"""Answers in words, written from tool results by the wording each tool declares.

No figure is computed here: each stands in a result (or is a share of it in percent).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from tools.catalogue import Catalogue
from tools.outcome import Outcome

__all__ = ["write"]


def write(question: str, messages: Sequence[AnyMessage], catalogue: Catalogue) -> str:
    """The answer to `question` from the calls, results and notes in `messages`."""
    calls: dict[str, Mapping[str, Any]] = {}
    parts: list[str] = []
    several: dict[str, list[Outcome[Any, Any]]] = {}
    called = tuple(m.name for m in messages if isinstance(m, ToolMessage) and m.name)
    for message in messages:
        if isinstance(message, AIMessage):
            calls |= {call["id"] or "": call["args"] for call in message.tool_calls}
            if not message.tool_calls and message.text:
                parts.append(message.text)
        elif isinstance(message, ToolMessage):
            if message.status == "error":
                parts.append(_failed(message.artifact))
                continue
            name = message.name or ""
            given = calls.get(message.tool_call_id, {})
            outcome = catalogue.outcome(name, given, message.artifact, question=question, beside=called)
            parts.append(catalogue.get(name).worded(outcome))
            several.setdefault(name, []).append(outcome)
    for name, outcomes in several.items():
        compared = catalogue.get(name).comparison
        parts.append(compared([one.as_text() for one in outcomes]) if compared and len(outcomes) > 1 else "")
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _failed(problem: Mapping[str, Any]) -> str:
    error, code = str(problem.get("error", "")), problem.get("code")
    if code == "no_such_data":
        said = error.removeprefix("There is no such data: ").replace(" Valid: ", " There is: ").replace("_", " ")
        return f"**There is no such data:** {said[:1].lower()}{said[1:]}"
    if code == "not_found":
        return error
    if code == "not_allowed":
        return f"That is not allowed with your rights. {error}"
    return f"That did not work: {error}"
