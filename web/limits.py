"""What a request may be: an address that is text, and a body no larger than its route has a use for."""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import problem

__all__ = ["LARGEST_BODY", "LARGEST_CALL", "LARGEST_UPLOAD", "SoundRequests"]

LARGEST_BODY = 8 << 20  # of a call: arguments are words and numbers
LARGEST_UPLOAD = 2_000 << 20  # of a file for the chat, written to disk as it comes
UPLOADS = "/project/file"
LARGEST_CALL = 1 << 20  # of a provider that tells of messages: about 2,000 events
CALLS = "/hooks/"
LONGEST_ADDRESS = 8_000


class SoundRequests:
    """ASGI middleware: 400 for an address that holds a zero byte, 414 for an endless one, 413 for too large a body.

    A body whose length was not said is counted while it comes, and cut off where it is too long.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what cannot be right here; pass on everything else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, query = str(scope["path"]), bytes(scope.get("query_string", b""))
        if "\0" in path or b"%00" in query:
            await _answer(scope, send, 400, "bad_request", "The address holds a zero byte, which no text has.")
        elif len(path) + len(query) > LONGEST_ADDRESS:
            await _answer(
                scope, send, 414, "uri_too_long", f"The address has more than {LONGEST_ADDRESS:,} characters."
            )
        else:
            await _Counted(self._app, _most(path)).run(scope, receive, send)


def _most(path: str) -> int:
    if path == UPLOADS:
        return LARGEST_UPLOAD
    return LARGEST_CALL if path.startswith(CALLS) else LARGEST_BODY


class _Counted:
    """One request whose body is counted."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most, self._read = app, most, 0
        self._started = self._refused = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and int(said) > self._most:
            await self._refuse(scope, send)
            return

        async def counted() -> Message:
            if self._refused:
                return {"type": "http.disconnect"}
            message = await receive()
            self._read += len(message.get("body", b""))
            if self._read > self._most:
                await self._refuse(scope, send)
                return {"type": "http.disconnect"}
            return message

        async def answered(message: Message) -> None:
            if self._refused:
                return  # an answer has gone out already
            self._started = True
            await send(message)

        try:
            await self._app(scope, counted, answered)
        except ClientDisconnect:
            if not self._refused:
                raise

    async def _refuse(self, scope: Scope, send: Send) -> None:
        self._refused = True
        if not self._started:
            most = self._most >> 20
            await _answer(
                scope, send, 413, "too_large", f"This is larger than {most:,} MB, the most that is taken here."
            )


async def _answer(scope: Scope, send: Send, status: int, code: str, words: str) -> None:
    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    # what is left of the body is not read
    await problem(status, code, words, {"Connection": "close"})(scope, nothing, send)
