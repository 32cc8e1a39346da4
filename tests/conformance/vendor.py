"""A vendor's server of our own, made from what a source declares, spoken to over real HTTP on loopback.

It serves its records in pages as the stream's pager expects, takes the source's own credential only, and leaves out
what did not change after the instant asked for: that instant itself too, which is the worse of the two ways vendors
have. It can be told to throttle, to fail, to cut an answer off, and to take the credential away.
"""

from __future__ import annotations

import copy
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from connectors.files.fields import KINDS
from connectors.sources.contract import NAMED_BY, Source, Stream
from connectors.sources.cursors import Days, Since, instant
from connectors.sources.pagers import CursorToken, NextLink, Offset, OnePage, PageNumber, Token
from connectors.sources.paths import look_up, place

PER_PAGE = 3
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?|\b\d{10,13}\b")
PAGE = "__page"  # in links of ours


@dataclass
class Asked:
    """A request that came in."""

    at: float
    path: str
    parameters: dict[str, Any]
    stream: str | None


@dataclass
class Vendor:
    """What the vendor has, and how it behaves. `faults` are used up, one a request (of the stream `only`, if set)."""

    source: Source[Any]
    settings: Any
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    revoked: bool = False
    revoke_after: int | None = None
    on_request: Callable[[int], None] = lambda _number: None
    only: str | None = None
    repeats: bool = False
    url: str = ""

    def streams(self) -> list[Stream]:
        """Those that are fetched."""
        return [stream for stream in self.source.streams if isinstance(stream, Stream)]

    def add(self, stream: Stream, at: datetime, **changes: Any) -> dict[str, Any]:
        """A new record like the example, changed (or of the day) `at`."""
        mine = self.records.setdefault(stream.name, [])
        number = 1 + sum(map(len, self.records.values()))
        record = copy.deepcopy(dict(stream.example))
        names = (stream.key,) if isinstance(stream.key, str) else stream.key
        for path in names:
            place(record, path, renamed(look_up(record, path), number))
        for rows in stream.rows:  # another customer has another address
            mail = rows.columns.get("email")
            if rows.table == "customers" and isinstance(mail, str) and (address := look_up(record, mail)):
                place(record, mail, f"{number}.{address}")
        touch(stream, record, at)
        record.update(changes)
        mine.append(record)
        return record

    def of_requests(self, stream: Stream, since: int = 0) -> list[Asked]:
        """What was asked of a stream, from the request of that number on."""
        return [asked for asked in self.asked[since:] if asked.stream == stream.name]

    def start_of(self, asked: Asked, stream: Stream) -> int:
        """The number of records before the page that was asked for."""
        return self._place(stream, asked.parameters)[0]

    def token_of(self, stream: Stream) -> Token:
        """What the second page goes by."""
        pager = stream.pager
        if isinstance(pager, PageNumber):
            return pager.first + 1
        if isinstance(pager, Offset):
            return pager.size
        return f"p{PER_PAGE}" if isinstance(pager, CursorToken) else f"{self.url}{stream.path}?{PAGE}=p{PER_PAGE}"

    def place_of(self, stream: Stream, token: Token) -> int:
        """The number of records before the page that goes by `token`."""
        link, parameters = stream.pager.ask(token)
        return self._place(stream, dict(parse_qsl(urlsplit(link).query)) if link else parameters)[0]

    def expected_headers(self) -> Mapping[str, str]:
        """The headers of a request that is signed with the credential."""
        if self.source.auth is None:
            return {}
        request = httpx.Request("GET", "http://x")
        bare = set(request.headers)
        signed = next(self.source.auth(self.settings).auth_flow(request))
        return {name: value for name, value in signed.headers.items() if name not in bare}

    def takes(self, handler: BaseHTTPRequestHandler) -> bool:
        """Whether the request shows the right credential."""
        if self.revoked or (self.revoke_after is not None and len(self.asked) > self.revoke_after):
            return False
        return all(handler.headers.get(name) == value for name, value in self.expected_headers().items())

    def find(self, method: str, path: str, parameters: Mapping[str, Any]) -> Stream | None:
        """The stream a request asks for."""
        for stream in self.streams():
            same = all(str(parameters.get(name)) == str(value) for name, value in stream.parameters.items())
            if (stream.method, stream.path) == (method, path) and (same or PAGE in parameters):
                return stream
        return None

    def answer(self, stream: Stream, parameters: dict[str, Any]) -> tuple[Any, dict[str, str]]:
        """The body and the headers of a page."""
        rows = self.matching(stream, parameters)
        start, size = self._place(stream, parameters)
        page, after = rows[start : start + size], start + size
        if self.repeats and after < len(rows) and not isinstance(stream.pager, Offset):
            page = [*page, outdated(stream, rows[after])]  # as it was before it moved to the next page
        body: Any = {} if stream.records else page
        if stream.records:
            place(body, stream.records, page)
        return body, self._mark(stream, parameters, body, after, len(rows))

    def matching(self, stream: Stream, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a request asks for, by key, so not by the time of change."""
        rows = sorted(self.records.get(stream.name, []), key=lambda record: str(stream.name_of(record)))
        cursor = stream.cursor
        if isinstance(cursor, Days):
            first, last = (date.fromisoformat(str(parameters[name])) for name in (cursor.since, cursor.until))
            return [record for record in rows if first <= day_of(stream, record) <= last]
        if isinstance(cursor, Since) and (asked := parameters.get(cursor.parameter)) is not None:
            found = INSTANT.search(str(asked))
            bound = instant(found[0]) if found else None
            assert bound is not None, f"no instant in {asked!r}"
            return [record for record in rows if changed_at(stream, record) > bound]
        return rows

    @staticmethod
    def _place(stream: Stream, parameters: Mapping[str, Any]) -> tuple[int, int]:
        """Where the page begins, and how long it is."""
        pager = stream.pager
        if isinstance(pager, OnePage):
            return 0, 1_000_000
        if isinstance(pager, PageNumber):
            size = int(parameters[pager.size_parameter])
            return (int(parameters[pager.parameter]) - pager.first) * size, size
        if isinstance(pager, Offset):
            return int(parameters[pager.parameter]), int(parameters[pager.size_parameter])
        name = pager.parameter if isinstance(pager, CursorToken) else PAGE
        return int(str(parameters.get(name, "p0"))[1:]), PER_PAGE

    def _mark(self, stream: Stream, parameters: dict[str, Any], body: Any, after: int, total: int) -> dict[str, str]:
        """Say where the next page is."""
        pager, more = stream.pager, after < total
        if isinstance(pager, NextLink):
            there = {**parameters, PAGE: f"p{after}", "key": " ".join(self.expected_headers().values())}
            link = f"{self.url}{stream.path}?{urlencode(there)}" if more else None  # as some do, credential and all
            if not pager.path:
                return {"Link": f'<{link.removeprefix(self.url)}>; rel="next"'} if link else {}  # relative, as some are
            place(body, pager.path, link)
        elif isinstance(pager, CursorToken):
            place(body, pager.path, f"p{after}" if more else None)
        elif isinstance(pager, PageNumber | Offset) and pager.total:
            place(body, pager.total, total)
        return {}


def renamed(value: Any, number: int) -> Any:
    """Another name of the same make."""
    if isinstance(value, int):
        return number
    return re.sub(r"\d+$", str(number), str(value)) if re.search(r"\d$", str(value)) else f"{value}-{number}"


def outdated(stream: Stream, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as it might have been before: its first number or text that names nothing is another one."""
    before = copy.deepcopy(dict(record))
    rows = stream.rows[0]
    for name, at in rows.columns.items():
        type_ = KINDS[rows.table].field(name).type
        if name not in NAMED_BY[rows.table] and isinstance(at, str) and type_ in ("text", "money", "json"):
            old: dict[str, Any] = {"text": f"{look_up(before, at)} before", "money": "77.5", "json": {"old": True}}
            place(before, at, old[type_])
            return before
    raise AssertionError(f"{stream.name} has nothing that could change")


def touch(stream: Stream, record: dict[str, Any], at: datetime) -> None:
    """Say in the record that it changed (or was of the day) `at`, as the vendor writes it."""
    if isinstance(stream.cursor, Since):
        before = look_up(record, stream.cursor.field)
        place(record, stream.cursor.field, int(at.timestamp()) if isinstance(before, int) else written(before, at))
    elif isinstance(stream.cursor, Days):
        place(record, day_place(stream), at.date().isoformat())


def written(before: str, at: datetime) -> str:
    """An instant in the form of another."""
    at = at.astimezone(UTC)
    zone = "Z" if before.endswith("Z") else "+00:00" if re.search(r"[+-]\d\d:\d\d$", before) else ""
    return f"{at:%Y-%m-%dT%H:%M:%S}{f'.{at.microsecond // 1000:03d}' if '.' in before else ''}{zone}"


def changed_at(stream: Stream, record: Mapping[str, Any]) -> datetime:
    assert isinstance(stream.cursor, Since)
    at = instant(look_up(record, stream.cursor.field))
    assert at is not None
    return at


def day_place(stream: Stream) -> str:
    """Where a record has its day."""
    return next(str(rows.columns["day"]) for rows in stream.rows if isinstance(rows.columns.get("day"), str))


def day_of(stream: Stream, record: Mapping[str, Any]) -> date:
    return date.fromisoformat(look_up(record, day_place(stream)))


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with a status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, code, {"error": "no"}, {name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def page(handler: BaseHTTPRequestHandler) -> None:
    """The sort of page that a proxy in between makes."""
    content = b"<html>Down for maintenance</html>"
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Break off in the middle of an answer that looks complete so far."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [], "orders": []}')
    handler.wfile.flush()
    handler.close_connection = True


def send(handler: BaseHTTPRequestHandler, code: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
    content = json.dumps(body).encode()
    handler.send_response(code)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """A JSON body as dotted parameters."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        yield path, value
        return
    for key, inner in parts:
        yield from _flat(inner, f"{path}.{key}" if path else str(key))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    vendor: Vendor

    def do_GET(self) -> None:
        """A page by its address."""
        self._serve(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        """A page by a JSON body."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._serve(dict(_flat(body)))

    def _serve(self, parameters: dict[str, Any]) -> None:
        vendor, path = self.vendor, urlsplit(self.path).path
        stream = vendor.find(self.command, path, parameters)
        vendor.asked.append(Asked(time.monotonic(), path, parameters, stream.name if stream else None))
        vendor.on_request(len(vendor.asked))
        if vendor.faults and vendor.only in (None, stream and stream.name):
            vendor.faults.pop(0)(self)
        elif not vendor.takes(self):
            send(self, 401, {"error": "who are you"})
        elif stream is not None:
            send(self, 200, *vendor.answer(stream, parameters))
        else:
            known = path == vendor.source.probe
            send(self, 200 if known else 404, {})

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(vendor: Vendor) -> Iterator[Vendor]:
    """The vendor at work on a free port."""
    handler = type("Handler", (_Handler,), {"vendor": vendor})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
