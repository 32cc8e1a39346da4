"""Which names AIMA answers to, and whose pages may call it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.settings import Settings
from web.origins import Places


def places(**settings: str) -> Places:
    return Places.of(Settings(**settings, _env_file=None))  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize(
    ("settings", "host", "served"),
    [
        ({}, "localhost:8000", True),
        ({}, "127.0.0.1", True),
        ({}, "[::1]:9000", True),
        ({}, "192.168.1.5:8000", False),
        ({}, "aima.example", False),
        ({}, "localhost.evil.example", False),
        ({}, "evil.example@localhost", False),
        ({}, "", False),
        ({"host": "0.0.0.0"}, "192.168.1.5:8000", True),
        ({"host": "0.0.0.0"}, "[fe80::1]:8000", True),
        ({"host": "0.0.0.0"}, "rebound.example:8000", False),
        ({"host": "192.168.1.5"}, "192.168.1.5:8000", True),
        ({"host": "192.168.1.5"}, "192.168.1.6:8000", False),
        ({"public_url": "https://aima.example/"}, "aima.example", True),
        ({"public_url": "https://aima.example/"}, "AIMA.example.", True),
        ({"public_url": "https://aima.example/"}, "aima.example:443", True),
        ({"public_url": "https://aima.example/"}, "aima.example:80", False),
        ({"public_url": "https://aima.example/"}, "user@aima.example", False),
        ({"public_url": "https://aima.example/"}, "aima.example:8443", False),
        ({"public_url": "https://aima.example:8443"}, "aima.example:8443", True),
        ({"public_url": "https://aima.example:8443"}, "aima.example", False),
        ({"public_url": "https://aima.example/"}, "www.aima.example", False),
        ({"hosts": "aima.lan, shop.lan:81"}, "aima.lan:8000", True),
        ({"hosts": "aima.lan, shop.lan:81"}, "shop.lan:81", True),
        ({"hosts": "aima.lan, shop.lan:81"}, "shop.lan", False),
        ({"hosts": "fd00::5, [fd00::6]:81"}, "[fd00::5]:8000", True),
        ({"hosts": "fd00::5, [fd00::6]:81"}, "[fd00::6]:81", True),
        ({"host": "fd00::5"}, "[fd00::5]:8000", True),
    ],
)
def test_hosts(settings: dict[str, str], host: str, served: bool) -> None:
    assert places(**settings).serve(host) is served


@pytest.mark.parametrize(
    ("settings", "origin", "host", "own"),
    [
        ({}, "http://localhost:8000", "localhost:8000", True),
        ({}, "http://127.0.0.1:8000", "localhost:8000", False),
        ({}, "http://localhost:8001", "localhost:8000", False),
        ({}, "http://localhost", "localhost:80", True),
        ({}, "null", "localhost:8000", False),
        ({}, "", "localhost:8000", False),
        ({"public_url": "https://aima.example"}, "https://aima.example", "aima.example", True),
        ({"public_url": "https://aima.example"}, "https://aima.example", "127.0.0.1:8000", True),
        ({"public_url": "https://aima.example"}, "https://aima.example", "aima.example:443", True),
        ({"public_url": "https://aima.example"}, "http://aima.example", "aima.example", False),
        ({"public_url": "https://aima.example"}, "http://aima.example:443", "aima.example:443", False),
        ({"public_url": "https://aima.example"}, "https://shop.aima.example", "aima.example", False),
        ({"public_url": "https://aima.example:443"}, "https://aima.example", "aima.example", True),
    ],
)
def test_origins(settings: dict[str, str], origin: str, host: str, own: bool) -> None:
    assert places(**settings).own(origin, "http", host) is own


@pytest.mark.parametrize(
    "url", ["aima.example", "aima.example:8000", "//aima.example", "https://", "ftp://aima.example"]
)
def test_half_an_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="no whole address"):
        places(public_url=url)
    assert places(public_url="") == places()
