"""The HTTP application: API, health, metrics and unsubscribing; the composition root mounts MCP and the chat on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from tools.campaigns.hooks import Hooks
from tools.campaigns.unsubscribe import base_url
from tools.runtime import Runtime
from web.api import api_routes, describe_arguments
from web.following import follow_routes
from web.headers import SafeHeaders
from web.health import Check, health_routes
from web.hooks import hook_routes
from web.limits import SoundRequests
from web.manual import manual_routes
from web.measures import CountRequests, Measures, measure_routes
from web.origins import OwnOrigins, Places
from web.problems import add_problems
from web.unsubscribing import unsubscribe_routes

__all__ = ["create_app"]

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    runtime: Runtime,
    *,
    key: bytes,
    checks: Mapping[str, Check],
    lifespan: Lifespan | None = None,
    places: Places = Places(),
) -> FastAPI:
    """An application over `runtime`.

    `key` signs unsubscribe links and what providers call; `checks` are asked by /ready; `lifespan` opens and closes
    what is mounted beside. `places`: under which names it is served, beside those of this machine. /docs is ours
    (web/manual.py), as FastAPI's own page of /api/openapi.json would load scripts from elsewhere.
    """
    app = FastAPI(
        title="AIMA",
        version=version("aima"),
        description="An AI marketing analyst and operator, on your own machine.",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    measures = Measures()
    app.add_middleware(SoundRequests)
    app.add_middleware(OwnOrigins, places=places)
    app.add_middleware(SafeHeaders)
    app.add_middleware(CountRequests, measures=measures)
    add_problems(app)
    for router in (
        health_routes(checks),
        measure_routes(measures),
        api_routes(runtime),
        manual_routes(app),
        *_signed_routes(runtime, key),
    ):
        app.include_router(router)
    describe_arguments(app, runtime)
    return app


def _signed_routes(runtime: Runtime, key: bytes) -> Iterator[APIRouter]:
    """What signed addresses lead to, without a login: links of messages, and what providers call."""
    yield unsubscribe_routes(runtime.database, key)
    yield follow_routes(runtime.database, key, runtime.clock)
    hooks = Hooks(runtime.database, runtime.settings, key)
    yield hook_routes(hooks, base=base_url(runtime.settings), clock=runtime.clock)
