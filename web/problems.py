"""The error tree of core/errors.py as problem+json (RFC 9457): translated here and nowhere else."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import AimaError, RetryLater

__all__ = ["Unauthenticated", "add_problems", "problem", "problem_of"]

MEDIA_TYPE = "application/problem+json"


class Unauthenticated(HTTPException):
    """No bearer key, or one that is not in force."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "Send a key in force: Authorization: Bearer aima_… (`aima key add` makes one).",
            headers={"WWW-Authenticate": 'Bearer realm="AIMA"'},
        )


def add_problems(app: FastAPI) -> None:
    """Answer every error of `app` with problem+json."""

    @app.exception_handler(AimaError)
    async def ours(_request: Request, error: AimaError) -> JSONResponse:
        return problem_of(error)

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        return problem(error.status_code, code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def body(_request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return problem(422, "fix_arguments", f"The request is not well formed. {wrong}.", {})

    @app.exception_handler(Exception)
    async def defect(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500, "give_up", "A defect on our side; the log of the web process says more.", {})


def problem_of(error: AimaError) -> JSONResponse:
    """The problem that an error of ours is."""
    headers = {"Retry-After": str(round(error.retry_after_s))} if isinstance(error, RetryLater) else {}
    return problem(error.http_status, error.code, error.message, headers, **error.details())


def problem(status: int, code: str, detail: str, headers: dict[str, str], **more: Any) -> JSONResponse:
    """One problem; `code` is the error's name in core/errors.py or HTTP's own."""
    form = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    return JSONResponse({**form, **more}, status, headers, MEDIA_TYPE)
