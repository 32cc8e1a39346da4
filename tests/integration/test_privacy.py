"""A person is erased: nothing of them is found anywhere, and what is kept cannot be read back."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cli.engines import Engines
from core.errors import AskPerson, FixArguments, NotAllowed, NotFound, RetryLater
from core.identity import ADMIN, Identity
from database.queries.erasures import ErasureRow
from tests.campaign_scene import launched
from tests.conftest import person
from tests.integration.marked_conversations import converse, threads_of
from tests.integration.marked_person import FILES, HELD, NUMBER, Scene, made, plant, search
from tests.integration.test_outbox import courier
from tests.unit.test_words_of_a_person import NAMED, SPARED, words_of_ann
from tools.imports.undo import undo_named
from tools.privacy.certificate import certificate_words
from tools.privacy.erase import certificates, erase, preview, readmit

EVERYWHERE = {  # places where the marked person has to be seen before, so that seeing nothing afterwards says something
    "public.alerts", "public.audit_log", "public.campaigns", "public.contact_points", "public.customers",
    "public.customer_merges", "public.events", "public.identities", "public.import_changes",
    "public.import_rows.packed", "public.imports", "public.jobs", "public.mentions", "public.message_events",
    "public.messages", "public.orders", "public.playbooks", "public.proposals", "public.sandbox_mailbox",
    "public.segments", "public.suppressions", "planner's statistics", "chat.steps", "chat.feedbacks",
    "chat.contents.data", "checkpoints.checkpoint_blobs.blob", "checkpoints.checkpoint_writes.blob",
}  # fmt: skip
ANALYSED = ("customers", "contact_points", "orders", "events", "messages", "proposals", "chat.steps", "alerts")


def in_tables(found: Mapping[str, Mapping[str, int]]) -> set[tuple[str, str, int]]:
    """Marks, tables and rows; the planner's statistics are of all organisations together."""
    return {(m, p, n) for m, hits in found.items() for p, n in hits.items() if p.startswith("public.")}


def places(found: Mapping[str, Mapping[str, int]]) -> set[str]:
    return {place for hits in found.values() for place in hits}


@pytest.fixture
def scene(engines: Engines, short_home: Path, tmp_path: Path) -> Iterator[Scene]:
    scene = made(engines, short_home, tmp_path)
    yield scene
    scene.close()


