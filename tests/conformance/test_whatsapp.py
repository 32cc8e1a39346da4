"""WhatsApp: texts are approved templates filled in, errors go by their code; templates that cannot be shown whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from connectors.channels import http
from connectors.channels.contract import Message, Postponed, Refused, Transport, Unreachable
from connectors.channels.whatsapp import PROVIDER
from tests.conformance.apis import Reply, reply
from tests.conformance.apis.whatsapp import WhatsAppApi, template
from tests.conformance.scenes.whatsapp import WhatsAppScene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[WhatsAppScene]:
    scene = WhatsAppScene(tmp_path)
    yield scene
    scene.stop()


@pytest.fixture
def api(scene: WhatsAppScene) -> WhatsAppApi:
    return scene.api


@pytest.fixture
def transport(scene: WhatsAppScene) -> Iterator[Transport]:
    transport = scene.open()
    yield transport
    transport.close()


def message(text: str) -> Message:
    return Message(uuid4(), "whatsapp", "Shop", "+491701234567", None, text)


def test_a_text_goes_as_the_template_that_it_is(transport: Transport, api: WhatsAppApi) -> None:
    api.templates = [
        template("other", ("BODY", "Bye {{1}}.")),
        template(
            "news", ("HEADER", "News"), ("BODY", "Hello {{1}},\n\n{{2}} is new."), ("FOOTER", "Mug Shop"), language="de"
        ),
        template("named", ("BODY", "Dear {{first_name}}!"), parameter_format="NAMED"),
    ]
    transport.deliver(message("News\n\nHello Ada Lovelace,\n\nThe  red\nmug is new.\n\nMug Shop\n"), lambda: None)
    transport.deliver(message("Dear Käthe!"), lambda: None)
    first, second = (sent.whole["template"] for sent in api.sent)
    assert (first["name"], first["language"]) == ("news", {"code": "de"})
    assert [one["text"] for one in first["components"][0]["parameters"]] == ["Ada Lovelace", "The red mug"]
    assert second["components"][0]["parameters"] == [{"type": "text", "text": "Käthe", "parameter_name": "first_name"}]
    assert api.sent[0].text == "News\n\nHello Ada Lovelace,\n\nThe red mug is new.\n\nMug Shop\n"


def test_a_text_that_is_none_is_not_even_tried(transport: Transport, api: WhatsAppApi) -> None:
    with pytest.raises(Refused, match="approved"):
        transport.deliver(message("Buy now"), lambda: pytest.fail("was handed over"))
    assert api.asked == []


def test_only_what_can_be_shown_whole_is_offered(scene: WhatsAppScene) -> None:
    button = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]}
    pictured = template("picture", ("BODY", "Hello"))
    pictured["components"].insert(0, {"type": "HEADER", "format": "IMAGE"})
    buttons = template("buttons", ("BODY", "Hello"))
    buttons["components"].append(button)
    scene.api.templates = [
        template("good", ("BODY", "Hello")), template("order", ("BODY", "Sent"), category="UTILITY"), pictured, buttons,
        template("head", ("HEADER", "Hi {{1}}"), ("BODY", "Hello")), template("odd", ("HEADER", "Hi")),
        template("paused", ("BODY", "Hello"), status="PAUSED"), {"name": 7}, {},
    ]  # fmt: skip
    scene.api.per_page = 2
    assert PROVIDER.wordings is not None
    assert [one.name for one in PROVIDER.wordings(scene.settings)] == ["good"]
    assert PROVIDER.check is not None
    PROVIDER.check(scene.settings, "Shop", "")
    scene.api.templates = scene.api.templates[1:]
    with pytest.raises(Unreachable, match="No marketing template"):
        PROVIDER.check(scene.settings, "Shop", "")


def failing(api: WhatsAppApi, transport: Transport, code: int, status: int = 400) -> Any:
    api.faults = [reply(status, {"error": {"code": code, "message": "(#1)", "error_data": {"details": "why so"}}})]
    with pytest.raises((Refused, Postponed, Unreachable)) as found:
        transport.deliver(message("Grüße 🎁 No more of these: x"), lambda: None)
    return found.value


@pytest.mark.parametrize("code", [131026, 131047, 131049, 130472, 131051, 131021, 132005])
def test_what_is_of_the_recipient_concerns_nobody_else(code: int, api: WhatsAppApi, transport: Transport) -> None:
    error = failing(api, transport, code)
    assert isinstance(error, Refused)
    assert error.bars is None
    assert str(code) in error.message


@pytest.mark.parametrize(
    ("code", "status"), [(131042, 400), (131031, 403), (132001, 404), (132015, 400), (368, 403), (100, 400)]
)
def test_what_a_person_has_to_see_to_stops_everything(
    code: int, status: int, api: WhatsAppApi, transport: Transport
) -> None:
    error = failing(api, transport, code, status)
    assert isinstance(error, Unreachable)
    assert str(code) in error.message


def test_who_gets_too_much_waits_alone(api: WhatsAppApi, transport: Transport) -> None:
    assert isinstance(failing(api, transport, 131056), Postponed)


@pytest.mark.parametrize("code", [130429, 80007, 4])
def test_too_fast_waits_a_moment_and_is_delivered_once(
    code: int, api: WhatsAppApi, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "FIRST_PAUSE_S", 0.01)
    api.faults, asked = [reply(400, {"error": {"code": code, "message": "slow"}})] * 2, list[str]()
    transport.deliver(message("Grüße 🎁 No more of these: x"), lambda: asked.append("once"))
    assert (asked, len(api.asked), len(api.sent)) == (["once"], 3, 1)


def test_a_number_that_is_held_back_waits_for_an_hour(api: WhatsAppApi, transport: Transport) -> None:
    assert failing(api, transport, 131048).retry_after_s == 3600


def test_templates_that_cannot_be_had_leave_everything_waiting(api: WhatsAppApi, transport: Transport) -> None:
    api.answer = lambda _request: Reply(503)  # type: ignore[method-assign]
    with pytest.raises(Unreachable, match="503"):
        transport.deliver(message("Grüße 🎁 No more of these: x"), lambda: pytest.fail("was handed over"))
