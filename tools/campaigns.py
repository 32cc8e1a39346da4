"""Campaigns: proposed here, approved by a person elsewhere, followed here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from core.identity import PROPOSE, READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool
from tools.payload import CampaignKind, ProposalView


class ProposeCampaignArguments(Arguments):
    """What to send, to whom, when."""

    name: str = Field(min_length=1, max_length=120, description="Name of the campaign, for people.")
    kind: CampaignKind = Field(default="re_engagement", description="Goal of the campaign.")
    segment: str | None = Field(default=None, description="Saved segment or RFM segment by name; or give `rule`.")
    rule: dict[str, Any] | None = Field(default=None, description="Rule tree that picks the customers.")
    channel: Literal["email"] = Field(default="email", description="Channel; e-mail.")
    subject: str = Field(description="Subject line, 1 to 150 characters; merge fields like {first_name|there} allowed.")
    preview_text: str | None = Field(default=None, description="Line shown after the subject, up to 150 characters.")
    body_text: str = Field(description="Body as plain text with merge fields; the unsubscribe line is added.")
    body_html: str | None = Field(default=None, description="Body as HTML; made from the text when absent.")
    send_at: AwareDatetime | None = Field(default=None, description="When to start sending; absent: at approval.")
    holdout_share: float = Field(default=0.1, ge=0, le=0.5, description="Share kept back at random to measure lift.")


class ReviseProposalArguments(Arguments):
    """The fields to change; what is not given stays as it was."""

    proposal_id: UUID = Field(description="The pending proposal to replace.")
    name: str | None = Field(default=None, min_length=1, max_length=120, description="New name.")
    kind: CampaignKind | None = Field(default=None, description="New goal.")
    segment: str | None = Field(default=None, description="New segment (then `rule` is dropped).")
    rule: dict[str, Any] | None = Field(default=None, description="New rule tree (then `segment` is dropped).")
    subject: str | None = Field(default=None, description="New subject line.")
    preview_text: str | None = Field(default=None, description="New preview text.")
    body_text: str | None = Field(default=None, description="New plain text body.")
    body_html: str | None = Field(default=None, description="New HTML body.")
    send_at: AwareDatetime | None = Field(default=None, description="New time to start sending.")
    holdout_share: float | None = Field(default=None, ge=0, le=0.5, description="New share to keep back.")


class ProposalResult(ToolResult):
    """The proposal, waiting for a person."""

    proposal: ProposalView = Field(description="Exactly what a person is asked to approve.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.proposal.id)


class CampaignStatusArguments(Arguments):
    """Which campaign."""

    campaign_id: str | None = Field(default=None, description="Campaign; absent: the one launched last.")


class CampaignStatus(ToolResult):
    """How far sending is."""

    campaign_id: str = Field(description="Campaign id.")
    name: str = Field(description="Campaign name.")
    status: str = Field(description="scheduled, active, or completed.")
    provider: str = Field(description="sandbox or smtp.")
    total: int = Field(description="Messages of the campaign.")
    counts: dict[str, int] = Field(description="Messages per status: pending, claimed, handing_over, sent, …")
    reasons: dict[str, int] = Field(description="Why messages were skipped, failed or put off, with how many.")
    held_out: int = Field(description="Customers kept back to measure the lift.")
    done: bool = Field(description="True when no message is waiting or on its way.")
    started_at: datetime | None = Field(default=None, description="When sending starts or started (UTC).")
    finished_at: datetime | None = Field(default=None, description="When the last message was settled (UTC).")


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    examples=(
        {
            "name": "Win back",
            "segment": "At Risk",
            "subject": "We have missed you, {first_name|there}",
            "body_text": "Hello {first_name|there},\n\nthere is something new for you in our shop.",
        },
    ),
)
def propose_campaign(context: Context, arguments: ProposeCampaignArguments) -> ProposalResult:
    """Draft an e-mail campaign to a segment or rule and put it before a person; nothing is sent until they approve."""
    raise NotImplementedError


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000", "subject": "Something new for you"},),
)
def revise_proposal(context: Context, arguments: ReviseProposalArguments) -> ProposalResult:
    """Change a pending proposal: makes a new one in its place, which needs its own approval."""
    raise NotImplementedError


@tool(effect=Effect.READ, scope=READ, examples=({},))
def campaign_status(context: Context, arguments: CampaignStatusArguments) -> CampaignStatus:
    """How far a launched campaign is: messages sent, waiting, skipped and failed, and why."""
    raise NotImplementedError
