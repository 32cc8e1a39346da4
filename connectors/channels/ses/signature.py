"""AWS Signature Version 4: what every request to Amazon's APIs is signed with.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Botocore, which signs too, is 32 MB:
it stands in the proof (benchmarks/provider_requests.py), to whose signatures ours are held.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Generator
from datetime import datetime
from urllib.parse import parse_qsl, quote

import httpx

from core.clock import utc_now

__all__ = ["CONTENT", "SigV4"]

CONTENT = "X-Amz-Content-SHA256"
"""Holds the hash of the body, hex; without it there is none."""

_ALGORITHM, _EMPTY = "AWS4-HMAC-SHA256", hashlib.sha256(b"").hexdigest()


class SigV4(httpx.Auth):
    """Signs requests to one service in one region: method, path, query, host, time and the hash of the body."""

    def __init__(
        self, key: str, secret: str, region: str, service: str, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._key, self._scope, self._clock = key, f"{region}/{service}/aws4_request", clock
        self._sign: Callable[[str, str], str] = _signer(secret, region, service)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with its time and its signature."""
        now = self._clock()
        stamp, day = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}"
        request.headers["X-Amz-Date"] = stamp
        names = sorted({"host", "x-amz-date"} | {name for name in (CONTENT.lower(),) if name in request.headers})
        signed = ";".join(names)
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        canonical = "\n".join(
            (
                request.method,
                quote(path, safe="/~"),  # which is quoted already: once more, as the rules have it
                _query(request.url.query.decode("ascii")),
                *(f"{name}:{request.headers[name].strip()}" for name in names),
                "",
                signed,
                request.headers.get(CONTENT, _EMPTY),
            )
        )
        scope = f"{day}/{self._scope}"
        text = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
        request.headers["Authorization"] = (
            f"{_ALGORITHM} Credential={self._key}/{scope}, SignedHeaders={signed}, Signature={self._sign(day, text)}"
        )
        yield request


def _query(text: str) -> str:
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in parse_qsl(text, True))
    return "&".join(f"{name}={value}" for name, value in pairs)


def _signer(secret: str, region: str, service: str) -> Callable[[str, str], str]:
    """Signs a text with the key of a day; no attribute shows the secret."""

    def sign(day: str, text: str) -> str:
        key = f"AWS4{secret}".encode()
        for part in (day, region, service, "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    return sign
