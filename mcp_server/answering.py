"""A request is answered once, whether its answer or its cancellation comes first.

The SDK lets the two run into each other (github.com/modelcontextprotocol/python-sdk/issues/2416): a cancellation that
comes while the answer waits to be written breaks the writing off, and an answer that comes after a cancellation is an
error. Either ends the whole session, and with it the server of a client over stdio.
"""

from __future__ import annotations

from typing import Any

import mcp.shared.session
from mcp.shared.session import RequestResponder

__all__ = ["answer_once"]


class OneAnswer(RequestResponder[Any, Any]):
    """A request: what comes after its answer, or after the word that it is cancelled, changes nothing."""

    async def respond(self, response: Any) -> None:
        """Answer it, where nothing has."""
        if not self._completed:
            await super().respond(response)

    async def cancel(self) -> None:
        """Cancel it, where it has no answer yet."""
        if not self._completed:
            await super().cancel()


def answer_once() -> None:
    """Have every session of this process answer a request once."""
    mcp.shared.session.RequestResponder = OneAnswer  # type: ignore[misc]
