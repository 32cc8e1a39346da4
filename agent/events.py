"""What a conversation tells its door while it works: typed, free of any screen's vocabulary.

Order within one turn: PlanMade, then StepStarted / StepFinished pairs (pairs of parallel steps may interleave), then
Chart, Table and ProposalCard, then Token after Token, then AnswerDone. Failed ends a turn instead of AnswerDone.
The tokens joined are the text of AnswerDone: they are sent after the number check, never before it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tools.declaration import SubAgent
from tools.figures import Column
from tools.views import Chart, ProposalCard, Series, Table

__all__ = [
    "AnswerDone",
    "Chart",
    "Column",
    "Event",
    "EvidenceLine",
    "Failed",
    "PlanMade",
    "PlannedStep",
    "ProposalCard",
    "Series",
    "StepFinished",
    "StepStarted",
    "Table",
    "Token",
]

Confidence = Literal["high", "medium", "low"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class PlannedStep(_Frozen):
    """One step of a plan: which sub-agent does what, after which other steps."""

    id: str = Field(description="Identifier within the plan, such as 's1'.")
    agent: SubAgent = Field(description="The sub-agent that does it.")
    task: str = Field(description="What it is to find out or make, in words.")
    depends_on: list[str] = Field(default_factory=list, description="Identifiers of steps that must be done before.")


class EvidenceLine(_Frozen):
    """Where figures of the answer come from: one tool call."""

    tool: str = Field(description="Name of the tool.")
    arguments: dict[str, JsonValue] = Field(description="Arguments of the call, defaults included.")
    rows: int = Field(description="Number of rows the figures rest on.")
    as_of: str | None = Field(default=None, description="Instant the figures are true for (ISO 8601).")
    data_until: str | None = Field(default=None, description="Last day covered, in the organisation's time zone.")
    sources: list[str] = Field(default_factory=list, description="Tables that were read.")
    definitions: list[str] = Field(default_factory=list, description="What the terms mean, one sentence each.")


class PlanMade(_Frozen):
    """The planner has decided what to do."""

    kind: Literal["plan_made"] = "plan_made"
    steps: list[PlannedStep] = Field(description="Steps in the order they start; empty when no tool is needed.")


class StepStarted(_Frozen):
    """A sub-agent calls a tool."""

    kind: Literal["step_started"] = "step_started"
    id: str = Field(description="Identifier of the call; StepFinished carries the same.")
    agent: SubAgent = Field(description="The sub-agent that calls.")
    tool: str = Field(description="Name of the tool.")
    arguments: dict[str, Any] = Field(description="Arguments as the model gave them.")


class StepFinished(_Frozen):
    """A tool call is over, well or badly."""

    kind: Literal["step_finished"] = "step_finished"
    id: str = Field(description="Identifier of the call, as in StepStarted.")
    agent: SubAgent = Field(description="The sub-agent that called.")
    tool: str = Field(description="Name of the tool.")
    arguments: dict[str, Any] = Field(description="Arguments, defaults included where the call succeeded.")
    rows: int | None = Field(default=None, description="Rows the figures rest on; none when the call failed.")
    took_ms: float = Field(description="Duration of the call in milliseconds.")
    error: str | None = Field(default=None, description="What was wrong and what would be right; none on success.")
    result: dict[str, Any] | None = Field(default=None, description="The structured result; none on failure.")


class Token(_Frozen):
    """A piece of the answer's text, in order."""

    kind: Literal["token"] = "token"
    text: str = Field(description="The piece, spaces included.")


class AnswerDone(_Frozen):
    """The turn's answer, checked."""

    kind: Literal["answer_done"] = "answer_done"
    text: str = Field(description="The whole answer (Markdown).")
    evidence: list[EvidenceLine] = Field(description="One line a tool call the answer rests on.")
    confidence: Confidence = Field(description="high: figures straight from data; medium: predictions; low: partial.")
    withheld: list[str] = Field(default_factory=list, description="Figures the number check refused to show.")
    suggestions: list[str] = Field(default_factory=list, description="Questions that could follow, ready to send.")


class Failed(_Frozen):
    """The turn could not be finished."""

    kind: Literal["failed"] = "failed"
    code: str = Field(description="The error's code in core/errors.py.")
    message: str = Field(description="What was wrong and what to do, safe to show.")


Event = Annotated[
    PlanMade | StepStarted | StepFinished | Token | Chart | Table | ProposalCard | AnswerDone | Failed,
    Field(discriminator="kind"),
]
