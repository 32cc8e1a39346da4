"""How good the models are: what was compared, what won, and how it did on a later window."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import model_runs
from tools.churn.outlook import ModelInfo, model_info
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult

HOW = {
    "churn": "it is fitted with the scores, after an import or when somebody asks to recompute the scores",
    "value": "it is fitted with the scores, after an import or when somebody asks to recompute the scores",
    "value_posterior": "it is fitted when somebody asks for the full posterior of customer value",
    "vectors": "they are learnt weekly, or when somebody asks to train the vectors",
}


class ModelReportArguments(Arguments):
    """Which model."""

    model: Literal["churn", "value", "value_posterior", "vectors"] = Field(
        default="churn", description="churn, value, value_posterior (the full posterior, fitted on demand) or vectors."
    )


class ModelReport(ToolResult):
    """The last run of a model."""

    report: ModelInfo = Field(description="Candidates, champion, parameters, and figures on a later window.")
    verdict: str | None = Field(description="What the comparison found, in words.")
    used_for: list[str] = Field(description="What its results are used for.")


@tool(effect=Effect.READ, scope=READ, examples=({}, {"model": "value"}, {"model": "vectors"}))
def model_report(context: Context, arguments: ModelReportArguments) -> ModelReport:
    """How a model was chosen and how good it was on a later window: candidates, champion, parameters, back-test."""
    with context.transaction() as connection:
        run = model_runs.latest(connection, arguments.model)
    if run is None:
        raise NoSuchData(f"The model '{arguments.model}' has never been run: {HOW[arguments.model]}.")
    told: dict[str, Any] = dict(run.parameters or {})
    uses = {"churn": ["churn probabilities"], "value": ["lifetime value", "next purchase dates"]}
    return ModelReport(
        report=model_info(run),
        verdict=run.reason,
        used_for=list(told.get("used_for") or uses.get(arguments.model, [])),
        evidence=Evidence(rows=run.rows, as_of=run.as_of, sources=["model_runs"]),
    )
