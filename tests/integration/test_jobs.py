"""Jobs: one way through their states, and what a caller is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.errors import NoSuchData, NotFound
from database.engine import Database
from database.queries import jobs
from tests.integration.asking import NOW, ask


def test_a_job_from_queue_to_result(database: Database, organisation: UUID) -> None:
    with pytest.raises(NoSuchData, match="No background work"):
        ask(database, organisation, "job_status")
    with database.transaction(organisation) as connection:
        job = jobs.create(connection, "refresh_scores", {"what": ["rfm"]}, "ann@example.com")
        assert [waiting.id for waiting in jobs.queued(connection)] == [job]
        jobs.advance(connection, job, 0.9, "not started: nothing happens")
        assert jobs.get(connection, job).progress == 0
        assert jobs.start(connection, job)
        assert not jobs.start(connection, job), "a second worker leaves it alone"
        jobs.advance(connection, job, 0.5, "half way")
    told = ask(database, organisation, "job_status")
    assert (told["status"], told["progress"], told["detail"]) == ("running", 0.5, "half way")
    with database.transaction(organisation) as connection:
        assert jobs.succeed(connection, job, {"written": {"rfm_scores": 3}})
        assert not jobs.fail(connection, job, "too late")
    told = ask(database, organisation, "job_status", job_id=str(job))
    assert (told["status"], told["progress"], told["result"]) == ("succeeded", 1.0, {"written": {"rfm_scores": 3}})
    assert told["finished_at"] >= told["started_at"] >= told["created_at"]
    assert told["error"] is None


def test_a_job_whose_worker_died_is_found_and_goes_back(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        job = jobs.create(connection, "dispatch", {}, "beat")
        jobs.start(connection, job)
        assert not jobs.is_stale(jobs.get(connection, job), now=jobs.get(connection, job).created_at)
        connection.execute(text("update jobs set started_at = :at"), {"at": NOW - timedelta(hours=3)})
        assert jobs.is_stale(jobs.get(connection, job), now=NOW)
    assert ask(database, organisation, "job_status")["stale"]
    with database.transaction(organisation) as connection:
        assert jobs.requeue(connection, job)
        assert not jobs.requeue(connection, job)
        assert jobs.get(connection, job).status == "queued"
        assert jobs.fail(connection, job, "gave up")
    told = ask(database, organisation, "job_status")
    assert (told["status"], told["error"], told["stale"]) == ("failed", "gave up", False)


def test_the_latest_by_name_and_nobody_elses(database: Database, organisation: UUID) -> None:
    for name in ("a", "b"):
        with database.transaction(organisation) as connection:
            jobs.create(connection, name, {}, "x")
    with database.transaction(organisation) as connection:
        latest, first = jobs.latest(connection), jobs.latest(connection, "a")
        assert latest is not None
        assert first is not None
        assert (latest.name, first.name) == ("b", "a")
    with pytest.raises(NotFound, match="no job"), database.transaction(uuid4()) as connection:
        jobs.get(connection, latest.id)
