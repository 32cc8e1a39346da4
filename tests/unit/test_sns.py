"""Calls of Amazon SNS: which are believed, what is fetched and from whom, and what Amazon SES tells in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from connectors.channels.events import Forged, HookRequest, MessageEvent
from connectors.channels.ses import sns
from connectors.channels.ses.webhooks import WEBHOOK
from core.errors import RetryLater

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "webhook_vectors.json").read_text(encoding="utf-8"))["sns"]
CALLS: list[dict[str, str]] = VECTORS["calls"]
KEYS: Any = SimpleNamespace(ses_topic=VECTORS["topic"])
NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
OURS = UUID("0b7f2f6e-6f0a-4a51-9d3c-3f2c9a3a8f10")


@pytest.fixture(autouse=True)
def fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of SNS, which answers with the certificate of the vectors."""
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return str(VECTORS["certificate"]).encode()

    monkeypatch.setattr(sns, "fetched", fetch)
    sns._key.cache_clear()
    yield asked
    sns._key.cache_clear()


def call(notice: Any, now: datetime = NOW) -> HookRequest:
    body = notice if isinstance(notice, bytes) else json.dumps(notice).encode()
    return HookRequest("https://aima.example.com/hooks/ses/t", {}, body, now)


@pytest.mark.parametrize("notice", CALLS, ids=lambda notice: f"{notice['MessageId']} {notice['Type']}")
def test_what_another_implementation_believes_is_believed_and_nothing_near_it(notice: dict[str, str]) -> None:
    WEBHOOK.verify(KEYS, call(notice))
    for name in ("Message", "MessageId", "Timestamp", "Signature", "Subject", "Token", "SubscribeURL"):
        if name in notice:
            with pytest.raises(Forged):
                WEBHOOK.verify(KEYS, call(notice | {name: notice[name][:-1] + "A"}))
    other = {"1": "2", "2": "1"}[notice["SignatureVersion"]]
    for changes in ({"SignatureVersion": other}, {"SignatureVersion": "3"}, {"TopicArn": VECTORS["topic"] + "x"}):
        with pytest.raises(Forged):
            WEBHOOK.verify(KEYS, call(notice | changes))
    for now in (NOW + timedelta(hours=4), NOW - timedelta(hours=1)):
        with pytest.raises(Forged, match="too long ago"):
            WEBHOOK.verify(KEYS, call(notice, now))


def test_another_s_topic_is_not_ours_however_well_signed() -> None:
    with pytest.raises(Forged, match="another topic"):
        WEBHOOK.verify(SimpleNamespace(ses_topic=VECTORS["topic"] + "-theirs"), call(CALLS[0]))
    with pytest.raises(RetryLater, match="not set"):
        WEBHOOK.verify(SimpleNamespace(ses_topic=None), call(CALLS[0]))


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a0a0a0a.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-0a0a0a0a.pem",
        "https://evil.example/sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a0a0a0a.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-0a0a0a0a.pem",
        "https://evil.s3.amazonaws.com/SimpleNotificationService-0a0a0a0a.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0a0a0a0a.pem",
        "https://sns.eu-central-1.amazonaws.com/bucket/SimpleNotificationService-0a0a0a0a.pem",
        "https://sns.eu-central-1.amazonaws.com/?x=/SimpleNotificationService-0a0a0a0a.pem",
        "https://[",
        "",
    ],
)
def test_certificates_are_fetched_from_sns_alone(url: str, fetched: list[str]) -> None:
    with pytest.raises(Forged):
        WEBHOOK.verify(KEYS, call(CALLS[0] | {"SigningCertURL": url}))
    assert fetched == []


def test_a_certificate_is_fetched_once_and_a_wrong_one_proves_nothing(
    fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for notice in CALLS:
        WEBHOOK.verify(KEYS, call(notice))
    assert len(fetched) == 1
    sns._key.cache_clear()
    monkeypatch.setattr(sns, "fetched", lambda _url: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(Forged):
        WEBHOOK.verify(KEYS, call(CALLS[0]))


def test_a_subscription_is_confirmed_at_sns_and_only_for_our_topic(fetched: list[str]) -> None:
    asked = next(notice for notice in CALLS if notice["Type"] == sns.SUBSCRIPTION)
    assert WEBHOOK.handshake(KEYS, call(asked)) == ""
    assert fetched[-1] == asked["SubscribeURL"]
    assert WEBHOOK.handshake(KEYS, call(CALLS[0])) is None
    fetched.clear()
    with pytest.raises(Forged):
        WEBHOOK.handshake(KEYS, call(asked | {"SubscribeURL": "https://evil.example/?Action=ConfirmSubscription"}))
    assert not [url for url in fetched if "Action" in url]
    host, ours = "https://sns.eu-central-1.amazonaws.com/?Action=", VECTORS["topic"]
    odd = (f"{host}ConfirmSubscription&TopicArn={ours}x", f"{host}DeleteTopic&TopicArn={ours}", "https://evil.example/")
    for url in odd:  # signed by SNS or not, nothing else is called
        with pytest.raises(Forged, match="address to confirm"):
            sns.confirm(asked | {"SubscribeURL": url}, ours)
    assert not [url for url in fetched if "Action" in url]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"{}", b'{"Type": 1}', b'{"Type": "Notification"}'])
