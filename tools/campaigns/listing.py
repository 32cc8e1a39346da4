"""The campaigns launched from here with where each stands, and one of them as its card with a step made ready."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import FixArguments, NotFound
from core.identity import READ
from database.queries import lifecycle, proposals
from tools.campaigns.draft import view
from tools.campaigns.lifecycle import CAMPAIGN, StepName, campaign_named, refused
from tools.campaigns.payload import ProposalView
from tools.campaigns.steps_questions import CAMPAIGNS, STEP
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.results import Arguments, Evidence, ToolResult
from tools.views import proposal_card, table

State = Literal["scheduled", "active", "paused", "completed", "expired", "archived"]
DEFINITIONS = [
    "status: scheduled → active ⇄ paused → completed (all sent, or ended by a person) or expired (its time is over) → "
    "archived. A draft is a proposal: list_proposals."
]


class ListCampaignsArguments(Arguments):
    """Which campaigns."""

    status: State | None = Field(default=None, description="Only these; absent: all but archived ones.")
    limit: int = Field(default=50, ge=1, le=500, description="At most so many, newest first.")


class CampaignLine(BaseModel):
    """One campaign."""

    campaign_id: str = Field(description="Its id.")
    name: str = figure("Campaign", "Its name.")
    kind: str | None = figure("Type", "Type of campaign.")
    channel: str | None = figure("Channel", "Channel of its messages.")
    status: State = figure("Status", "Where it stands.")
    messages: int = figure("Messages", "Messages of it.", unit="messages")
    done: float | None = figure("Done", "Share of them that is done with.", unit="share")
    started_at: datetime | None = figure("Starts", "When sending starts or started.", unit="instant")
    ends_at: datetime | None = figure("Ends", "What is not sent by then is left out.", unit="instant")
    steps: list[str] = Field(description="What a person can do to it now.")


class CampaignList(ToolResult):
    """Campaigns, newest first."""

    total: int = figure("Campaigns", "Campaigns that match.", unit="campaigns")
    campaigns: list[CampaignLine] = Field(description="Newest first, up to the limit.")


class PrepareStepArguments(Arguments):
    """Which campaign, and what is to be done to it."""

    campaign: str = Field(min_length=1, max_length=200, description=CAMPAIGN)
    step: StepName = Field(description="pause, resume, end or archive.")


class PreparedStep(ToolResult):
    """A campaign's card, with the step that a person may take on it."""

    proposal: ProposalView = Field(description="The campaign as it was approved.")
    campaign_id: str = Field(description="The campaign.")
    name: str = figure("Name", "Its name.")
    status: str = figure("Status", "Where it stands.")
    step: str = figure("Step", "What a person may do now.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the campaigns",
    agents=("content", "reporting"),
    basis="record",
    examples=({}, {"status": "active"}),
    questions=(CAMPAIGNS,),
    views=(
        table(
            "campaigns",
            title="Campaigns",
            columns=("name", "kind", "channel", "status", "messages", "done", "started_at", "ends_at"),
            total="total",
        ),
    ),
    next=("How is the campaign doing?", "Which proposals are waiting?"),
)
def list_campaigns(context: Context, arguments: ListCampaignsArguments) -> CampaignList:
    """The campaigns launched from here, newest first, with where each stands and what can be done to it."""
    with context.transaction() as connection:
        total, stages = lifecycle.listed(connection, arguments.status, arguments.limit)
        sent = lifecycle.totals(connection, [stage.campaign_id for stage in stages])
    return CampaignList(
        total=total,
        campaigns=[_line(stage, *sent.get(stage.campaign_id, (0, 0))) for stage in stages],
        evidence=Evidence(
            rows=total, as_of=context.now, sources=["campaigns", "messages"], definitions=list(DEFINITIONS)
        ),
    )


@tool(
    effect=Effect.READ,
    scope=READ,
    about="a campaign and what can be done to it",
    agents=("content",),
    basis="record",
    examples=({"campaign": "Win back", "step": "pause"},),
    questions=(STEP,),
    views=(proposal_card(),),
    next=("How is the campaign doing?",),
)
def prepare_step(context: Context, arguments: PrepareStepArguments) -> PreparedStep:
    """A campaign's card, on which a person pauses, resumes, ends or archives it; nothing happens by this call."""
    with context.transaction() as connection:
        stage = campaign_named(connection, arguments.campaign)
        if not lifecycle.becomes(stage.status, arguments.step):
            raise refused(stage, arguments.step)
        _total, rows = proposals.listed(connection, status=None, proposal_id=_id(stage.campaign_id), limit=1)
        if not rows:
            raise NotFound(f"The proposal of “{stage.name}” is gone.", field="campaign")
        shown = view(rows[0])
    return PreparedStep(
        proposal=shown,
        campaign_id=stage.campaign_id,
        name=stage.name,
        status=stage.status,
        step=arguments.step,
        evidence=Evidence(rows=1, as_of=context.now, sources=["campaigns", "proposals"], definitions=list(DEFINITIONS)),
    )


def _id(campaign_id: str) -> UUID:
    try:
        return UUID(campaign_id)
    except ValueError:
        raise FixArguments(f"'{campaign_id}' was not launched from here.", field="campaign") from None


def _line(stage: lifecycle.Stage, messages: int, done: int) -> CampaignLine:
    return CampaignLine(
        campaign_id=stage.campaign_id,
        name=stage.name,
        kind=stage.kind,
        channel=stage.channel,
        status=stage.status,
        messages=messages,
        done=share(done / messages) if messages else None,
        started_at=stage.started_at,
        ends_at=stage.ends_at,
        steps=lifecycle.legal_steps(stage.status),
    )
