"""Is the process alive, and can it work: asked by supervisors and load balancers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from core.errors import AimaError

__all__ = ["Check", "health_routes"]

Check = Callable[[], None]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = Field(default="ok", description="Always ok.")


class Readiness(BaseModel):
    """Whether what the process needs is there."""

    ready: bool = Field(description="True when every check passed.")
    checks: dict[str, str] = Field(description="Per check: ok, or what is wrong.")


def health_routes(checks: Mapping[str, Check]) -> APIRouter:
    """GET /health (the process lives) and GET /ready (each of `checks` passes, or its AimaError says why not)."""
    router = APIRouter(tags=["operation"])

    @router.get("/health", summary="The process is alive.")
    async def health() -> Health:
        return Health()

    @router.get("/ready", summary="What the process needs is there; 503 otherwise.")
    def ready(response: Response) -> Readiness:
        found = {name: _outcome(check) for name, check in checks.items()}
        passed = all(outcome == "ok" for outcome in found.values())
        response.status_code = 200 if passed else 503
        return Readiness(ready=passed, checks=found)

    return router


def _outcome(check: Check) -> str:
    try:
        check()
    except AimaError as error:
        return error.message
    return "ok"
