"""Amazon SES at the door that providers call at, over SNS: who is believed, and what is counted once."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from connectors.channels.ses import sns
from core.clock import utc_now
from database.engine import Database
from tests.conftest import make_organisation
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.reporting import counted, message, state, suppressed
from tools.campaigns.hooks import hook_url
from web.app import create_app

KEY = b"a key for signatures in this test"
SNS, TOPIC = "https://sns.eu-central-1.amazonaws.com", "arn:aws:sns:eu-central-1:123456789012:aima"


@cache
def signing() -> tuple[RSAPrivateKey, bytes]:
    """A key, and a certificate of it."""
    key, name = generate_private_key(65537, 2048), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
    return key, made.sign(key, SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(autouse=True)
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of SNS; the topic is the installation's."""
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return signing()[1]

    sns._key.cache_clear()
    monkeypatch.setattr(sns, "fetched", fetch)
    monkeypatch.setenv("AIMA_SES_TOPIC", TOPIC)
    return asked


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(counting_runtime(database), key=KEY, checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


def notice(event: Any, *, at: datetime | None = None, topic: str = TOPIC, **more: str) -> bytes:
    """A call of SNS's, signed."""
    told = {"Type": "Notification", "MessageId": uuid4().hex, "TopicArn": topic, "Message": json.dumps(event), **more}
    told["Timestamp"] = f"{at or utc_now():%Y-%m-%dT%H:%M:%S.000Z}"
    names = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told)
    signature = base64.b64encode(signing()[0].sign(signed.encode(), PKCS1v15(), SHA256())).decode()
    proof = {"SignatureVersion": "2", "Signature": signature}
    return json.dumps(told | proof | {"SigningCertURL": f"{SNS}/SimpleNotificationService-{'0a' * 16}.pem"}).encode()


def event(kind: str, sent: UUID | None, **detail: Any) -> dict[str, Any]:
    tags = {"message": [str(sent)]} if sent else {}
    mail = {"messageId": f"0107{sent}", "timestamp": "2026-06-15T12:00:00Z", "destination": ["ada@example.com"]}
    return {
        "eventType": kind,
        "mail": mail | {"tags": tags},
        kind.lower(): {"timestamp": "2026-06-15T12:00:01Z"} | detail,
    }


def bounce(sent: UUID | None, kind: str = "Permanent") -> dict[str, Any]:
    return event("Bounce", sent, bounceType=kind, bouncedRecipients=[{"emailAddress": "ada@example.com"}])


def path(org_id: UUID) -> str:
    return hook_url(KEY, "", "ses", org_id)


async def post(http: httpx.AsyncClient, to: str, body: bytes) -> int:
    return (await http.post(to, content=body, headers={"Content-Type": "text/plain; charset=UTF-8"})).status_code


async def test_events_count_once_in_whatever_order(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    sent, soft = (message(database, organisation, f"{name}@example.com", provider="ses") for name in ("ada", "bob"))
    for told in (event("Delivery", sent), event("Send", sent), event("Delivery", sent), event("Send", soft)):
        assert await post(http, path(organisation), notice(told)) == 200
    assert await post(http, path(organisation), notice(bounce(soft, "Transient"))) == 200
    assert (state(database, organisation, sent), state(database, organisation, soft)) == ("delivered", "bounced")
    assert counted(database, organisation) == (4, 0, 2)
    assert await post(http, path(organisation), notice(bounce(sent))) == 200
    assert suppressed(database, organisation, "ada@example.com") == "bounced"
    complaint = event("Complaint", sent, complainedRecipients=[{"emailAddress": "ada@example.com"}])
    assert await post(http, path(organisation), notice(complaint)) == 200
    assert suppressed(database, organisation, "ada@example.com") == "complained"


async def test_what_is_not_amazon_s_or_of_another_organisation_changes_nothing(
    http: httpx.AsyncClient, database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_organisation(database)
    theirs, to = message(database, other, provider="ses"), path(organisation)
    good = notice(bounce(theirs))
    assert await post(http, to, good) == 200  # rightly signed, and it names a message of another organisation
    assert await post(http, to, good.replace(b"Permanent", b"Transient")) == 403
    assert await post(http, to, notice(bounce(theirs), topic=TOPIC + "-theirs")) == 403
    assert await post(http, to, notice(bounce(theirs), at=utc_now() - timedelta(hours=4))) == 403
    assert await post(http, to, b"{}") == 403
    assert await post(http, to[:-3] + "AAA", good) == 403
    monkeypatch.delenv("AIMA_SES_TOPIC")
    assert await post(http, to, good) == 503
    for org_id in (organisation, other):
        assert counted(database, org_id) == (0, 0, 0)


async def test_a_subscription_of_our_topic_is_confirmed(
    http: httpx.AsyncClient, organisation: UUID, fetched: list[str]
) -> None:
    url = f"{SNS}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f"
    asked = {"Type": "SubscriptionConfirmation", "Token": "2336412f", "SubscribeURL": url}
    assert await post(http, path(organisation), notice({}, **asked)) == 200
    assert fetched[-1] == url
    elsewhere = asked | {"SubscribeURL": url.replace("amazonaws.com", "evil.example")}
    changed = notice({}, **asked).replace(b'"Token": "2336412f"', b'"Token": "2336412e"')
    for wrong in (notice({}, **elsewhere), notice({}, topic=TOPIC + "x", **asked), changed):
        assert await post(http, path(organisation), wrong) == 403
    assert [one for one in fetched if "Action" in one] == [url]
    assert (await http.get(path(organisation))).status_code == 405
