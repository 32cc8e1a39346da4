"""Jobs: asked for once, run once at a time, tried again within bounds, and never lost with a worker or the broker."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from celery.schedules import crontab
from pydantic import ConfigDict, SecretStr
from sqlalchemy import text

import tools
from cli.engines import Engines
from core.clock import utc_now
from core.errors import FixArguments, GiveUp, RetryLater
from core.identity import Identity
from core.settings import Settings
from database.engine import Database
from database.queries import jobs
from tests.campaign_scene import CATALOGUE, CONTENT, add_customers, addresses, launched, statuses
from tests.celery_worker import WorkerScene, wait_until
from tests.conftest import make_organisation, person
from tools.context import Context
from tools.declaration import Job, Work
from tools.results import Arguments
from workers import app as app_module
from workers import jobs as work
from workers.queue import Queue


@pytest.fixture
def served_alone(monkeypatch: pytest.MonkeyPatch, organisation: UUID) -> list[UUID]:
    """The organisations that are seen to: this test's, and none of the hundreds that other tests left."""
    served = [organisation]
    monkeypatch.setattr(work, "_organisations", lambda _database: served)
    return served


RAIN = """
from pydantic import BaseModel
from tools.declaration import Every, Work, job
from tools.results import Arguments

class MeasureRainArguments(Arguments):
    days: int

class Rain(BaseModel):
    millimetres: float

@job(every=(Every("15 4 * * monday", {"days": 7}),))
def measure_rain(work: Work, arguments: MeasureRainArguments) -> Rain:
    return Rain(millimetres=2 * arguments.days)
"""


