"""Computing the scores of everybody anew, when somebody asks for it."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from core.identity import WRITE
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult
from tools.scoring.questions import REFRESH
from tools.scoring.run import SCORES, Score


class RefreshScoresArguments(Arguments):
    """Which scores to compute."""

    what: list[Score] = Field(default=list(SCORES), min_length=1, description="Scores to compute; all by default.")


class RefreshScores(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started computing scores",
    agents=("analytics",),
    basis="record",
    examples=({}, {"what": ["rfm"]}),
    questions=(REFRESH,),
    views=(),
    next=("How far is the job?",),
)
def refresh_scores(context: Context, arguments: RefreshScoresArguments) -> RefreshScores:
    """Compute customer features, RFM segments, churn risk and lifetime value anew, in the background.

    Scores are kept fresh by themselves; call this after an import, or when a result says its scores are older than
    the data.
    """
    job_id = context.enqueue(context.identity, "refresh_scores", {"what": list(arguments.what)})
    return RefreshScores(job_id=job_id, evidence=Evidence(rows=0, as_of=context.now))
