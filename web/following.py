"""Links by way of AIMA: GET /m/TOKEN?to=ADDRESS leads on, GET /m/TOKEN/dot.gif is a picture of one dot.

Both answer the same whatever is noted of them. No login and no cookie: the signature in the address says which message
they stand in.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from core.errors import FixArguments, RetryLater
from database.engine import Database
from tools.campaigns.following import PATH, Kind, by_program, note, opened_by, target_of
from web.unsubscribing import refusal

__all__ = ["follow_routes"]

logger = logging.getLogger(__name__)

DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HEADERS = {"Cache-Control": "no-store, private", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def follow_routes(database: Database, key: bytes, clock: Callable[[], datetime]) -> APIRouter:
    """The routes. HEAD answers like GET and is never noted: no person asks so."""
    router = APIRouter(include_in_schema=False)

    def seen(request: Request, message: tuple[UUID, UUID], kind: Kind, target: str | None = None) -> None:
        if request.method == "HEAD":
            return
        try:
            note(database, *message, kind, clock(), machine=by_program(request.headers), target=target)
        except RetryLater as error:  # who follows a link gets there, whatever our database does
            logger.warning("a message was %s, and it was not kept: %s", kind, error.message)

    @router.api_route(PATH + "{token}", methods=["GET", "HEAD"])
    def follow(token: str, request: Request, to: str = "") -> Response:
        try:
            message = target_of(key, token, to)
        except FixArguments as error:
            return refusal(error)
        seen(request, message, "clicked", to)
        return RedirectResponse(to, 302, HEADERS)

    @router.api_route(PATH + "{token}/dot.gif", methods=["GET", "HEAD"])
    def dot(token: str, request: Request) -> Response:
        if message := opened_by(key, token):
            seen(request, message, "opened")
        return Response(DOT, media_type="image/gif", headers=HEADERS)

    return router
