"""Proposals: listed for everybody, decided by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from core.identity import APPROVE, READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool
from tools.payload import ProposalStatus, ProposalView


class ListProposalsArguments(Arguments):
    """Which proposals."""

    status: ProposalStatus | None = Field(default=None, description="Only these; absent: all.")
    proposal_id: UUID | None = Field(default=None, description="Only this one.")
    limit: int = Field(default=20, ge=1, le=200, description="At most so many, newest first.")


class ProposalList(ToolResult):
    """Proposals, newest first."""

    total: int = Field(description="Proposals that match.")
    proposals: list[ProposalView] = Field(description="Newest first, up to the limit.")


class ApproveProposalArguments(Arguments):
    """What is approved: the proposal and the hash of what was shown."""

    proposal_id: UUID = Field(description="The pending proposal.")
    content_hash: str = Field(description="The content_hash that was shown with it.")


class RejectProposalArguments(Arguments):
    """What is rejected, and why."""

    proposal_id: UUID = Field(description="The pending proposal.")
    note: str | None = Field(default=None, max_length=2000, description="Why, for whoever asked.")


class Approved(ToolResult):
    """What an approval started."""

    proposal_id: UUID = Field(description="The approved proposal.")
    campaign_id: str = Field(description="The campaign it became; ask campaign_status for its progress.")
    status: Literal["active", "scheduled"] = Field(description="active: sending now; scheduled: at send_at.")
    messages: int = Field(description="Messages in the outbox, one a recipient.")
    held_out: int = Field(description="Customers kept back to measure the lift.")
    send_at: datetime = Field(description="When sending starts (UTC).")
    job_id: UUID | None = Field(default=None, description="The job that sends, when it starts at once.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.proposal_id)


class Rejected(ToolResult):
    """The proposal after the decision."""

    proposal: ProposalView = Field(description="The rejected proposal.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.proposal.id)


@tool(effect=Effect.READ, scope=READ, examples=({"status": "pending"},))
def list_proposals(context: Context, arguments: ListProposalsArguments) -> ProposalList:
    """What was proposed and what became of it: waiting, approved, rejected or superseded."""
    raise NotImplementedError


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000", "content_hash": "0" * 64},),
)
def approve_proposal(context: Context, arguments: ApproveProposalArguments) -> Approved:
    """A person approves exactly what was shown; the messages go to the outbox once and sending starts."""
    raise NotImplementedError


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000", "note": "Too early in the month."},),
)
def reject_proposal(context: Context, arguments: RejectProposalArguments) -> Rejected:
    """A person turns a proposal down; it can never be approved afterwards."""
    raise NotImplementedError
