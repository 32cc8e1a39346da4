"""How far sending a launched campaign is, and what became of its messages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from connectors.channels.discovery import provider_title
from core.errors import NotFound
from core.identity import READ
from database.queries import campaign_days, campaigns, lifecycle, organisations, voucher_codes
from database.queries import deliveries as queries
from tools.campaigns.deliveries import BOUGHT_WITHIN, DeliveredTo, Deliveries, Fate, deliveries_of, recipients_of
from tools.campaigns.lifecycle import StepTaken, steps_of
from tools.campaigns.questions import CAMPAIGN_STATE
from tools.channels.rules import dry_ones
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

UNKNOWN_SHOWN, DAYS_SHOWN = 50, 60
OPEN = ("pending", "claimed", "handing_over")
SOURCES = ["campaigns", "messages", "message_events", "orders"]
DEFINITIONS = [
    "sent: handed over to the provider, which accepted it. unknown: a person has to find out.",
    "opened: by people, as far as can be told; programs (Apple Mail's privacy, scanners of mail servers) are counted"
    " apart. A click is an open. Neither is consent, or a sale.",
    f"days: an order counts for the last message its customer was sent in the {BOUGHT_WITHIN.days} days before.",
    f"bought after: recipients who ordered within {BOUGHT_WITHIN.days} days of their message, whatever the reason; the"
    " lift over those kept back tells what the message did.",
]


class CampaignStatusArguments(Arguments):
    """Which campaign."""

    campaign_id: str | None = Field(default=None, description="Campaign; absent: the one launched last.")
    who: Fate | None = Field(
        default=None, description="Also list these recipients; opened and clicked: people, not programs."
    )
    limit: int = Field(default=50, ge=1, le=500, description="At most so many of them, by address.")
    offset: int = Field(default=0, ge=0, description="Skip so many.")


class UnknownDelivery(BaseModel):
    """A message that may or may not have been delivered: a person finds out and says so."""

    message_id: UUID = Field(description="Its id.")
    recipient: str | None = figure("Recipient", "Address it was for.")
    since: datetime = figure("Since", "When it was handed over.", unit="instant")
    reason: str | None = figure("Reason", "Why nobody knows.")


class DayOfCampaign(BaseModel):
    """What became of it on one day; each message counts once for each."""

    day: date = figure("Day", "Day.")
    sent: int = figure("Sent", "Sent.", unit="messages")
    delivered: int = figure("Delivered", "Arrived.", unit="messages")
    opened: int = figure("Opened", "Opened by people.", unit="messages")
    clicked: int = figure("Clicked", "Clicked by people.", unit="messages")
    bounced: int = figure("Bounced", "Came back.", unit="messages")
    unsubscribed: int = figure("Unsubscribed", "Unsubscribed or complained.", unit="messages")
    bought: int = figure("Orders", "Orders whose last message before was this.", unit="orders")
    bought_revenue: float | None = figure("Revenue", "Of these orders.", unit="money")


class CampaignStatus(ToolResult):
    """How far sending is."""

    campaign_id: str = Field(description="Campaign id.")
    name: str = figure("Name", "Campaign name.")
    status: str = figure("Status", "scheduled, active, paused, completed, expired or archived.")
    provider: str = figure("Provider", "Who carries the messages; sandbox: nothing leaves the machine.")
    carrier: str = figure("Carrier", "The same in words: the mail server, the sandbox mailbox.")
    total: int = figure("Messages", "Messages of the campaign.", unit="messages")
    counts: dict[str, int] = Field(description="Messages per status: pending, claimed, handing_over, sent, …")
    reasons: dict[str, int] = Field(description="Why messages were skipped, failed or put off, with how many.")
    unknown: list[UnknownDelivery] = Field(description="Messages a person has to find out about, up to 50.")
    deliveries: Deliveries = Field(description="What became of the messages that were sent.")
    days: list[DayOfCampaign] = Field(description="The last 60 days with something; none in the sandbox.")
    recipients: list[DeliveredTo] = Field(default_factory=list, description="Who was asked for.")
    recipients_total: int = Field(default=0, description="How many they are in all.")
    currency: str = Field(description="ISO 4217 code of money.")
    held_out: int = figure("Kept back", "Customers kept back to measure the lift.", unit="customers")
    done: bool = figure("Done", "True when no message is waiting or on its way.")
    started_at: datetime | None = figure("Started at", "When sending starts or started.", default=None)
    finished_at: datetime | None = figure("Finished at", "When the last message was settled.", default=None)
    ends_at: datetime | None = figure("Ends at", "What is not sent by then is left out.", default=None)
    steps: list[str] = Field(default_factory=list, description="What a person can do to it now: pause, resume …")
    history: list[StepTaken] = Field(default_factory=list, description="What was done to it, and by whom.")
    codes_given: int = figure("Codes given", "Voucher codes that its customers have.", unit="codes", default=0)
    redeemed: int = figure("Redeemed", "Sales whose order names one of these codes.", unit="orders", default=0)
    redeemed_revenue: float | None = figure(
        "Revenue of these", "What these orders came to.", unit="money", default=None
    )


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how a campaign is doing",
    agents=("content", "reporting"),
    basis="record",
    examples=({},),
    questions=(CAMPAIGN_STATE,),
    views=(
        table(
            "recipients",
            title="Recipients",
            columns=("recipient", "customer", "fate", "reason", "sent_at", "orders"),
            total="recipients_total",
        ),
        table("days", title="Day by day"),
    ),
    next=("Show the mailbox",),
)
def campaign_status(context: Context, arguments: CampaignStatusArguments) -> CampaignStatus:
    """How a launched campaign fares: messages sent, waiting and failed, and why; delivered, opened, clicked, bought."""
    with context.transaction() as connection:
        campaign = _launched(connection, arguments.campaign_id)
        counts = campaigns.counts(connection, campaign.campaign_id)
        reasons = campaigns.reasons(connection, campaign.campaign_id)
        unknown = queries.unknown(connection, campaign.campaign_id, UNKNOWN_SHOWN)
        fates = deliveries_of(connection, campaign.campaign_id, campaign.provider)
        total, listed = _listed(connection, campaign.campaign_id, arguments)
        days = campaign_days.days_of(connection, [campaign.campaign_id], BOUGHT_WITHIN, dry_ones())
        currency = organisations.profile(connection).currency
        history = steps_of(connection, campaign.campaign_id)
        codes = voucher_codes.redeemed(connection, campaign.campaign_id)
    return CampaignStatus(
        campaign_id=campaign.campaign_id,
        name=campaign.name,
        status=campaign.status,
        provider=campaign.provider,
        carrier=provider_title(campaign.provider),
        total=(rows := sum(counts.values())),
        counts=counts,
        reasons=reasons,
        unknown=[UnknownDelivery(**asdict(message)) for message in unknown],
        deliveries=fates,
        days=[_day(one) for one in days[-DAYS_SHOWN:]],
        recipients=listed,
        recipients_total=total,
        currency=currency,
        held_out=campaign.held_out,
        done=not any(counts.get(state) for state in OPEN),
        started_at=campaign.started_at,
        finished_at=campaign.ended_at,
        ends_at=campaign.ends_at,
        steps=lifecycle.legal_steps(campaign.status),
        history=history,
        codes_given=codes.given,
        redeemed=codes.orders,
        redeemed_revenue=money(codes.revenue or None),
        evidence=Evidence(rows=rows, as_of=context.now, sources=SOURCES, definitions=DEFINITIONS),
    )


def _day(day: campaign_days.CampaignDay) -> DayOfCampaign:
    told = asdict(day) | {"bought_revenue": money(day.bought_revenue)}
    return DayOfCampaign(**{name: told[name] for name in DayOfCampaign.model_fields})


def _launched(connection: Connection, campaign_id: str | None) -> campaigns.LaunchedCampaign:
    campaign = campaigns.launched(connection, campaign_id)
    if campaign is None:
        raise NotFound(
            "No campaign has been launched from here yet."
            if campaign_id is None
            else f"There is no launched campaign '{campaign_id}'.",
            field="campaign_id",
            valid=campaigns.launched_ids(connection),
        )
    return campaign


def _listed(
    connection: Connection, campaign_id: str, arguments: CampaignStatusArguments
) -> tuple[int, list[DeliveredTo]]:
    if arguments.who is None:
        return 0, []
    total = queries.recipients_total(connection, campaign_id, arguments.who, BOUGHT_WITHIN)
    return total, recipients_of(connection, campaign_id, arguments.who, arguments.limit, arguments.offset)
