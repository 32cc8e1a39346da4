"""The chat's socket as a program of one's own would speak it, line by line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

SOCKET = "/ws/socket.io/?EIO=4&transport=websocket"
OPEN, CONNECT, REFUSED, EVENT, DEALT_WITH, PING, PONG = "0", "40", "44", "42", "43", "2", "3"


class ChatSocket:
    """An open socket of the chat."""

    def __init__(self, connection: ClientConnection, session_id: str) -> None:
        self.connection, self.session_id, self.asked = connection, session_id, 0

    async def line(self, *, beginning: str) -> str:
        """The next line that begins so; pings are answered, others passed over."""
        while True:
            line = str(await self.connection.recv())
            if line == PING:
                await self.connection.send(PONG)
            elif line.startswith(beginning):
                return line

    async def event(self, name: str) -> Any:
        """What the next event of that name carries."""
        while True:
            got = json.loads((await self.line(beginning=EVENT)).removeprefix(EVENT))
            if got[0] == name:
                return got[1] if len(got) > 1 else None

    async def acknowledged(self, name: str, *values: Any) -> list[str]:
        """Send an event; all that is heard until it has been dealt with."""
        self.asked += 1
        await self.connection.send(f"{EVENT}{self.asked}{json.dumps([name, *values])}")
        heard: list[str] = []
        while not (heard and heard[-1].startswith(f"{DEALT_WITH}{self.asked}[")):
            heard.append(await self.line(beginning="4"))
        return heard

    async def stay(self) -> None:
        """Answer pings for as long as this runs: who does not is taken for gone, and what they had open is put away."""
        while True:
            await self.line(beginning=PING)

    async def send(self, name: str, *values: Any) -> None:
        """Send an event."""
        await self.connection.send(EVENT + json.dumps([name, *values]))

    async def say(self, text: str, *, step_id: str | None = None, thread_id: str = "") -> None:
        """Write a message as the page does."""
        step = {
            "id": step_id or str(uuid4()), "threadId": thread_id, "name": "user", "type": "user_message",
            "output": text, "createdAt": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        await self.send("client_message", {"message": step, "fileReferences": []})


@asynccontextmanager
async def chat_socket(
    address: str,
    cookie: str | None,
    *,
    origin: str | None = None,
    thread_id: str | None = None,
    session_id: str | None = None,
) -> AsyncIterator[ChatSocket]:
    """A socket that the chat has let in; PermissionError where it refuses."""
    headers = {"Cookie": f"aima_session={cookie}"} if cookie else {}
    url = address.replace("http", "ws", 1) + SOCKET
    async with connect(url, additional_headers=headers, origin=origin, open_timeout=60) as connection:  # type: ignore[arg-type]
        socket = ChatSocket(connection, session_id or str(uuid4()))
        await socket.line(beginning=OPEN)
        greeting = {"sessionId": socket.session_id, "clientType": "webapp", "userEnv": "{}", "threadId": thread_id}
        await connection.send(CONNECT + json.dumps(greeting))
        answer = await socket.line(beginning="4")
        if not answer.startswith(CONNECT):
            raise PermissionError(answer)
        yield socket
