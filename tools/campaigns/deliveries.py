"""Messages that may or may not have been delivered: a person finds out and says so."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from core.errors import FixArguments
from core.identity import APPROVE
from database.queries import deliveries
from tools.campaigns.approval import DISPATCH_JOB
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult


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


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Said what became of a message",
    examples=({"message_id": "00000000-0000-0000-0000-000000000000", "delivered": True},),
)
def settle_delivery(context: Context, arguments: SettleDeliveryArguments) -> SettledDelivery:
    """A person says whether a message of unknown outcome arrived; one that did not is sent again, once."""
    with context.transaction() as connection:
        campaign = deliveries.settle(
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
