"""A turn as chat messages: the same for any model, with whole results for one that runs in process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.state import Finding

__all__ = ["ROLE", "exchange", "question_message", "recent", "refused", "remembered", "role_of", "task_message"]

ROLE = "aima_role"  # in additional_kwargs: question, task or correction; never sent to an endpoint
_ROWS_SHOWN = 40
_ROWS_REMEMBERED = 5
_TURNS = 6
_TEXT_SHOWN = 1_500


def question_message(text: str) -> HumanMessage:
    """What the user asked."""
    return HumanMessage(text, additional_kwargs={ROLE: "question"})


def task_message(text: str) -> HumanMessage:
    """What a sub-agent is to do."""
    return HumanMessage(text, additional_kwargs={ROLE: "task"})


def role_of(message: AnyMessage) -> str | None:
    """question, task or correction; None for any other message."""
    role = message.additional_kwargs.get(ROLE)
    return role if isinstance(role, str) else None


def exchange(findings: Iterable[Finding], *, rows: int = _ROWS_SHOWN) -> list[AnyMessage]:
    """Calls and their results as messages. The text holds `rows` rows of each list; the artifact holds everything."""
    found = list(findings)
    if not found:
        return []
    calls = [{"name": f["tool"], "args": f["arguments"], "id": f["id"], "type": "tool_call"} for f in found]
    return [AIMessage("", tool_calls=calls), *(_tool_message(f, rows) for f in found)]


def refused(reply: AIMessage) -> list[AnyMessage]:
    """`reply` and an error for each of its calls that was no valid JSON; empty when all were."""
    if not reply.invalid_tool_calls:
        return []
    errors = [
        ToolMessage(
            f"Error: the arguments are not valid JSON, or no object ({c['error']}). Give one JSON object.",
            tool_call_id=c["id"] or "",
            status="error",
        )
        for c in reply.invalid_tool_calls
    ]
    return [reply.model_copy(update={"tool_calls": []}), *errors]


def remembered(question: str, findings: Sequence[Finding], answer: str) -> list[AnyMessage]:
    """A finished turn as it is kept: results cut to a few rows."""
    kept: list[Finding] = []
    for finding in findings:
        result = finding["result"]
        kept.append({**finding, "result": None if result is None else _shortened(result, _ROWS_REMEMBERED)})
    return [question_message(question), *exchange(kept, rows=_ROWS_REMEMBERED), AIMessage(answer)]


def recent(messages: Sequence[AnyMessage], turns: int = _TURNS) -> list[AnyMessage]:
    """The last `turns` turns."""
    starts = [at for at, message in enumerate(messages) if role_of(message) == "question"]
    return list(messages[starts[-turns] :]) if len(starts) >= turns else list(messages)


def _tool_message(finding: Finding, rows: int) -> ToolMessage:
    if finding["result"] is None:
        return ToolMessage(
            f"Error: {finding['error']}",
            tool_call_id=finding["id"],
            name=finding["tool"],
            status="error",
            artifact={"error": finding["error"], "code": finding["error_code"]},
        )
    content = json.dumps(_shortened(finding["result"], rows), ensure_ascii=False, separators=(",", ":"))
    return ToolMessage(content, tool_call_id=finding["id"], name=finding["tool"], artifact=finding["result"])


def _shortened(value: Any, rows: int) -> Any:
    if isinstance(value, dict):
        return {key: item if key == "audience" else _shortened(item, rows) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item, rows) for item in value[:rows]]
    if isinstance(value, str) and len(value) > _TEXT_SHOWN:
        return value[:_TEXT_SHOWN] + " …"
    return value
