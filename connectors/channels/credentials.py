"""What settings of providers hold that is easily mistaken: keys that are pasted, addresses, networks."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

__all__ = ["ApiAddress", "ApiKey", "HookAddress", "HostName", "Network", "Networks", "networks_in"]

Network = IPv4Network | IPv6Network
LONGEST_ADDRESS = 2_000

_WORD = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def _key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value().strip()
    if not _WORD.fullmatch(key):
        raise ValueError("must be one word of plain letters, digits and signs")
    return SecretStr(key)


def networks_in(text: str) -> list[Network]:
    """The networks of a list with commas between; ValueError where one is none."""
    return [ip_network(one.strip()) for one in text.split(",") if one.strip()]


def _address(value: str) -> str:
    if "?" in value:
        raise ValueError("must be an address like https://api.example.com")
    return _hook(value).rstrip("/")


def _hook(value: str) -> str:
    text = value.strip()
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError("is no address") from None
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise ValueError("must be an address like https://api.example.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(parts.hostname)):
        raise ValueError("must begin with https://, so that the key is not sent in the clear")
    if not _WORD.fullmatch(text) or len(text) > LONGEST_ADDRESS:
        raise ValueError("must be one word of plain letters, digits and signs")
    return text


def _networks(value: str) -> str:
    try:
        networks_in(value)
    except ValueError:
        raise ValueError("must be networks such as 10.1.0.0/16, with commas between") from None
    return value.strip()


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

HookAddress = Annotated[str, AfterValidator(_hook)]
"""Where a server of somebody's own is, path and query included: over TLS, or on this machine."""

Networks = Annotated[str, AfterValidator(_networks)]
"""Networks, with commas between."""

HostName = Annotated[str, AfterValidator(_host)]
"""A domain as DNS knows it."""