@pytest.fixture(scope="module")
def erased(engines: Engines, short_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The marked person of this organisation was there and is erased; a message to somebody else waits."""
    scene = made(engines, short_home, tmp_path_factory.mktemp("erased"))
    plant(scene)
    scene.run("delete from sandbox_mailbox")
    scene.run("update messages set status = 'pending', sent_at = null, provider = 'sandbox' where address = :ada",
              ada="ada@example.com")  # fmt: skip
    scene.run("update campaigns set status = 'active' where status = 'completed' and proposal_id is not null")
    erase(scene.database, scene.identity, NUMBER, NUMBER, scene.settings)
    yield scene
    scene.close()


@pytest.fixture
async def full(scene: Scene) -> tuple[Scene, dict[str, str]]:
    """The marked person in every place there is."""
    plant(scene)
    threads = await converse(scene)
    engine = create_engine(scene.engines.owner_url)
    with engine.begin() as connection:
        for table in ANALYSED:
            connection.execute(text(f"analyze {table}"))
    engine.dispose()
    return scene, threads


async def test_nothing_of_a_person_is_found_after_an_erasure(full: tuple[Scene, dict[str, str]]) -> None:
    scene, threads = full
    before = search(scene)
    assert all(before.values()), {mark: dict(hits) for mark, hits in before.items() if not hits}
    assert EVERYWHERE - places(before) == set()
    assert {"file logs/web.log"} < {place for place in places(before) if place.startswith("file ")}
    revenue, orders = scene.revenue(), scene.run("select count(*) from orders")

    shown = preview(scene.database, scene.identity, "quaxmarkel", scene.settings)
    assert search(scene) == before, "looking changes nothing"
    done = erase(scene.database, scene.identity, NUMBER, shown.typed, scene.settings)

    assert {mark: dict(hits) for mark, hits in search(scene).items() if hits} == {}
    assert dict(done.places) == dict(shown.places), "what was shown is what went"
    assert (scene.revenue(), scene.run("select count(*) from orders")) == (revenue, orders)
    assert threads_of(scene) == {threads["harmless"], threads["file"]}
    assert scene.run("select count(*) from customers") == 2
    assert "before\nGET" in (scene.home / "logs" / "web.log").read_text(), "the rest of the log stays"
    _certified(scene, done)


def test_the_same_person_of_another_organisation_stays(scene: Scene, tmp_path: Path) -> None:
    other = made(scene.engines, scene.home, tmp_path)
    for one in (scene, other):
        for name in ("customers.csv", "orders.csv", "events.csv", "mentions.csv"):
            one.load(name, FILES[name])
        one.run("insert into alerts (kind, severity, title, detail) values ('x', 'low', 'Quaxmarkel', '{}')")
    theirs = in_tables(search(other))
    assert theirs == in_tables(search(scene))
    erase(scene.database, scene.identity, NUMBER, NUMBER, scene.settings)
    assert in_tables(search(other)) == theirs
    assert in_tables(search(scene)) == set()
    assert other.run("select count(*) from erasures") == 0
    other.close()


def _certified(scene: Scene, done: ErasureRow) -> None:
    (listed,) = certificates(scene.database, scene.identity)
    words = certificate_words(listed)
    assert listed == done
    assert not HELD.search(words)
    assert "- Customers: 1\n" in words, words
    assert "Orders, with their lines, as nobody's: 3" in words
    assert "SendGrid carried messages to the person (1)" in words
    audited = scene.run(
        "select detail::text from audit_log where action = 'person_erased' and subject = :id", id=str(listed.id)
    )
    assert json.loads(audited)["places"] == dict(listed.places)


def test_what_is_left_leads_nowhere(erased: Scene) -> None:
    rows = erased.run("select json_agg(o) from orders o where customer_id is null")
    assert sorted(row["revenue"] for row in rows) == [11, 40, 60.25]
    assert {row["city"] for row in rows} == {None}
    assert {row["country"] for row in rows} == {"Germany", None}
    assert len([row for row in rows if row["order_id"].startswith("erased-")]) == 1, "its number was made of an address"
    marks = erased.run("select json_agg(m) from erasure_marks m")
    assert all(re.fullmatch("[0-9a-f]{64}", mark["hash"]) for mark in marks)
    assert {(mark["channel"], mark["reason"]) for mark in marks} == {("", None), ("email", "bounced")}


def test_campaigns_that_were_approved_go_on_without_the_person(erased: Scene) -> None:
    assert courier(erased.database, erased.org_id).run()["sent"] == 1
    assert erased.run("select count(*) from proposals where status = 'pending'") == 0, "one that waited is withdrawn"


def test_the_same_files_do_not_bring_the_person_back(erased: Scene) -> None:
    revenue, orders = erased.revenue(), erased.run("select count(*) from orders")
    for name in ("customers.csv", "orders.csv", "events.csv", "moved.csv", "unnumbered.csv"):
        told = " ".join(str(decision) for decision in erased.load(name, FILES[name]).decisions)
        assert "who were erased" in told, name
    assert erased.run("select count(*) from customers") == 2
    assert (erased.revenue(), erased.run("select count(*) from orders")) == (revenue, orders)
    assert {mark: set(hits) for mark, hits in search(erased).items() if hits} == {}, "nor what the import keeps of it"


def test_taking_an_import_back_does_not_bring_the_person_back(erased: Scene) -> None:
    revenue = erased.revenue()
    undo_named(erased.database, erased.identity, erased.run("select min(number)::text from imports"))
    assert in_tables(search(erased)) == set()
    assert erased.revenue() == revenue


def test_an_address_that_refused_stays_refused_whoever_brings_it(scene: Scene) -> None:
    """A telephone number names nobody, so whoever comes with it is somebody else: they are not written to there."""
    scene.load("customers.csv", FILES["customers.csv"])
    scene.run("insert into suppressions (channel, address, reason) values ('sms', '+491715550199', 'unsubscribed')")
    erase(scene.database, scene.identity, NUMBER, NUMBER, scene.settings)
    assert scene.run("select count(*) from suppressions") == 0
    scene.load("family.csv", "customer_id,name,phone\nC-9,Cleo Bell,+49 171 5550199\nC-10,Dan,+49 171 5550111\n")
    assert scene.run("select name from customers where external_id = 'C-9'") == "Cleo Bell"
    assert scene.run("select string_agg(channel || ' ' || address || ' ' || reason, ';') from suppressions") == (
        "sms +491715550199 unsubscribed"
    )


def test_somebody_who_comes_back_is_let_in_by_a_person(scene: Scene) -> None:
    scene.load("customers.csv", FILES["customers.csv"])
    erase(scene.database, scene.identity, NUMBER, NUMBER, scene.settings)
    with pytest.raises(FixArguments, match="Nobody who was erased"):
        readmit(scene.database, scene.identity, "ada@example.com")
    again = "customer_id,name,email\nN-1,Zebulonix Quaxmarkel,ZQ.Quaxmail@example.com\n"
    assert "who were erased" in str(scene.load("again.csv", again).decisions)
    readmit(scene.database, scene.identity, "zq.quaxmail@example.com")
    scene.load("again2.csv", again)
    assert scene.run("select count(*) from customers where external_id = 'N-1'") == 1


def test_who_may(scene: Scene) -> None:
    scene.load("customers.csv", FILES["customers.csv"])
    manager = person(scene.org_id, "manager")
    with pytest.raises(NotAllowed, match="admin"):
        erase(scene.database, manager, NUMBER, NUMBER, scene.settings)
    key = Identity(scene.org_id, "key:x", frozenset({ADMIN}), "http", manager.user_id, person=False)
    with pytest.raises(AskPerson, match="Only a person"):
        preview(scene.database, key, NUMBER, scene.settings)
    with pytest.raises(FixArguments, match="type the customer's number"):
        erase(scene.database, scene.identity, NUMBER, "yes", scene.settings)
    with pytest.raises(NotFound, match="no customer"):
        preview(scene.database, scene.identity, "nobody", scene.settings)
    with pytest.raises(FixArguments, match=r"Which of them\? .*; C-1 \(Ada Bell, ada@example.com, Berlin\); C-2"):
        preview(scene.database, scene.identity, "b", scene.settings)
    for who in ("zq.quaxmail@EXAMPLE.com", "+49 171 5550199", "zebulonix quaxmarkel", "quaxm", NUMBER):
        assert preview(scene.database, scene.identity, who, scene.settings).customer == NUMBER
    assert scene.run("select count(*) from customers") == 3


def test_postgresql_reads_the_words_as_python_does(erased: Scene) -> None:
    words = words_of_ann().in_sql
    for said, named in [*((said, True) for said in NAMED), *((said, False) for said in SPARED)]:
        assert erased.run("select :said ~* :words", said=said, words=words) is named, said
    document = erased.run("select without_words(cast(:said as jsonb), :words)::text",
                          said='{"a": ["1\\nÄnne Quaxmarkel", 42, {"0171 5550199": null}]}', words=words)  # fmt: skip
    assert json.loads(document) == {"a": ["1\n[erased]", 42, {"[erased]": None}]}


def test_it_waits_for_a_message_in_hand(scene: Scene) -> None:
    scene.load("customers.csv", FILES["customers.csv"])
    launched(scene.database, scene.identity)
    scene.run("update messages set status = 'handing_over' where address = 'zq.quaxmail@example.com'")
    with pytest.raises(RetryLater, match="handed over just now"):
        erase(scene.database, scene.identity, NUMBER, NUMBER, scene.settings)
    assert scene.run("select count(*) from customers where external_id = :n", n=NUMBER) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
import database.erasure.erase as steps, tools.privacy.erase as whole
from core.identity import ROLE_SCOPES, Identity
from core.secrets import secret_key
from core.settings import Settings
from database.engine import Database

url, home, org, number, step = sys.argv[1:]
def die(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(whole if step == "_erased" else steps, step, die)
settings = Settings(home=Path(home))
who = Identity(UUID(org), "shell", ROLE_SCOPES["admin"], "cli", person=True)
whole.erase(Database(url, secret=lambda: secret_key(settings)), who, number, number, settings)
"""


@pytest.mark.parametrize(
    "step",
    ["erase_journal", *(pytest.param(step, marks=pytest.mark.slow) for step in ("_erased", "_note"))],
)
def test_killed_in_the_middle_it_is_done_again_and_ends_whole(scene: Scene, step: str) -> None:
    """After the files, after half of the rows, and when all but the last word is written."""
    plant(scene)
    revenue = scene.revenue()
    arguments = [scene.engines.app_url, str(scene.home), str(scene.org_id), NUMBER, step]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert scene.run("select count(*) from customers where external_id = :n", n=NUMBER) == 1
    assert certificates(scene.database, scene.identity) == []
    erase(scene.database, scene.identity, NUMBER, NUMBER, scene.settings)
    assert {mark: dict(hits) for mark, hits in search(scene).items() if hits} == {}
    assert scene.revenue() == revenue
