"""Journeys that tell a webhook: each entry once, signed; what is not taken comes again, and in the end says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.clock import utc_now
from core.errors import FixArguments
from core.identity import Identity
from core.settings import get_settings
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context, put_customer
from tests.conformance.apis import Fault, Reply, Request, Sent, cut, hang, reply, unheard
from tests.conformance.apis.webhook import PATH, SECRET, WebhookApi
from tests.integration.test_outbox import run
from tests.journey_scene import END, approved, change, did, proposed, started, status, where
from tools.channels.change import Given, change_account, reset_account
from tools.declaration import Work
from tools.journeys import calls
from tools.journeys.jobs import RunJourneysArguments, run_journeys

MINUTE = timedelta(minutes=1)
TELL = {"id": "tell", "type": "webhook", "event": "cart left", "next": "end"}
JOURNEY: dict[str, Any] = {"name": "Tell the till", "entry": {"event": "cart"}, "nodes": [TELL, END]}
TRIES = [0, 1, 3, 7, 15, 31, 63, 127]  # minutes after the first: 1, 2, 4 … between them
STATES = "select string_agg(status || ' ' || attempts, ', ' order by status, attempts) from journey_calls"


class Till(WebhookApi):
    """Somebody's own server: verifies every call, and takes each id once."""

    def answer(self, request: Request) -> Reply:
        """Takes a step of a journey; a wrong signature is a 401."""
        said = super().answer(request)
        if said.status == 204 and request.json["type"] == "journey.step":
            id_, data = request.headers["webhook-id"], request.json["data"]
            if id_ not in {sent.id for sent in self.sent}:
                self.take(Sent(id_, id_, data["customer"], data["event"], request.json))
        return said

    def named(self) -> list[str]:
        """Of whom it has heard."""
        return sorted(sent.address for sent in self.sent)


@pytest.fixture
def till() -> Iterator[Till]:
    till = Till()
    yield till
    till.stop()


def given(url: str) -> Given:
    return Given(provider="webhook", values={"webhook_url": url, "webhook_secret": SECRET})


