"""A request is answered once, whether its answer or its cancellation comes first.

The SDK lets the two run into each other (github.com/modelcontextprotocol/python-sdk/issues/2416): a cancellation that
comes while the answer waits to be written breaks the writing off, and an answer that comes after a cancellation is an
error. Either ends the whole session, and with it the server of a client over stdio.
"""

from __future__ import annotations

from typing import Any

from mcp.shared.session import RequestResponder

__all__ = ["answer_once"]

_respond, _cancel = RequestResponder.respond, RequestResponder.cancel


def answer_once() -> None:
    """Have every session of this process answer a request once; what comes after changes nothing."""
    RequestResponder.respond = _respond_first  # type: ignore[assignment, method-assign]
    RequestResponder.cancel = _cancel_first  # type: ignore[assignment, method-assign]


async def _respond_first(responder: RequestResponder[Any, Any], response: Any) -> None:
    if not responder._completed:
        await _respond(responder, response)


async def _cancel_first(responder: RequestResponder[Any, Any]) -> None:
    if not responder._completed:
        await _cancel(responder)
