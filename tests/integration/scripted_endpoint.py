"""A scripted OpenAI-compatible endpoint: answers chat completions from a list, plain or streamed, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass
class Endpoint:
    """Replies in order: a text, a list of (tool, arguments), (status, headers) for an error, a message, or a body."""

    replies: list[str | list[tuple[str, Any]] | tuple[int, dict[str, str]] | dict[str, Any] | bytes]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    models: tuple[str, ...] = ("scripted-1",)

    def app(self) -> Starlette:
        """The endpoint as an ASGI application."""
        paths = ("/{script}/v1/chat/completions", "/v1/chat/completions")
        routes = [Route(path, self._complete, methods=["POST"]) for path in paths]
        return Starlette(routes=[*routes, Route("/v1/models", self._models)])

    async def _models(self, _request: Request) -> Response:
        entries = [{"id": name, "object": "model", "owned_by": "library"} for name in self.models]
        return JSONResponse({"object": "list", "data": entries})

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        if not self.replies:
            return JSONResponse({"error": {"message": "the script is at its end"}}, status_code=400)
        reply = self.replies.pop(0)
        if isinstance(reply, tuple):
            status, headers = reply
            return JSONResponse({"error": {"message": "scripted error"}}, status_code=status, headers=headers)
        if isinstance(reply, bytes):
            return Response(reply, media_type="application/json" if reply[:1] in b"{[" else "text/html")
        message = reply if isinstance(reply, dict) else _message(reply)
        if body.get("stream"):
            return StreamingResponse(_stream(message, body["model"]), media_type="text/event-stream")
        reason = "tool_calls" if "tool_calls" in message else "stop"
        choice = {"index": 0, "message": message, "finish_reason": reason}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return JSONResponse(_envelope(body["model"], "chat.completion", choice) | {"usage": usage})


def _message(reply: str | list[tuple[str, Any]]) -> dict[str, Any]:
    if isinstance(reply, str):
        return {"role": "assistant", "content": reply}
    made = [
        {
            "id": f"call_{uuid4().hex}",
            "type": "function",
            "function": {"name": name, "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments)},
        }
        for name, arguments in reply
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


async def _stream(message: dict[str, Any], model: str) -> AsyncIterator[str]:
    text = message.get("content") or ""
    for at in range(0, len(text), 7):  # cut within words and numbers: nothing may depend on where
        delta = {"role": "assistant", "content": text[at : at + 7]}
        yield _event(_envelope(model, "chat.completion.chunk", {"index": 0, "delta": delta, "finish_reason": None}))
    yield _event(_envelope(model, "chat.completion.chunk", {"index": 0, "delta": {}, "finish_reason": "stop"}))
    yield "data: [DONE]\n\n"


def _event(form: dict[str, Any]) -> str:
    return f"data: {json.dumps(form)}\n\n"


def _envelope(model: str, kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": model, "choices": [choice]}
