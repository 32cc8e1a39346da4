"""Servers of our own in the place of message services, over real HTTP on loopback: one file a provider.

Each checks method, path, credential and body as its vendor would, answers in its words, and keeps what it took.
An address that begins with "silent" (or ends in 0000, for numbers) is taken, and the connection cut before the answer.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from core.clock import utc_now

__all__ = ["Fault", "ProviderApi", "Reply", "Request", "Sent", "cut", "cut_answer", "hang", "reply", "unheard"]


@dataclass(frozen=True)
class Request:
    """What came in, whole."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body as a form; a name that stands there twice is an error."""
        assert self.headers["content-type"].startswith("application/x-www-form-urlencoded"), self.headers
        pairs = parse_qsl(self.content.decode(), keep_blank_values=True, strict_parsing=True)
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        assert self.headers["content-type"].startswith("application/json"), self.headers
        return json.loads(self.content)


@dataclass(frozen=True)
class Reply:
    """What goes out."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The octets of the body."""
        return (
            self.body if isinstance(self.body, bytes) else b"" if self.body is None else json.dumps(self.body).encode()
        )


@dataclass(frozen=True)
class Sent:
    """A message that was taken, whole; `id` is what we call it, where that can be seen."""

    reference: str
    id: str
    address: str
    text: str
    whole: Mapping[str, Any]
    at: datetime = field(default_factory=utc_now)


Fault = Callable[["ProviderApi", "_Handler", Request], None]
"""How a message is dealt with instead."""


def reply(status: int, body: Any = None, **headers: str) -> Fault:
    """Answered with a status; not taken."""
    said = Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})
    return lambda _api, handler, _request: handler.send(said)


def unheard(_api: ProviderApi, handler: _Handler, _request: Request) -> None:
    """The connection is cut; not taken."""
    handler.close_connection = True


def cut(api: ProviderApi, handler: _Handler, request: Request) -> None:
    """Taken, and the connection cut."""
    api.answer(request)
    handler.close_connection = True


def cut_answer(api: ProviderApi, handler: _Handler, request: Request) -> None:
    """Taken, and the connection cut in the middle of the answer."""
    taken = api.answer(request)
    handler.wfile.write(f"HTTP/1.1 {taken.status} X\r\nContent-Length: 500\r\n\r\n".encode() + taken.content[:5])
    handler.close_connection = True


def hang(api: ProviderApi, handler: _Handler, request: Request) -> None:
    """Taken, and no answer for as long as the server lives."""
    api.answer(request)
    api.ended.wait(60)
    handler.close_connection = True


class ProviderApi:
    """A server on a free port. `faults` are used up, one a message; what is not `listed` yet is in no log of it."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.sent: list[Sent] = []
        self.faults: list[Fault] = []
        self.cut_off: list[int] = []  # octets that were missing
        self.listed = True
        self.per_page = 100
        self.ended = threading.Event()
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: Request) -> Reply:
        """The vendor's answer; a message is taken with it."""
        raise NotImplementedError

    def is_message(self, request: Request) -> bool:
        """Whether the request hands a message over."""
        raise NotImplementedError

    def visible(self) -> list[Sent]:
        """What its logs show."""
        return self.sent if self.listed else []

    def take(self, sent: Sent) -> Sent:
        """Keep a message."""
        self.sent.append(sent)
        return sent


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body of an answer are two writes
    api: ProviderApi

    def do_GET(self) -> None:
        """A question."""
        self._serve()

    def do_POST(self) -> None:
        """A message, or a question with a body."""
        self._serve()

    def send(self, said: Reply) -> None:
        """Write an answer."""
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said.content)))
        self.end_headers()
        self.wfile.write(said.content)

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        content = self.rfile.read(length)
        if len(content) < length:  # whoever hangs up in the middle has handed nothing over
            self.api.cut_off.append(length - len(content))
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, content)
        self.api.asked.append(request)
        message = self.api.is_message(request)
        if message and self.api.faults:
            self.api.faults.pop(0)(self.api, self, request)
            return
        before = len(self.api.sent)
        said = self.api.answer(request)
        if len(self.api.sent) > before and _silent(self.api.sent[-1].address):
            self.close_connection = True
            return
        self.send(said)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _silent(address: str) -> bool:
    return address.startswith("silent") or address.endswith("0000")
