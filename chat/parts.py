"""What the screen works with, handed in once by the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import GiveUp
from core.identity import Identity
from tools.runtime import Runtime

if TYPE_CHECKING:
    from agent.conversation import Conversation

__all__ = ["Parts", "install", "installed"]


@dataclass(slots=True)
class Parts:
    """The runtime, the conversation once it is open, and what goes on beside the messages."""

    runtime: Runtime
    conversation: Conversation | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def call(
        self, tool: str, arguments: Mapping[str, Any], identity: Identity, *, thread_id: str | None = None
    ) -> dict[str, Any]:
        """A tool's result as JSON; the errors of core/errors.py pass through."""
        result = await asyncio.to_thread(self.runtime.call, tool, arguments, identity, thread_id=thread_id)
        return result.model_dump(mode="json")

    def offers(self, tool: str) -> bool:
        """Whether the catalogue has this tool."""
        return tool in self.runtime.catalogue.tools

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` go on beside the messages; it ends with the process at the latest."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what goes on beside the messages."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


_installed: list[Parts] = []


def install(parts: Parts) -> None:
    """Hand the parts to the screen; chainlit's callbacks have no other way to get them."""
    _installed[:] = [parts]


def installed() -> Parts:
    """The parts; GiveUp before `install`."""
    if not _installed:
        raise GiveUp("The chat was not mounted by the composition root.")
    return _installed[0]
