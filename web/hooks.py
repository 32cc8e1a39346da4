"""The door that providers call at: POST /hooks/PROVIDER/TOKEN. No login: its signature proves who makes a call.

Some ask with GET whether they have come to the right place before they call.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from connectors.channels.events import Forged, HookRequest
from core.errors import AskPerson, FixArguments, RetryLater
from tools.campaigns.hooks import PATH, Hooks, webhook_of
from web.problems import problem_of

__all__ = ["hook_routes"]

logger = logging.getLogger(__name__)


def hook_routes(hooks: Hooks, *, base: str, clock: Callable[[], datetime]) -> APIRouter:
    """The route. `base` is the public address, as providers call it: some sign it.

    200 with nothing in it once the events are kept, or with what a provider that looks for us wants to read. What is
    not the provider's gets the status that makes it stop calling; where the trouble is ours (no key set, no database)
    503 makes it call again later.
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route(PATH + "{provider}/{token}", methods=["GET", "POST"])
    async def called(provider: str, token: str, request: Request) -> Response:
        query = request.scope.get("query_string", b"").decode("latin-1")
        call = HookRequest(
            url=f"{base}{PATH}{provider}/{token}{'?' if query else ''}{query}",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.body(),
            now=clock(),
            method=request.method,
        )
        return await run_in_threadpool(_answer, hooks, provider, token, call)

    return router


def _answer(hooks: Hooks, provider: str, token: str, call: HookRequest) -> Response:
    """The log says who was refused and why, nothing of what was sent."""
    title = webhook_of(provider)[0].title
    try:
        answer = hooks.receive(provider, token, call)
    except (Forged, FixArguments) as error:
        logger.warning("a call from %s was refused: %s", title, error.message)
        refused = problem_of(error)
        refused.status_code = webhook_of(provider)[2].refusal
        return refused
    except (AskPerson, RetryLater) as error:
        logger.warning("a call from %s could not be taken: %s", title, error.message)
        raise
    if answer is None:
        return Response(status_code=405, headers={"Allow": "POST"})
    return Response(answer if isinstance(answer, str) else None, media_type="text/plain")
