"""The planner: from a question to typed steps, or to a direct reply when no tool can help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages import AnyMessage, SystemMessage, ToolMessage
from langchain_core.tools import StructuredTool
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.briefing import as_of
from agent.events import PlannedStep
from agent.replies import as_meant
from agent.transcript import question_message, recent, refused, task_message
from core.errors import GiveUp
from prompts import render
from tools.declaration import SubAgent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.state import State

__all__ = ["DUTIES", "Plan", "make_plan", "plan_turn"]

DUTIES: Final[dict[SubAgent, str]] = {
    "research": "figures, lists, comparisons, trends, definitions, one customer's profile, what data there is",
    "analytics": (
        "churn risk, customer lifetime value, next purchases and products, cohort retention, customers alike, value at "
        "risk by group, measured effects of campaigns, how good the models are, refreshing scores"
    ),
    "content": "writing messages, proposing or changing a campaign, state of campaigns and proposals, the mailbox",
    "optimiser": "where effort pays most: which segments or customers to act on first, and with which intervention",
    "reporting": "an overview of the business over several topics",
}
_ATTEMPTS = 3
_NO_REPLY = "Your reply was empty. Call make_plan, or answer in words if no tool can help."


class Plan(BaseModel):
    """Steps in the order they may start."""

    model_config = ConfigDict(extra="forbid")
    steps: list[PlannedStep] = Field(min_length=1, max_length=8, description="The steps; most questions need one.")

    @model_validator(mode="after")
    def _is_acyclic(self) -> Plan:
        seen: set[str] = set()
        for step in self.steps:
            if step.id in seen:
                raise ValueError(f"two steps are called {step.id}")
            if unknown := set(step.depends_on) - seen:
                raise ValueError(f"step {step.id} depends on {sorted(unknown)}: name steps listed before it")
            seen.add(step.id)
        return self


def _unreachable(**_: Any) -> str:
    raise GiveUp("make_plan is read by the graph, never run.")


make_plan = StructuredTool.from_function(
    func=_unreachable, name="make_plan", description="Say which sub-agents do what, in which order.", args_schema=Plan
)


async def plan_turn(model: BaseChatModel, state: State) -> Plan | str:
    """The plan for this turn, or the text of a direct reply. GiveUp after three plans that make no sense."""
    system = render("planner", as_of=as_of(state["briefing"]), agents=list(DUTIES.items()))
    messages: list[AnyMessage] = [
        SystemMessage(system),
        *state["briefing"],
        *recent(state["messages"]),
        question_message(state["question"]),
    ]
    planner = model.bind_tools([make_plan])
    problem = ""
    for _ in range(_ATTEMPTS):
        reply = as_meant(await planner.ainvoke(messages), {make_plan.name})
        if not reply.tool_calls and not reply.invalid_tool_calls:
            if reply.text:
                return reply.text
            problem = "it said nothing"
            messages.append(task_message(_NO_REPLY))
            continue
        if not reply.tool_calls:
            problem = "the plan is not valid JSON"
            messages += refused(reply)
            continue
        call = reply.tool_calls[0]
        try:
            return Plan.model_validate(call["args"])
        except ValidationError as error:
            problem = "; ".join(e["msg"] for e in error.errors(include_url=False, include_context=False))
            errors = [
                ToolMessage(f"Error: {problem}. Correct the plan.", tool_call_id=c["id"], status="error")
                for c in reply.tool_calls
            ]
            messages += [reply, *errors]
    raise GiveUp(f"The model made no valid plan in {_ATTEMPTS} attempts ({problem}).")
