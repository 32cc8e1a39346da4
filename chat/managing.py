"""What somebody who may manage settings changes on the page; what is wrong comes back as words, and of which field."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import chainlit as cl

from chat.people import present
from core.errors import AimaError, FixArguments
from core.identity import ADMIN, Identity

__all__ = ["managed"]


def managed(
    change: Callable[[Mapping[str, Any], Identity], dict[str, Any]],
) -> Callable[[cl.Action], Awaitable[dict[str, Any]]]:
    """A change by somebody who may manage settings; what is wrong with it comes back as words, and of which field."""

    # Not wrapped: chainlit hands over arguments by the names it sees.
    async def answer(action: cl.Action) -> dict[str, Any]:
        try:
            identity = await present()
            identity.require(ADMIN)
            return await asyncio.to_thread(change, action.payload, identity)
        except FixArguments as error:
            return {"error": error.message, "field": error.field}
        except AimaError as error:
            return {"error": error.message}

    return answer
