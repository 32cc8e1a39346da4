"""What the graph remembers: the conversation for ever, the rest for one turn."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages

from agent.events import PlannedStep

__all__ = ["Finding", "Note", "State", "Task"]


class Finding(TypedDict):
    """One tool call of this turn: what was asked, what came back."""

    id: str
    step: str
    agent: str
    tool: str
    arguments: dict[str, Any]
    result: dict[str, Any] | None
    error: str | None
    error_code: str | None


class Note(TypedDict):
    """What a sub-agent said besides its findings, such as wording it was asked to write."""

    step: str
    agent: str
    text: str


def gathered(old: list[Any], new: list[Any] | None) -> list[Any]:
    """Reducer of parallel steps: add what is new; None begins a turn."""
    return [] if new is None else [*old, *new]


class State(TypedDict):
    """`messages` is the conversation; everything else belongs to the turn under way."""

    messages: Annotated[list[AnyMessage], add_messages]
    question: str
    turn: int
    briefing: list[AnyMessage]
    plan: list[dict[str, Any]]
    findings: Annotated[list[Finding], gathered]
    notes: Annotated[list[Note], gathered]
    done: Annotated[list[str], gathered]
    answer: str
    direct: NotRequired[str | None]


class Task(TypedDict):
    """What one sub-agent is sent: its step and what it may know."""

    step: PlannedStep
    question: str
    turn: int
    briefing: list[AnyMessage]
    messages: list[AnyMessage]
    findings: list[Finding]
