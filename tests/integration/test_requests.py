"""Requests as no browser makes them: what cannot be right is answered with a word, and costs no memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request

from core.errors import NotFound
from database.engine import Database
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from web.app import create_app
from web.headers import HEADERS
from web.limits import LARGEST_BODY, LARGEST_CALL


@pytest.fixture
async def address(database: Database) -> AsyncIterator[str]:
    app = create_app(counting_runtime(database), key=b"a key", checks={})
    _add_reader(app)
    async with serving(app) as base:
        yield base


def _add_reader(app: FastAPI) -> None:
    @app.post("/read")
    async def read(request: Request) -> dict[str, int]:
        return {"read": len(await request.body())}

    @app.get("/named/{name:path}")
    async def named(name: str) -> None:
        raise NotFound(f"There is no '{name}'.", field=name)


async def raw(address: str, request: bytes, *, more: bytes = b"", times: int = 0) -> bytes:
    """What comes back for these octets, sent as they are; `more` goes out `times` times, as long as it is taken."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(request)
        for _ in range(times):
            writer.write(more)
            await writer.drain()
    except ConnectionError:
        pass  # cut off: what was answered can be read
    try:
        return await asyncio.wait_for(reader.read(4_000), 20)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "target", ["/public/%00", "/%00", "/health?x=%00", "/api/v1/tools/%00", "/u/%00", "/named/a%00b"]
)
async def test_a_zero_byte_in_an_address_is_no_address(address: str, target: str) -> None:
    answer = await raw(address, f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"zero byte" in answer


@pytest.mark.parametrize("target", ["/named/%ed%a0%80", "/named/%ff%fe", "/named/%0d%0aX:%20y", "/named/%e2%80%ae"])
async def test_odd_octets_in_an_address_are_answered(address: str, target: str) -> None:
    answer = await raw(address, f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 "), answer


async def test_an_endless_address_is_refused(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/health", params={"x": "y" * 9_000})).status_code == 414
        assert (await client.get("/health", params={"x": "y" * 900})).status_code == 200


async def test_too_large_a_body_is_refused_before_it_is_read(address: str) -> None:
    head = f"POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n".encode()
    answer = await raw(address, head)  # not one octet of it has been sent
    assert answer.startswith(b"HTTP/1.1 413 "), answer
    assert b"8 MB" in answer


async def test_a_call_of_a_provider_is_smaller(address: str) -> None:
    head = f"POST /hooks/x/y HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGEST_CALL + 1}\r\n\r\n".encode()
    answer = await raw(address, head)
    assert answer.startswith(b"HTTP/1.1 413 "), answer
    assert b"1 MB" in answer


async def test_a_body_of_unknown_length_is_cut_off(address: str) -> None:
    head = b"POST /read HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    answer = await raw(address, head, more=chunk, times=12)
    assert answer.startswith(b"HTTP/1.1 413 ") or answer == b"", answer[:200]
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.post("/read", content=b"x" * 1_000_000)).json() == {"read": 1_000_000}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"\xff\xfe",
        b'"\\ud800"',
        b"[" * 100_000,
        b"9" * 10_000,
        b'{"a": 1e999}',
        b'{"\\u0000": "\\ud800"}',
        b"NaN",
    ],
)
async def test_bodies_that_are_no_arguments_are_answered(address: str, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        answer = await client.post(
            "/api/v1/tools/count_customers", content=body, headers={"Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code < 500
        assert answer.json()["detail"]


async def test_every_answer_says_what_a_page_may_do(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for target in ("/health", "/nowhere", "/api/openapi.json", "/public/%00"):
            answer = await client.get(target)
            told: dict[str, Any] = {name: answer.headers.get(name) for name in HEADERS}
            assert told == HEADERS, target
    policy = HEADERS["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy  # no script that stands in a page
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy.replace("'self'", "")
