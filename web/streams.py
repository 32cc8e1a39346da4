"""What campaigns and journeys come to, as it happens: server-sent events, for whoever holds a key of the organisation.

    GET /api/v1/campaigns/{campaign_id}/stream        GET /api/v1/journeys/{journey}/stream

An event `status` holds the figures as JSON, at once and whenever they have changed; `done` ends the stream once nothing
is left to come, `again` after ten minutes: whoever still wants to know asks again, and gets the figures as they are
then. Lines with a colon alone keep the connection open. The key is looked at again before each event, so that revoking
it ends its streams. No event names a customer.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends
from starlette.responses import StreamingResponse

from core.errors import AimaError, RetryLater
from core.identity import Identity
from tools.runtime import Runtime
from web.problems import Unauthenticated

__all__ = ["MOST_STREAMS", "Pace", "stream_routes"]

MOST_STREAMS = 20  # of one organisation at once
Holder = Callable[[Any], Identity]
"""Whose key a request bears, by its credentials; Unauthenticated without one."""


class Pace:
    """How often it is looked, how long nothing may be said, and how long a stream lasts, in seconds."""

    def __init__(self, look_s: float = 2.0, beat_s: float = 15.0, most_s: float = 600.0) -> None:
        self.look_s, self.beat_s, self.most_s = look_s, beat_s, most_s


class _Open:
    """The streams that are open, by organisation."""

    def __init__(self) -> None:
        self._count: Counter[UUID] = Counter()

    def require_room(self, org_id: UUID) -> None:
        """RetryLater where there are as many as may be."""
        if self._count[org_id] >= MOST_STREAMS:
            raise RetryLater(f"{MOST_STREAMS} streams are open already: close one of them first.", retry_after_s=30)

    @contextmanager
    def counted(self, org_id: UUID) -> Iterator[None]:
        """One more, for as long as the block lasts."""
        self._count[org_id] += 1
        try:
            yield
        finally:
            self._count[org_id] -= 1


CAMPAIGN = ("campaign_id", "name", "status", "total", "counts", "reasons", "deliveries", "held_out", "done")
JOURNEY = (
    "id", "name", "status", "version", "entered", "inside", "held_out", "outcomes", "nodes", "versions", "done",
)  # fmt: skip


def stream_routes(runtime: Runtime, holder: Holder, bearer: Any, *, pace: Pace = Pace()) -> APIRouter:
    """The two streams; `bearer` reads the credentials that `holder` knows people's keys by."""
    router, opened = APIRouter(tags=["live"]), _Open()

    async def answer(tool: str, arguments: Mapping[str, Any], names: tuple[str, ...], key: Any) -> StreamingResponse:
        def look() -> dict[str, Any]:
            found = runtime.call(tool, arguments, holder(key)).model_dump(mode="json")
            return {name: found[name] for name in names}

        who = await to_thread.run_sync(holder, key)
        opened.require_room(who.org_id)
        first = await to_thread.run_sync(look)  # what is wrong is told as an error, before any event
        return StreamingResponse(
            _events(look, who.org_id, first, opened, pace),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.get("/campaigns/{campaign_id}/stream", summary="How a campaign is doing, as it happens.")
    async def campaign(campaign_id: str, key: Any = Depends(bearer)) -> StreamingResponse:
        return await answer("campaign_status", {"campaign_id": campaign_id}, CAMPAIGN, key)

    @router.get("/journeys/{journey}/stream", summary="How a journey stands, as it happens.")
    async def journey(journey: str, key: Any = Depends(bearer)) -> StreamingResponse:
        return await answer("journey_status", {"journey": journey}, JOURNEY, key)

    return router


async def _events(
    look: Callable[[], dict[str, Any]], org_id: UUID, first: dict[str, Any], opened: _Open, pace: Pace
) -> AsyncIterator[str]:
    """Events until all is done, it has lasted long enough, or nobody listens any more (which cancels this)."""
    with opened.counted(org_id):
        now, last, said = first, dict[str, Any](), time.monotonic()
        end = said + pace.most_s
        while True:
            if now != last:
                yield _event("status", now)
                last, said = now, time.monotonic()
            elif time.monotonic() - said >= pace.beat_s:
                yield ":\n\n"
                said = time.monotonic()
            if now["done"] or time.monotonic() >= end:
                yield _event("done" if now["done"] else "again", {})
                return
            await asyncio.sleep(pace.look_s)
            try:
                now = await to_thread.run_sync(look)
            except AimaError as error:
                yield _event("error", {"code": error.code, "message": error.message})
                return
            except Unauthenticated:
                yield _event("error", {"code": "unauthenticated", "message": "This key is not valid any more."})
                return


def _event(name: str, data: Mapping[str, Any]) -> str:
    """JSON has no line breaks of its own, so that one line holds it."""
    return f"event: {name}\ndata: {json.dumps(dict(data), ensure_ascii=False)}\n\n"
