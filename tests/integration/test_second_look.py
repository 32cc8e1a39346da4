"""Messages of unknown outcome at providers that keep logs: asked for at once, once more later, then of a person."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cli.engines import Engines
from connectors.channels.contract import Attempt, Receipt, Transport, Undelivered
from core.clock import utc_now
from core.errors import RetryLater
from core.identity import Identity
from database.engine import Database
from database.queries import deliveries
from tests.campaign_scene import add_customers, launched, statuses
from tests.conformance.apis import ProviderApi, Request, cut, reply, unheard
from tests.conformance.scenes import Scene
from workers import second_look
from workers.courier import Courier
from workers.letters import Links
from workers.route import MOST_UNANSWERED

KEY = "a key for tests"
QUARTER = timedelta(minutes=16)
NAMES = ("mailgun", "postmark", "sendgrid", "twilio")


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "mailgun"))


@pytest.fixture
def scene(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A provider at work that AIMA is set up for."""
    module = import_module(f"tests.conformance.scenes.{name}")
    (made,) = [thing for thing in vars(module).values() if getattr(thing, "__module__", "") == module.__name__]
    scene: Scene = made(tmp_path)
    for variable, value in environment(scene).items():
        monkeypatch.setenv(variable, value)
    yield scene
    scene.stop()


@pytest.fixture
def api(scene: Scene) -> ProviderApi:
    found: ProviderApi = vars(scene)["api"]
    return found


def environment(scene: Scene) -> Mapping[str, str]:
    """The settings as an administrator would give them."""
    given = scene.settings.model_dump(exclude_unset=True)
    plain = {name: getattr(value, "get_secret_value", lambda v=value: v)() for name, value in given.items()}
    return {f"AIMA_{name.upper()}": str(value) for name, value in plain.items()}


def approved(database: Database, identity: Identity, scene: Scene, people: int) -> list[str]:
    """A campaign to so many people; returns their addresses."""
    channel = scene.provider.channel
    assert channel is not None
    addresses = [scene.address(f"c{number}") for number in range(people)]
    kind = channel.address.name
    add_customers(database, identity.org_id, [*addresses], kind=kind, channel=channel.name)
    words = {} if channel.limits.subject else {"subject": None}
    launched(database, identity, channel=channel.name, **words)
    return addresses


def courier(
    database: Database, org_id: UUID, scene: Scene, after: timedelta = timedelta(0), **transports: Transport
) -> Counter[str]:
    ways = transports or {scene.provider.name: scene.open()}
    links = Links(KEY.encode(), "https://aima.example.com")
    return Courier(database, org_id, ways, links, clock=lambda: utc_now() + after).run()


def alerts(database: Database, org_id: UUID) -> int:
    with database.transaction(org_id) as connection:
        return int(connection.execute(text("select count(*) from alerts where kind = 'delivery_unknown'")).scalar_one())


def is_due(database: Database, org_id: UUID, at: datetime) -> bool:
    with database.transaction(org_id) as connection:
        return bool(second_look.late(connection, at))


def test_logs_that_had_time_tell_of_a_delivery(
    database: Database, identity: Identity, scene: Scene, api: ProviderApi
) -> None:
    org_id, people = identity.org_id, approved(database, identity, scene, 3)
    api.faults, api.listed = [cut], False
    assert courier(database, org_id, scene) == {"unknown": 1, "sent": 2}
    assert (alerts(database, org_id), is_due(database, org_id, utc_now())) == (0, False)
    assert courier(database, org_id, scene) == {}, "not before its time"
    api.listed = True
    assert is_due(database, org_id, utc_now() + QUARTER)
    assert courier(database, org_id, scene, QUARTER) == {"recovered": 1}
    assert statuses(database, org_id) == {"sent": 3}
    assert Counter(sent.address for sent in api.sent) == Counter(people)
    assert (alerts(database, org_id), is_due(database, org_id, utc_now() + 2 * QUARTER)) == (0, False)
    with database.transaction(org_id) as connection:
        references = connection.execute(text("select provider_reference from messages")).scalars()
        assert set(references) == {sent.reference for sent in api.sent}


@pytest.mark.parametrize("name", ["mailgun", "ses"], indirect=True)  # Amazon SES has no log that can be asked
def test_what_is_in_no_log_is_a_persons_turn_and_asked_for_once(
    database: Database, identity: Identity, scene: Scene, api: ProviderApi
) -> None:
    org_id = identity.org_id
    approved(database, identity, scene, 2)
    api.faults = [unheard]
    assert courier(database, org_id, scene) == {"unknown": 1, "sent": 1}
    assert courier(database, org_id, scene, QUARTER) == {}
    assert (statuses(database, org_id), alerts(database, org_id)) == ({"sent": 1, "unknown": 1}, 1)
    asked = len(api.asked)
    assert courier(database, org_id, scene, 2 * QUARTER) == {}
    assert (len(api.asked), alerts(database, org_id), len(api.sent)) == (asked, 1, 1)


