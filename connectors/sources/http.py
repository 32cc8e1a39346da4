"""Asking a vendor over HTTP: bounded in time, size and attempts, to one host only, and without a word of a credential.

Errors name the source, the path and what happened. Addresses with their parameters, headers and bodies, where a
credential may stand, are in no message and no log.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

import httpx

from connectors.sources.pagers import Answer
from connectors.sources.paths import place
from core.errors import AimaError, AskPerson, FixArguments, GiveUp, RetryLater

__all__ = ["Client", "CredentialRefused", "Declined", "Trouble"]

ATTEMPTS = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
LARGEST_BYTES = 64 << 20
MOST_REDIRECTS = 3
LOGGERS = ("httpx", "httpcore")  # they log whole addresses and headers, and a vendor's links may carry a credential
PASSING = frozenset({408, 425, 429})

Trouble = Callable[[int, Any], AimaError | None]
"""From a status and the JSON that came with it to the error it stands for, where a vendor has its own signs; RetryLater
is tried again, None leaves the judgement to the status."""


class CredentialRefused(AskPerson):
    """The vendor does not take the credential, or not for this: a person has to give another."""


class Declined(GiveUp):
    """The vendor will not answer this request, however often it is asked (HTTP 4xx)."""


class Client:
    """The way to one vendor. `pause_s` is the least time between two requests."""

    def __init__(
        self, title: str, base: str, auth: httpx.Auth | None, *, trouble: Trouble | None = None, pause_s: float = 0.0
    ) -> None:
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        try:
            self._base = httpx.URL(base.rstrip("/"))
        except httpx.InvalidURL:
            raise FixArguments(f"The address of {title} is none.") from None
        if self._base.scheme not in ("http", "https") or not self._base.host:
            raise FixArguments(f"The address of {title} has to begin with https://.")
        self._title, self._trouble, self._pause_s = title, trouble, pause_s
        self._next_at = 0.0
        self._http = httpx.Client(auth=auth, timeout=TIMEOUT, headers={"User-Agent": "aima"})

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def fetch(self, target: str, parameters: Mapping[str, Any], *, method: str = "GET") -> Answer:
        """The answer at `target`: a path, or a link the vendor gave. POST sends `parameters` as JSON.

        Errors: CredentialRefused, RetryLater (away or overburdened, after several attempts), Declined, GiveUp.
        """
        request = self._request(target, parameters, method)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._answer(request)
            except RetryLater as trouble:
                wait = max(trouble.retry_after_s, FIRST_WAIT_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
                if attempt == ATTEMPTS or wait > LONGEST_WAIT_S:
                    raise RetryLater(trouble.message, retry_after_s=max(wait, LONGEST_WAIT_S)) from None
                time.sleep(wait)
        raise GiveUp("No attempt was made.")

    def _request(self, target: str, parameters: Mapping[str, Any], method: str) -> httpx.Request:
        try:
            url = self._same_host(httpx.URL(target) if "://" in target else httpx.URL(f"{self._base}{target}"))
        except httpx.InvalidURL:
            raise GiveUp(f"{self._title} links to something that is no address.") from None
        if method == "POST":
            body: dict[str, Any] = {}
            for path, value in parameters.items():
                place(body, path, value)
            return self._http.build_request(method, url, json=body)
        return self._http.build_request(method, url.copy_merge_params(dict(parameters)) if parameters else url)

    def _same_host(self, url: httpx.URL) -> httpx.URL:
        """A credential goes to nobody but the vendor."""
        if (url.scheme, url.host, url.port) != (self._base.scheme, self._base.host, self._base.port):
            raise GiveUp(f"{self._title} points to another host ({url.host}), which is not followed.")
        return url

    def _answer(self, request: httpx.Request) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            response, content = self._send(request)
            if response.next_request is None:
                return self._judged(request, response, content)
            self._same_host(response.next_request.url)
            request = response.next_request
        raise GiveUp(f"{self._title} redirects without end at {request.url.path}.")

    def _send(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """The whole answer: only with its last byte it counts."""
        time.sleep(max(0.0, self._next_at - time.monotonic()))
        self._next_at = time.monotonic() + self._pause_s
        content = bytearray()
        try:
            response = self._http.send(request, stream=True)
            try:
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > LARGEST_BYTES:
                        raise GiveUp(f"{self._title} answers with more than {LARGEST_BYTES >> 20} MB at once.")
            finally:
                response.close()
        except httpx.RequestError as error:
            words = f"{self._title} cannot be reached, or broke off ({type(error).__name__} at {request.url.path})."
            raise RetryLater(words, retry_after_s=0) from None
        return response, bytes(content)

    def _judged(self, request: httpx.Request, response: httpx.Response, content: bytes) -> Answer:
        status, said = response.status_code, f"{self._title} answered {response.status_code} at {request.url.path}"
        try:
            body = json.loads(content, parse_float=Decimal) if content else None
        except ValueError:
            body = None
            if response.is_success:
                raise RetryLater(f"{said} with something that is no JSON.", retry_after_s=0) from None
        if self._trouble and (signalled := self._trouble(status, body)):
            raise signalled
        if status in (401, 403):
            raise CredentialRefused(f"{self._title} refused the credential ({status} at {request.url.path}).")
        if status in PASSING or status >= 500:
            raise RetryLater(f"{said}.", retry_after_s=_retry_after(response.headers.get("Retry-After")))
        if not response.is_success:
            raise Declined(f"{said}: it does not take this request.")
        return Answer(body, response.headers, str(request.url))


def _retry_after(value: str | None) -> float:
    """Seconds to wait as a Retry-After header says (RFC 9110: seconds or a date); 0 without one."""
    if value is None:
        return 0.0
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else 0.0
