"""Tools and look-ups block, so they run in worker threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread

__all__ = ["in_thread"]

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` returns. A request cancelled meanwhile ends here, once the thread is done, and not as a failed one:
    waiting for a thread swallows the cancellation, and whatever tells the client of progress fails by it.
    """
    try:
        return await anyio.to_thread.run_sync(work)
    finally:
        await anyio.lowlevel.checkpoint_if_cancelled()
