"""Several proposals approved at once, as the parts of a weekly plan: each by itself, and each only as it was shown."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import AimaError, AskPerson, FixArguments
from core.identity import APPROVE
from tools.campaigns.approval import DISPATCH_JOB, ApproveProposalArguments, approved_by_person
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["approve_proposals"]


class ApproveProposalsArguments(Arguments):
    """What is approved: each proposal with the hash of what was shown of it."""

    approvals: list[ApproveProposalArguments] = Field(min_length=1, max_length=100, description="The proposals.")


class Decided(BaseModel):
    """What became of one of them."""

    proposal_id: UUID = Field(description="The proposal.")
    status: str = figure("Status", "active, scheduled, endorsed (waits for a second person), or refused.")
    messages: int = figure("Messages", "Messages in the outbox.", unit="messages")
    reason: str | None = figure("Why not", "Why it was refused.")


class ApprovedTogether(ToolResult):
    """What the approval of several started."""

    decided: list[Decided] = Field(description="In the order they were given.")
    approved: int = figure("Approved", "Proposals that go out.", unit="proposals")
    messages: int = figure("Messages", "Messages in the outbox.", unit="messages")
    job_id: UUID | None = Field(default=None, description="The job that sends, when some start at once.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return ", ".join(str(one.proposal_id) for one in self.decided)


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Approved proposals",
    basis="record",
    examples=({"approvals": [{"proposal_id": "00000000-0000-0000-0000-000000000000", "content_hash": "0" * 64}]},),
    views=(),
)
def approve_proposals(context: Context, arguments: ApproveProposalsArguments) -> ApprovedTogether:
    """A person approves several proposals, each exactly as shown; one that is refused holds back none of the others."""
    decided = [_decided(context, one) for one in arguments.approvals]
    if all(one.status == "refused" for one in decided):
        raise FixArguments(" ".join(dict.fromkeys(str(one.reason) for one in decided)), field="approvals")
    job_id = None
    if any(one.status == "active" for one in decided):
        job_id = context.enqueue(context.identity, DISPATCH_JOB, {})
    messages = sum(one.messages for one in decided)
    return ApprovedTogether(
        decided=decided,
        approved=sum(one.status in ("active", "scheduled") for one in decided),
        messages=messages,
        job_id=job_id,
        evidence=Evidence(rows=messages, as_of=context.now, sources=["proposals", "approvals", "messages"]),
    )


def _decided(context: Context, told: ApproveProposalArguments) -> Decided:
    try:
        made = approved_by_person(context, told)
    except AskPerson:
        raise  # who may not decide about one may not about any
    except AimaError as error:
        return Decided(proposal_id=told.proposal_id, status="refused", messages=0, reason=error.message)
    return Decided(proposal_id=told.proposal_id, status=made.status, messages=made.messages, reason=None)
