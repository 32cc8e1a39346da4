"""What every model is told before it starts: what data there is, as the result of a real tool call."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from langchain_core.messages import AnyMessage, ToolMessage

from agent.state import Finding
from agent.transcript import exchange
from core.errors import AimaError
from core.identity import current_identity

if TYPE_CHECKING:
    from agent.toolbox import Toolbox

TOOL = "describe_data"
_ID = "briefing"
_ROWS = 80
_KEPT_S = 60.0


class Briefings:
    """describe_data and its result as messages, kept for a short while: an import shows within a minute."""

    def __init__(
        self, toolbox: Toolbox, clock: Callable[[], float] = time.monotonic, *, product_words: bool = False
    ) -> None:
        self._toolbox, self._clock = toolbox, clock
        self._asked: dict[str, Any] = {"product_words": True} if product_words else {}
        self._kept: dict[tuple[UUID, str], tuple[float, list[AnyMessage]]] = {}

    async def tell(self) -> list[AnyMessage]:
        """The briefing of the caller (or what went wrong, which is not kept)."""
        caller = current_identity()
        key, now = (caller.org_id, caller.actor), self._clock()
        kept = self._kept.get(key)
        if kept and now - kept[0] < _KEPT_S:
            return kept[1]
        told, ok = await self._ask()
        if ok:
            self._kept = {k: v for k, v in self._kept.items() if now - v[0] < _KEPT_S} | {key: (now, told)}
        return told

    async def _ask(self) -> tuple[list[AnyMessage], bool]:
        finding: Finding = {
            "id": _ID, "step": "", "agent": "research", "tool": TOOL, "arguments": self._asked,
            "result": None, "error": None, "error_code": None,
        }  # fmt: skip
        try:
            finding["result"] = await self._toolbox.call(TOOL, self._asked, thread_id=None, call_id=None)
        except AimaError as error:
            finding["error"], finding["error_code"] = error.message, error.code
        return exchange([finding], rows=_ROWS), finding["result"] is not None


def as_of(messages: list[AnyMessage]) -> str:
    """The last day of the data the briefing states; 'unknown' without data."""
    for message in messages:
        if isinstance(message, ToolMessage) and message.name == TOOL:
            until = (message.artifact or {}).get("evidence", {}).get("data_until")
            return str(until) if until else "unknown (no data yet)"
    return "unknown (no data yet)"
