"""How good the models are: what was compared, what won, and how it did on a later window."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import model_runs
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.models.questions import REPORT
from tools.results import Arguments, Evidence, ToolResult

HOW = {
    "churn": "it is fitted with the scores, after an import or when somebody asks to recompute the scores",
    "value": "it is fitted with the scores, after an import or when somebody asks to recompute the scores",
    "value_posterior": "it is fitted when somebody asks for the full posterior of customer value",
    "mix": "it is fitted when somebody asks to fit the marketing mix model",
    "vectors": "they are learnt once the scores are there, and anew every week",
}


class ModelInfo(BaseModel):
    """The model behind the scores and how good it was on a later time window."""

    model: str = figure("Model", "churn, value, value_posterior, vectors or mix.")
    status: str = figure("Status", "State of the run, e.g. ready, or why there is no model.")
    champion: str | None = figure("Champion", "Candidate that won.")
    reason: str | None = figure("Reason", "Why it won, or why there is no model.")
    as_of: datetime = Field(description="Instant the run is true for.")
    rows: int = figure("Rows", "Rows it was trained on.", unit="rows")
    candidates: list[Any] = Field(description="Candidates with their back-test figures.")
    parameters: dict[str, Any] = Field(description="Fitted parameters and definitions.")
    backtest: dict[str, Any] = Field(description="Figures on the later time window.")
    trained_at: datetime = figure("Trained", "When.")


class ModelReportArguments(Arguments):
    """Which model."""

    model: Literal["churn", "value", "value_posterior", "vectors", "mix"] = Field(
        default="churn",
        description="churn, value, value_posterior (the full posterior, fitted on demand), vectors or mix.",
    )


class ModelReport(ToolResult):
    """The last run of a model."""

    report: ModelInfo = Field(description="Candidates, champion, parameters, and figures on a later window.")
    verdict: str | None = figure("Verdict", "What the comparison found, in words.")
    used_for: list[str] = figure("Used for", "What its results are used for.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how good the predictions are",
    agents=("analytics",),
    examples=({}, {"model": "value"}, {"model": "vectors"}),
    questions=(REPORT,),
    next=("How good is the value model?", "Refresh the scores"),
)
def model_report(context: Context, arguments: ModelReportArguments) -> ModelReport:
    """How a model was chosen and how good it was on a later window: candidates, champion, parameters, back-test."""
    with context.transaction() as connection:
        run = model_runs.latest(connection, arguments.model)
    if run is None:
        raise NoSuchData(f"The model '{arguments.model}' has never been run: {HOW[arguments.model]}.")
    uses = {"churn": ["churn probabilities"], "value": ["lifetime value", "next purchase dates"]}
    return ModelReport(
        report=model_info(run),
        verdict=run.reason,
        used_for=list((run.parameters or {}).get("used_for") or uses.get(arguments.model, [])),
        evidence=Evidence(rows=run.rows, as_of=run.as_of, sources=["model_runs"]),
    )


def model_info(run: model_runs.Run) -> ModelInfo:
    """A stored model run as results carry it."""
    return ModelInfo(
        model=run.model,
        status=run.status,
        champion=run.champion,
        reason=run.reason,
        as_of=run.as_of,
        rows=run.rows,
        candidates=list(run.candidates),
        parameters=dict(run.parameters or {}),
        backtest=dict(run.backtest or {}),
        trained_at=run.created_at or run.as_of,
    )
