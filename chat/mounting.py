"""Puts the chat under `/` of the web application; the one place that knows how chainlit wants to be started."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from starlette.middleware import Middleware

from chat.assets import asset_of, served
from chat.page import FIRST_SCRIPT, PUBLIC, ROOT, our_page, scripts_in
from chat.parts import Parts, install
from chat.uploads import add_uploads
from core.errors import AimaError
from web.problems import problem, problem_of

__all__ = ["mount_chat", "prepare_environment"]

SESSION_GONE = "Session not found"  # chainlit's words
# What may be shown in place; anything else that was once uploaded is offered as a download only.
SHOWN = frozenset({"application/json", "image/png", "image/jpeg", "image/gif", "image/webp"})


def mount_chat(app: FastAPI, parts: Parts, *, address: str, files: Path) -> None:
    """Mount the chat last: it answers every path that no route before it took.

    `address` is where people reach it, the origin whose pages may call the chat;
    `files` is a folder for what open sessions show and are given, emptied now: no session outlives its process.
    """
    prepare_environment()
    from chainlit.config import config

    from chat.entrance import Entrance, entrance_routes

    config.project.allow_origins = [address]
    _keep_files_in(files)
    install(parts)
    from chainlit.utils import mount_chainlit

    from chat.login import add_login

    _use_our_page(app)
    _speak_for_ourselves()
    _link_to_ourselves()
    _add_files(app)
    add_login(app)
    entrance_routes(app, parts.runtime.database, secure=address.startswith("https://"))
    _add_routes(app, parts)
    add_uploads(app)
    app.user_middleware.append(Middleware(Entrance, database=parts.runtime.database))  # after all that refuses sooner
    mount_chainlit(app=app, target=str(ROOT / "chat" / "app.py"), path="/")
    _refuse_in_words()


def prepare_environment() -> None:
    """What chainlit reads from the environment when it is first imported: it must come before that."""
    os.environ["CHAINLIT_APP_ROOT"] = str(ROOT)
    os.environ["TRACELOOP_TELEMETRY"] = "false"  # a library chainlit imports; it has nothing to report to anybody
    # Chainlit's own logins are made and read in this process alone (chat/entrance.py).
    os.environ["CHAINLIT_AUTH_SECRET"] = secrets.token_hex(32)


def _keep_files_in(folder: Path) -> None:
    """Files of sessions go to `folder`, closed to others, instead of beside the code: they hold customers' data."""
    import chainlit.config

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    chainlit.config.FILES_DIRECTORY = folder


def _use_our_page(app: FastAPI) -> None:
    """Chainlit's page with our styles and scripts, without what comes from other hosts, and without a script in it."""
    from chainlit import server

    original: Callable[[str], str] = server.get_html_template
    server.get_html_template = lambda root_path: our_page(original(root_path))

    @app.get(FIRST_SCRIPT, include_in_schema=False)
    def first_script() -> Response:
        return Response(scripts_in(original("")), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _add_files(app: FastAPI) -> None:
    """The page's files, in front of chainlit's own routes for them, which compress anew at every request."""
    from chainlit.server import build_dir

    programs = Path(build_dir) / "assets"

    @app.get("/assets/{name:path}", include_in_schema=False)
    def program(name: str, request: Request) -> Response:
        asset = asset_of(programs, name)
        if asset is None:
            raise HTTPException(404, "There is no such file.")
        return served(asset, request.headers, immutable=True)  # their names change with their content

    @app.get("/public/{name:path}", include_in_schema=False)
    def public(name: str, request: Request) -> Response:
        asset = asset_of(PUBLIC, name)
        if asset is None:
            raise HTTPException(404, "There is no such file.")
        return served(asset, request.headers, immutable=request.query_params.get("v") == asset.mark)


def _speak_for_ourselves() -> None:
    """Put our words in place of chainlit's own where the page shows them."""
    from chainlit.config import ChainlitConfig

    from chat.wording import reworded

    original: Callable[[ChainlitConfig, str], dict[str, Any]] = ChainlitConfig.load_translation

    def translation(self: ChainlitConfig, language: str) -> dict[str, Any]:
        return reworded(original(self, language))

    ChainlitConfig.load_translation = translation  # type: ignore[method-assign]


def _link_to_ourselves() -> None:
    """Messages hold names, titles and words of other people: none links to, or shows a picture from, elsewhere."""
    from chainlit.message import MessageBase
    from chainlit.step import StepDict

    from language.markdown import own_links

    original: Callable[[MessageBase], StepDict] = MessageBase.to_dict

    def to_dict(self: MessageBase) -> StepDict:
        told = original(self)
        if told["type"] != "user_message":
            told["output"] = own_links(str(told["output"] or ""))
        return told

    MessageBase.to_dict = to_dict  # type: ignore[method-assign]


def _refuse_in_words() -> None:
    """Our errors, and its own for a session that is gone, as problems instead of tracebacks."""
    from chainlit.server import app

    @app.exception_handler(AimaError)
    async def refused(_request: Request, error: AimaError) -> Response:
        return problem_of(error)

    @app.exception_handler(ValueError)
    async def gone(_request: Request, error: ValueError) -> Response:
        if str(error) != SESSION_GONE:
            raise error
        return problem(404, "not_found", "This page is not connected any more. Load it again.", {})


def _add_routes(app: FastAPI, parts: Parts) -> None:
    """What the page asks for beside chainlit's own: stored contents, and whose data it shows."""
    from chainlit.auth import get_current_user
    from chainlit.data import get_data_layer
    from chainlit.types import UpdateFeedbackRequest

    from chat.history import CONTENTS, Contents
    from chat.people import who_is
    from chat.welcome import describe

    contents = Contents(parts.runtime.database)

    @app.get(f"{CONTENTS}/{{object_key:path}}", include_in_schema=False)
    async def content(object_key: str, _user: Any = Depends(get_current_user)) -> Response:
        found = await asyncio.to_thread(contents.find, object_key)
        if found is None:
            raise HTTPException(404, "There is no such content in your conversations.")
        headers = {} if found.mime in SHOWN else {"Content-Disposition": "attachment"}
        return Response(found.data, media_type=found.mime, headers={"Cache-Control": "private", **headers})

    @app.get("/avatars/{_name:path}", include_in_schema=False)
    async def avatar(_name: str) -> Response:
        """The mark beside messages and steps; steps are named in words, which chainlit takes for no name of a file."""
        return Response((ROOT / "public" / "favicon.svg").read_bytes(), media_type="image/svg+xml")

    @app.get("/chat/organisation", include_in_schema=False)
    async def organisation(user: Any = Depends(get_current_user)) -> dict[str, Any]:
        data = await describe(await who_is(user.identifier))
        return {"is_demo": data["is_demo"]}

    @app.put("/feedback", include_in_schema=False)
    async def feedback(body: dict[str, Any], _user: Any = Depends(get_current_user)) -> dict[str, Any]:
        # Chainlit's own route tells every refusal as a defect.
        layer = get_data_layer()
        assert layer is not None  # noqa: S101 - chat/app.py gives one
        try:
            update = UpdateFeedbackRequest.model_validate(body)
        except ValueError:
            raise HTTPException(422, "This is no feedback.") from None
        return {"success": True, "feedbackId": await layer.upsert_feedback(update.feedback)}
