"""The sandbox mailbox: what would have gone out, for looking at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import READ
from database.queries import mailbox as queries
from tools.campaigns.questions import MAILBOX
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table


class MailboxArguments(Arguments):
    """Which messages."""

    recipient: str | None = Field(default=None, description="Only messages to this address (in any case).")
    campaign_id: str | None = Field(default=None, description="Only messages of this campaign.")
    limit: int = Field(default=20, ge=1, le=500, description="At most so many, newest first.")
    offset: int = Field(default=0, ge=0, description="Skip so many.")


class MailboxMessage(BaseModel):
    """One message in the sandbox mailbox."""

    message_id: UUID = Field(description="Message of the outbox.")
    campaign_id: str | None = Field(default=None, description="Campaign it belongs to.")
    channel: str = figure("Channel", "Channel it would have gone by.")
    recipient: str = figure("Recipient", "Address it would have gone to.")
    subject: str | None = figure("Subject", "Subject.", default=None)
    body_text: str = Field(description="Plain text part.")
    body_html: str | None = Field(default=None, description="HTML part.")
    headers: dict[str, str] = Field(description="Headers of the message.")
    delivered_at: datetime = figure("Delivered", "When it arrived.", unit="instant")


class Mailbox(ToolResult):
    """Messages in the sandbox mailbox, newest first."""

    total: int = figure("Messages", "Messages that match.", unit="messages")
    messages: list[MailboxMessage] = Field(description="Newest first, up to the limit.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the mailbox",
    agents=("content",),
    basis="record",
    examples=({"limit": 5},),
    questions=(MAILBOX,),
    views=(
        table("messages", title="Sandbox mailbox", columns=("recipient", "subject", "delivered_at"), total="total"),
    ),
)
def mailbox(context: Context, arguments: MailboxArguments) -> Mailbox:
    """Look into the sandbox mailbox: messages that were carried out without leaving this machine."""
    with context.transaction() as connection:
        total, rows = queries.listed(
            connection,
            recipient=arguments.recipient,
            campaign_id=arguments.campaign_id,
            limit=arguments.limit,
            offset=arguments.offset,
        )
    return Mailbox(
        total=total,
        messages=[MailboxMessage.model_validate(asdict(row)) for row in rows],
        evidence=Evidence(rows=total, as_of=context.now, sources=["sandbox_mailbox"]),
    )
