"""How far sending a launched campaign is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from connectors.channels.discovery import provider_title
from core.errors import NotFound
from core.identity import READ
from database.queries import campaigns, deliveries
from tools.campaigns.questions import CAMPAIGN_STATE
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult

UNKNOWN_SHOWN = 50


class CampaignStatusArguments(Arguments):
    """Which campaign."""

    campaign_id: str | None = Field(default=None, description="Campaign; absent: the one launched last.")


class UnknownDelivery(BaseModel):
    """A message that may or may not have been delivered: a person finds out and says so."""

    message_id: UUID = Field(description="Its id.")
    recipient: str | None = figure("Recipient", "Address it was for.")
    since: datetime = figure("Since", "When it was handed over.", unit="instant")
    reason: str | None = figure("Reason", "Why nobody knows.")


class CampaignStatus(ToolResult):
    """How far sending is."""

    campaign_id: str = Field(description="Campaign id.")
    name: str = figure("Name", "Campaign name.")
    status: str = figure("Status", "scheduled, active, or completed.")
    provider: str = figure("Provider", "Who carries the messages; sandbox: nothing leaves the machine.")
    carrier: str = figure("Carrier", "The same in words: the mail server, the sandbox mailbox.")
    total: int = figure("Messages", "Messages of the campaign.", unit="messages")
    counts: dict[str, int] = Field(description="Messages per status: pending, claimed, handing_over, sent, …")
    reasons: dict[str, int] = Field(description="Why messages were skipped, failed or put off, with how many.")
    unknown: list[UnknownDelivery] = Field(description="Messages a person has to find out about, up to 50.")
    held_out: int = figure("Kept back", "Customers kept back to measure the lift.", unit="customers")
    done: bool = figure("Done", "True when no message is waiting or on its way.")
    started_at: datetime | None = figure("Started at", "When sending starts or started.", default=None)
    finished_at: datetime | None = figure("Finished at", "When the last message was settled.", default=None)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how a campaign is doing",
    agents=("content", "reporting"),
    basis="record",
    examples=({},),
    questions=(CAMPAIGN_STATE,),
    views=(),
    next=("Show the mailbox",),
)
def campaign_status(context: Context, arguments: CampaignStatusArguments) -> CampaignStatus:
    """How far a launched campaign is: messages sent, waiting, skipped and failed, and why."""
    with context.transaction() as connection:
        campaign = campaigns.launched(connection, arguments.campaign_id)
        if campaign is None:
            raise NotFound(
                "No campaign has been launched from here yet."
                if arguments.campaign_id is None
                else f"There is no launched campaign '{arguments.campaign_id}'.",
                field="campaign_id",
                valid=campaigns.launched_ids(connection),
            )
        counts = campaigns.counts(connection, campaign.campaign_id)
        reasons = campaigns.reasons(connection, campaign.campaign_id)
        unknown = deliveries.unknown(connection, campaign.campaign_id, UNKNOWN_SHOWN)
    open_states = ("pending", "claimed", "handing_over")
    return CampaignStatus(
        campaign_id=campaign.campaign_id,
        name=campaign.name,
        status=campaign.status,
        provider=campaign.provider,
        carrier=provider_title(campaign.provider),
        total=sum(counts.values()),
        counts=counts,
        reasons=reasons,
        unknown=[UnknownDelivery(**asdict(message)) for message in unknown],
        held_out=campaign.held_out,
        done=not any(counts.get(state) for state in open_states),
        started_at=campaign.started_at,
        finished_at=campaign.ended_at,
        evidence=Evidence(
            rows=sum(counts.values()),
            as_of=context.now,
            sources=["campaigns", "messages"],
            definitions=["sent: handed over to the provider, which accepted it. unknown: a person has to find out."],
        ),
    )
