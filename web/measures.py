"""What this process counts, in Prometheus' text form (exposition format 0.0.4)."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CountRequests", "Measures", "measure_routes"]

Labels = tuple[str, str, str]  # method, route, status


class Measures:
    """Requests counted since the process started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: defaultdict[Labels, int] = defaultdict(int)
        self._seconds: defaultdict[Labels, float] = defaultdict(float)
        self._started = time.time()

    def count(self, labels: Labels, seconds: float) -> None:
        """One request is over."""
        with self._lock:
            self._requests[labels] += 1
            self._seconds[labels] += seconds

    def text(self) -> str:
        """The exposition."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        with self._lock:
            requests, seconds = dict(self._requests), dict(self._seconds)
        yield "# HELP aima_http_request_duration_seconds Time to answer HTTP requests."
        yield "# TYPE aima_http_request_duration_seconds summary"
        for key in sorted(requests):
            labels = ",".join(f'{n}="{_escaped(v)}"' for n, v in zip(("method", "route", "status"), key, strict=True))
            yield f"aima_http_request_duration_seconds_count{{{labels}}} {requests[key]}"
            yield f"aima_http_request_duration_seconds_sum{{{labels}}} {seconds[key]:.6f}"
        yield "# HELP process_start_time_seconds Start of the process since the Unix epoch in seconds."
        yield "# TYPE process_start_time_seconds gauge"
        yield f"process_start_time_seconds {self._started:.3f}"
        yield "# HELP process_resident_memory_bytes Resident memory in bytes."
        yield "# TYPE process_resident_memory_bytes gauge"
        yield f"process_resident_memory_bytes {_resident_bytes()}"


class CountRequests:
    """ASGI middleware that counts each HTTP request by method, route and status."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), "500"

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            self._measures.count((scope["method"], _route(scope), status), time.perf_counter() - began)


def measure_routes(measures: Measures) -> APIRouter:
    """GET /metrics."""
    router = APIRouter(tags=["operation"])

    @router.get("/metrics", response_class=PlainTextResponse, summary="Counters for Prometheus.")
    def metrics() -> PlainTextResponse:
        return PlainTextResponse(measures.text(), media_type="text/plain; version=0.0.4")

    return router


def _route(scope: Scope) -> str:
    """The route's pattern, never the path asked for: paths hold tokens and ids, and there is no end of them."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", None) or "(chat)")


def _resident_bytes() -> int:
    import psutil

    return int(psutil.Process(os.getpid()).memory_info().rss)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
