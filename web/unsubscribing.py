"""The unsubscribe link of every message: a page with one button, and the one-click POST of RFC 8058."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from core.errors import FixArguments
from database.engine import Database
from tools.campaigns.unsubscribe import TRIAL, read_token, unsubscribe

__all__ = ["unsubscribe_routes"]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f4f5; color: #18181b;
       font: 16px/1.5 system-ui, sans-serif; }}
main {{ background: #fff; border: 1px solid #e4e4e7; border-radius: 12px;
       padding: 32px; max-width: 420px; margin: 16px; }}
h1 {{ font-size: 20px; margin: 0 0 8px; }} p {{ margin: 0 0 20px; }}
button {{ font: inherit; color: #fff; background: #0f766e; border: 0; border-radius: 8px; padding: 10px 20px; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #18181b; color: #f4f4f5; }} main {{ background: #27272a; border-color: #3f3f46; }} }}
</style></head><body><main><h1>{title}</h1><p>{words}</p>{form}</main></body></html>
"""
BUTTON = '<form method="post"><button type="submit">Unsubscribe</button></form>'


def unsubscribe_routes(database: Database, key: bytes) -> APIRouter:
    """GET and POST /u/TOKEN. Looking changes nothing (mail scanners open links); the POST suppresses the address."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"/u/{TRIAL}")
    @router.post(f"/u/{TRIAL}")
    def tried() -> HTMLResponse:
        return _page("The link works", "It came with a test message: in a real one, it unsubscribes whoever got it.")

    @router.get("/u/{token}")
    def ask(token: str) -> HTMLResponse:
        try:
            read_token(key, token)
        except FixArguments as error:
            return _refusal(error)
        return _page("Unsubscribe", "Press the button and you will get no more of these messages.", BUTTON)

    @router.post("/u/{token}")
    def act(token: str) -> HTMLResponse:
        try:
            done = unsubscribe(database, key, token)
        except FixArguments as error:
            return _refusal(error)
        already = " (you had been unsubscribed already)" if done.already else ""
        return _page("You are unsubscribed", f"{done.address} gets no more of these messages{already}.")

    return router


def _refusal(error: FixArguments) -> HTMLResponse:
    return _page("This link does not work", error.message, status=error.http_status)


def _page(title: str, words: str, form: str = "", *, status: int = 200) -> HTMLResponse:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(PAGE.format(title=escape(title), words=escape(words), form=form), status, headers)