def test_a_provider_that_is_not_set_up_any_more_leaves_it_to_a_person(
    database: Database, identity: Identity, scene: Scene, api: ProviderApi
) -> None:
    org_id = identity.org_id
    approved(database, identity, scene, 1)
    api.faults = [cut]
    assert courier(database, org_id, scene) == {"unknown": 1}
    elsewhere = {"sandbox": import_module("connectors.channels.sandbox").SandboxTransport()}
    courier(database, org_id, scene, QUARTER, **elsewhere)
    assert (statuses(database, org_id), alerts(database, org_id)) == ({"unknown": 1}, 1)


def test_a_provider_that_is_sure_has_it_sent_again(
    database: Database, identity: Identity, scene: Scene, api: ProviderApi
) -> None:
    class Sure:
        """Knows."""

        def __init__(self) -> None:
            within = scene.open()
            self.deliver, self.close = within.deliver, within.close

        def reconcile(self, attempt: Attempt) -> Receipt | Undelivered:
            return Undelivered()

    org_id, people = identity.org_id, approved(database, identity, scene, 1)
    api.faults = [unheard]
    assert courier(database, org_id, scene, mailgun=Sure()) == {"unknown": 1}
    assert courier(database, org_id, scene, QUARTER, mailgun=Sure()) == {"recovered": 1, "sent": 1}
    assert [sent.address for sent in api.sent] == people


def test_a_provider_without_answers_does_not_make_everything_unknown(
    database: Database, identity: Identity, scene: Scene, api: ProviderApi
) -> None:
    org_id, people = identity.org_id, approved(database, identity, scene, 12)
    api.faults = [reply(503)] * 12
    with pytest.raises(RetryLater, match=r"503.*wait"):
        courier(database, org_id, scene)
    assert statuses(database, org_id) == {"unknown": MOST_UNANSWERED, "pending": 12 - MOST_UNANSWERED}
    api.faults = [reply(503), reply(503)]
    courier(database, org_id, scene)
    assert statuses(database, org_id) == {"unknown": MOST_UNANSWERED + 2, "sent": 12 - MOST_UNANSWERED - 2}
    assert len(api.sent) == len({sent.address for sent in api.sent} & set(people)) == 12 - MOST_UNANSWERED - 2


def test_who_was_told_while_asking_bothers_nobody(
    database: Database, identity: Identity, scene: Scene, api: ProviderApi
) -> None:
    class Told:
        """Its provider calls back while it is asked."""

        def __init__(self) -> None:
            within = scene.open()
            self.deliver, self.close = within.deliver, within.close

        def reconcile(self, attempt: Attempt) -> None:
            with database.transaction(identity.org_id) as connection:
                deliveries.settle(connection, attempt.id, delivered=True, now=utc_now(), by="its provider")

    org_id = identity.org_id
    approved(database, identity, scene, 1)
    api.faults = [unheard]
    assert courier(database, org_id, scene) == {"unknown": 1}
    assert courier(database, org_id, scene, QUARTER, mailgun=Told()) == {}
    assert (statuses(database, org_id), alerts(database, org_id)) == ({"sent": 1}, 0)


# --- kill -9 ---


class Held:
    """Holds a message at the provider until its courier is dead."""

    def __init__(self, *, taken: bool) -> None:
        self.taken, self.reached, self.dead = taken, threading.Event(), threading.Event()

    def __call__(self, api: ProviderApi, handler: Any, request: Request) -> None:
        """See Fault."""
        if self.taken:
            api.answer(request)
        self.reached.set()
        self.dead.wait(60)
        handler.close_connection = True


def killed_at_the_handover(engines: Engines, org_id: UUID, scene: Scene, held: Held, home: Path) -> None:
    """A courier of its own process, killed while the provider has its message in hand."""
    settings = {
        **environment(scene),
        "AIMA_HOME": str(home),
        "AIMA_APP_DATABASE_URL": engines.app_url,
        "AIMA_SECRET_KEY": KEY,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "workers.courier", str(org_id)],
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        assert held.reached.wait(60), "the message did not come"
        process.kill()
        process.wait(10)
    held.dead.set()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, indirect=True)
@pytest.mark.parametrize("fate", ["listed", "listed later", "never taken"])
def test_a_courier_killed_at_the_handover_sends_nothing_twice(
    engines: Engines, database: Database, identity: Identity, scene: Scene, api: ProviderApi, tmp_path: Path, fate: str
) -> None:
    org_id, known = identity.org_id, fate != "never taken"
    people, held = approved(database, identity, scene, 5), Held(taken=known)
    api.faults, api.listed = [held], fate == "listed"
    killed_at_the_handover(engines, org_id, scene, held, tmp_path)
    assert statuses(database, org_id)["handing_over"] == 1
    first = courier(database, org_id, scene)
    assert first == ({"recovered": 5, "sent": 4} if fate == "listed" else {"recovered": 4, "unknown": 1, "sent": 4})
    api.listed = True
    courier(database, org_id, scene, QUARTER)
    assert statuses(database, org_id) == ({"sent": 5} if known else {"sent": 4, "unknown": 1})
    assert alerts(database, org_id) == int(not known)
    assert len(api.sent) == len({sent.address for sent in api.sent} & set(people)) == 4 + known
