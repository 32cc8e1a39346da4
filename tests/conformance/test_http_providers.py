"""Every provider that is spoken to over HTTP, when things go wrong: nothing is lost, and nothing is sent twice."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from connectors.channels import http
from connectors.channels.contract import (
    Attempt,
    Envelope,
    Message,
    OutcomeUnknown,
    Receipt,
    Refused,
    Rendered,
    Transport,
    Unreachable,
)
from core.clock import utc_now
from tests.conformance.apis import Fault, ProviderApi, Reply, cut, cut_answer, hang, reply, unheard
from tests.conformance.scenes import Scene

NAMES = ("mailgun", "postmark", "sendgrid", "ses", "twilio", "webhook", "whatsapp")
HOTEL = reply(200, b"<html>Welcome to the hotel</html>")
TEXT = "Grüße 🎁\nNo more of these: "


@pytest.fixture(params=NAMES)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    module = import_module(f"tests.conformance.scenes.{request.param}")
    (made,) = [thing for thing in vars(module).values() if getattr(thing, "__module__", "") == module.__name__]
    scene: Scene = made(tmp_path)
    yield scene
    scene.stop()


@pytest.fixture
def api(scene: Scene) -> ProviderApi:
    found: ProviderApi = vars(scene)["api"]
    return found


@pytest.fixture
def transport(scene: Scene) -> Iterator[Transport]:
    transport = scene.open()
    yield transport
    transport.close()


def message(scene: Scene, name: str = "ada", **changes: Any) -> Message:
    id_ = changes.pop("id", uuid4())
    link = f"https://aima.example.com/u/token-{id_}"
    envelope = Envelope(id_, changes.pop("sender", "Shop <shop@example.com>"), scene.address(name), link, utc_now())
    assert scene.provider.channel is not None
    return scene.provider.channel.compose(Rendered("Grüße", TEXT + link, "<p>Grüße</p>"), envelope)


def attempt(sent: Message) -> Attempt:
    return Attempt(sent.id, sent.address, utc_now(), f"https://aima.example.com/u/token-{sent.id}")


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        pytest.param(reply(500), 0, id="500"),
        pytest.param(reply(502, b"<html>Bad gateway</html>"), 0, id="502"),
        pytest.param(reply(503, None, Retry_After="1"), 0, id="503"),
        pytest.param(reply(408), 0, id="408"),
        pytest.param(HOTEL, 0, id="a page of somebody else"),
        pytest.param(unheard, 0, id="cut"),
        pytest.param(cut, 1, id="taken and cut"),
        pytest.param(cut_answer, 1, id="taken and the answer cut"),
        pytest.param(hang, 1, id="taken and silent"),
    ],
)
def test_without_an_answer_nobody_knows_and_nothing_is_sent_again(
    scene: Scene, api: ProviderApi, fault: Fault, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.4))
    if scene.any_answer and not taken and fault is HOTEL:
        return
    api.faults, transport, asked = [fault], scene.open(), list[str]()
    with pytest.raises(OutcomeUnknown) as error:
        transport.deliver(message(scene), lambda: asked.append("once"))
    assert (asked, len(api.asked), len(api.sent)) == (["once"], 1, taken)
    assert not [secret for secret in scene.secrets if secret in f"{error.value!r}"]
    transport.deliver(message(scene, "bob"), lambda: None)  # over a new connection, if need be
    assert [sent.address for sent in api.sent][taken:] == [scene.address("bob")]
    transport.close()


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "key"), (403, "key"), (404, "settings"), (405, "settings"), (402, "paid"), (301, "settings")],
)
def test_what_a_person_has_to_see_to_stops_everything_and_says_what(
    scene: Scene, api: ProviderApi, transport: Transport, status: int, words: str
) -> None:
    api.faults = [reply(status, None, Location="https://elsewhere.example.com/")]
    with pytest.raises(Unreachable, match=words) as error:
        transport.deliver(message(scene), lambda: None)
    assert len(api.asked) == 1, "no redirect is followed, nothing is tried again"
    assert not [secret for secret in scene.secrets if secret in f"{error.value!r}"]
    transport.deliver(message(scene), lambda: None)
    assert len(api.sent) == 1


def test_a_wrong_key_is_named_as_such(scene: Scene, api: ProviderApi) -> None:
    class Echoing:
        def answer(self, request: Any) -> Reply:
            return Reply(
                401, {"message": f"who is {request.headers}?", "Message": "no", "ErrorCode": 10, "code": 20003}
            )

    api.answer = Echoing().answer  # type: ignore[method-assign]
    transport = scene.open()
    with pytest.raises(Unreachable, match="refuses our key") as error:
        transport.deliver(message(scene), lambda: None)
    assert not [secret for secret in scene.secrets if secret in f"{error.value!r}"]
    transport.close()


def test_what_a_service_says_is_told_without_the_key(scene: Scene, api: ProviderApi, transport: Transport) -> None:
    said = f"no, {scene.secrets[0]}\r\nBcc: " + "x" * 900
    api.faults = [scene.refusal(said)]
    with pytest.raises(Refused, match="no, …") as error:
        transport.deliver(message(scene), lambda: None)
    assert scene.secrets[0] not in f"{error.value!r}"
    assert "\n" not in error.value.message
    assert len(error.value.message) < 400


@pytest.mark.parametrize("fault", [reply(429, None, Retry_After="0"), reply(429)], ids=["told how long", "not told"])
def test_too_much_is_waited_for_a_moment_and_delivered_once(
    scene: Scene, api: ProviderApi, transport: Transport, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "FIRST_PAUSE_S", 0.01)
    api.faults, asked = [fault] * 2, list[str]()
    transport.deliver(message(scene), lambda: asked.append("once"))
    assert (asked, len(api.asked), len(api.sent)) == (["once"], 3, 1)


def test_too_much_for_long_leaves_the_rest_waiting(scene: Scene, api: ProviderApi, transport: Transport) -> None:
    api.faults = [reply(429, None, Retry_After="120")]
    with pytest.raises(Unreachable) as error:
        transport.deliver(message(scene), lambda: None)
    assert error.value.retry_after_s == 120
    api.faults = [reply(429, None, Retry_After="0")] * http.ATTEMPTS
    with pytest.raises(Unreachable):
        transport.deliver(message(scene), lambda: None)
    assert (len(api.asked), len(api.sent)) == (1 + http.ATTEMPTS, 0)


def test_of_several_messages_each_has_its_own_fate(scene: Scene, api: ProviderApi, transport: Transport) -> None:
    fates, faults = [], [None, reply(500), None, cut, None, reply(429, None, Retry_After="0")]
    for number, fault in enumerate(faults):
        api.faults = [fault] if fault else []
        try:
            transport.deliver(message(scene, f"c{number}"), lambda: None)
            fates.append("sent")
        except OutcomeUnknown:
            fates.append("unknown")
    with pytest.raises(Refused):
        transport.deliver(replace(message(scene), address=str(scene.refused)), lambda: None)
    assert fates == ["sent", "unknown", "sent", "unknown", "sent", "sent"]
    assert [sent.address for sent in api.sent] == [scene.address(f"c{number}") for number in (0, 2, 3, 4, 5)]


# --- what is not handed over ---


def test_who_withdraws_it_leaves_all_but_the_last_octet_behind(
    scene: Scene, api: ProviderApi, transport: Transport
) -> None:
    with pytest.raises(LookupError):
        transport.deliver(message(scene), lambda: {}["not ours any more"])
    transport.deliver(message(scene, "bob"), lambda: None)
    api.stop()
    assert (api.cut_off, len(api.asked), len(api.sent)) == ([1], 1, 1)


@pytest.mark.parametrize("parting", [b"", b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"])
def test_a_server_that_goes_before_the_last_octet_has_nothing(scene: Scene, parting: bytes) -> None:
    """It reads what there is, says a word or none, and hangs up, while we ask whether the message is still ours."""
    listener, gone = socket.create_server(("127.0.0.1", 0)), threading.Event()
    listener.settimeout(10)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(16)
            connection.sendall(parting)
        gone.set()

    thread = threading.Thread(target=serve)
    thread.start()
    field = f"{scene.provider.name}_url"
    given = {name: value for name, value in scene.settings.model_dump().items() if value is not None}
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    transport = scene.provider.open(type(scene.settings).model_validate(given | {field: url}))
    with pytest.raises(Unreachable):
        transport.deliver(message(scene), lambda: gone.wait(10) or None)  # type: ignore[func-returns-value]
    thread.join()
    listener.close()
    transport.close()


# --- what became of a message ---


def test_what_was_taken_without_an_answer_is_found_again(scene: Scene, api: ProviderApi, transport: Transport) -> None:
    api.per_page = 2
    others = [message(scene) for _ in range(3)]  # to the same address, in the same minute
    lost, never = message(scene), message(scene)
    for other in others:
        transport.deliver(other, lambda: None)
    api.faults = [cut]
    with pytest.raises(OutcomeUnknown):
        transport.deliver(lost, lambda: None)
    transport.deliver(message(scene), lambda: None)
    if not scene.finds:
        assert transport.reconcile(attempt(lost)) is None
        return
    assert transport.reconcile(attempt(lost)) == Receipt(scene.provider.name, api.sent[3].reference)
    assert transport.reconcile(attempt(others[0])) == Receipt(scene.provider.name, api.sent[0].reference)
    assert transport.reconcile(attempt(never)) is None
    api.listed = False
    assert transport.reconcile(attempt(lost)) is None, "what is not listed yet is not undelivered"


def test_a_receipt_names_what_the_search_finds(scene: Scene, transport: Transport) -> None:
    sent = message(scene)
    receipt = transport.deliver(sent, lambda: None)
    assert transport.reconcile(attempt(sent)) == (receipt if scene.finds else None)


@pytest.mark.parametrize(
    "answered",
    [
        Reply(500),
        Reply(403, {"message": "this key may not read"}),
        Reply(200, b"<html></html>"),
        Reply(200, [1]),
        Reply(200, {"items": 7, "messages": {"a": 1}, "Messages": None, "paging": 3}),
        Reply(200, {"items": [None, {"user-variables": "{", "message": 1}], "messages": [None, {"sid": 1, "body": 2}]}),
        Reply(200, {"messages": [{"sg_message_id": {}, "custom_args": []}], "Messages": [{"Metadata": "x"}]}),
    ],
)
def test_an_answer_that_says_nothing_settles_nothing(
    scene: Scene, api: ProviderApi, transport: Transport, answered: Reply
) -> None:
    sent = message(scene)
    transport.deliver(sent, lambda: None)
    api.answer = lambda _request: answered  # type: ignore[method-assign]
    assert transport.reconcile(attempt(sent)) is None
    assert len(api.asked) < 10


def test_nobody_to_ask_settles_nothing(scene: Scene) -> None:
    settings = scene.away()
    assert settings is not None
    transport = scene.provider.open(settings)
    assert transport.reconcile(attempt(message(scene))) is None
    transport.close()


def test_logs_are_asked_for_the_time_of_the_attempt(scene: Scene, api: ProviderApi, transport: Transport) -> None:
    sent = message(scene)
    transport.deliver(sent, lambda: None)
    other_day = Attempt(sent.id, sent.address, utc_now() - timedelta(days=3), attempt(sent).unsubscribe)
    by_day = scene.provider.name in ("mailgun", "sendgrid")  # the others are found by what is ours alone
    assert (transport.reconcile(other_day) is None) == (by_day or not scene.finds)


# --- what is sent ---


HOSTILE = (
    "Shop\r\nBcc: c@example.com <shop@example.com>",
    "=?utf-8?q?Shop=0d=0aBcc:_c@example.com?= <shop@example.com>",
    'O"Neill, "the\\ shop" <shop@example.com>',
    "Ünïcode 你好 \x00\ud800 <shop@example.com>",
)


@pytest.mark.parametrize("name", ["mailgun", "postmark", "sendgrid", "ses"])
@pytest.mark.parametrize("sender", HOSTILE)
def test_no_name_writes_a_header(name: str, sender: str, tmp_path: Path) -> None:
    scene: Any = getattr(import_module(f"tests.conformance.scenes.{name}"), f"{TITLES[name]}Scene")(tmp_path)
    transport = scene.open()
    sent = message(scene, sender=sender)
    transport.deliver(sent, lambda: None)
    (taken,) = scene.api.sent
    whole = str(taken.whole)
    assert "shop@example.com" in whole
    assert not re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]|=\?", str([taken.whole.get(k) for k in ("from", "From")]))
    headers = taken.whole.get("headers", taken.whole)
    assert "Bcc" not in headers
    assert "bcc" not in {key.lower() for key in taken.whole}
    transport.close()
    scene.stop()


@pytest.mark.parametrize("name", ["mailgun", "postmark", "sendgrid", "ses"])
def test_mail_programs_get_what_they_unsubscribe_by(name: str, tmp_path: Path) -> None:
    """Both headers of RFC 8058, whatever a service calls headers: one click ends messages to this recipient."""
    scene: Any = getattr(import_module(f"tests.conformance.scenes.{name}"), f"{TITLES[name]}Scene")(tmp_path)
    transport = scene.open()
    sent = message(scene)
    transport.deliver(sent, lambda: None)
    (taken,) = scene.api.sent
    told = taken.whole
    listed = {one["Name"]: one["Value"] for one in told["Headers"]} if name == "postmark" else told.get("headers", told)
    headers = {key.removeprefix("h:"): str(listed[key]) for key in listed}
    assert headers["List-Unsubscribe"].startswith(f"<https://aima.example.com/u/token-{sent.id}>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    transport.close()
    scene.stop()


TITLES = {"mailgun": "Mailgun", "postmark": "Postmark", "sendgrid": "SendGrid", "ses": "Ses"}


def test_a_sender_that_is_not_accepted_stops_everything(scene: Scene, api: ProviderApi, transport: Transport) -> None:
    if not scene.sender_refused:
        return
    api.faults = list(scene.sender_refused)
    with pytest.raises(Unreachable, match=r"sender|From|from"):
        transport.deliver(message(scene), lambda: None)


def test_postmark_says_what_is_wrong_with_200_as_well(tmp_path: Path) -> None:
    scene: Any = import_module("tests.conformance.scenes.postmark").PostmarkScene(tmp_path)
    transport = scene.open()
    scene.api.faults = [reply(200, {"ErrorCode": 406, "Message": "marked as inactive"})]
    with pytest.raises(Refused, match="inactive"):
        transport.deliver(message(scene), lambda: None)
    scene.api.faults = [reply(422, {"ErrorCode": 300, "Message": "Invalid 'To' address."})]
    with pytest.raises(Refused, match="300"):
        transport.deliver(message(scene), lambda: None)
    scene.api.faults = [reply(422, {"ErrorCode": 412, "Message": "Your account is pending approval."})]
    with pytest.raises(Unreachable, match="pending"):
        transport.deliver(message(scene), lambda: None)
    transport.close()
    scene.stop()


def test_a_full_queue_of_twilio_waits(tmp_path: Path) -> None:
    scene: Any = import_module("tests.conformance.scenes.twilio").TwilioScene(tmp_path)
    transport = scene.open()
    scene.api.faults = [reply(400, {"code": 21611, "message": "exceeded the queue"})]
    with pytest.raises(Unreachable) as error:
        transport.deliver(message(scene), lambda: None)
    assert error.value.retry_after_s == 600
    transport.close()
    scene.stop()


def test_twilio_tells_where_it_can_be_reached_and_by_whom(tmp_path: Path) -> None:
    scene: Any = import_module("tests.conformance.scenes.twilio").TwilioScene(tmp_path)
    transport, id_ = scene.open(), UUID(int=7)
    for callback in ("https://aima.example.com/hooks/twilio/t", "http://127.0.0.1:8000/hooks/twilio/t", ""):
        fields = {"callback": callback}
        transport.deliver(
            Message(id_, "sms", "+49 (0170) 55-5", scene.address("ada"), None, "Hi", None, fields), lambda: None
        )
    assert [sent.whole.get("StatusCallback") for sent in scene.api.sent] == [
        f"https://aima.example.com/hooks/twilio/t?message={id_}", None, None,
    ]  # fmt: skip
    assert {sent.whole["From"] for sent in scene.api.sent} == {"+490170555"}
    service = scene.settings.model_copy(update={"twilio_service": "MG" + "0" * 32})
    by_service = scene.provider.open(service)
    by_service.deliver(message(scene), lambda: None)
    assert scene.api.sent[-1].whole["MessagingServiceSid"] == "MG" + "0" * 32
    by_service.close()
    transport.close()
    scene.stop()