@pytest.fixture
def set_up(database: Database, identity: Identity, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The organisation's own webhook, as the settings page keeps it."""
    monkeypatch.setenv("AIMA_WEBHOOK_NETWORKS", "127.0.0.0/8")
    change_account(database, identity, get_settings(), "webhook", given(till.url + PATH))


def left_carts(database: Database, org_id: UUID, now: datetime, *names: str) -> list[int]:
    """Customers of these names, each of whom leaves a cart."""
    with database.transaction(org_id) as connection:
        ids = [put_customer(connection, name, f"{name}@example.com") for name in names]
    for id_ in ids:
        did(database, org_id, id_, "cart", now + MINUTE)
    return ids


def minute(database: Database, identity: Identity, now: datetime) -> int:
    """The job as the clock asks for it every minute; how many calls were taken."""
    work = Work(database, identity, now, lambda *_: None)
    play: Any = run_journeys.function
    done = play(work, RunJourneysArguments())
    assert done["troubles"] == {}
    taken: int = done["calls"]
    return taken


def notes(database: Database, identity: Identity, now: datetime) -> list[str]:
    found: list[str] = status(database, identity, "Tell the till", now).notes
    return found


def test_the_webhook_hears_once_of_everybody_who_comes_by(
    database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None
) -> None:
    with database.transaction(organisation) as connection:
        put_customer(connection, "idle", "idle@example.com")
    started(database, identity, JOURNEY, now)
    ids = left_carts(database, organisation, now, "ada", "ben", "cem")
    at = now + 2 * MINUTE
    assert minute(database, identity, at) == 3
    assert [minute(database, identity, at + n * MINUTE) for n in (1, 2, 200)] == [0, 0, 0]

    assert till.named() == ["ada", "ben", "cem"]
    assert len(till.asked) == len({request.headers["webhook-id"] for request in till.asked}) == 3
    for sent in till.sent:
        assert set(sent.whole) == {"type", "timestamp", "data"}
        assert abs(datetime.fromisoformat(sent.whole["timestamp"]) - utc_now()) < MINUTE
        assert sent.whole["data"] == {
            "journey": "Tell the till", "node": "tell", "event": "cart left", "customer": sent.address,
            "at": at.isoformat(),
        }  # fmt: skip
    assert [where(database, organisation, one) for one in ids] == [[("out", "end")]] * 3
    assert run(database, organisation, STATES) == "done 1, done 1, done 1"
    assert notes(database, identity, at) == []


@pytest.mark.parametrize("fault", [reply(500), reply(503), unheard, cut], ids=["500", "503", "unheard", "cut"])
def test_what_got_no_answer_is_told_again_under_its_id_and_arrives_once(
    fault: Fault, database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None
) -> None:
    started(database, identity, JOURNEY, now)
    [ada] = left_carts(database, organisation, now, "ada")
    at = now + 2 * MINUTE
    till.faults = [fault]
    assert minute(database, identity, at) == 0
    assert where(database, organisation, ada) == [("out", "end")], "nobody waits for the webhook"
    assert run(database, organisation, STATES) == "pending 1"
    [note] = notes(database, identity, at)
    assert note.startswith("Node 'tell': 1 call to the webhook waits to be made again.")
    minute(database, identity, at + MINUTE / 2)
    assert len(till.asked) == 1, "not before its time"
    assert minute(database, identity, at + MINUTE) == 1
    assert [minute(database, identity, at + n * MINUTE) for n in (3, 200)] == [0, 0]

    assert till.named() == ["ada"]
    assert len(till.asked) == 2
    assert len({request.headers["webhook-id"] for request in till.asked}) == 1
    assert (run(database, organisation, STATES), notes(database, identity, at)) == ("done 2", [])


def test_where_nobody_answers_it_is_given_up_after_eight_tries_and_says_why(
    database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None
) -> None:
    started(database, identity, JOURNEY, now)
    ids = left_carts(database, organisation, now, "ada", "ben")
    at = now + 2 * MINUTE
    nobody_there = given("http://127.0.0.1:1" + PATH)
    change_account(database, identity, get_settings(), "webhook", nobody_there)
    for tried, minutes in enumerate(TRIES, 1):
        assert minute(database, identity, at + minutes * MINUTE) == 0
        state = "pending" if tried < len(TRIES) else "failed"
        assert run(database, organisation, STATES) == f"{state} {tried}, {state} {tried}"
        assert minute(database, identity, at + minutes * MINUTE + MINUTE / 2) == 0
    change_account(database, identity, get_settings(), "webhook", given(till.url + PATH))
    assert minute(database, identity, at + timedelta(days=2)) == 0, "what was given up stays so"
    assert till.asked == []
    assert notes(database, identity, at) == [
        "Node 'tell': 2 calls to the webhook failed. Your webhook cannot be reached (ConnectError)."
    ]
    assert [where(database, organisation, one) for one in ids] == [[("out", "end")]] * 2
    found = status(database, identity, "Tell the till", at)
    assert (found.inside, found.outcomes) == (0, {"end": 2})
    assert SECRET not in found.model_dump_json()


def test_what_the_server_refuses_is_not_told_again(
    database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None
) -> None:
    started(database, identity, JOURNEY, now)
    left_carts(database, organisation, now, "ada", "ben")
    at = now + 2 * MINUTE
    till.faults = [reply(422, {"error": "no such customer"})]
    assert [minute(database, identity, at + n * MINUTE) for n in (0, 1, 200)] == [1, 0, 0]
    assert (len(till.asked), len(till.sent)) == (2, 1)
    assert run(database, organisation, STATES) == "done 1, failed 1"
    assert notes(database, identity, at) == [
        "Node 'tell': 1 call to the webhook failed. Your webhook refused it (422): no such customer."
    ]


def test_a_paused_journey_tells_nothing_until_it_goes_on(
    database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None
) -> None:
    journey = started(database, identity, JOURNEY, now)
    left_carts(database, organisation, now, "ada")
    till.faults = [reply(500)]
    minute(database, identity, now + 2 * MINUTE)
    change(database, identity, "pause_journey", journey, now + 2 * MINUTE)
    assert (minute(database, identity, now + 9 * MINUTE), len(till.asked)) == (0, 1)
    change(database, identity, "resume_journey", journey, now + 9 * MINUTE)
    assert (minute(database, identity, now + 10 * MINUTE), till.named()) == (1, ["ada"])


def test_a_server_that_lets_calls_wait_does_not_keep_the_journeys(
    database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What there was no time for has lost no try, and is made in the next round."""
    monkeypatch.setattr("connectors.channels.http.TIMEOUT", 0.1)
    monkeypatch.setattr(calls, "LONGEST_S", 0.05)
    started(database, identity, JOURNEY, now)
    left_carts(database, organisation, now, "ada", "ben", "cem")
    till.faults = [hang]
    assert minute(database, identity, now + 2 * MINUTE) == 0
    assert run(database, organisation, STATES) == "pending 0, pending 0, pending 1"
    monkeypatch.undo()
    monkeypatch.setenv("AIMA_WEBHOOK_NETWORKS", "127.0.0.0/8")
    assert minute(database, identity, now + 3 * MINUTE) == 3
    assert till.named() == ["ada", "ben", "cem"]


# --- where no webhook is set up ---


def test_where_no_webhook_is_set_up_the_node_is_named_before_anybody_decides(
    database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till
) -> None:
    drafted: Any = CATALOGUE.call("draft_journey", {"definition": JOURNEY}, context(database, identity, now=now))
    [fault] = drafted.draft.faults
    assert fault["node"] == "tell"
    assert "no webhook is set up" in fault["said"]
    with pytest.raises(FixArguments, match=r"node 'tell' tells a webhook, but no webhook is set up: .*Messages"):
        proposed(database, identity, JOURNEY, now)
    assert run(database, organisation, "select count(*) from proposals") == 0


def test_a_webhook_that_is_gone_since_it_was_proposed_is_told_of_when_it_is_approved(
    database: Database, identity: Identity, organisation: UUID, now: datetime, set_up: None
) -> None:
    proposal = proposed(database, identity, JOURNEY, now)
    assert status(database, identity, "Tell the till", now).faults == []
    reset_account(database, identity, "webhook")
    with pytest.raises(FixArguments, match=r"node 'tell' tells a webhook, but no webhook is set up"):
        approved(database, identity, proposal, now)
    assert run(database, organisation, "select count(*) from journey_versions") == 0


@pytest.mark.parametrize("lost", ["taken away", "unreadable"])
def test_a_webhook_that_goes_while_it_runs_is_told_when_it_is_back(
    lost: str, database: Database, identity: Identity, organisation: UUID, now: datetime, till: Till, set_up: None
) -> None:
    started(database, identity, JOURNEY, now)
    [ada] = left_carts(database, organisation, now, "ada")
    if lost == "taken away":
        reset_account(database, identity, "webhook")
    else:  # as where the installation has another secret key
        run(database, organisation, "update channel_accounts set settings = decode(repeat('00', 40), 'hex')")
    at = now + 2 * MINUTE
    assert minute(database, identity, at) == 0
    assert where(database, organisation, ada) == [("out", "end")]
    [note] = notes(database, identity, at)
    assert "waits to be made again" in note
    assert note.endswith("under Messages on the settings page.")
    change_account(database, identity, get_settings(), "webhook", given(till.url + PATH))
    assert (minute(database, identity, at + MINUTE), till.named()) == (1, ["ada"])
