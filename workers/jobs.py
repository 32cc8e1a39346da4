"""The jobs workers know, how one is run, and the sweep that sees to jobs and messages nobody told them of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.exc import OperationalError

from core.clock import utc_now
from core.conventions import Conventions, following
from core.errors import AimaError, FixArguments, RetryLater
from core.identity import READ, WRITE, Identity
from core.memory import give_back
from core.settings import Settings
from database.engine import Database
from database.queries import jobs, locks, organisations, outbox, partitions
from tools.catalogue import catalogue, validated
from tools.declaration import Job, Work
from workers import second_look
from workers.dispatch import dispatch_outbox
from workers.queue import RUN_JOB, Queue
from workers.schedule import ASK_EVERYWHERE, MAKE_PARTITIONS, SWEEP

if TYPE_CHECKING:
    from celery import Celery
    from sqlalchemy import Connection

__all__ = [
    "ask_everywhere",
    "known_jobs",
    "make_partitions",
    "register",
    "run_job",
    "sweep",
    "worker_identity",
]

PROGRESS_EVERY_S = 0.5
LOST_AFTER = timedelta(seconds=60)
PAUSE_AFTER_FAILURE = timedelta(seconds=60)


@cache
def known_jobs() -> dict[str, Job[Any]]:
    """Every job of the catalogue, and the courier's, by name."""
    return catalogue().jobs | {dispatch_outbox.name: dispatch_outbox}


def worker_identity(org_id: UUID) -> Identity:
    """Who acts when nobody in particular does: may read and keep scores, may not propose or approve."""
    return Identity(org_id=org_id, actor="worker", scopes=frozenset({READ, WRITE}), door="worker")


@contextmanager
def alone(database: Database, org_id: UUID, name: str) -> Iterator[bool]:
    """True inside when no other worker runs `name` for this organisation; it ends with this process at the latest."""
    with database.engine.connect() as connection:
        with connection.begin():
            taken = locks.hold(connection, f"job {name}", str(org_id))
        try:
            yield taken
        finally:
            with suppress(OperationalError), connection.begin():  # a lost session holds nothing any more
                locks.let_go(connection)
            connection.invalidate()


def run_job(database: Database, org_id: UUID, job_id: UUID) -> UUID | None:
    """Run a job that is queued, or that a dead worker left "running" without its lock. Any other is left alone.

    Returns the id of the job that follows it, if one does.
    RetryLater: passing trouble, the job is queued again. Other errors of ours end the job and are kept with it.
    """
    with database.transaction(org_id) as connection:
        job = jobs.get(connection, job_id)
    with alone(database, org_id, job.name) as taken:
        if not taken:
            return None  # a twin is running; the sweep comes back to this one
        with database.transaction(org_id) as connection:
            if jobs.requeue(connection, job_id) and utc_now() - job.created_at > jobs.LONGEST_RUN:
                jobs.fail(connection, job_id, "Given up: its worker died again and again.")
            if not jobs.start(connection, job_id):
                return None
        return _carry_out(database, org_id, job)


def _carry_out(database: Database, org_id: UUID, row: jobs.JobRow) -> UUID | None:
    try:
        job = _known(row.name)
        arguments = validated(job.arguments, row.arguments)
        progress = _relay(database, org_id, row.id)
        with following(_conventions(database, org_id)):
            result = job.function(Work(database, worker_identity(org_id), utc_now(), progress), arguments)
    except RetryLater:
        with database.transaction(org_id) as connection:
            jobs.requeue(connection, row.id)
        raise
    except AimaError as error:
        end_job(database, org_id, row.id, error.message)
    except Exception as error:
        end_job(database, org_id, row.id, f"A defect stopped this job ({type(error).__name__}); see the worker's log.")
        raise
    else:
        with database.transaction(org_id) as connection:
            jobs.succeed(connection, row.id, _plain(result))
            return _follow(connection, job.then(arguments), row.requested_by)
    return None


def _conventions(database: Database, org_id: UUID) -> Conventions:
    with database.transaction(org_id) as connection:
        return organisations.profile(connection).conventions


def _known(name: str) -> Job[Any]:
    known = known_jobs()
    if name not in known:
        raise FixArguments(f"There is no job called '{name}'.", valid=sorted(known))
    return known[name]


def _plain(result: BaseModel | Mapping[str, Any]) -> Mapping[str, Any]:
    return result.model_dump(mode="json") if isinstance(result, BaseModel) else result


def _follow(connection: Connection, next_job: tuple[str, Mapping[str, Any]] | None, actor: str) -> UUID | None:
    """Ask for the job that follows, unless the very same one waits: with the success, or not at all."""
    if next_job is None or any((j.name, j.arguments) == next_job for j in jobs.queued(connection)):
        return None
    name, arguments = next_job
    return jobs.create(connection, name, arguments, actor)