class Told(Queue):
    """A queue that notes whom it would have told, in place of a broker."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, Settings(broker_url=None))
        self.told: list[UUID] = []

    def send(self, org_id: UUID, job_id: UUID, *, expires_s: float | None = None) -> bool:
        self.told.append(job_id)
        return True


class Anything(Arguments):
    """Whatever it is given."""

    model_config = ConfigDict(extra="allow")


def get(database: Database, org_id: UUID, job_id: UUID) -> jobs.JobRow:
    with database.transaction(org_id) as connection:
        return jobs.get(connection, job_id)


def run(database: Database, org_id: UUID, query: str, **values: Any) -> None:
    with database.transaction(org_id) as connection:
        connection.execute(text(query), values)


@pytest.fixture
def told(database: Database) -> Told:
    return Told(database)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """A job 'note' that writes its arguments down; 'trouble', 'wrong' and 'defect' raise."""
    seen: list[Mapping[str, Any]] = []

    def note(job: Work, arguments: Anything) -> Mapping[str, Any]:
        job.progress(1.0, "noted")
        seen.append(arguments.model_dump())
        return {"seen": len(seen)}

    def raising(name: str, error: Exception) -> Job[Anything]:
        def function(_job: Work, arguments: Anything) -> Mapping[str, Any]:
            seen.append(arguments.model_dump())
            raise error

        return Job(name, Anything, function)

    for job in (
        Job("note", Anything, note),
        raising("trouble", RetryLater("The mail server is away.", retry_after_s=0.1)),
        raising("wrong", FixArguments("Nothing is called that.")),
        raising("defect", ZeroDivisionError("oh")),
    ):
        monkeypatch.setitem(work.known_jobs(), job.name, job)
    return seen


def test_a_job_runs_once(
    database: Database, organisation: UUID, identity: Identity, told: Told, ran: list[Mapping[str, Any]]
) -> None:
    job_id = told.enqueue(identity, "note", {"a": 1})
    assert told.told == [job_id]
    assert get(database, organisation, job_id).status == "queued"
    for _ in range(3):  # the broker may tell of it more than once
        work.run_job(database, organisation, job_id)
    job = get(database, organisation, job_id)
    assert (job.status, job.progress, job.detail, job.result) == ("succeeded", 1.0, "noted", {"seen": 1})
    assert job.requested_by == identity.actor
    assert ran == [{"a": 1}]


@pytest.mark.parametrize(
    ("arguments", "following"),
    [
        ({}, {}),
        ({"what": ["features", "rfm"]}, {"what": ["groups"]}),
        ({"what": ["churn", "value"]}, None),
    ],
)
def test_groups_follow_new_scores(
    database: Database,
    organisation: UUID,
    identity: Identity,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    arguments: dict[str, Any],
    following: dict[str, Any] | None,
) -> None:
    """Once, with the success or not at all."""
    scores = replace(work.known_jobs()["refresh_scores"], function=lambda _job, _arguments: {})
    monkeypatch.setitem(work.known_jobs(), "refresh_scores", scores)
    first = work.run_job(database, organisation, told.enqueue(identity, "refresh_scores", arguments))
    second = work.run_job(database, organisation, told.enqueue(identity, "refresh_scores", arguments))
    assert second is None, "the very same one waits already"
    if following is None:
        assert first is None
        return
    assert first is not None
    job = get(database, organisation, first)
    assert (job.name, job.status, job.arguments) == ("refresh_segments", "queued", following)


def test_what_went_wrong_is_kept_with_the_job(
    database: Database, organisation: UUID, identity: Identity, told: Told, ran: list[Mapping[str, Any]]
) -> None:
    wrong, unknown = told.enqueue(identity, "wrong", {}), told.enqueue(identity, "no such job", {})
    work.run_job(database, organisation, wrong)
    work.run_job(database, organisation, unknown)
    assert get(database, organisation, wrong).error == "Nothing is called that."
    assert "refresh_scores" in str(get(database, organisation, unknown).error)
    defect = told.enqueue(identity, "defect", {})
    with pytest.raises(ZeroDivisionError):
        work.run_job(database, organisation, defect)
    job = get(database, organisation, defect)
    assert job.status == "failed"
    assert job.error == "A defect stopped this job (ZeroDivisionError); see the worker's log."


def test_passing_trouble_leaves_the_job_queued(
    database: Database, organisation: UUID, identity: Identity, told: Told, ran: list[Mapping[str, Any]]
) -> None:
    job_id = told.enqueue(identity, "trouble", {})
    with pytest.raises(RetryLater):
        work.run_job(database, organisation, job_id)
    assert get(database, organisation, job_id).status == "queued"


def test_one_of_a_kind_at_a_time(
    database: Database, organisation: UUID, identity: Identity, told: Told, ran: list[Mapping[str, Any]]
) -> None:
    first, second = told.enqueue(identity, "note", {"a": 1}), told.enqueue(identity, "note", {"a": 2})
    other = make_organisation(database)
    assert {organisation, other} <= set(work._organisations(database))
    with work.alone(database, organisation, "note") as taken:
        assert taken
        run(database, organisation, "update jobs set status = 'running', started_at = now() where id = :id", id=first)
        work.run_job(database, organisation, second)
        work.run_job(database, other, told.enqueue(person(other), "note", {"a": 3}))
        assert ran == [{"a": 3}]  # another organisation does not wait
        assert get(database, organisation, second).status == "queued"
        run(database, organisation, "update jobs set created_at = now() - interval '5 minutes'")
        told.told.clear()
        work.sweep(database, told)
        assert second in told.told
        assert first not in told.told
    told.told.clear()
    work.sweep(database, told)  # now the first one's worker is dead, too
    assert {first, second} <= set(told.told)
    work.run_job(database, organisation, first)
    work.run_job(database, organisation, second)
    assert ran[1:] == [{"a": 1}, {"a": 2}]


def test_a_job_whose_worker_dies_again_and_again_is_given_up(
    database: Database, organisation: UUID, identity: Identity, told: Told, ran: list[Mapping[str, Any]]
) -> None:
    job_id = told.enqueue(identity, "note", {})
    run(database, organisation, "update jobs set status = 'running', created_at = now() - interval '3 hours'")
    work.run_job(database, organisation, job_id)
    assert ran == []
    assert "again and again" in str(get(database, organisation, job_id).error)


def test_scores_of_an_organisation_without_data(
    database: Database, organisation: UUID, identity: Identity, told: Told
) -> None:
    job_id = told.enqueue(identity, "refresh_scores", {"what": ["features"]})
    work.run_job(database, organisation, job_id)
    job = get(database, organisation, job_id)
    assert job.status == "succeeded", job.error
    assert job.result is not None
    assert job.result["customers"] == 0
    wrong = told.enqueue(identity, "refresh_scores", {"what": ["luck"]})
    work.run_job(database, organisation, wrong)
    assert "luck" in str(get(database, organisation, wrong).error)


@pytest.mark.usefixtures("served_alone")
def test_due_messages_are_seen_to(database: Database, organisation: UUID, identity: Identity, told: Told) -> None:
    add_customers(database, organisation, addresses(2))
    launched(database, identity, send_at=(utc_now() + timedelta(hours=1)).isoformat())

    def asked() -> int:
        with database.transaction(organisation) as connection:
            return len([job for job in jobs.queued(connection) if job.name == "dispatch_outbox"])

    work.sweep(database, told)
    assert asked() == 0
    run(database, organisation, "update messages set due_at = now()")
    for _ in range(3):
        work.sweep(database, told)
    assert asked() == 1  # one that waits is enough
    run(database, organisation, "update jobs set status = 'failed', finished_at = now()")
    work.sweep(database, told)
    assert asked() == 0  # it has just failed
    run(database, organisation, "update jobs set finished_at = now() - interval '2 minutes'")
    work.sweep(database, told)
    assert asked() == 1


def test_the_schedule_asks_each_organisation_once(
    database: Database, organisation: UUID, told: Told, served_alone: list[UUID]
) -> None:
    other = make_organisation(database)
    served_alone.append(other)
    arguments = {"what": ["features", "rfm"]}
    assert work.ask_everywhere(database, told, "refresh_scores", arguments) == 2
    assert work.ask_everywhere(database, told, "refresh_scores", arguments) == 0
    assert work.ask_everywhere(database, told, "refresh_scores", {"what": ["churn"]}) == 2
    for org_id in (organisation, other):
        with database.transaction(org_id) as connection:
            assert [job.arguments["what"] for job in jobs.queued(connection)] == [["features", "rfm"], ["churn"]]
            assert {job.requested_by for job in jobs.queued(connection)} == {"worker"}


def test_partitions_are_made_ahead(database: Database) -> None:
    work.make_partitions(database)
    assert work.make_partitions(database) == 0
    with database.before_login() as connection:
        wanted = utc_now() + timedelta(days=62)
        name = f"orders_{wanted:%Y%m}"
        assert connection.execute(text("select to_regclass(:name)"), {"name": name}).scalar() is not None


def test_without_a_broker_the_job_waits(
    database: Database, organisation: UUID, identity: Identity, tmp_path: Path
) -> None:
    for url in (None, f"redis+socket://{tmp_path}/nobody.sock", "redis://127.0.0.1:1/0"):
        queue = Queue(database, Settings(broker_url=None if url is None else SecretStr(url)))
        job_id = queue.enqueue(identity, "refresh_scores", {})
        assert get(database, organisation, job_id).status == "queued"
        assert not queue.send(organisation, job_id)


def test_the_application_needs_a_broker_and_keeps_no_results() -> None:
    with pytest.raises(GiveUp, match="BROKER_URL"):
        app_module.create_app(Settings(broker_url=None))
    app = app_module.create_app(Settings(broker_url=SecretStr("redis://127.0.0.1:1/0")))
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert asked <= set(app.tasks)
    jobs_asked = {entry["args"][0] for entry in app.conf.beat_schedule.values() if "args" in entry}
    assert jobs_asked <= set(work.known_jobs())


@pytest.fixture
def rain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A subject of its own with a job."""
    (tmp_path / "rain").mkdir()
    (tmp_path / "rain" / "__init__.py").write_text('"""Rain."""')
    (tmp_path / "rain" / "jobs.py").write_text(RAIN)
    monkeypatch.setattr(tools, "__path__", [*tools.__path__, str(tmp_path)])
    work.known_jobs.cache_clear()
    yield
    work.known_jobs.cache_clear()
    for name in ("tools.rain", "tools.rain.jobs"):
        sys.modules.pop(name, None)
    vars(tools).pop("rain", None)


