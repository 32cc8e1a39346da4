"""What every model is told before it starts: what data there is, as the result of a real tool call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from langchain_core.messages import AnyMessage, ToolMessage

from agent.state import Finding
from agent.transcript import exchange
from core.errors import AimaError

if TYPE_CHECKING:
    from agent.toolbox import Toolbox

TOOL = "describe_data"
_ID = "briefing"


async def briefing(toolbox: Toolbox) -> list[AnyMessage]:
    """describe_data and its result (or what went wrong) as messages."""
    finding: Finding = {
        "id": _ID, "step": "", "agent": "research", "tool": TOOL, "arguments": {},
        "result": None, "error": None, "error_code": None,
    }  # fmt: skip
    try:
        finding["result"] = await toolbox.call(TOOL, {}, thread_id=None, call_id=None)
    except AimaError as error:
        finding["error"], finding["error_code"] = error.message, error.code
    return exchange([finding], rows=80)


def as_of(messages: list[AnyMessage]) -> str:
    """The last day of the data the briefing states; 'unknown' without data."""
    for message in messages:
        if isinstance(message, ToolMessage) and message.name == TOOL:
            instant = (message.artifact or {}).get("as_of")
            return _last_day(str(instant)) if instant else "unknown (no data yet)"
    return "unknown (no data yet)"


def _last_day(instant: str) -> str:
    return (datetime.fromisoformat(instant) - timedelta(microseconds=1)).date().isoformat()
