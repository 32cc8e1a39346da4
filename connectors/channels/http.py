"""Handing a message over with one HTTP request: the provider may deliver from its last octet on, and not before.

What a request becomes, by how far it came:

    nobody there, or the connection lost before the last octet       Unreachable: nothing was delivered
    lost after it, no answer in time, 408, 5xx, or an answer that
    is none                                                          OutcomeUnknown: never sent again by itself
    429, or TooMuch by the provider's own signs                      after the wait that is asked for, if short, again;
                                                                     then Unreachable
    401 to 405, 3xx                                                  Unreachable: a person has to see to it
    another 4xx                                                      Refused, unless the provider's own signs say better

No redirect is followed, and no error repeats a credential.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx

from connectors.channels.contract import OutcomeUnknown, Postponed, Refused, Unreachable
from language.one_line import one_line

__all__ = ["Answer", "Api", "Body", "TooMuch", "Trouble", "part", "rows", "trusted"]

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
LONGEST_ANSWER_S = 60.0  # a server that sends its answer octet by octet is not waited for any longer
IDLE_S = 10.0  # connections are not used again after that: the server may have closed them
KEPT_ALIVE = 32
ATTEMPTS, FIRST_PAUSE_S, LONGEST_PAUSE_S = 4, 1.0, 5.0
LARGEST_BYTES = 4 << 20
WORDS = 300
LOGGERS = ("httpx", "httpcore")  # they log addresses and headers
KEY, ACCOUNT, ADDRESS = (401, 403), (402,), (404, 405)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said: `body` is its JSON, None where it is none."""

    status: int
    headers: httpx.Headers
    body: Any

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON object of the answer; empty where it is none."""
        return self.body if isinstance(self.body, dict) else {}


class TooMuch(Unreachable):
    """The provider takes no more for a moment, by signs of its own; `wait_s` None: it does not say for how long."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


Trouble = Callable[[Answer], Refused | Postponed | Unreachable | None]
"""From an answer to the error it stands for by a provider's own signs; None leaves the judgement to the status."""


@dataclass(frozen=True, slots=True)
class Body:
    """The octets of a request, at least one, and what they are; `headers` go with these octets alone (a signature)."""

    content: bytes = field(repr=False)
    type: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def json(cls, tree: Mapping[str, Any]) -> Body:
        """A JSON object in UTF-8."""
        return cls(json.dumps(tree, ensure_ascii=False).encode(), "application/json")

    @classmethod
    def form(cls, fields: Mapping[str, str]) -> Body:
        """Fields as browsers send them."""
        return cls(urlencode(fields).encode(), "application/x-www-form-urlencoded")


class _Handover:
    """A body in two steps: all but its last octet, then the word of who may still withdraw it, then that octet."""

    def __init__(self, body: Body, before: Callable[[], None]) -> None:
        self._content, self._before, self.complete = body.content, before, False

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[:-1]
        self._before()
        self.complete = True
        yield self._content[-1:]

    def trace(self, event: str, _details: Mapping[str, Any]) -> None:
        """Hears of an octet that could not be sent: httpcore goes on to read an answer, without an error."""
        if event == "http11.send_request_body.failed":
            self.complete = False


