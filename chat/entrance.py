"""The chat's front door: logging in and out, and who stands behind each request and each line of an open socket.

The browser holds a token that names a row of sessions (tools/people/sessions.py), in a cookie of ours. Chainlit wants
a token of its own; it is made here for each request of a session in force, and never leaves the process.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.people import standing_behind
from core.errors import TooManyTries
from core.settings import get_settings
from database.engine import Database
from tools.people.logins import Attempt, note_refusal, try_login
from tools.people.sessions import Holder, begin_session, holder_of, log_out
from web.problems import problem, problem_of

__all__ = ["COOKIE", "Entrance", "entrance_routes"]

COOKIE = "aima_session"
SOCKET = "/ws/"
# What answers without a login, or looks at a key of its own: its headers are left alone.
OTHER_DOORS = (
    "/api/", "/mcp", "/u/", "/m/", "/health", "/ready", "/metrics", "/docs", "/openapi.json",
    "/public/", "/assets/", "/favicon", "/logo",
)  # fmt: skip
NOT_OURS = ("/auth/jwt", "/auth/header", "/auth/oauth/{rest:path}")  # other ways in that chainlit would offer
LOOKED_AGAIN_S = 5.0
AT_ONCE = 2  # passwords checked at the same time: each takes 64 MB and a core
LARGEST_FORM = 16_384
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def entrance_routes(app: FastAPI, database: Database, *, secure: bool) -> None:
    """POST /login and /logout, in place of chainlit's. `secure`: people reach AIMA over https."""
    turns = asyncio.Semaphore(AT_ONCE)

    @app.post("/login", include_in_schema=False)
    async def login(request: Request) -> Response:
        email, password = await _form(request)
        source = request.client.host if request.client else "unknown"
        try:
            async with turns:
                attempt = await asyncio.to_thread(try_login, database, email, password, source=source)
        except TooManyTries as error:
            return problem_of(error)
        if attempt.identity is None:
            return _wrong(database, attempt)
        device = request.headers.get("user-agent")
        token = await asyncio.to_thread(begin_session, database, attempt.identity, source=source, device=device)
        await _end_former(database, request)
        answer = JSONResponse({"success": True})
        lasts = timedelta(days=get_settings().session_days)
        away = secure and not _on_this_machine(request)
        answer.set_cookie(COOKIE, token, max_age=int(lasts.total_seconds()), httponly=True, samesite="lax", secure=away)
        return answer

    @app.post("/logout", include_in_schema=False)
    async def logout(request: Request) -> Response:
        await _end_former(database, request)
        answer = JSONResponse({"success": True})
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return answer

    for path in NOT_OURS:
        app.api_route(path, methods=["GET", "POST"], include_in_schema=False)(_nowhere)


async def _nowhere() -> Response:
    raise HTTPException(404, "There is no such way in.")


async def _form(request: Request) -> tuple[str, str]:
    """Address and password of the login form."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_FORM:
        raise HTTPException(413, "This is no login form.")
    async with request.form(max_files=0, max_fields=10) as form:
        email, password = form.get("username"), form.get("password")
    if not isinstance(email, str) or not isinstance(password, str):
        raise HTTPException(422, "Send the fields username and password.")
    return email, password


def _wrong(database: Database, attempt: Attempt) -> Response:
    answer = problem(401, "unauthorized", "Address or password is wrong.", {})
    # After the answer, which an unknown address must not get any sooner than a known one.
    answer.background = BackgroundTask(asyncio.to_thread, note_refusal, database, attempt)
    return answer


async def _end_former(database: Database, request: Request) -> None:
    """A browser that logs in or out leaves the session it had."""
    if token := request.cookies.get(COOKIE):
        await asyncio.to_thread(log_out, database, token)


def _on_this_machine(request: Request) -> bool:
    """Whether the browser runs here: it speaks plain http, and would keep no cookie that asks for more. Its page says
    so; the host asked for may be a proxy's name for this machine.
    """
    page = request.headers.get("origin") or f"//{request.headers.get('host', '')}"
    return urlsplit(page).hostname in LOOPBACK


class Entrance:
    """ASGI middleware: puts whoever holds a session in force behind a request, and nobody behind any other.

    An open socket is asked again at each line it sends, and every few seconds while lines are sent to it; once the
    session has ended it is closed.
    """

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self._app, self._database = app, database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the login chainlit knows, or with none."""
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(OTHER_DOORS):
            await self._app(scope, receive, send)
            return
        token = _token(scope)
        holder = await self._holder(token)
        if holder is None and scope["path"].startswith(SOCKET):
            await _refuse(scope, receive, send)
            return
        with standing_behind(holder):
            behind = {**scope, "headers": _headers(scope, holder)}
            if scope["type"] == "http":
                await self._app(behind, receive, send)
            else:
                watch = _Watch(self, token, receive, send)
                await self._app(behind, watch.receive, watch.send)

    async def _holder(self, token: str) -> Holder | None:
        return await asyncio.to_thread(holder_of, self._database, token) if token else None

    async def in_force(self, token: str) -> bool:
        """Whether the session can still be used."""
        return await self._holder(token) is not None


class _Watch:
    """One open socket, with an eye on the session it was opened by."""

    def __init__(self, entrance: Entrance, token: str, receive: Receive, send: Send) -> None:
        self._entrance, self._token, self._receive, self._send = entrance, token, receive, send
        self._looked, self._closed = time.monotonic(), False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._look():
            return {"type": "websocket.disconnect", "code": 4401, "reason": ""}
        return message

    async def send(self, message: Message) -> None:
        due = time.monotonic() - self._looked > LOOKED_AGAIN_S
        if self._closed or (due and message["type"] == "websocket.send" and not await self._look()):
            return
        await self._send(message)

    async def _look(self) -> bool:
        """Whether the socket may stay; closes it otherwise."""
        self._looked = time.monotonic()
        if not self._closed and not await self._entrance.in_force(self._token):
            self._closed = True
            await self._send({"type": "websocket.close", "code": 4401, "reason": "Log in again."})
        return not self._closed


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await problem(401, "unauthorized", "Log in first.", {})(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4401, "reason": "Log in first."})


def _token(scope: Scope) -> str:
    """What our cookie holds; "" without one."""
    return _cookies(scope).get(COOKIE, "")


def _cookies(scope: Scope) -> dict[str, str]:
    given = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    cookies: dict[str, str] = {}
    for pair in given.split(";"):
        name, _, value = pair.strip().partition("=")
        if name:
            cookies.setdefault(name, value)
    return cookies


def _headers(scope: Scope, holder: Holder | None) -> list[tuple[bytes, bytes]]:
    """The headers of the request with chainlit's login of `holder` in place of any that was sent."""
    kept = {
        name: value for name, value in _cookies(scope).items() if name != COOKIE and not name.startswith("access_token")
    }
    if holder is not None:
        kept["access_token"] = _chainlit_token(holder)
    headers = [pair for pair in scope["headers"] if pair[0] not in (b"cookie", b"authorization")]
    if kept:
        headers.append((b"cookie", "; ".join(f"{name}={value}" for name, value in kept.items()).encode("latin-1")))
    return headers


def _chainlit_token(holder: Holder) -> str:
    from chainlit.auth import create_jwt
    from chainlit.user import User

    metadata: dict[str, Any] = {"org_id": str(holder.identity.org_id)}
    return create_jwt(User(identifier=holder.identity.actor, metadata=metadata))
