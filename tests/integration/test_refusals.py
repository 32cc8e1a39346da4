"""What a provider says of an address when it refuses a message counts as if a webhook had told it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from connectors.channels.contract import Refused
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import add_customers, launched, proposed, statuses
from tests.conformance.apis import reply
from tests.conformance.scenes import Scene
from tests.integration.reporting import apply, event, suppressed
from tests.integration.test_outbox import courier, run
from tests.integration.test_second_look import environment


@pytest.fixture
def scene(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A provider at work that AIMA is set up for."""
    module = import_module(f"tests.conformance.scenes.{request.param}")
    (made,) = [thing for thing in vars(module).values() if getattr(thing, "__module__", "") == module.__name__]
    scene: Scene = made(tmp_path)
    for variable, value in environment(scene).items():
        monkeypatch.setenv(variable, value)
    yield scene
    scene.stop()


def launch(database: Database, identity: Identity, scene: Scene, addresses: list[str]) -> Any:
    channel = scene.provider.channel
    assert channel is not None
    add_customers(database, identity.org_id, list(addresses), kind=channel.address.name, channel=channel.name)
    return launched(database, identity, channel=channel.name, **({} if channel.limits.subject else {"subject": None}))


def sent_by(scene: Scene, database: Database, org_id: UUID) -> dict[str, int]:
    return dict(courier(database, org_id, transports={scene.provider.name: scene.open()}).run())


@pytest.mark.parametrize("scene", ["postmark"], indirect=True)
@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ("HardBounce", "bounced"),
        ("SpamComplaint", "complained"),
        ("ManualSuppression", "unsubscribed at postmark"),
        ("", "unsubscribed at postmark"),
    ],
)
def test_whom_postmark_holds_inactive_is_suppressed_for_postmark_s_reason(
    scene: Any, listed: str, reason: str, database: Database, identity: Identity, organisation: UUID
) -> None:
    gone = "Refused-Ann@example.com"
    scene.api.inactive = {gone: listed} if listed else {}
    scene.api.faults = [] if listed else [reply(422, {"ErrorCode": 406, "Message": "marked as inactive"})]
    launch(database, identity, scene, [gone])
    assert sent_by(scene, database, organisation) == {"failed": 1}
    assert suppressed(database, organisation, gone.lower()) == reason
    assert suppressed(database, organisation, gone.lower(), "sms") is None
    assert "406" in run(database, organisation, "select reason from messages")
    assert run(database, organisation, "select delivery from messages") is None
    audience = proposed(database, identity, holdout_share=0).audience
    assert (audience.suppressed, audience.to_send) == (1, 0)


@pytest.mark.parametrize("scene", ["twilio"], indirect=True)
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21610, "unsubscribed at twilio"),
        (21614, "bounced"),
        (21211, "bounced"),
        (21612, None),
        (21408, None),
    ],
)
def test_whom_twilio_names_is_suppressed_and_whom_it_does_not_is_not(
    scene: Any, code: int, reason: str | None, database: Database, identity: Identity, organisation: UUID
) -> None:
    scene.api.faults = [reply(400, {"code": code, "message": "Attempt to send to unsubscribed recipient"})]
    launch(database, identity, scene, ["+491701234567", "+491701234568"])
    assert sent_by(scene, database, organisation) == {"failed": 1, "sent": 1}
    found = {suppressed(database, organisation, f"+49170123456{n}", "sms") for n in (7, 8)}
    assert found == {None, reason}


@pytest.mark.parametrize("scene", ["twilio"], indirect=True)
def test_start_takes_back_a_stop_that_only_the_refusal_told(
    scene: Any, database: Database, identity: Identity, organisation: UUID
) -> None:
    number = next(iter(import_module("tests.conformance.apis.twilio").REFUSED))
    launch(database, identity, scene, [number])
    assert sent_by(scene, database, organisation) == {"failed": 1}
    assert suppressed(database, organisation, number, "sms") == "unsubscribed at twilio"
    later = run(database, organisation, "select max(at) + interval '1 second' from message_events")
    start = event("resubscribed", None, later, address=number)
    apply(database, organisation, start, provider="twilio", channel="sms")
    assert suppressed(database, organisation, number, "sms") is None
    assert statuses(database, organisation) == {"failed": 1}


@pytest.mark.parametrize("scene", ["smtp"], indirect=True)
def test_an_address_where_a_mail_server_knows_nobody_is_left_alone(
    scene: Any, database: Database, identity: Identity, organisation: UUID
) -> None:
    launch(database, identity, scene, ["nobody-a@example.com", "barred-b@example.com", "refused-c@example.com"])
    assert sent_by(scene, database, organisation) == {"failed": 3}
    found = {name: suppressed(database, organisation, f"{name}@example.com") for name in ("nobody-a", "barred-b")}
    assert found == {"nobody-a": "bounced", "barred-b": None}
    assert suppressed(database, organisation, "refused-c@example.com") is None, "a bare 550 may have other reasons"


@pytest.mark.parametrize("scene", ["whatsapp"], indirect=True)
def test_who_takes_no_marketing_on_whatsapp_gets_none_there(scene: Any) -> None:
    transport = scene.open()
    scene.api.faults = [reply(400, {"error": {"code": 131050, "message": "(#131050)"}})]
    from tests.conformance.test_http_providers import message

    with pytest.raises(Refused) as error:
        transport.deliver(message(scene), lambda: None)
    assert error.value.bars == "unsubscribed"
    transport.close()
