"""Background jobs: asked for, started, advancing, ended; the latest; and those whose worker must have died.

PostgreSQL is the truth about a job; the broker only carries the message that it exists. States move one way:
queued → running → succeeded | failed; `requeue` is the one way back, for a job whose worker died.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from core.errors import NotFound
from database.tables.operations import Job

__all__ = [
    "LONGEST_RUN",
    "JobRow",
    "advance",
    "create",
    "fail",
    "get",
    "is_stale",
    "latest",
    "queued",
    "requeue",
    "running",
    "start",
    "succeed",
]

LONGEST_RUN = timedelta(hours=2)  # no job of ours runs longer; a "running" one that old has lost its worker


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as stored; `progress` is a share 0-1."""

    id: UUID
    name: str
    status: str
    progress: float
    detail: str | None
    arguments: dict[str, Any]
    result: dict[str, Any] | None
    error: str | None
    requested_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


_COLUMNS = [getattr(Job, name) for name in JobRow.__dataclass_fields__]


def create(connection: Connection, name: str, arguments: Mapping[str, Any], requested_by: str) -> UUID:
    """Ask for a job: a queued row; `arguments` must be JSON. Returns its id."""
    statement = insert(Job).values(name=name, arguments=dict(arguments), requested_by=requested_by).returning(Job.id)
    made: UUID = connection.execute(statement).scalar_one()
    return made


def start(connection: Connection, job_id: UUID) -> bool:
    """Take a queued job up; False when it is running or ended already (a second worker then leaves it alone)."""
    return _move(connection, job_id, ("queued",), status="running", started_at=func.now(), progress=0.0)


def advance(connection: Connection, job_id: UUID, progress: float, detail: str | None = None) -> None:
    """Note how far a running job is: `progress` as a share (held within 0-1), `detail` in words."""
    _move(connection, job_id, ("running",), progress=min(1.0, max(0.0, progress)), detail=detail)


def succeed(connection: Connection, job_id: UUID, result: Mapping[str, Any]) -> bool:
    """End a job with its result (JSON); False when it had ended already."""
    values = {"status": "succeeded", "progress": 1.0, "result": dict(result), "error": None}
    return _move(connection, job_id, ("queued", "running"), finished_at=func.now(), **values)


def fail(connection: Connection, job_id: UUID, error: str) -> bool:
    """End a job with what went wrong, in words safe to show; False when it had ended already."""
    return _move(connection, job_id, ("queued", "running"), status="failed", error=error, finished_at=func.now())


def requeue(connection: Connection, job_id: UUID) -> bool:
    """Put a running job whose worker died back into the queue; False when it is not running."""
    return _move(connection, job_id, ("running",), status="queued", started_at=None, progress=0.0)


def get(connection: Connection, job_id: UUID) -> JobRow:
    """One job; NotFound when this organisation has none of that id."""
    row = connection.execute(select(*_COLUMNS).where(Job.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no job {job_id}.", field="job_id")
    return JobRow(*row)


def latest(connection: Connection, name: str | None = None) -> JobRow | None:
    """The job asked for last (of that name, when given)."""
    statement = select(*_COLUMNS).order_by(Job.created_at.desc(), Job.id).limit(1)
    if name is not None:
        statement = statement.where(Job.name == name)
    row = connection.execute(statement).one_or_none()
    return None if row is None else JobRow(*row)


def queued(connection: Connection, *, before: datetime | None = None) -> Sequence[JobRow]:
    """Jobs nobody has taken up, oldest first; those asked for before an instant only, when given."""
    statement = select(*_COLUMNS).where(Job.status == "queued").order_by(Job.created_at, Job.id)
    if before is not None:
        statement = statement.where(Job.created_at < before)
    return [JobRow(*row) for row in connection.execute(statement)]


def running(connection: Connection) -> Sequence[JobRow]:
    """Jobs that are marked as running, oldest first."""
    statement = select(*_COLUMNS).where(Job.status == "running").order_by(Job.started_at)
    return [JobRow(*row) for row in connection.execute(statement)]


def is_stale(job: JobRow, *, now: datetime) -> bool:
    """Whether this job runs longer than any job takes: its worker is gone."""
    return job.status == "running" and job.started_at is not None and job.started_at < now - LONGEST_RUN


def _move(connection: Connection, job_id: UUID, states: tuple[str, ...], **values: Any) -> bool:
    statement = update(Job).where(Job.id == job_id, Job.status.in_(states)).values(**values)
    return connection.execute(statement).rowcount == 1
