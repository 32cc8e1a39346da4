"""What became of messages: as providers tell it, as people buy, and as a person finds out where nobody knows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from connectors.channels.discovery import providers
from core.errors import FixArguments
from core.identity import APPROVE
from database.queries import deliveries as queries
from database.queries import lifecycle
from tools.campaigns.approval import DISPATCH_JOB
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.results import Arguments, Evidence, ToolResult

BOUGHT_WITHIN = timedelta(days=7)
REASONS_SHOWN = 10

Fate = Literal[
    "delivered", "opened", "clicked", "bought", "bounced", "refused", "delayed", "silent", "opened_by_machine",
    "unsubscribed", "complained", "failed", "skipped", "unknown", "waiting",
]  # fmt: skip


class Deliveries(BaseModel):
    """What became of the messages that were sent, as far as it is known."""

    told: bool = figure("Reported", "True when the provider tells what becomes of messages, or has told something.")
    sent: int = figure("Sent", "Messages the provider took over.", unit="messages")
    delivered: int = figure("Delivered", "Messages that arrived.", unit="messages")
    delayed: int = figure("Delayed", "Messages the provider is still trying to deliver.", unit="messages")
    bounced: int = figure("Bounced", "Messages that came back.", unit="messages")
    refused: int = figure("Refused", "Messages the provider or the carrier would not deliver.", unit="messages")
    silent: int = figure("No word yet", "Messages of which nothing has been told since.", unit="messages")
    reasons: dict[str, int] = Field(description="Why they did not arrive, with how many; the most frequent.")
    opened: int = figure("Opened", "Delivered messages that people opened or clicked in.", unit="messages")
    opened_by_machine: int = figure(
        "Opened by programs only", "Delivered messages that only programs opened.", unit="messages"
    )
    clicked: int = figure("Clicked", "Delivered messages in which people followed a link.", unit="messages")
    unsubscribed: int = figure("Unsubscribed", "Delivered messages whose reader wants no more.", unit="messages")
    complained: int = figure("Complaints", "Delivered messages reported as spam.", unit="messages")
    buyers: int = figure("Bought after", "Recipients who ordered in the days after it was sent.", unit="customers")
    orders: int = figure("Orders after", "Their orders in those days.", unit="orders")
    revenue: float | None = figure("Revenue after", "What they ordered in those days.", unit="money")
    bought_within_days: int = figure("Days after", "How many days those are.", unit="days")


class DeliveredTo(BaseModel):
    """One recipient and what became of the message."""

    recipient: str | None = figure("Recipient", "Address it was for.")
    customer: str | None = figure("Customer", "Customer number.")
    fate: str = figure("What became of it", "In words.")
    reason: str | None = figure("Reason", "Why it did not arrive, as the provider says.")
    sent_at: datetime | None = figure("Sent", "When the provider took it over.", unit="instant")
    opened_at: datetime | None = figure("Opened", "When a person first opened it.", unit="instant")
    clicked_at: datetime | None = figure("Clicked", "When a person first followed a link.", unit="instant")
    orders: int = figure("Orders after", "Orders in the days after.", unit="orders")


def deliveries_of(connection: Connection, campaign_id: str, provider: str) -> Deliveries:
    """The figures of a campaign."""
    fates, bought = queries.fates(connection, campaign_id), queries.bought(connection, campaign_id, BOUGHT_WITHIN)
    carrier = providers().get(provider)
    return Deliveries(
        **asdict(fates),
        reasons=queries.reported_reasons(connection, campaign_id, REASONS_SHOWN),
        told=fates.silent < fates.sent or (carrier is not None and carrier.webhook is not None),
        buyers=bought.customers,
        orders=bought.orders,
        revenue=money(bought.revenue),
        bought_within_days=BOUGHT_WITHIN.days,
    )


def recipients_of(connection: Connection, campaign_id: str, fate: Fate, limit: int, offset: int) -> list[DeliveredTo]:
    """A page of the recipients of that fate."""
    rows = queries.recipients(connection, campaign_id, fate, BOUGHT_WITHIN, limit=limit, offset=offset)
    return [
        DeliveredTo(
            recipient=row.recipient,
            customer=row.customer,
            fate=_in_words(row),
            reason=row.reason,
            sent_at=row.sent_at,
            opened_at=row.opened_at,
            clicked_at=row.clicked_at,
            orders=row.orders,
        )
        for row in rows
    ]


def require_open(connection: Connection, campaign_id: str | None) -> None:
    """FixArguments where nothing more may go out of a campaign."""
    stage = lifecycle.stage(connection, campaign_id) if campaign_id else None
    if stage is not None and stage.status in ("expired", "archived"):
        legal = ", ".join(lifecycle.legal_steps(stage.status)) or "nothing"
        raise FixArguments(
            f"“{stage.name}” is {stage.status}: nothing more of it is sent. Possible now: {legal}.", field="campaign_id"
        )


_STATUS = {
    "pending": "waiting to be sent",
    "claimed": "being sent",
    "handing_over": "being sent",
    "failed": "could not be sent",
    "skipped": "left out",
    "unknown": "nobody knows whether it arrived",
}
_DELIVERY = {
    None: "sent, no word yet",
    "accepted": "sent, no word yet",
    "deferred": "delayed",
    "rejected": "refused",
    "failed": "refused",
    "unsubscribed": "unsubscribed",
    "complained": "reported as spam",
    "bounced": "bounced",
}


def _in_words(row: queries.Recipient) -> str:
    if row.status != "sent":
        return _STATUS[row.status]
    if row.delivery == "delivered":
        return "clicked" if row.clicked_at else "opened" if row.opened_at else "delivered"
    return _DELIVERY[row.delivery]


class SettleDeliveryArguments(Arguments):
    """Which message, and what was found out."""

    message_id: UUID = Field(description="A message with status unknown (campaign_status lists them).")
    delivered: bool = Field(description="True: it arrived; false: it did not, and is to be sent again.")


class SettledDelivery(ToolResult):
    """The message afterwards."""

    message_id: UUID = Field(description="The message.")
    campaign_id: str = Field(description="Its campaign.")
    status: str = Field(description="sent, or pending where it is to be sent again.")
    job_id: UUID | None = Field(description="The job that sends it again; null: nothing is to be sent.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.message_id)


class ResendFailedArguments(Arguments):
    """Of which campaign."""

    campaign_id: str = Field(description="A campaign with failed messages (campaign_status counts them).")


class ResentMessages(ToolResult):
    """How many go out again."""

    campaign_id: str = Field(description="The campaign.")
    messages: int = Field(description="Messages that are due again.")
    job_id: UUID = Field(description="The job that sends them.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return self.campaign_id


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Sent what had failed again",
    examples=({"campaign_id": "CMP-1"},),
)
def resend_failed(context: Context, arguments: ResendFailedArguments) -> ResentMessages:
    """A person has the failed messages of a campaign sent again; consent, address and caps are looked at once more."""
    with context.transaction() as connection:
        require_open(connection, arguments.campaign_id)
        lifecycle.acting(connection, context.identity.actor, "failed messages are sent again")
        messages = queries.resend(connection, arguments.campaign_id, now=context.now, by=context.identity.actor)
    if not messages:
        raise FixArguments(f"No message of campaign '{arguments.campaign_id}' has failed.", field="campaign_id")
    return ResentMessages(
        campaign_id=arguments.campaign_id,
        messages=messages,
        job_id=context.enqueue(context.identity, DISPATCH_JOB, {}),
        evidence=Evidence(rows=messages, as_of=context.now, sources=["messages"]),
    )


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Said what became of a message",
    examples=({"message_id": "00000000-0000-0000-0000-000000000000", "delivered": True},),
)
def settle_delivery(context: Context, arguments: SettleDeliveryArguments) -> SettledDelivery:
    """A person says whether a message of unknown outcome arrived; one that did not is sent again, once."""
    with context.transaction() as connection:
        lifecycle.acting(connection, context.identity.actor, "a message is sent again")
        if not arguments.delivered:
            require_open(connection, queries.campaign_of(connection, arguments.message_id))
        campaign = queries.settle(
            connection,
            arguments.message_id,
            delivered=arguments.delivered,
            now=context.now,
            by=context.identity.actor,
        )
    if campaign is None:
        raise FixArguments(
            f"Message {arguments.message_id} is not one of unknown outcome (any more). Nothing was changed.",
            field="message_id",
        )
    return SettledDelivery(
        message_id=arguments.message_id,
        campaign_id=campaign,
        status="sent" if arguments.delivered else "pending",
        job_id=None if arguments.delivered else context.enqueue(context.identity, DISPATCH_JOB, {}),
        evidence=Evidence(rows=1, as_of=context.now, sources=["messages"]),
    )