@pytest.mark.usefixtures("rain")
def test_a_job_is_known_and_scheduled_by_its_declaration_alone(
    database: Database, organisation: UUID, identity: Identity, told: Told
) -> None:
    job_id, wrong = told.enqueue(identity, "measure_rain", {"days": 3}), told.enqueue(identity, "measure_rain", {})
    for asked in (job_id, wrong):
        work.run_job(database, organisation, asked)
    assert get(database, organisation, job_id).result == {"millimetres": 6.0}
    assert "days" in str(get(database, organisation, wrong).error)
    schedule = app_module.create_app(Settings(broker_url=SecretStr("redis://127.0.0.1:1/0"))).conf.beat_schedule
    (entry,) = [e for e in schedule.values() if "measure_rain" in e.get("args", ())]
    assert entry["args"] == ("measure_rain", {"days": 7})
    assert entry["schedule"] == crontab(minute=15, hour=4, day_of_week="monday")


def test_a_worker_may_not_propose_or_approve(organisation: UUID) -> None:
    identity = work.worker_identity(organisation)
    assert identity.scopes == {"read", "write"}
    assert not identity.person


@pytest.fixture(scope="module")
def scene(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerScene]:
    scene = WorkerScene(engines, tmp_path_factory.mktemp("worker"), "workers_at_work")
    yield scene
    scene.stop()


