"""A journey written down, from words or as a definition, to be worked on before anybody is asked to approve it."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from core.errors import FixArguments
from core.identity import PROPOSE
from database.queries import journeys
from tools.audience import names
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.journeys.definition import Journey
from tools.journeys.grammar import Read, read_journey
from tools.journeys.questions import DRAFT_JOURNEY
from tools.journeys.status import JourneyStatus, card_of, status_of
from tools.outcome import Outcome
from tools.results import Arguments, ToolResult
from tools.views import ProposalCard, Shown

__all__ = ["DraftJourneyArguments", "JourneyDraft", "draft_journey"]

EXAMPLE = (
    "after an abandoned cart wait 4 hours, send the e-mail “You left something”, if there is no order within 2 days, "
    "send an SMS"
)


class DraftJourneyArguments(Arguments):
    """What it does: in words, or as a definition."""

    words: str | None = Field(
        default=None,
        min_length=1,
        max_length=4_000,
        description=f"What it does, in words, who enters first: {EXAMPLE}.",
    )
    definition: Journey | None = Field(default=None, description="Or the journey itself.")
    name: str | None = Field(default=None, min_length=1, max_length=120, description="Name; made from who enters.")
    journey: str | None = Field(default=None, max_length=200, description="Name or id of a journey to write over.")


class JourneyDraft(ToolResult):
    """The draft, and what of the words was not understood."""

    draft: JourneyStatus = Field(description="The journey as it stands; nobody enters it before an approval.")
    unclear: list[str] = figure("Not understood", "Parts of the words nothing was made of.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.draft.id)


def _cards(outcome: Outcome[DraftJourneyArguments, JourneyDraft]) -> list[Shown]:
    return [ProposalCard(proposal=card_of(outcome.result.draft) | {"unclear": outcome.result.unclear})]


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Drafted a journey",
    agents=("content",),
    basis="record",
    examples=({"words": EXAMPLE},),
    questions=(DRAFT_JOURNEY,),
    views=(_cards,),
    next=("What journeys are running?",),
)
def draft_journey(context: Context, arguments: DraftJourneyArguments) -> JourneyDraft:
    """Write a journey down from words or a definition; it can be changed, and runs when proposed and approved."""
    if (arguments.words is None) == (arguments.definition is None):
        raise FixArguments("Give either `words` or a `definition`.", field="words")
    with context.transaction() as connection:
        journey, unclear = _written(connection, arguments)
        known = journeys.named(connection, arguments.journey) if arguments.journey else None
        name = arguments.name or (journey.name if arguments.definition else _free(connection, journey.name))
        journey = journey.model_copy(update={"name": name})
        id_ = journeys.keep_draft(
            connection, name, journey.plain(), context.identity.actor, known.id if known else None
        )
        status = status_of(connection, context, journeys.get(connection, id_))
    return JourneyDraft(draft=status, unclear=unclear, evidence=status.evidence)


def segment_names(connection: Connection) -> list[str]:
    """The segments that words may name without quotation marks."""
    return [segment.name for segment in names.every(connection)]


def _written(connection: Connection, arguments: DraftJourneyArguments) -> tuple[Journey, list[str]]:
    if arguments.definition is not None:
        return arguments.definition, []
    read = read_journey(arguments.words or "", segment_names(connection))
    return Journey.model_validate(_understood(read)), read.unclear


def _understood(read: Read) -> dict[str, Any]:
    if read.definition is None:
        unclear = "; ".join(f"“{said}”" for said in read.unclear)
        raise FixArguments(
            f"I cannot make a journey of {unclear}. Say who enters first, then the steps: {EXAMPLE}.", field="words"
        )
    return read.definition


def _free(connection: Connection, name: str) -> str:
    """The name, with a number where it is taken."""
    taken = {row.name.lower() for row in journeys.listed(connection)}
    return next(
        tried for n in range(1, len(taken) + 2) if (tried := name if n == 1 else f"{name} {n}").lower() not in taken
    )