class Api:
    """One provider at its address, for several threads at once.

    `secrets` are taken out of what it says; `transport`: another way there.
    """

    def __init__(
        self,
        title: str,
        base: str,
        *,
        auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._title, self._base, self._scrubbed = title, base.rstrip("/"), _scrubber(secrets)
        # What an answer unpacks to is as long as it says: no compression is asked for.
        named = {"User-Agent": "aima", "Accept": "application/json", "Accept-Encoding": "identity"}
        self._http = httpx.Client(
            auth=auth,
            headers=named | dict(headers or {}),
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=KEPT_ALIVE, keepalive_expiry=IDLE_S),
            verify=trusted(),
            transport=transport,
        )
        self._closed_until = 0.0  # on the monotonic clock: it has said so to one of several messages

    def __repr__(self) -> str:
        return f"Api({self._title!r})"

    def close(self) -> None:
        """Give the connections back; a request after that is an error."""
        self._http.close()

    def hand_over(self, path: str, body: Body, before: Callable[[], None], trouble: Trouble) -> Answer:
        """POST a message; returns the answer of a provider that has taken it. `before` is called once.

        Errors: as in the module's table, and what `trouble` makes of an answer; `before`'s own pass through.
        """
        once = _Once(before)
        for attempt in range(ATTEMPTS):
            time.sleep(max(0.0, self._closed_until - time.monotonic()))
            answer = self._posted(path, body, once)
            error = trouble(answer)
            if answer.status != httpx.codes.TOO_MANY_REQUESTS and not isinstance(error, TooMuch):
                return self._judged(answer, trouble)
            asked = error.wait_s if isinstance(error, TooMuch) else None
            wait = asked or _retry_after(answer.headers.get("Retry-After"), FIRST_PAUSE_S * 2**attempt)
            if wait > LONGEST_PAUSE_S or attempt == ATTEMPTS - 1:
                break
            self._closed_until = max(self._closed_until, time.monotonic() + wait)
        said = error.message if isinstance(error, TooMuch) else f"{self._title} takes no more messages for now (429)."
        raise Unreachable(said, retry_after_s=wait)

    def look(self, path: str, trouble: Trouble, parameters: Mapping[str, str] | None = None) -> Answer:
        """GET what tells whether the settings are right; errors as `hand_over`'s, but none leaves anything unknown."""
        try:
            answer = _read(
                self._http.send(self._http.build_request("GET", f"{self._base}{path}", params=parameters), stream=True)
            )
        except httpx.HTTPError as error:
            raise Unreachable(f"{self._title} cannot be reached ({type(error).__name__}).") from None
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR or answer.status == httpx.codes.TOO_MANY_REQUESTS:
            raise Unreachable(f"{self._title} answered {answer.status}; try again later.")
        if not self._judged(answer, trouble).fields:
            raise Unreachable(f"What answers is not {self._title}: something on the way may want a login.")
        return answer

    def rehearse(self, path: str, body: Body, trouble: Trouble) -> Answer:
        """POST a message that the provider is told not to send; errors as `look`'s."""
        try:
            return self.hand_over(path, body, lambda: None, trouble)
        except OutcomeUnknown as error:
            raise Unreachable(error.message) from None

    def ask(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, body: Body | None = None
    ) -> Mapping[str, Any] | None:
        """The JSON object of an answer; None where there is none: the question may be asked again at any time."""
        try:
            request = self._http.build_request(
                method,
                f"{self._base}{path}",
                params=parameters,
                content=body.content if body else None,
                headers={"Content-Type": body.type} if body else None,
            )
            answer = _read(self._http.send(request, stream=True))
        except (httpx.HTTPError, httpx.InvalidURL):
            return None
        return answer.fields if answer.status == httpx.codes.OK and answer.fields else None

    def words(self, text: object) -> str:
        """What a provider said, for an error: one line, not too long, without our credentials."""
        return self._scrubbed(one_line(str(text)))[:WORDS]

    def _posted(self, path: str, body: Body, before: Callable[[], None]) -> Answer:
        handover = _Handover(body, before)
        request = self._http.build_request(
            "POST",
            f"{self._base}{path}",
            content=iter(handover),
            headers={"Content-Type": body.type, "Content-Length": str(len(body.content)), **body.headers},
            extensions={"trace": handover.trace},
        )
        try:
            answer = _read(self._http.send(request, stream=True))
        except httpx.HTTPError as error:
            reason = type(error).__name__
            if handover.complete:
                raise OutcomeUnknown(f"No answer from {self._title} after handing over ({reason}).") from None
            raise Unreachable(f"{self._title} cannot be reached ({reason}).") from None
        if not handover.complete and answer.status < httpx.codes.BAD_REQUEST:
            raise Unreachable(f"{self._title} answered {answer.status} before it had the message.")
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR or answer.status == httpx.codes.REQUEST_TIMEOUT:
            kind = OutcomeUnknown if handover.complete else Unreachable
            raise kind(f"{self._title} answered {answer.status}.")
        return answer

    def _judged(self, answer: Answer, trouble: Trouble) -> Answer:
        if error := trouble(answer):
            raise error
        if httpx.codes.is_success(answer.status):
            return answer
        said = f"{self._title} answered {answer.status}"
        if answer.status in KEY:
            raise Unreachable(f"{self._title} refuses our key ({answer.status}): give it a valid one in the settings.")
        if answer.status in ACCOUNT:
            raise Unreachable(f"{said}: it wants to be paid; see to the account there.")
        if answer.status in ADDRESS or answer.status < httpx.codes.BAD_REQUEST:
            raise Unreachable(f"{said}: what the settings say of it leads nowhere; correct them.")
        raise Refused(f"{said}: it does not take this message.")


def part(tree: Any, *path: str) -> Any:
    """What stands in nested JSON objects at a path; None where nothing does."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def rows(tree: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at a path."""
    found = part(tree, *path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are taken: reading them all takes a while, and they are the same for every provider."""
    return httpx.create_ssl_context()


class _Once:
    """Calls the first time only."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call, self._called = call, False

    def __call__(self) -> None:
        if not self._called:
            self._called = True
            self._call()


def _read(response: httpx.Response) -> Answer:
    """The whole answer; what is longer than any answer of a provider is read no further."""
    content, until = bytearray(), time.monotonic() + LONGEST_ANSWER_S
    with closing(response):
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > LARGEST_BYTES:
                break
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer does not end", request=response.request)
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    return Answer(response.status_code, response.headers, body)


def _scrubber(secrets: tuple[str, ...]) -> Callable[[str], str]:
    def scrub(text: str) -> str:
        for secret in filter(None, secrets):
            text = text.replace(secret, "…")
        return text

    return scrub


def _retry_after(value: str | None, otherwise: float) -> float:
    """Seconds to wait as a Retry-After header says (RFC 9110, 10.2.3: seconds or a date)."""
    if value is None:
        return otherwise
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return otherwise
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else otherwise
