"""MCP clients that send what they are told to, byte by byte: over stdio, and over streamable HTTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.conftest import PROJECT

PATIENCE = 20  # seconds for an answer
OPENING = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}},
}
OPENED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def request(number: int, method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def call(number: int, name: str, **arguments: Any) -> dict[str, Any]:
    """A call that wants to hear of its progress."""
    return request(number, "tools/call", name=name, arguments=arguments, _meta={"progressToken": number})


def cancelling(number: int) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number, "reason": "stop"}}


class StdioClient:
    """Lines to and from a server process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self.process, self._input, self._output = process, process.stdin, process.stdout
        self._early: dict[Any, dict[str, Any]] = {}

    async def send(self, *messages: Any) -> None:
        """Messages as JSON, one a line; bytes as they are."""
        lines = [m if isinstance(m, bytes) else json.dumps(m).encode() + b"\n" for m in messages]
        self._input.write(b"".join(lines))
        await self._input.drain()

    async def answer(self, number: int) -> dict[str, Any]:
        """The answer to a request; others that come first are kept."""
        async with asyncio.timeout(PATIENCE):
            while number not in self._early:
                line = await self._output.readline()
                assert line, "the server hung up"
                message = json.loads(line)
                if "id" in message:
                    assert message["id"] not in self._early, "a request was answered twice"
                    self._early[message["id"]] = message
        return self._early[number]


@asynccontextmanager
async def over_stdio(command: list[str], env: dict[str, str]) -> AsyncIterator[StdioClient]:
    """A session with the server that `command` starts."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, cwd=PROJECT,
        limit=1_000_000,
    )  # fmt: skip
    client = StdioClient(process)
    try:
        await client.send(OPENING)
        await client.answer(0)
        await client.send(OPENED)
        yield client
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class HttpClient:
    """Requests of one session, each over a connection of its own."""

    def __init__(self, http: httpx.AsyncClient, address: str) -> None:
        self._http, self._address = http, address

    async def send(self, message: Any) -> list[dict[str, Any]]:
        """The messages that come back for one that is sent."""
        response = await self._http.post(self._address, json=message)
        response.raise_for_status()
        if session := response.headers.get("mcp-session-id"):
            self._http.headers["mcp-session-id"] = session
        return [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")]

    async def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request."""
        return next(reply for reply in await self.send(message) if reply.get("id") == message["id"])


@asynccontextmanager
async def over_http(address: str, key: str) -> AsyncIterator[HttpClient]:
    """A session with the server at `address`."""
    headers = {"accept": "application/json, text/event-stream", "authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE) as http:
        client = HttpClient(http, address)
        await client.answer(OPENING)
        await client.send(OPENED)
        yield client
