"""Calls of providers: which are believed (by the vendors' own clients as much as by us), and what is read from them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from connectors.channels.events import Forged, HookRequest, MessageEvent, Webhook, by_machine, place
from connectors.channels.mailgun.webhooks import WEBHOOK as MAILGUN
from connectors.channels.postmark.webhooks import WEBHOOK as POSTMARK
from connectors.channels.sendgrid.webhooks import WEBHOOK as SENDGRID
from connectors.channels.twilio.webhooks import WEBHOOK as TWILIO
from core.errors import FixArguments, RetryLater

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "webhook_vectors.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DER, INFO = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
OURS = UUID("0b7f2f6e-6f0a-4a51-9d3c-3f2c9a3a8f10")
URL = "https://aima.example.com/hooks/any/token"


def call(body: Any = b"", *, url: str = URL, now: datetime = NOW, **headers: str) -> HookRequest:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HookRequest(url, {name.replace("_", "-"): value for name, value in headers.items()}, raw, now)


def settings(**keys: str | None) -> Any:
    return SimpleNamespace(**{name: None if key is None else SecretStr(key) for name, key in keys.items()})


# --- SendGrid ---


def sendgrid_call(now: datetime | None = None, **changes: Any) -> HookRequest:
    made = {**VECTORS["sendgrid"], **changes}
    then = datetime.fromtimestamp(int(VECTORS["sendgrid"]["timestamp"]), UTC)
    headers = {
        "x_twilio_email_event_webhook_signature": made["signature"],
        "x_twilio_email_event_webhook_timestamp": made["timestamp"],
    }
    return call(made["body"].encode(), now=now or then, **headers)


def test_the_published_vector_of_sendgrid_passes_and_nothing_near_it() -> None:
    key = settings(sendgrid_webhook_key=VECTORS["sendgrid"]["key"])
    SENDGRID.verify(key, sendgrid_call())
    (event,) = SENDGRID.events(sendgrid_call())
    assert (event.kind, event.hard, event.reason) == ("rejected", True, "Bounced Address")
    body, signature = VECTORS["sendgrid"]["body"], VECTORS["sendgrid"]["signature"]
    near = [
        {"body": body.strip()},
        {"body": body.replace("dropped", "bounced")},
        {"timestamp": "1600112503"},
        {"timestamp": ""},
        {"signature": ""},
        {"signature": "no Base64 ü"},
        {"signature": signature[:-4]},
        {"signature": base64.b64encode(b"0" * 70).decode()},
    ]
    for changes in near:
        with pytest.raises(Forged, match="signature"):
            SENDGRID.verify(key, sendgrid_call(**changes))
    other = base64.b64encode(generate_private_key(SECP256R1()).public_key().public_bytes(DER, INFO)).decode()
    with pytest.raises(Forged):
        SENDGRID.verify(settings(sendgrid_webhook_key=other), sendgrid_call())


def test_sendgrid_is_believed_for_as_long_as_it_calls_again() -> None:
    key = settings(sendgrid_webhook_key=VECTORS["sendgrid"]["key"])
    made = sendgrid_call().now
    SENDGRID.verify(key, sendgrid_call(now=made + timedelta(hours=25)))
    for now in (made + timedelta(hours=27), made - timedelta(minutes=11)):
        with pytest.raises(Forged, match="too long ago"):
            SENDGRID.verify(key, sendgrid_call(now=now))
    for unusable in ("bm90IGEga2V5", "=", "ü"):
        with pytest.raises(RetryLater, match="not one of SendGrid's"):
            SENDGRID.verify(settings(sendgrid_webhook_key=unusable), sendgrid_call())


def test_what_sendgrid_tells() -> None:
    told = [
        {"event": kind, "sg_event_id": kind, "timestamp": 1764417000, "message": str(OURS), "email": "ada@example.com"}
        for kind in (
            "processed", "deferred", "delivered", "spamreport", "unsubscribe", "group_unsubscribe", "group_resubscribe",
            "open", "click", "account_status_change",
        )
    ]  # fmt: skip
    told[7] |= {"sg_machine_open": True, "useragent": "Mozilla/5.0 (Macintosh) AppleWebKit/605"}
    told[8] |= {"url": "https://shop.example.com/new?mail=ada@example.com#x", "useragent": "Mozilla/5.0 (X11)"}
    events = SENDGRID.events(call(told))
    assert [event.kind for event in events] == [
        "accepted", "deferred", "delivered", "complained", "unsubscribed", "unsubscribed", "resubscribed", "opened",
        "clicked",
    ]  # fmt: skip
    assert {event.message for event in events} == {OURS}
    assert events[0].at == datetime.fromtimestamp(1764417000, UTC)
    assert (events[7].machine, events[8].machine) == (True, False)
    assert events[8].url == "https://shop.example.com/new"
    bounces = [
        {"event": "bounce", "sg_event_id": "a", "type": "bounce", "reason": "550 5.1.1 <ada@example.com> unknown"},
        {"event": "bounce", "sg_event_id": "b", "type": "blocked", "reason": "listed\r\nBcc: x"},
    ]
    hard, blocked = SENDGRID.events(call(bounces))
    assert (hard.kind, hard.hard, hard.reason) == ("bounced", True, "550 5.1.1 <…> unknown")
    assert (blocked.kind, blocked.hard, blocked.reason) == ("bounced", False, "listed Bcc: x")
    for body in ({"event": "open"}, ["open"], b"{", b"\xff"):
        with pytest.raises(FixArguments):
            SENDGRID.events(call(body))


# --- Mailgun ---


def mailgun_call(vector: dict[str, Any], now: datetime | None = None, **event: Any) -> HookRequest:
    made = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    signed = {name: vector[name] for name in ("timestamp", "token", "signature")}
    return call({"signature": signed, "event-data": {"event": "delivered", **event}}, now=now or made)


@pytest.mark.parametrize("vector", VECTORS["mailgun"], ids=lambda vector: vector["token"][:8])
def test_mailgun_is_believed_as_its_own_client_would(vector: dict[str, Any]) -> None:
    key = settings(mailgun_webhook_key=vector["key"])
    if vector["valid"]:
        MAILGUN.verify(key, mailgun_call(vector))
        assert MAILGUN.nonce(mailgun_call(vector)) == vector["token"]
    else:
        with pytest.raises(Forged, match="signature"):
            MAILGUN.verify(key, mailgun_call(vector))


def test_mailgun_is_believed_for_as_long_as_it_calls_again() -> None:
    vector = next(vector for vector in VECTORS["mailgun"] if vector["valid"])
    made, key = mailgun_call(vector).now, settings(mailgun_webhook_key=vector["key"])
    MAILGUN.verify(key, mailgun_call(vector, now=made + timedelta(hours=8, minutes=30)))
    for now in (made + timedelta(hours=10), made - timedelta(hours=1)):
        with pytest.raises(Forged, match="too long ago"):
            MAILGUN.verify(key, mailgun_call(vector, now=now))
    for body in (
        {},
        [],
        {"signature": {"token": "x"}},
        {"signature": {"timestamp": 1, "token": 2, "signature": 3}},
        b"",
    ):
        with pytest.raises(Forged, match="not signed"):
            MAILGUN.verify(key, call(body))
    assert MAILGUN.refusal == 406


@pytest.mark.parametrize(
    ("told", "kind", "hard"),
    [
        ({"event": "failed", "severity": "permanent", "reason": "bounce"}, "bounced", True),
        ({"event": "failed", "severity": "permanent", "reason": "old"}, "bounced", False),
        ({"event": "failed", "severity": "permanent", "reason": "suppress-bounce"}, "rejected", True),
        ({"event": "failed", "severity": "permanent", "reason": "suppress-unsubscribe"}, "rejected", False),
        ({"event": "failed", "severity": "temporary", "reason": "generic"}, "deferred", False),
        ({"event": "rejected", "reject": {"reason": "Sandbox"}}, "rejected", False),
        ({"event": "complained"}, "complained", False),
        ({"event": "unsubscribed"}, "unsubscribed", False),
        ({"event": "opened", "client-info": {"bot": "apple"}}, "opened", False),
    ],
)
def test_what_mailgun_tells(told: dict[str, Any], kind: str, hard: bool) -> None:
    more = {
        "id": "ev1",
        "timestamp": 1764417000.5,
        "user-variables": {"message": str(OURS)},
        "recipient": "a@b.example",
    }
    (event,) = MAILGUN.events(mailgun_call(VECTORS["mailgun"][0], now=NOW, **more, **told))
    assert (event.kind, event.hard, event.message, event.address) == (kind, hard, OURS, "a@b.example")
    assert event.machine == (kind == "opened")
    assert event.id == "ev1 2025-11-29"
    assert event.at.timestamp() == 1764417000.5


def test_mailgun_s_other_news_is_none_of_ours() -> None:
    assert MAILGUN.events(mailgun_call(VECTORS["mailgun"][0], event="stored")) == []
    odd = {"client-info": 7, "delivery-status": [], "message": "x", "user-variables": None, "timestamp": "then"}
    (event,) = MAILGUN.events(mailgun_call(VECTORS["mailgun"][0], now=NOW, **odd))
    assert (event.message, event.at) == (None, NOW)
    for body in ({}, [], {"event-data": 5}):
        with pytest.raises(FixArguments):
            MAILGUN.events(call(body))


# --- Postmark ---


def basic(password: str) -> str:
    return f"Basic {base64.b64encode(f'aima:{password}'.encode()).decode()}"


def test_postmark_is_believed_with_its_secret() -> None:
    key = settings(postmark_webhook_secret="a long secret")
    POSTMARK.verify(key, call(x_webhook_secret="a long secret"))
    POSTMARK.verify(key, call(authorization=basic("a long secret")))
    wrong: list[dict[str, str]] = [
        {}, {"x_webhook_secret": "a long"}, {"authorization": basic("")}, {"authorization": "Basic %%%"},
        {"authorization": "Bearer a long secret"}, {"authorization": basic("a long secret ")},
    ]  # fmt: skip
    for headers in wrong:
        with pytest.raises(Forged, match="secret"):
            POSTMARK.verify(key, call(**headers))


@pytest.mark.parametrize(
    ("told", "kind", "hard"),
    [
        ({"RecordType": "Delivery", "Recipient": "a@b.example"}, "delivered", False),
        ({"RecordType": "Bounce", "Type": "HardBounce"}, "bounced", True),
        ({"RecordType": "Bounce", "Type": "SoftBounce"}, "bounced", False),
        ({"RecordType": "Bounce", "Type": "Transient"}, "deferred", False),
        ({"RecordType": "Bounce", "Type": "BadEmailAddress"}, "rejected", True),
        ({"RecordType": "Bounce", "Type": "SMTPApiError"}, "failed", False),
        ({"RecordType": "Bounce", "Type": "SpamNotification"}, "complained", False),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, "complained", False),
        ({"RecordType": "SubscriptionChange", "SuppressSending": True}, "unsubscribed", False),
        ({"RecordType": "SubscriptionChange", "SuppressSending": False}, "resubscribed", False),
        (
            {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "HardBounce"},
            "bounced",
            True,
        ),
        ({"RecordType": "Open", "UserAgent": "Mozilla/5.0"}, "opened", False),
        ({"RecordType": "Click", "OriginalLink": "https://a.example/x?y"}, "clicked", False),
    ],
)
def test_what_postmark_tells(told: dict[str, Any], kind: str, hard: bool) -> None:
    more = {"MessageID": "m1", "Metadata": {"message": str(OURS)}, "ReceivedAt": "2026-11-29T10:00:00.1234567Z"}
    (event,) = POSTMARK.events(call(more | told))
    assert (event.kind, event.hard, event.message) == (kind, hard, OURS)
    assert event.at == datetime(2026, 11, 29, 10, 0, 0, 123456, tzinfo=UTC)
    assert event.machine == (kind == "opened")
    assert event.id == POSTMARK.events(call(more | told))[0].id
    assert event.id != POSTMARK.events(call(more | told | {"MessageID": "m2"}))[0].id


def test_postmark_s_other_news_is_none_of_ours() -> None:
    assert POSTMARK.events(call({"RecordType": "Bounce", "Type": "AutoResponder"})) == []
    assert POSTMARK.events(call({"RecordType": "Inbound"})) == []
    for body in ({}, [], {"RecordType": 5}, b"x"):
        with pytest.raises(FixArguments):
            POSTMARK.events(call(body))


# --- Twilio ---


def twilio_call(vector: dict[str, Any], **changes: str) -> HookRequest:
    body = vector["body"] if vector["body"] is not None else urlencode([tuple(p) for p in vector["parameters"]])
    headers = {"x_twilio_signature": vector["signature"]}
    if vector["algorithm"] != "HMAC_SHA1":
        headers["x_twilio_webhooks_signature_settings"] = f"key=webhooks_sharedkey_1,algorithm={vector['algorithm']}"
    made = call(body.encode(), url=vector["url"], **headers)
    return replace(made, **changes) if changes else made


def twilio_key(vector: dict[str, Any]) -> Any:
    shared = vector["algorithm"] != "HMAC_SHA1"
    return settings(
        twilio_webhook_key=vector["key"] if shared else None, twilio_token="other" if shared else vector["key"],
        twilio_key=None,
    )  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS["twilio"], ids=lambda vector: vector["signature"][:8])
def test_twilio_is_believed_as_its_own_client_would(vector: dict[str, Any]) -> None:
    TWILIO.verify(twilio_key(vector), twilio_call(vector))
    ports = {
        "https://aima.example.com/": "https://aima.example.com:443/",
        "http://aima.example.com:80/": "http://aima.example.com/",
    }
    for known, behind in ports.items():  # Twilio signs the usual port, or leaves it out
        TWILIO.verify(twilio_key(vector), twilio_call(vector, url=vector["url"].replace(known, behind)))
    scheme, _, rest = vector["url"].partition("://")
    for url in (f"{vector['url']}x", f"{scheme}://{rest.replace('aima', 'amia')}", f"wss://{rest}"):
        with pytest.raises(Forged):
            TWILIO.verify(twilio_key(vector), twilio_call(vector, url=url))
    body = twilio_call(vector).body
    with pytest.raises(Forged):
        TWILIO.verify(twilio_key(vector), replace(twilio_call(vector), body=body + b"&To=%2B1"))
    with pytest.raises(Forged):
        TWILIO.verify(settings(twilio_webhook_key="x", twilio_token=None, twilio_key=None), twilio_call(vector))


def test_a_way_of_signing_that_nobody_knows_is_none() -> None:
    vector = VECTORS["twilio"][1]
    headers = {**twilio_call(vector).headers, "x-twilio-webhooks-signature-settings": "key=1,algorithm=HMAC_MD5"}
    with pytest.raises(Forged, match="not known"):
        TWILIO.verify(twilio_key(vector), replace(twilio_call(vector), headers=headers))


def told_by_twilio(**parameters: str) -> list[MessageEvent]:
    parameters = {"MessageSid": "SM1", "To": "+491701234567"} | parameters
    return TWILIO.events(call(urlencode(parameters).encode(), url=f"{URL}?message={OURS}"))


@pytest.mark.parametrize(
    ("parameters", "kind", "hard"),
    [
        ({"MessageStatus": "queued"}, "accepted", False),
        ({"MessageStatus": "sent"}, "accepted", False),
        ({"MessageStatus": "delivered"}, "delivered", False),
        ({"MessageStatus": "undelivered", "ErrorCode": "30005"}, "bounced", True),
        ({"MessageStatus": "failed", "ErrorCode": "30003"}, "bounced", False),
        ({"MessageStatus": "undelivered", "ErrorCode": "30007"}, "rejected", False),
        ({"MessageStatus": "failed", "ErrorCode": "30001"}, "failed", False),
        ({"MessageStatus": "canceled"}, "rejected", False),
    ],
)
def test_what_twilio_tells(parameters: dict[str, str], kind: str, hard: bool) -> None:
    (event,) = told_by_twilio(**parameters)
    assert (event.kind, event.hard, event.message, event.reference) == (kind, hard, OURS, "SM1")


def test_who_writes_stop_wants_no_more_and_start_some_again() -> None:
    for word in ("STOP", " stop. ", "Stopall", "UNSUBSCRIBE", "Arrêt"):
        (event,) = TWILIO.events(call(urlencode({"MessageSid": "SM2", "From": "+4917", "Body": word}).encode()))
        assert (event.kind, event.address, event.message) == ("unsubscribed", "+4917", None)
    understood = {"MessageSid": "SM2", "From": "+4917", "Body": "genug davon", "OptOutType": "STOP"}
    assert TWILIO.events(call(urlencode(understood).encode()))[0].kind == "unsubscribed"
    (event,) = TWILIO.events(call(urlencode({"MessageSid": "SM2", "From": "+4917", "Body": "Start"}).encode()))
    assert event.kind == "resubscribed"
    (event,) = TWILIO.events(call(urlencode({"MessageSid": "SM2", "From": "+4917", "Body": "HELP"}).encode()))
    assert event.kind == "asked_help"
    for words in ("please don't stop", "When do you start?", ""):
        assert TWILIO.events(call(urlencode({"MessageSid": "SM2", "From": "+4917", "Body": words}).encode())) == []
    rejected, left = told_by_twilio(MessageStatus="failed", ErrorCode="21610")
    assert (rejected.kind, rejected.message) == ("rejected", OURS)
    assert (left.kind, left.message, left.address) == ("unsubscribed", None, "+491701234567")
    assert told_by_twilio(MessageStatus="receiving") == []
    with pytest.raises(FixArguments):
        TWILIO.events(call(b"Body=STOP"))


# --- all of them ---


@pytest.mark.parametrize("hook", [MAILGUN, SENDGRID, POSTMARK, TWILIO])
def test_without_a_key_the_provider_is_asked_to_call_again(hook: Webhook) -> None:
    names = (
        "mailgun_webhook_key", "sendgrid_webhook_key", "postmark_webhook_secret", "twilio_webhook_key", "twilio_token",
        "twilio_key",
    )  # fmt: skip
    vector = VECTORS["mailgun"][0]
    for key in (None, "", "  "):
        with pytest.raises(RetryLater, match="is not set") as error:
            hook.verify(settings(**dict.fromkeys(names, key)), mailgun_call(vector))
        assert error.value.retry_after_s >= 60


def test_programs_that_open_and_click_are_told_from_people() -> None:
    machines = [
        "Mozilla/5.0", "Googlebot/2.1", "Mozilla/5.0 (compatible; bingbot/2.0)", "python-requests/2.31", "curl/8.1",
        "Barracuda Sentinel (EE)", "Mimecast URL scanner", "HeadlessChrome/120", "Slackbot-LinkExpanding 1.0",
    ]  # fmt: skip
    people = [
        "", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19)", "Outlook-iOS/709",
    ]  # fmt: skip
    assert [agent for agent in machines if not by_machine(agent)] == []
    assert [agent for agent in people if by_machine(agent)] == []


def test_nothing_personal_is_kept_of_links_and_reasons() -> None:
    assert place("https://user:pw@shop.example.com/a/ada@example.com?x=1#y") == "https://shop.example.com/a/…"
    for odd in ("javascript:alert(1)", "", None, "https://[", "ftp://a.example"):
        assert place(odd) is None
    event = MessageEvent(
        "id", "bounced", NOW, reason="\x00gone: ada@example.com, +49 +491701234567\r\nX: y" + "z" * 900
    )
    assert event.reason is not None
    assert event.reason.startswith("gone: …, +49 … X: yz")
    assert len(event.reason) == 300
    assert len(MessageEvent("x" * 5000, "opened", NOW).id) == 32
    assert "\0" not in MessageEvent("a\0b", "opened", NOW).id
