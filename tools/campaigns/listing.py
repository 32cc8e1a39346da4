"""The campaigns with where each comes from and stands; one launched from here as its card, a step made ready."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from connectors.files.known_exports import preset_named
from core.errors import FixArguments, NotFound
from core.identity import READ
from database.queries import campaign_list, lifecycle, organisations, proposals
from database.queries.campaign_list import CampaignRow, Origin
from database.queries.imports import FILE
from tools.campaigns.deliveries import BOUGHT_WITHIN
from tools.campaigns.draft import view
from tools.campaigns.lifecycle import CAMPAIGN, StepName, campaign_named, refused
from tools.campaigns.payload import ProposalView
from tools.campaigns.steps_questions import CAMPAIGNS, STEP
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.results import Arguments, Evidence, ToolResult
from tools.views import proposal_card, table

State = Literal["scheduled", "active", "paused", "completed", "expired", "archived"]
DEFINITIONS = [
    "status: scheduled → active ⇄ paused → completed (all sent, or ended by a person) or expired (its time is over) → "
    "archived. A draft is a proposal: list_proposals. Of imported campaigns as the file or source says it."
]
FIGURES = [
    f"orders, revenue: of what was sent from here, orders whose last message in the {BOUGHT_WITHIN.days} days before "
    "was of this campaign; of imported campaigns what their platform reports. The two are counted differently.",
    "Each campaign is one row: what a journey sends is one, however many messages it has, and no day counts twice.",
]


class ListCampaignsArguments(Arguments):
    """Which campaigns."""

    status: State | None = Field(default=None, description="Only these; absent: all but archived ones.")
    origin: Origin | None = Field(
        default=None, description="here: launched from here; journey: sent by journeys; imported; absent: all."
    )
    limit: int = Field(default=50, ge=1, le=500, description="At most so many, newest first.")


class CampaignLine(BaseModel):
    """One campaign."""

    campaign_id: str = Field(description="Its id.")
    name: str = figure("Campaign", "Its name.")
    kind: str | None = figure("Type", "Type of campaign.")
    channel: str | None = figure("Channel", "Channel of its messages.")
    status: str = figure("Status", "Where it stands.")
    origin: str = figure("From", "Where it comes from: sent by AIMA, a journey, or what brought it.", unit="verbatim")
    from_here: Origin = Field(description="here, journey or imported.")
    messages: int | None = figure("Messages", "Messages of it; null: sent by another program.", unit="messages")
    done: float | None = figure("Done", "Share of them that is done with.", unit="share")
    started_at: datetime | None = figure("Starts", "When sending starts or started.", unit="instant")
    ends_at: datetime | None = figure("Ends", "What is not sent by then is left out.", unit="instant")
    clicks: int | None = figure("Clicks", "Messages or ads clicked.", unit="count")
    orders: float | None = figure("Orders", "Credited to it here, or reported by its platform.", unit="orders")
    revenue: float | None = figure("Revenue", "Of these orders.", unit="money")
    steps: list[str] = Field(description="What a person can do to it now.")


class CampaignList(ToolResult):
    """Campaigns, newest first."""

    total: int = figure("Campaigns", "Campaigns that match.", unit="campaigns")
    sent_here: int = figure("Sent by AIMA", "Of these: launched from here.", unit="campaigns")
    of_journeys: int = figure("Of journeys", "Of these: what journeys send.", unit="campaigns")
    imported: int = figure("Imported", "Of these: brought by files and sources.", unit="campaigns")
    currency: str = Field(description="ISO 4217 code of money.")
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
            columns=(
                "name",
                "origin",
                "kind",
                "channel",
                "status",
                "messages",
                "done",
                "clicks",
                "orders",
                "revenue",
                "started_at",
                "ends_at",
            ),
            total="total",
        ),
    ),
    next=("How is the campaign doing?", "Which proposals are waiting?"),
)
def list_campaigns(context: Context, arguments: ListCampaignsArguments) -> CampaignList:
    """The campaigns, newest first, with where each comes from and stands: launched from here, sent by journeys, or
    imported.
    """
    with context.transaction() as connection:
        totals, rows = campaign_list.listed(
            connection, status=arguments.status, origin=arguments.origin, limit=arguments.limit
        )
        currency = organisations.profile(connection).currency
    total = sum(totals.values())
    sources = ["campaigns", "campaign_daily", "messages", "imports"]
    return CampaignList(
        total=total,
        sent_here=totals.get("here", 0),
        of_journeys=totals.get("journey", 0),
        imported=totals.get("imported", 0),
        campaigns=[_line(row) for row in rows],
        currency=currency,
        evidence=Evidence(rows=total, as_of=context.now, sources=sources, definitions=[*DEFINITIONS, *FIGURES]),
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


def _line(row: CampaignRow) -> CampaignLine:
    own = row.origin != "imported"
    return CampaignLine(
        campaign_id=row.id,
        name=row.name,
        kind=row.kind,
        channel=row.channel,
        status=row.status,
        origin=_origin(row),
        from_here=row.origin,
        messages=row.messages if own else None,
        done=share(row.done / row.messages) if row.messages else None,
        started_at=row.started_at,
        ends_at=row.ends_at,
        clicks=row.clicks,
        orders=None if row.orders is None else float(row.orders),
        revenue=money(row.revenue),
        steps=lifecycle.legal_steps(row.status) if row.origin == "here" else [],
    )


def _origin(row: CampaignRow) -> str:
    """Where it comes from, in words."""
    if row.origin == "here":
        return "sent by AIMA"
    if row.origin == "journey":
        return "sent by a journey"
    if row.file is None:
        return "imported"
    if row.source == FILE:
        known = preset_named(row.preset).title if row.preset else ""
        return f"imported from {row.file}{f' ({known})' if known else ''}"
    return f"imported from {row.file}"
