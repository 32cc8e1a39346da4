"""Calls of WhatsApp: which are believed, the question before the first, and what is read from them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from pydantic import SecretStr

from connectors.channels.events import Forged, HookRequest, MessageEvent
from connectors.channels.whatsapp.webhooks import WEBHOOK
from core.errors import FixArguments, RetryLater

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "webhook_vectors.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OURS = UUID("0b7f2f6e-6f0a-4a51-9d3c-3f2c9a3a8f10")
URL = "https://aima.example.com/hooks/whatsapp/the-token_4711"


def keys(secret: str | None) -> Any:
    return SimpleNamespace(whatsapp_secret=None if secret is None else SecretStr(secret))


def call(body: Any, **headers: str) -> HookRequest:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HookRequest(URL, {name.replace("_", "-"): value for name, value in headers.items()}, raw, NOW)


@pytest.mark.parametrize("vector", VECTORS["whatsapp"], ids=lambda vector: vector["signature"][7:15])
def test_whatsapp_is_believed_as_another_client_would(vector: dict[str, Any]) -> None:
    request = call(vector["body"].encode(), x_hub_signature_256=vector["signature"])
    if vector["valid"]:
        WEBHOOK.verify(keys(vector["key"]), request)
    else:
        with pytest.raises(Forged):
            WEBHOOK.verify(keys(vector["key"]), request)
    near = {"x_hub_signature_256": vector["signature"].removeprefix("sha256=")}
    for headers in ({}, near, {"x_hub_signature": vector["signature"]}, {"x_hub_signature_256": "sha256=ü"}):
        with pytest.raises(Forged):
            WEBHOOK.verify(keys(vector["key"]), call(vector["body"].encode(), **headers))
    with pytest.raises(Forged):
        WEBHOOK.verify(keys(vector["key"] + "0"), request)
    with pytest.raises(RetryLater, match="not set"):
        WEBHOOK.verify(keys(None), request)


def asked(**query: str) -> HookRequest:
    return HookRequest(
        f"{URL}?{urlencode({f'hub.{name}': value for name, value in query.items()})}", {}, b"", NOW, "GET"
    )


def test_meta_finds_that_the_address_is_ours() -> None:
    right = {"mode": "subscribe", "verify_token": "the-token_4711", "challenge": "1158201444"}
    assert WEBHOOK.handshake(keys("x"), asked(**right)) == "1158201444"
    assert WEBHOOK.handshake(keys("x"), call({})) is None
    wrong = (
        {"verify_token": "the-token_4712"}, {"verify_token": ""}, {"mode": "unsubscribe"}, {"challenge": "<script>"},
        {"challenge": ""}, {"challenge": "1" * 300}, {"challenge": "1\n2"},
    )  # fmt: skip
    for changes in wrong:
        with pytest.raises(Forged):
            WEBHOOK.handshake(keys("x"), asked(**(right | changes)))


def told(*changes: Any) -> list[MessageEvent]:
    entry = {"id": "WABA", "changes": [{"field": "messages", "value": value} for value in changes]}
    return WEBHOOK.events(call({"object": "whatsapp_business_account", "entry": [entry]}))


def state(status: str, code: int | None = None, **more: Any) -> dict[str, Any]:
    failed = {"errors": [{"code": code, "title": "Why", "error_data": {"details": "to +491701234567"}}]} if code else {}
    made = {"id": "wamid.1", "status": status, "timestamp": "1764417000", "recipient_id": "491701234567"}
    return made | {"biz_opaque_callback_data": str(OURS)} | failed | more


@pytest.mark.parametrize(
    ("status", "code", "kinds"),
    [
        ("sent", None, ["accepted"]),
        ("delivered", None, ["delivered"]),
        ("read", None, ["opened"]),
        ("failed", 131026, ["bounced"]),
        ("failed", 131049, ["rejected"]),
        ("failed", 130472, ["rejected"]),
        ("failed", 131047, ["rejected"]),
        ("failed", 131050, ["rejected", "unsubscribed"]),
        ("failed", 131000, ["failed"]),
        ("pending", None, []),
    ],
)
def test_states_of_messages(status: str, code: int | None, kinds: list[str]) -> None:
    found = told({"statuses": [state(status, code)]})
    assert [event.kind for event in found] == kinds
    assert {event.message for event in found} <= {OURS}
    assert not any(event.hard or event.machine for event in found)
    assert {event.at for event in found} <= {datetime.fromtimestamp(1764417000, UTC)}
    if code:
        assert found[0].reason == f"{code} to …"
    assert len({event.id for event in found}) == len(found)


def test_a_call_may_hold_many() -> None:
    later = state("read", id="wamid.2")
    found = told({"statuses": [state("sent"), state("delivered")]}, {"statuses": [later]}, {"statuses": 7}, {"x": 1})
    assert [(event.kind, event.reference) for event in found] == [
        ("accepted", "wamid.1"), ("delivered", "wamid.1"), ("opened", "wamid.2"),
    ]  # fmt: skip


def written(**message: Any) -> list[MessageEvent]:
    return told({"messages": [{"from": "491701234567", "id": "wamid.9", "timestamp": "1764417000", **message}]})


def test_who_writes_stop_wants_no_more() -> None:
    for message in (
        {"type": "text", "text": {"body": "STOP"}},
        {"type": "text", "text": {"body": " Stop promotions! "}},
        {"type": "button", "button": {"text": "Stop promotions", "payload": "x"}},
        {"type": "interactive", "interactive": {"button_reply": {"id": "1", "title": "Stop"}}},
    ):
        (event,) = written(**message)
        assert (event.kind, event.address, event.message) == ("unsubscribed", "+491701234567", None)
    (event,) = written(type="text", text={"body": "START"})
    assert event.kind == "resubscribed"
    for words in ("When does the sale stop?", "", "thanks"):
        assert written(type="text", text={"body": words}) == []
    for odd in ({"type": "image"}, {"text": "STOP"}, {"text": {"body": 5}}, {"from": "x", "text": {"body": "STOP"}}):
        assert written(**odd) == []


def test_what_is_wanted_is_told_in_its_menu_as_well() -> None:
    wish = {"wa_id": "491701234567", "category": "marketing_messages", "value": "stop", "timestamp": 1764417000}
    (event,) = told({"user_preferences": [wish]})
    assert (event.kind, event.address) == ("unsubscribed", "+491701234567")
    assert told({"user_preferences": [wish]})[0].id == event.id
    (event,) = told({"user_preferences": [wish | {"value": "resume"}]})
    assert event.kind == "resubscribed"
    assert told({"user_preferences": [wish | {"value": "other"}]}) == []


@pytest.mark.parametrize(
    ("wa_id", "numbers"),
    [
        ("5215512345678", {"+5215512345678", "+525512345678"}),
        ("5491112345678", {"+5491112345678", "+541112345678"}),
        ("551187654321", {"+551187654321", "+5511987654321"}),
        ("491701234567", {"+491701234567"}),
        ("0", set()),
    ],
)
def test_numbers_that_whatsapp_writes_otherwise_are_known_by_both(wa_id: str, numbers: set[str]) -> None:
    found = told({"messages": [{"from": wa_id, "id": "w", "timestamp": "1", "text": {"body": "stop"}}]})
    assert {event.address for event in found} == numbers
    assert len({event.id for event in found}) == len(numbers)


@pytest.mark.parametrize("body", [b"", b"{", {}, [], {"entry": 5}])
def test_what_is_no_call_of_whatsapp_s_is_refused(body: Any) -> None:
    with pytest.raises(FixArguments):
        WEBHOOK.events(call(body))
    assert WEBHOOK.events(call({"entry": [None, {"changes": [None, {"value": 3}]}]})) == []
