"""A webhook over TLS: the address that a name was found to have is connected to, and the certificate is the name's."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.channels.contract import Message, Unreachable
from connectors.channels.webhook import PROVIDER, WebhookSettings, guard
from tests.conformance.apis.webhook import PATH, SECRET, WebhookApi

NAME = "hooks.example.com"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of the name, with its key, in one file."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    file = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def api(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookApi]:
    """A server that speaks TLS, under whatever name is asked for; its certificate is trusted."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    api = WebhookApi()
    api._server.socket = server.wrap_socket(api._server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(guard, "trusted", lambda: trusting)
    port = int(api.url.rpartition(":")[2])

    def here(_host: str, *_rest: Any, **_more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(guard.socket, "getaddrinfo", here)
    yield api
    api.stop()


def deliver(api: WebhookApi, name: str) -> None:
    url = f"https://{name}:{api.url.rpartition(':')[2]}{PATH}"
    given = {"webhook_url": url, "webhook_secret": SECRET, "webhook_networks": "127.0.0.0/8"}
    transport = PROVIDER.open(WebhookSettings.model_validate(given))
    try:
        transport.deliver(Message(uuid4(), "webhook", "Shop", "p-1", "Hi", "Hello"), lambda: None)
    finally:
        transport.close()


def test_the_server_is_known_by_the_name_that_was_given(api: WebhookApi) -> None:
    deliver(api, NAME)
    (asked,) = api.asked
    assert asked.headers["host"].partition(":")[0] == NAME
    assert len(api.sent) == 1


def test_a_certificate_of_another_name_is_none(api: WebhookApi) -> None:
    for name in ("other.example.com", "127.0.0.1"):
        with pytest.raises(Unreachable, match="cannot be reached"):
            deliver(api, name)
    assert api.asked == []
