"""The link of every message: a page to see and change what one gets, and the one-click POST of RFC 8058.

Looking changes nothing, for mail scanners open links. The pages work without scripts; the signed link in their address
is all the right there is, so no other page can send them in somebody's place.
"""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from core.errors import AimaError, FixArguments, NotFound
from database.engine import Database
from language.format import capital
from tools.campaigns.preferences import Choice, Preferences, choose, preferences_of
from tools.campaigns.unsubscribe import TRIAL, unsubscribe

__all__ = ["refusal", "unsubscribe_routes"]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>{title}</title>
<style>
:root {{ --page: #f4f4f5; --card: #fff; --words: #18181b; --quiet: #52525b; --line: #e4e4e7; --go: #0f766e; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #18181b; --card: #27272a; --words: #f4f4f5; --quiet: #a1a1aa; --line: #3f3f46; }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--words);
       font: 16px/1.5 system-ui, sans-serif; }}
main {{ background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 32px;
       width: min(420px, 100vw - 32px); box-sizing: border-box; margin: 16px 0; overflow-wrap: anywhere; }}
h1 {{ font-size: 20px; margin: 0 0 8px; }} h2 {{ font-size: 16px; margin: 28px 0 8px; }} p {{ margin: 0 0 20px; }}
form {{ margin: 0; }} a {{ color: inherit; }}
button {{ font: inherit; color: #fff; background: var(--go); border: 0; border-radius: 8px; padding: 12px 20px;
       min-height: 44px; cursor: pointer; }}
button.quiet {{ color: inherit; background: none; border: 1px solid var(--line); }}
label {{ display: flex; gap: 12px; align-items: start; padding: 10px 0; min-height: 24px; }}
input {{ width: 20px; height: 20px; margin: 2px 0 0; flex: none; accent-color: var(--go); }}
small {{ display: block; color: var(--quiet); font-size: 14px; }}
ul {{ list-style: none; margin: 0 0 16px; padding: 0; }}
.done {{ border-left: 3px solid var(--go); padding-left: 12px; }}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>
"""


def unsubscribe_routes(database: Database, key: bytes) -> APIRouter:
    """GET and POST /u/TOKEN, and POST /u/TOKEN/channels: what is ticked is what one gets from then on."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"/u/{TRIAL}")
    @router.post(f"/u/{TRIAL}")
    def tried() -> HTMLResponse:
        return _page(
            "The link works", "<p>It came with a test message: in a real one, it unsubscribes whoever got it.</p>"
        )

    @router.get("/u/{token}")
    def look(token: str) -> HTMLResponse:
        try:
            return _preferences(token, preferences_of(database, key, token))
        except (FixArguments, NotFound) as error:
            return refusal(error)

    @router.post("/u/{token}")
    def act(token: str) -> HTMLResponse:
        try:
            done = unsubscribe(database, key, token)
        except (FixArguments, NotFound) as error:
            return refusal(error)
        already = " (you had been unsubscribed already)" if done.already else ""
        said = f"<p>{escape(done.address)} gets no more of these messages{already}.</p>"
        return _page("You are unsubscribed", f'{said}<a href="/u/{escape(token)}">See or change what you get</a>')

    @router.post("/u/{token}/channels")
    async def chosen(token: str, request: Request) -> HTMLResponse:
        wanted = {str(name) for name in (await request.form()).getlist("channel")}
        try:
            kept = await run_in_threadpool(choose, database, key, token, wanted)
        except (FixArguments, NotFound) as error:
            return refusal(error)
        return _preferences(
            token, kept, said='<p class="done" role="status">Kept. This is what you get from now on.</p>'
        )

    return router


def _preferences(token: str, shown: Preferences, said: str = "") -> HTMLResponse:
    """Ending the messages of the link comes first: it is what most come for."""
    own, path = shown.own, f"/u/{escape(token)}"
    end = (
        f'<form method="post" action="{path}"><button type="submit">Unsubscribe</button></form>'
        if own.on
        else f"<p>{escape(own.address)} gets no {escape(own.title)} from us.</p>"
    )
    lead = f"<p>Press the button, and {escape(own.address)} gets no more {escape(own.title)}.</p>" if own.on else ""
    choices = "".join(map(_choice, shown.choices))
    changeable = any(not choice.fixed for choice in shown.choices)
    keep = '<button class="quiet" type="submit">Keep these choices</button>' if changeable else ""
    form = f'<form method="post" action="{path}/channels"><ul>{choices}</ul>{keep}</form>'
    return _page(f"Messages from {shown.shop}", f"{said}{lead}{end}<h2>What you get</h2>{form}")


def _choice(choice: Choice) -> str:
    state = f"{' checked' if choice.on else ''}{' disabled' if choice.fixed else ''}"
    why = f"<small>{escape(choice.fixed)}</small>" if choice.fixed else ""
    return (
        f'<li><label><input type="checkbox" name="channel" value="{escape(choice.channel)}"{state}>'
        f"<span>{escape(capital(choice.title))}<small>{escape(choice.address)}</small>{why}</span></label></li>"
    )


def refusal(error: AimaError) -> HTMLResponse:
    """The page in place of what a link should have led to."""
    return _page("This link does not work", f"<p>{escape(error.message)}</p>", status=error.http_status)


def _page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(PAGE.format(title=escape(title), body=body), status, headers)
