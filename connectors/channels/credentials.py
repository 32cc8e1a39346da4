"""What settings of providers hold that is easily mistaken: keys that are pasted, and addresses of APIs."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

__all__ = ["ApiAddress", "ApiKey", "HostName"]

_WORD = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def _key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value().strip()
    if not _WORD.fullmatch(key):
        raise ValueError("must be one word of plain letters, digits and signs")
    return SecretStr(key)


def _address(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        _ = parts.port
    except ValueError:
        raise ValueError("is no address") from None
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must be an address like https://api.example.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(parts.hostname)):
        raise ValueError("must begin with https://, so that the key is not sent in the clear")
    return value.strip().rstrip("/")


def _host(value: str) -> str:
    host = value.strip().lower()
    if not _HOST.fullmatch(host):
        raise ValueError("must be a domain like mg.example.com")
    return host


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


ApiKey = Annotated[SecretStr, AfterValidator(_key)]
"""A credential as it is sent; blanks around it, which come with pasting, are left out."""

ApiAddress = Annotated[str, AfterValidator(_address)]
"""Where an API is: over TLS, or on this machine."""

HostName = Annotated[str, AfterValidator(_host)]
"""A domain as DNS knows it."""
