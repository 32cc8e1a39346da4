"""How background work is getting on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from core.errors import NoSuchData
from core.identity import READ
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.jobs.questions import JOB
from tools.results import Arguments, Evidence, ToolResult


class JobStatusArguments(Arguments):
    """Which job."""

    job_id: UUID | None = Field(default=None, description="Id of the job; absent: the latest.")


class JobStatus(ToolResult):
    """One job."""

    job_id: UUID = Field(description="Its id.")
    name: str = figure("Job", "What it does.")
    status: str = figure("Status", "queued, running, succeeded or failed.")
    progress: float = figure("Progress", "Share done.", unit="share")
    detail: str | None = figure("Detail", "What it is at.")
    result: dict[str, Any] | None = Field(description="What came out, once succeeded.")
    error: str | None = figure("Error", "What went wrong, once failed.")
    stale: bool = Field(description="True: running without a sign of life; it will be taken up again or has died.")
    requested_by: str = figure("Requested by", "Who asked for it.")
    created_at: datetime = figure("Created", "When it was asked for.")
    started_at: datetime | None = figure("Started at", "When it began.")
    finished_at: datetime | None = figure("Finished at", "When it ended.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="work in the background",
    agents=("analytics", "research"),
    basis="record",
    examples=({},),
    questions=(JOB,),
    views=(),
    next=("Show me the segments",),
)
def job_status(context: Context, arguments: JobStatusArguments) -> JobStatus:
    """Progress, result or error of background work (scoring, import, sending); without an id, of the latest."""
    from database.queries import jobs

    with context.transaction() as connection:
        job = jobs.latest(connection) if arguments.job_id is None else jobs.get(connection, arguments.job_id)
    if job is None:
        raise NoSuchData("No background work has been asked for yet.")
    return JobStatus(
        job_id=job.id,
        name=job.name,
        status=job.status,
        progress=round(job.progress, 4),
        detail=job.detail,
        result=job.result,
        error=job.error,
        stale=jobs.is_stale(job, now=context.now),
        requested_by=job.requested_by,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        evidence=Evidence(rows=1, as_of=context.now, sources=["jobs"]),
    )
