"""Several messages in hand at once, as fast as a service takes them, no faster, and none while it wants none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from connectors.channels.contract import Attempt, Message, OutcomeUnknown, Receipt, Transport, Unreachable
from connectors.channels.discovery import providers
from connectors.channels.sandbox import SandboxTransport
from core.clock import utc_now
from core.errors import RetryLater
from core.identity import Identity
from core.settings import get_settings
from database.engine import Database
from database.queries import outbox
from tests.campaign_scene import add_customers, addresses, launched, statuses
from tests.conformance.apis import reply
from tests.conformance.scenes.mailgun import MailgunScene
from tests.integration.test_second_look import environment
from tools.channels.change import Given, change_account
from workers import route
from workers.courier import Courier
from workers.letters import Links
from workers.route import BATCH, MOST_UNANSWERED, Pace

LINKS = Links(b"key of the tests", "https://aima.example.com")
AT_ONCE = providers()["mailgun"].at_once


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailgunScene]:
    """Mailgun, that AIMA is set up for."""
    scene = MailgunScene(tmp_path)
    for variable, value in environment(scene).items():
        monkeypatch.setenv(variable, value)
    yield scene
    scene.stop()


class Meeting:
    """A service that answers its first message, and the others only when so many are there together."""

    def __init__(self, together: int) -> None:
        self.first, self.meeting, self.most = threading.Event(), threading.Barrier(together, timeout=30), 0
        self.lock, self.inside = threading.Lock(), 0

    def deliver(self, message: Message, before_handover: Any) -> Receipt:
        before_handover()
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            alone = not self.first.is_set()
            self.first.set()
        if not alone:
            self.meeting.wait()
        with self.lock:
            self.inside -= 1
        return Receipt("mailgun", str(message.id))

    def reconcile(self, attempt: Attempt) -> None:
        """Says nothing."""

    def close(self) -> None:
        """Nothing is held."""


def run(database: Database, org_id: UUID, ways: dict[str, Transport], after: timedelta = timedelta(0)) -> Any:
    return Courier(database, org_id, ways, LINKS, clock=lambda: utc_now() + after).run()


def one(database: Database, org_id: UUID, query: str, **values: Any) -> Any:
    with database.transaction(org_id) as connection:
        return connection.execute(text(query), values).scalar_one()


def is_due(database: Database, org_id: UUID, after: timedelta) -> bool:
    with database.transaction(org_id) as connection:
        return outbox.due(connection, utc_now() + after)


def test_as_many_are_handed_over_at_once_as_the_service_takes(
    database: Database, organisation: UUID, identity: Identity, scene: MailgunScene
) -> None:
    people = 1 + 2 * AT_ONCE
    add_customers(database, organisation, addresses(people))
    launched(database, identity)
    service = Meeting(AT_ONCE)
    assert run(database, organisation, {"mailgun": service}) == {"sent": people}
    assert service.most == AT_ONCE


def test_the_first_goes_alone_and_so_does_each_after_one_without_an_answer(
    database: Database, organisation: UUID, identity: Identity, scene: MailgunScene
) -> None:
    class Silent(Meeting):
        def deliver(self, message: Message, before_handover: Any) -> Receipt:
            before_handover()
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            threading.Event().wait(0.05)  # long enough for another one to come, if it were let go
            with self.lock:
                self.inside -= 1
            raise OutcomeUnknown("No answer.")

    add_customers(database, organisation, addresses(40))
    launched(database, identity)
    service = Silent(1)
    with pytest.raises(RetryLater, match="wait"):
        run(database, organisation, {"mailgun": service})
    assert service.most == 1
    assert statuses(database, organisation) == {"unknown": MOST_UNANSWERED, "pending": 40 - MOST_UNANSWERED}


def test_every_outcome_of_many_is_written_down(
    database: Database, organisation: UUID, identity: Identity, scene: MailgunScene
) -> None:
    """More than are claimed at once, among them some that are refused and one that nobody answers for."""
    people = [*addresses(BATCH + 60), *(f"refused-{n}@example.com" for n in range(9)), "silent-a@example.com"]
    add_customers(database, organisation, people)
    launched(database, identity)
    assert run(database, organisation, {"mailgun": scene.open()}) == {"sent": BATCH + 60, "failed": 9, "unknown": 1}
    assert len({sent.id for sent in scene.api.sent}) == len(scene.api.sent) == BATCH + 61
    references = "select count(distinct provider_reference) from messages where status = 'sent'"
    assert one(database, organisation, references) == BATCH + 60
    assert one(database, organisation, "select count(*) from message_events where kind = 'sent'") == BATCH + 60


def test_a_long_wait_that_a_service_asks_for_reaches_the_sweep(
    database: Database, organisation: UUID, identity: Identity, scene: MailgunScene
) -> None:
    add_customers(database, organisation, addresses(5))
    launched(database, identity)
    scene.api.faults = [reply(429, None, Retry_After="3600")]
    with pytest.raises(Unreachable):
        run(database, organisation, {"mailgun": scene.open()})
    assert statuses(database, organisation) == {"pending": 5}
    assert not is_due(database, organisation, timedelta(minutes=55)), "nobody asks again before that"
    assert run(database, organisation, {"mailgun": scene.open()}, timedelta(minutes=55)) == {}
    assert len(scene.api.asked) == 1
    assert is_due(database, organisation, timedelta(minutes=61))
    assert run(database, organisation, {"mailgun": scene.open()}, timedelta(minutes=61)) == {"sent": 5}


def test_messages_of_other_services_do_not_wait_with_it(
    database: Database, organisation: UUID, identity: Identity, scene: MailgunScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_customers(database, organisation, addresses(3))
    launched(database, identity)
    for variable in environment(scene):
        monkeypatch.delenv(variable)
    launched(database, identity, name="Sandbox")
    scene.api.faults = [reply(429, None, Retry_After="3600")] * 3
    with pytest.raises(Unreachable):
        run(database, organisation, {"mailgun": scene.open(), "sandbox": SandboxTransport()})
    assert statuses(database, organisation) == {"pending": 3, "sent": 3}


def test_whoever_changes_the_account_has_it_asked_anew(
    database: Database, organisation: UUID, identity: Identity, scene: MailgunScene
) -> None:
    add_customers(database, organisation, addresses(2))
    launched(database, identity)
    scene.api.faults = [reply(429, None, Retry_After="3600")]
    with pytest.raises(Unreachable):
        run(database, organisation, {"mailgun": scene.open()})
    given = {"mailgun_key": "another", "mailgun_domain": "mg.example.com"}
    change_account(database, identity, get_settings(), "email", Given("mailgun", given))
    assert is_due(database, organisation, timedelta(0))


def test_messages_go_no_faster_than_the_account_allows(
    database: Database, organisation: UUID, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Stopped(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return False

    add_customers(database, organisation, addresses(6))
    launched(database, identity)
    monkeypatch.setattr(route.time, "monotonic", lambda: 100.0)
    courier = Courier(
        database, organisation, {"sandbox": SandboxTransport()}, LINKS, limits={"sandbox": 4.0}, stop=Stopped()
    )
    assert courier.run() == {"sent": 6}
    assert waits == [0.0, 0.25, 0.5, 0.75, 1.0, 1.25]


@pytest.mark.parametrize(("per_second", "claimed"), [(None, 100), (1000.0, 100), (2.0, 20), (0.01, 1)])
def test_what_goes_slowly_is_claimed_in_small_parts(per_second: float | None, claimed: int) -> None:
    """So that what is changed meanwhile counts: quiet hours, what the message says, who carries it."""
    assert Pace(per_second).within(10, 100) == claimed
