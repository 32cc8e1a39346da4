"""Whether a service would take messages, asked without sending one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from connectors.channels.contract import Refused, Unreachable
from core.errors import AskPerson
from core.identity import Identity
from core.settings import Settings
from database.engine import Database
from tests.conformance.apis import ProviderApi, Reply
from tests.conformance.apis.twilio import ACCOUNT, OWN, TOKEN
from tests.conformance.scenes import Scene
from tools.channels.check import check_account

SHOP, ADA = "Shop <shop@example.com>", "ada@example.com"


@pytest.fixture(params=["mailgun", "postmark", "sendgrid", "ses", "twilio", "webhook", "whatsapp"])
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


def check(scene: Scene, settings: Any = None, sender: str = SHOP, address: str = ADA) -> None:
    assert scene.provider.check is not None
    sms = scene.provider.name in ("twilio", "whatsapp")
    scene.provider.check(settings or scene.settings, OWN if sms and sender == SHOP else sender, "" if sms else address)


def changed(scene: Scene, **values: str) -> Any:
    given = {name: value for name, value in scene.settings.model_dump().items() if value is not None}
    return type(scene.settings).model_validate(given | values)


def test_good_settings_are_fine_and_nothing_is_sent(scene: Scene, api: ProviderApi) -> None:
    check(scene)
    assert api.asked
    assert api.sent == []


def test_a_wrong_key_is_told(scene: Scene, api: ProviderApi) -> None:
    wrong = "whsec_" + "geheim00" * 5 if scene.provider.name == "webhook" else "geheim"
    with pytest.raises(Unreachable, match="refuses our key") as error:
        check(scene, changed(scene, **{scene.key: wrong}))
    assert "geheim" not in str(error.value)


def test_nobody_there_is_told(scene: Scene) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        check(scene, scene.away())


@pytest.mark.parametrize("answered", [Reply(503), Reply(200, b"<html>Log in to this network</html>"), Reply(404)])
def test_what_is_no_answer_of_the_service_is_no_good_news(scene: Scene, api: ProviderApi, answered: Reply) -> None:
    if scene.provider.name in ("sendgrid", "webhook") and answered.status == 200:
        return  # what SendGrid says of a good message is empty, and what a webhook says is its own affair
    api.answer = lambda _request: answered  # type: ignore[method-assign]
    with pytest.raises(Unreachable):
        check(scene)


def test_an_address_that_no_mail_goes_to_is_told(scene: Scene, api: ProviderApi) -> None:
    if scene.provider.name in ("mailgun", "sendgrid"):
        with pytest.raises(Refused, match="valid address"):
            check(scene, address="refused-a@example.com")
    assert api.sent == []


def test_a_sender_that_is_not_ours_is_told(scene: Scene, api: ProviderApi) -> None:
    if scene.provider.name in ("webhook", "whatsapp"):
        return  # nobody's sender is known there
    if scene.provider.name in ("mailgun", "sendgrid"):
        api.faults = list(scene.sender_refused)
    if scene.provider.name == "postmark":  # a server's token says nothing of senders, but of streams
        with pytest.raises(Unreachable, match="1226"):
            check(scene, changed(scene, postmark_stream="other"))
        return
    senders = {"twilio": "+491709999999", "ses": "Shop <shop@elsewhere.example>"}
    with pytest.raises(Unreachable, match=r"[Ss]ender|'from'|no number of this account"):
        check(scene, sender=senders.get(scene.provider.name, SHOP))


@pytest.mark.parametrize("scene", ["twilio"], indirect=True)
def test_a_name_that_sends_texts_needs_no_number(scene: Scene, api: ProviderApi) -> None:
    check(scene, sender="AIMA")
    check(scene, changed(scene, twilio_service="MG" + "0" * 32), sender="+491709999999")
    assert len(api.asked) == 2


@pytest.mark.parametrize("scene", ["twilio"], indirect=True)
def test_a_person_asks_for_texts_without_having_a_number_here(
    scene: Scene, database: Database, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"AIMA_TWILIO_ACCOUNT": ACCOUNT, "AIMA_TWILIO_TOKEN": TOKEN, "AIMA_TWILIO_URL": vars(scene)["api"].url}
    for name, value in (given | {"AIMA_SMS_SENDER": OWN}).items():
        monkeypatch.setenv(name, value)
    assert check_account(database, identity, Settings(), "sms") == f"Twilio takes SMS from {OWN}."
    with pytest.raises(AskPerson):
        check_account(database, replace(identity, person=False), Settings(), "sms")
