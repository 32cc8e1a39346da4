"""Group everybody anew, in the background."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from core.identity import WRITE
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult
from tools.segments.groups_questions import CLUSTER_KEEP
from tools.segments.run import JOB, STAGES, Stage


class RefreshSegmentsArguments(Arguments):
    """What to compute."""

    what: list[Stage] = Field(
        default=list(STAGES),
        min_length=1,
        description="groups: clusters, discovered groups, behaviours, map, saved segments; drift: what changed.",
    )
    clusters: int | None = Field(
        default=None, ge=2, le=50, description="Number of clusters to keep from now on; absent: as before."
    )
    best_number: bool = Field(default=False, description="True: choose the number of clusters by silhouette again.")


class RefreshSegments(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started grouping customers anew",
    agents=("analytics",),
    basis="record",
    examples=({}, {"what": ["groups"], "clusters": 5}),
    questions=(CLUSTER_KEEP,),
    views=(),
    next=("How far is the job?",),
)
def refresh_segments(context: Context, arguments: RefreshSegmentsArguments) -> RefreshSegments:
    """Group all customers anew and see which segments change, in the background; also runs by itself every day.

    cluster_customers shows a number of clusters without keeping it; `clusters` here keeps it.
    """
    asked = arguments.model_dump(exclude_defaults=True)
    job_id = context.enqueue(context.identity, JOB, asked)
    return RefreshSegments(job_id=job_id, evidence=Evidence(rows=0, as_of=context.now))
