"""Ways of showing a credential to a vendor; each takes the names of the settings that hold it.

A vendor whose token has to be fetched or refreshed has a subclass of `httpx.Auth` in its own folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
from pydantic import BaseModel, SecretStr

__all__ = ["Auth", "basic", "bearer", "header"]

Auth = Callable[[BaseModel], httpx.Auth]
"""From a source's settings to what signs its requests."""


class _Header(httpx.Auth):
    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers[self._name] = self._value
        yield request


def header(name: str, secret: str, *, prefix: str = "") -> Auth:
    """The setting `secret` in a header of its own, after `prefix`."""
    return lambda settings: _Header(name, prefix + _plain(settings, secret))


def bearer(secret: str) -> Auth:
    """`Authorization: Bearer` with the setting `secret` (RFC 6750)."""
    return header("Authorization", secret, prefix="Bearer ")


def basic(user: str, password: str) -> Auth:
    """HTTP Basic (RFC 7617) with the settings `user` and `password`."""
    return lambda settings: httpx.BasicAuth(_plain(settings, user), _plain(settings, password))


def _plain(settings: BaseModel, name: str) -> str:
    value = getattr(settings, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