def end_job(database: Database, org_id: UUID, job_id: UUID, error: str) -> None:
    """Keep with a job what ended it."""
    with database.transaction(org_id) as connection:
        jobs.fail(connection, job_id, error)


def _relay(database: Database, org_id: UUID, job_id: UUID) -> Callable[[float, str], None]:
    """Progress into the job's row, at most twice a second."""
    last = 0.0

    def progress(share: float, what: str) -> None:
        nonlocal last
        if share < 1 and time.monotonic() - last < PROGRESS_EVERY_S:
            return
        last = time.monotonic()
        with database.transaction(org_id) as connection:
            jobs.advance(connection, job_id, share, what)

    return progress


def ask_everywhere(database: Database, queue: Queue, name: str, arguments: Mapping[str, Any]) -> int:
    """Ask for a job in every organisation that needs it and has not the very same one waiting; returns how many."""
    asked, needs = 0, _known(name).needs
    for org_id in _organisations(database):
        with database.transaction(org_id) as connection:
            waits = any(j.name == name and j.arguments == dict(arguments) for j in jobs.queued(connection))
            wanted = not waits and needs(connection)
        if wanted:
            queue.enqueue(worker_identity(org_id), name, arguments)
            asked += 1
    return asked


def sweep(database: Database, queue: Queue) -> int:
    """See to due messages, to jobs the broker lost, and to those of dead workers; returns how many jobs it told of."""
    return sum(_sweep_one(database, queue, org_id) for org_id in _organisations(database))


def _sweep_one(database: Database, queue: Queue, org_id: UUID) -> int:
    now = utc_now()
    with database.transaction(org_id) as connection:
        lost = {job.id for job in jobs.queued(connection, before=now - LOST_AFTER)}
        lost |= {job.id for job in jobs.running(connection) if _has_no_worker(connection, org_id, job.name)}
        due = outbox.due(connection, now) or bool(second_look.late(connection, now))
        ask = due and not _dispatch_at_hand(jobs.latest(connection, dispatch_outbox.name))
    for job_id in lost:
        queue.send(org_id, job_id, expires_s=LOST_AFTER.total_seconds())
    if ask:
        queue.enqueue(worker_identity(org_id), dispatch_outbox.name, {})
    return len(lost) + ask


def _dispatch_at_hand(job: jobs.JobRow | None) -> bool:
    """True when a dispatch waits or runs, or failed so lately that another one would fail too."""
    if job is None or job.status == "succeeded":
        return False
    if job.status == "failed" and job.finished_at is not None:
        return utc_now() - job.finished_at < PAUSE_AFTER_FAILURE
    return True


def _has_no_worker(connection: Connection, org_id: UUID, name: str) -> bool:
    return locks.is_free(connection, f"job {name}", str(org_id))


def _organisations(database: Database) -> list[UUID]:
    with database.before_login() as connection:
        return [org_id for org_id, _slug in organisations.served(connection)]


def make_partitions(database: Database) -> int:
    """Make the monthly partitions that will be needed; returns how many were missing."""
    with database.before_login() as connection:
        return partitions.make_ahead(connection)


def _attempt(task: Any, database: Database, queue: Queue, org_id: UUID, job_id: UUID) -> None:
    """Run a job and tell of the one that follows; passing trouble is tried again as often as the job allows."""
    try:
        following = run_job(database, org_id, job_id)
        give_back()
        if following:
            queue.send(org_id, following)
    except RetryLater as trouble:
        with database.transaction(org_id) as connection:
            job = jobs.get(connection, job_id)
        retries = known_jobs()[job.name].retries
        if task.request.retries >= retries:
            end_job(database, org_id, job_id, trouble.message)
            return
        raise task.retry(countdown=trouble.retry_after_s, max_retries=retries) from trouble


def register(app: Celery, settings: Settings) -> None:
    """Make Celery tasks of the functions above. Each pool process opens its own connections when first needed."""
    from celery.signals import worker_ready

    opened: list[Database] = []

    def database() -> Database:
        if not opened:
            opened.append(Database.from_settings(settings))
        return opened[0]

    def queue() -> Queue:
        return Queue(database(), settings, app)

    def run(task: Any, org_id: str, job_id: str) -> None:
        _attempt(task, database(), queue(), UUID(org_id), UUID(job_id))

    def sweep_all() -> int:
        return sweep(database(), queue())

    def ask_all(name: str, arguments: dict[str, Any]) -> int:
        return ask_everywhere(database(), queue(), name, arguments)

    def make_all_partitions() -> int:
        return make_partitions(database())

    app.task(run, name=RUN_JOB, bind=True)
    app.task(sweep_all, name=SWEEP)
    app.task(ask_all, name=ASK_EVERYWHERE)
    app.task(make_all_partitions, name=MAKE_PARTITIONS)

    def look_at_once(**_: Any) -> None:
        app.send_task(SWEEP, expires=60)

    worker_ready.connect(look_at_once, weak=False)
