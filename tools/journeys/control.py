"""Pausing, going on, and ending: by a person with the right, at once."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from core.errors import AskPerson, FixArguments
from core.identity import APPROVE
from database.queries import journeys
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["ChangeJourneyArguments", "JourneyChanged", "end_journey", "pause_journey", "resume_journey"]

STEPS: dict[str, tuple[str, ...]] = {
    "paused": ("running", "closing"),
    "running": ("paused",),
    "closing": ("running", "paused"),
}
"""From which states each can be reached; a draft starts by its approval."""


class ChangeJourneyArguments(Arguments):
    """Which journey."""

    journey: str = Field(min_length=1, max_length=200, description="Name or id.")


class JourneyChanged(ToolResult):
    """The journey after it."""

    journey_id: UUID = Field(description="The journey.")
    name: str = figure("Name", "Its name.")
    status: Literal["running", "paused", "closing", "ended"] = figure("Status", "What it is now.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.journey_id)


@tool(effect=Effect.OPERATE, scope=APPROVE, about="Paused the journey", basis="record",
      examples=({"journey": "Abandoned cart"},))  # fmt: skip
def pause_journey(context: Context, arguments: ChangeJourneyArguments) -> JourneyChanged:
    """Pause a journey: nobody enters or moves on, and what it has not sent waits; a person does it."""
    return _changed(context, arguments, "paused")


@tool(effect=Effect.OPERATE, scope=APPROVE, about="Let the journey go on", basis="record",
      examples=({"journey": "Abandoned cart"},))  # fmt: skip
def resume_journey(context: Context, arguments: ChangeJourneyArguments) -> JourneyChanged:
    """Let a paused journey go on: who became due meanwhile goes on at once; a person does it."""
    return _changed(context, arguments, "running")


@tool(effect=Effect.OPERATE, scope=APPROVE, about="Closed the journey", basis="record",
      examples=({"journey": "Abandoned cart"},))  # fmt: skip
def end_journey(context: Context, arguments: ChangeJourneyArguments) -> JourneyChanged:
    """Close a journey: nobody enters any more, and it has ended once those inside are through; a person does it."""
    return _changed(context, arguments, "closing")


def _changed(context: Context, arguments: ChangeJourneyArguments, status: str) -> JourneyChanged:
    if not context.identity.person:
        raise AskPerson("Only a person who is logged in can do that.")
    with context.transaction() as connection:
        row = journeys.named(connection, arguments.journey)
        if not journeys.set_status(connection, row.id, STEPS[status], status, context.identity.actor):
            can = sorted(after for after, before in STEPS.items() if row.status in before)
            raise FixArguments(
                f"“{row.name}” is {row.status}, so it cannot become {status}."
                + ("" if row.status != "draft" else " It starts when a person approves it."),
                field="journey",
                valid=can,
            )
        if status == "paused":
            journeys.hold(connection, row.id)
        else:
            journeys.release(connection, row.id, context.now if status == "running" else None)
        journeys.close_empty(connection)
        row = journeys.get(connection, row.id)
    return JourneyChanged.model_validate(
        {
            "journey_id": row.id, "name": row.name, "status": row.status,
            "evidence": Evidence(rows=1, as_of=context.now, sources=["journeys"]),
        }
    )  # fmt: skip