def test_what_is_nothing_of_the_kind_is_refused(body: bytes) -> None:
    with pytest.raises(Forged):
        WEBHOOK.verify(KEYS, call(body))


# --- what SES tells ---


def told(event: Any) -> list[MessageEvent]:
    message = event if isinstance(event, str) else json.dumps(event)
    return WEBHOOK.events(call({"Type": "Notification", "Message": message}))


MAIL = {
    "messageId": "0107", "timestamp": "2026-11-29T12:00:00.000Z", "destination": ["ada@example.com"],
    "tags": {"message": [str(OURS)], "ses:source-ip": ["192.0.2.1"]},
}  # fmt: skip
BOUNCED = {"timestamp": "2026-11-29T12:00:05Z", "feedbackId": "f1"}


def bounce(kind: str, sub: str, **person: str) -> dict[str, Any]:
    people = [{"emailAddress": "ada@example.com", **person}]
    return {
        "eventType": "Bounce",
        "bounce": BOUNCED | {"bounceType": kind, "bounceSubType": sub, "bouncedRecipients": people},
    }


@pytest.mark.parametrize(
    ("event", "kind", "hard", "reason"),
    [
        ({"eventType": "Send", "send": {}}, "accepted", False, None),
        ({"eventType": "Delivery", "delivery": {"timestamp": "2026-11-29T12:00:03Z"}}, "delivered", False, None),
        (
            {"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull"}},
            "deferred", False, "MailboxFull",
        ),
        (bounce("Permanent", "General", diagnosticCode="smtp; 550 5.1.1 no"), "bounced", True, "smtp; 550 5.1.1 no"),
        (bounce("Permanent", "OnAccountSuppressionList"), "bounced", True, "Permanent OnAccountSuppressionList"),
        (bounce("Transient", "MailboxFull"), "bounced", False, "Transient MailboxFull"),
        (bounce("Undetermined", "Undetermined"), "bounced", False, "Undetermined Undetermined"),
        ({"eventType": "Reject", "reject": {"reason": "Bad content"}}, "rejected", False, "Bad content"),
        ({"eventType": "Rendering Failure", "failure": {"errorMessage": "no"}}, "failed", False, "no"),
        (
            {"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": "ada@example.com"}]}},
            "complained", False, None,
        ),
        ({"eventType": "Open", "open": {"userAgent": "Mozilla/5.0"}}, "opened", False, None),
        ({"eventType": "Click", "click": {"link": "https://a.example/x?y=1"}}, "clicked", False, None),
    ],
)  # fmt: skip
def test_what_ses_tells(event: dict[str, Any], kind: str, hard: bool, reason: str | None) -> None:
    (found,) = told(event | {"mail": MAIL})
    assert (found.kind, found.hard, found.reason) == (kind, hard, reason)
    assert (found.message, found.address, found.reference) == (OURS, "ada@example.com", "0107")
    assert found.machine == (kind == "opened")
    assert found.url == ("https://a.example/x" if kind == "clicked" else None)
    assert found.id == told(event | {"mail": MAIL})[0].id
    assert found.id != told(event | {"mail": MAIL | {"messageId": "0108"}})[0].id


def test_notifications_of_a_domain_concern_addresses_alone() -> None:
    event = bounce("Permanent", "General")
    event["notificationType"] = event.pop("eventType")
    (found,) = told(event | {"mail": {"messageId": "0107", "destination": ["ada@example.com"]}})
    assert (found.message, found.address, found.hard) == (None, "ada@example.com", True)


def test_other_news_of_ses_is_none_of_ours() -> None:
    assert told("Successfully validated SNS topic for Amazon SES event publishing.") == []
    assert told({"eventType": "Subscription", "mail": MAIL, "subscription": {}}) == []
    no_spam = {"complaintFeedbackType": "not-spam", "complainedRecipients": [{"emailAddress": "a@b.example"}]}
    assert told({"eventType": "Complaint", "mail": MAIL, "complaint": no_spam}) == []
    assert told({"hello": 1}) == []
    (odd,) = told({"eventType": "Open", "mail": {"tags": {"message": "x"}, "destination": 7}, "open": []})
    assert (odd.message, odd.address, odd.at) == (None, None, NOW)
    for text in ("{", "[" * 100_000, "[1]"):
        assert told(text) == []
