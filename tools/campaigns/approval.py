"""Proposals: listed for everybody, decided by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named, provider_title
from core.errors import AskPerson, FixArguments, GiveUp
from core.identity import APPROVE, READ
from database.queries import approval_rules, audit, campaigns, lifecycle, proposals
from tools.campaigns.draft import held_out, nobody, view
from tools.campaigns.payload import Audience, ProposalStatus, ProposalView, content_hash
from tools.campaigns.questions import PROPOSALS
from tools.campaigns.second_person import why_two
from tools.campaigns.starts import Start, start_of
from tools.campaigns.terms import require_offer, require_unexpired
from tools.channels.account import Seal, account_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

DISPATCH_JOB = "dispatch_outbox"
CAMPAIGN = "campaign"


class ListProposalsArguments(Arguments):
    """Which proposals."""

    status: ProposalStatus | Literal["unsettled"] | None = Field(
        default=None,
        description="Only these; absent: all. unsettled: approved, with messages whose delivery a person has to "
        "find out.",
    )
    proposal_id: UUID | None = Field(default=None, description="Only this one.")
    plan_id: UUID | None = Field(default=None, description="Only those of this weekly plan.")
    limit: int = Field(default=20, ge=1, le=200, description="At most so many, newest first.")


class ProposalList(ToolResult):
    """Proposals, newest first."""

    total: int = figure("Proposals", "Proposals that match.", unit="proposals")
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
    campaign_id: str | None = Field(
        default=None,
        description="The campaign it became; ask campaign_status for its progress. "
        "Null: it takes a second person, or is a journey.",
    )
    status: Literal["active", "scheduled", "endorsed"] = figure(
        "Status", "active: sending now; scheduled: at send_at; endorsed: waits for a second person."
    )
    journey_id: UUID | None = Field(default=None, description="The journey it became; ask journey_status.")
    messages: int = figure("Messages", "Messages in the outbox, one per recipient.", unit="messages")
    held_out: int = figure("Kept back", "Customers kept back to measure the lift.", unit="customers")
    send_at: datetime = figure("Sent from", "When sending starts.")
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


@tool(
    effect=Effect.READ,
    scope=READ,
    about="proposals",
    uri="aima://proposals",
    agents=("content", "reporting"),
    basis="record",
    examples=({"status": "pending"},),
    questions=(PROPOSALS,),
    views=(
        table(
            "proposals",
            title="Proposals",
            columns=("title", "status", "audience.to_send", "created_by", "created_at", "id"),
            total="total",
        ),
    ),
    next=("How is the campaign doing?",),
)
def list_proposals(context: Context, arguments: ListProposalsArguments) -> ProposalList:
    """What was proposed and what became of it: waiting, approved, rejected, superseded, expired."""
    with context.transaction() as connection:
        if arguments.proposal_id is not None:
            proposals.get(connection, arguments.proposal_id)
        total, rows = proposals.listed(
            connection,
            status=arguments.status,
            proposal_id=arguments.proposal_id,
            limit=arguments.limit,
            plan_id=arguments.plan_id,
        )
    return ProposalList(
        total=total,
        proposals=[view(row) for row in rows],
        evidence=Evidence(rows=total, as_of=context.now, sources=["proposals", "approvals"]),
    )


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Approved the proposal",
    basis="record",
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000", "content_hash": "0" * 64},),
    views=(),
)
def approve_proposal(context: Context, arguments: ApproveProposalArguments) -> Approved:
    """A person approves exactly what was shown; the messages go to the outbox once and sending starts."""
    approved = approved_by_person(context, arguments)
    if approved.status == "active":
        start = start_of("journey") if approved.journey_id else None
        approved.job_id = context.enqueue(context.identity, start.job if start else DISPATCH_JOB, {})
    return approved


def approved_by_person(context: Context, arguments: ApproveProposalArguments) -> Approved:
    """One proposal approved, in a transaction of its own; nobody is told to send yet.

    Errors: AskPerson, NotAllowed (who), FixArguments (decided, expired, not what was shown, carried by somebody else,
    an offer that does not hold any more, a second approval by the first person), NotFound.
    """
    user_id = _person(context)
    with context.transaction() as connection:
        proposals.lock(connection, arguments.proposal_id)
        row = proposals.get(connection, arguments.proposal_id)
        _require_pending(row)
        require_unexpired(row.expires_at, context.now)
        _require_shown(row, arguments.content_hash)
        start = _start(row)
        if row.kind == CAMPAIGN:
            _require_carrier(connection, context, row)
            require_offer(connection, row.payload, context.now, _starts(row, context.now))
        if _is_first_of_two(connection, row, user_id):
            approval_rules.endorse(connection, row, by=context.identity.actor, user_id=user_id)
            return _endorsed(row, context.now)
        proposals.decide(connection, row, decision="approved", by=context.identity.actor, user_id=user_id, note=None)
        approved: Approved = start.begin(connection, context, row)
        return approved


def _is_first_of_two(connection: Connection, row: proposals.ProposalRow, user_id: UUID) -> bool:
    """Whether this approval is the first of two; FixArguments where the first person would be the second as well."""
    why = why_two(approval_rules.get(connection), row.payload, row.payload.get("currency", ""))
    if why is None:
        return False
    first = approval_rules.endorsement(connection, row.id)
    if first is None:
        return True
    if first.user_id == user_id:
        raise FixArguments(
            f"You have approved this already; as {why}, another person has to approve it too.", field="proposal_id"
        )
    return False


def _endorsed(row: proposals.ProposalRow, now: datetime) -> Approved:
    return Approved(
        proposal_id=row.id,
        campaign_id=None,
        status="endorsed",
        messages=0,
        held_out=0,
        send_at=_starts(row, now),
        evidence=Evidence(rows=0, as_of=now, sources=["proposals", "endorsements"]),
    )


def _starts(row: proposals.ProposalRow, now: datetime) -> datetime:
    """When sending starts if it is approved now."""
    told = row.payload["send_at"]
    return now if told is None else max(datetime.fromisoformat(told), now)


def _person(context: Context) -> UUID:
    """The user who decides. Checked here too: this function is what leads to messages going out."""
    identity = context.identity
    identity.require(APPROVE)
    if not identity.person or identity.user_id is None:
        raise AskPerson("Only a person who is logged in as a user can decide about a proposal.")
    return identity.user_id


def _require_pending(row: proposals.ProposalRow) -> None:
    if row.status == "expired":
        raise FixArguments(f"Proposal {row.id} has expired. Propose it anew, and look at it again.")
    if row.status == "superseded":
        raise FixArguments(f"Proposal {row.id} has been replaced by a newer one. Look at that one and decide there.")
    if row.status != "pending":
        decided = f" by {row.decided_by} on {row.decided_at:%Y-%m-%d at %H:%M} UTC" if row.decided_at else ""
        raise FixArguments(f"Proposal {row.id} was {row.status} already{decided}. Nothing was done a second time.")


def _require_shown(row: proposals.ProposalRow, shown_hash: str) -> None:
    """The person decides about what they saw, and what is stored is what they saw."""
    if content_hash(row.payload) != row.content_hash:
        raise GiveUp(f"Proposal {row.id} is damaged: its content does not match its hash. Propose it again.")
    if shown_hash.strip().lower() != row.content_hash:
        raise FixArguments(
            f"This is not the hash of proposal {row.id} as it stands. Look at the proposal again before approving.",
            field="content_hash",
        )
    audience = Audience.model_validate(row.payload["audience"])
    if row.kind == CAMPAIGN and audience.to_send == 0:
        raise FixArguments(nobody(audience, channel_named(row.payload["channel"])), field="proposal_id")


def _start(row: proposals.ProposalRow) -> Start:
    """What the approval leads to."""
    start = Start(_launched, DISPATCH_JOB) if row.kind == CAMPAIGN else start_of(row.kind)
    if start is None:
        raise GiveUp(f"Nobody knows how to start a {row.kind}.")
    return start


def _require_carrier(connection: Connection, context: Context, row: proposals.ProposalRow) -> None:
    """Who would carry the messages is a part of what was shown: another one is another proposal."""
    seal = Seal(context.settings, context.identity.org_id)
    now = account_of(connection, channel_named(row.payload["channel"]), seal).provider
    if now.name != row.payload["provider"]:
        shown = provider_title(row.payload["provider"])
        raise FixArguments(
            f"This was shown as going out by {shown}. Since then that was exchanged: {now.title} carries such messages"
            " now. Propose the campaign anew, or change this proposal, and look at it again.",
            field="proposal_id",
        )


def _launched(connection: Connection, context: Context, row: proposals.ProposalRow) -> Approved:
    """The campaign, its arms, its outbox rows and the entry in the audit log, all in this transaction."""
    shown = row.payload
    due_at = _starts(row, context.now)
    status = "scheduled" if due_at > context.now else "active"
    lifecycle.acting(connection, context.identity.actor)
    control = held_out(shown["customers"], shown["holdout"]["share"], shown["holdout"]["seed"])
    treated = sorted(set(shown["customers"]) - set(control))
    kind = channel_named(shown["channel"]).address.name
    ends_at = datetime.fromisoformat(shown["ends_at"]) if shown.get("ends_at") else None
    messages = campaigns.launch(connection, row, campaigns.Launch(treated, control, due_at, status, kind, ends_at))
    audit.record(
        connection,
        actor=context.identity.actor,
        door=context.identity.door,
        action="campaign_launched",
        subject=str(row.id),
        detail={"content_hash": row.content_hash, "messages": messages, "held_out": len(control), "status": status},
    )
    return Approved(
        proposal_id=row.id,
        campaign_id=str(row.id),
        status="active" if status == "active" else "scheduled",
        messages=messages,
        held_out=len(control),
        send_at=due_at,
        evidence=Evidence(rows=messages, as_of=context.now, sources=["proposals", "approvals", "messages"]),
    )


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Rejected the proposal",
    basis="record",
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000", "note": "Too early in the month."},),
    views=(),
)
def reject_proposal(context: Context, arguments: RejectProposalArguments) -> Rejected:
    """A person turns a proposal down; it can never be approved afterwards."""
    user_id = _person(context)
    with context.transaction() as connection:
        proposals.lock(connection, arguments.proposal_id)
        row = proposals.get(connection, arguments.proposal_id)
        _require_pending(row)
        proposals.decide(
            connection, row, decision="rejected", by=context.identity.actor, user_id=user_id, note=arguments.note
        )
        row = proposals.get(connection, arguments.proposal_id)
    return Rejected(
        proposal=view(row), evidence=Evidence(rows=1, as_of=context.now, sources=["proposals", "approvals"])
    )
