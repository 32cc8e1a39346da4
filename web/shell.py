"""The door of this machine's shell: `aima ask` puts its questions here, and hears the answer as it is written."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from web.problems import Unauthenticated

__all__ = ["Question", "Turn", "shell_routes"]

MEDIA_TYPE = "application/x-ndjson"
# A shell shows the answer; the results of what was called on the way stay here, only what each took is told.
UNTOLD = {"step_finished": {"result", "arguments"}, "step_started": {"arguments"}}

Turn = Callable[[str, UUID, str], AsyncGenerator[Any, None]]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


class Question(BaseModel):
    """One question of a shell."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(description="What is asked.")
    thread: str = Field(pattern=r"^shell-[0-9a-f-]{36}$", description="The conversation; the shell makes it up.")
    org: str | None = Field(default=None, description="Organisation by name; the only one there is otherwise.")


def shell_routes(path: str, key: str, organisation: Callable[[str | None], UUID], turn: Turn) -> APIRouter:
    """POST `path`: the events of one turn, a JSON object a line.

    `key` is written where only the owner of the data folder reads it: whoever sends it is at this machine's shell.
    `organisation` finds the one that is meant; `turn` gives the events of question, organisation and thread.
    """
    router = APIRouter(include_in_schema=False)

    def at_the_shell(credentials: Credentials) -> None:
        given = credentials.credentials if credentials else ""
        if not hmac.compare_digest(given.encode(), key.encode()):
            raise Unauthenticated

    @router.post(path, dependencies=[Depends(at_the_shell)])
    def ask(asked: Question) -> StreamingResponse:
        events = turn(asked.question, organisation(asked.org), asked.thread)
        return StreamingResponse(_lines(events), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    return router


async def _lines(events: AsyncGenerator[Any, None]) -> AsyncGenerator[str, None]:
    async with aclosing(events):  # a shell that hangs up ends its turn
        async for event in events:
            yield event.model_dump_json(exclude=UNTOLD.get(event.kind)) + "\n"