def test_a_real_worker_carries_an_approved_campaign_out(scene: WorkerScene) -> None:
    """What nobody told it of (the broker was away at the approval) it finds when it starts."""
    org_id = make_organisation(scene.database)
    add_customers(scene.database, org_id, addresses(50))
    context = Context(person(org_id), scene.database, utc_now(), Told(scene.database).enqueue)
    proposal: Any = CATALOGUE.call("propose_campaign", CONTENT | {"holdout_share": 0}, context)
    arguments = {"proposal_id": str(proposal.proposal.id), "content_hash": proposal.proposal.content_hash}
    approved: Any = CATALOGUE.call("approve_proposal", arguments, context)
    run(scene.database, org_id, "update jobs set created_at = now() - interval '2 minutes'")
    scene.start()
    wait_until(lambda: statuses(scene.database, org_id) == {"sent": 50}, "everything is sent")
    wait_until(lambda: get(scene.database, org_id, approved.job_id).status == "succeeded", "the job ends")
    job = get(scene.database, org_id, approved.job_id)
    assert job.result == {"sent": 50}
    found: Any = CATALOGUE.call("mailbox", {}, context)
    assert found.total == 50


def test_a_courier_that_cannot_reach_the_server_says_why(scene: WorkerScene, monkeypatch: pytest.MonkeyPatch) -> None:
    org_id = make_organisation(scene.database)
    add_customers(scene.database, org_id, addresses(3))
    launched(scene.database, person(org_id))
    run(scene.database, org_id, "update messages set provider = 'smtp'")
    job_id = scene.queue.enqueue(person(org_id), "dispatch_outbox", {})
    wait_until(lambda: get(scene.database, org_id, job_id).status == "failed", "the job fails")
    assert "Messages wait for the mail server" in str(get(scene.database, org_id, job_id).error)
    assert statuses(scene.database, org_id) == {"pending": 3}


def test_two_threads_cannot_hold_one_job(database: Database, organisation: UUID) -> None:
    outcomes: list[bool] = []

    def hold() -> None:
        with work.alone(database, organisation, "x") as taken:
            outcomes.append(taken)
            barrier.wait(10)

    barrier = threading.Barrier(2)
    threads = [threading.Thread(target=hold) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
