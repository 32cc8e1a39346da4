"""Signing in: a page of its own, light and readable, before the chat's large program is loaded."""

from __future__ import annotations

import asyncio
from pathlib import Path
from string import Template

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from chat.page import linked, programs
from core.errors import AimaError

__all__ = ["add_login", "login_page"]

PAGE = Template((Path(__file__).parent / "login.html").read_text(encoding="utf-8"))
NEVER_KEPT = {"Cache-Control": "no-store"}


def add_login(app: FastAPI) -> None:
    """Routes of the login page and of the pages behind it, which lead to it whoever has not signed in."""

    @app.get("/login", include_in_schema=False)
    async def login(request: Request) -> Response:
        if await _person(request):
            return RedirectResponse("/", 303, NEVER_KEPT)
        return HTMLResponse(login_page(_chat_page()), headers=NEVER_KEPT)

    @app.get("/", include_in_schema=False)
    async def first(request: Request) -> Response:
        return await _behind_login(request, "/login")

    @app.get("/thread/{thread}", include_in_schema=False)
    async def conversation(request: Request, thread: str) -> Response:
        return await _behind_login(
            request, f"/login?thread={thread}" if thread.replace("-", "").isalnum() else "/login"
        )


def login_page(chat: str) -> str:
    """The login page; the programs of `chat`, the page behind it, are fetched while somebody types."""
    ahead = "".join(f'<link rel="prefetch" href="{address}">' for address in programs(chat))
    names = {name: linked(f"{name}.{kind}") for name, kind in (("theme", "js"), ("logo_light", "svg"))}
    return PAGE.substitute(
        names, ahead=ahead, dark=linked("logo_dark.svg"), picture=linked("login.svg"), style=linked("login.css"),
        script=linked("login.js"),
    )  # fmt: skip


async def _behind_login(request: Request, login: str) -> Response:
    email = await _person(request)
    if not email:
        return RedirectResponse(login, 303, NEVER_KEPT)
    return HTMLResponse(_dated(_chat_page(), await _formats(email)), headers={"Cache-Control": "no-cache"})


def _dated(page: str, formats: str) -> str:
    """The page with how dates are written on it (public/figures.js)."""
    return page.replace("<html", f'<html data-formats="{formats}"', 1)


async def _formats(email: str) -> str:
    """How the organisation of whoever signed in writes dates; "" as long as nobody has told it."""
    from chat.parts import installed
    from chat.people import who_is

    try:
        identity = await who_is(email)
    except AimaError:
        return ""
    return (await asyncio.to_thread(installed().runtime.conventions, identity)).formats or ""


async def _person(request: Request) -> str:
    """The address of whoever has signed in; "" for nobody."""
    from chainlit.auth import get_current_user, get_token_from_cookies

    token = get_token_from_cookies(request.cookies)
    if not token:
        return ""
    try:
        user = await get_current_user(token)
    except HTTPException:
        return ""
    return user.identifier if user else ""


def _chat_page() -> str:
    from chainlit.server import get_html_template

    return str(get_html_template(""))
