"""A campaign proposed, and a proposal changed; a person decides about it elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from core.errors import FixArguments
from core.identity import PROPOSE
from database.queries import proposals
from tools.audience.rule import Rule, rule_named
from tools.campaigns.approved import approved_wordings
from tools.campaigns.draft import Draft, propose, request_key, view
from tools.campaigns.payload import CampaignKind, Content, ProposalView
from tools.campaigns.questions import CAMPAIGN, REVISE
from tools.campaigns.terms import Terms, require_unexpired
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult
from tools.views import proposal_card


class ProposeCampaignArguments(Arguments):
    """What to send, to whom, when."""

    name: str = Field(min_length=1, max_length=120, description="Name of the campaign, for people.")
    kind: CampaignKind = Field(default="re_engagement", description="Goal of the campaign.")
    segment: str | None = Field(default=None, description="Saved segment or RFM segment by name; or give `rule`.")
    rule: Rule | None = Field(default=None, description="Rule tree that picks the customers.")
    channel: str = Field(default="email", description="Channel: email, sms or another there is.")
    subject: str = Field(
        default="",
        description="Subject line of an email, 1 to 150 characters; merge fields like {first_name|there} allowed.",
    )
    preview_text: str | None = Field(default=None, description="Line shown after the subject, up to 150 characters.")
    body_text: str = Field(
        description="Body as plain text, in Liquid: {{ city | default: 'town' }}, {% if orders > 3 %}…{% endif %}. "
        "Fields: first_name, last_name, name, country, city, orders, total_spent, last_order, last_products, shop and "
        "more. The unsubscribe line is added."
    )
    body_html: str | None = Field(default=None, description="Body as HTML; made from the text when absent.")
    send_at: datetime | None = Field(
        default=None, description="When to start sending, by the shop's clocks: 2026-03-30T09:00; absent: at approval."
    )
    holdout_share: float = Field(default=0.1, ge=0, le=0.5, description="Share kept back at random to measure lift.")
    offer: str | None = Field(
        default=None,
        max_length=120,
        description="Offer (list_offers), by name or id; the text says {offer}, {offer_code}, {offer_until}.",
    )
    budget: float | None = Field(default=None, gt=0, le=1e9, description="Most that it may give away.")
    ends_at: datetime | None = Field(
        default=None, description="What is not sent by then, by the shop's clocks, is not."
    )


class ReviseProposalArguments(Arguments):
    """The fields to change; what is not given stays as it was."""

    proposal_id: UUID = Field(description="The pending proposal to replace.")
    name: str | None = Field(default=None, min_length=1, max_length=120, description="New name.")
    kind: CampaignKind | None = Field(default=None, description="New goal.")
    segment: str | None = Field(default=None, description="New segment (then `rule` is dropped).")
    rule: Rule | None = Field(default=None, description="New rule tree (then `segment` is dropped).")
    subject: str | None = Field(default=None, description="New subject line.")
    preview_text: str | None = Field(default=None, min_length=0, description="New preview text; empty: none.")
    body_text: str | None = Field(default=None, description="New plain text body.")
    body_html: str | None = Field(default=None, description="New HTML body.")
    send_at: datetime | None = Field(default=None, description="New time to start sending, as the shop's clocks show.")
    holdout_share: float | None = Field(default=None, ge=0, le=0.5, description="New share to keep back.")
    offer: str | None = Field(default=None, max_length=120, description="New offer, by name or id; empty: none.")
    budget: float | None = Field(default=None, gt=0, le=1e9, description="New budget.")
    ends_at: datetime | None = Field(default=None, description="New end, as the shop's clocks show.")


class ProposalResult(ToolResult):
    """The proposal, waiting for a person."""

    proposal: ProposalView = Field(description="Exactly what a person is asked to approve.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.proposal.id)


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Drafted a campaign",
    agents=("content",),
    basis="record",
    examples=(
        {
            "name": "Win back",
            "segment": "At Risk",
            "subject": "We have missed you, {first_name|there}",
            "body_text": "Hello {first_name|there},\n\nthere is something new for you in our shop.",
        },
    ),
    questions=(CAMPAIGN,),
    views=(proposal_card(),),
    next=("Change the subject to …", "Which proposals are waiting?"),
    audience=lambda arguments, _result: rule_named(arguments.rule, segment=arguments.segment),
)
def propose_campaign(context: Context, arguments: ProposeCampaignArguments) -> ProposalResult:
    """Draft a campaign (email by default) to a segment or rule, for a person; nothing is sent until they approve."""
    draft = Draft(
        name=arguments.name,
        kind=arguments.kind,
        segment=arguments.segment,
        rule=arguments.rule,
        channel=arguments.channel,
        content=Content.model_validate(arguments.model_dump(include=set(Content.model_fields))),
        send_at=arguments.send_at,
        holdout_share=arguments.holdout_share,
        terms=Terms(arguments.offer, arguments.budget, _on_the_clocks(arguments.ends_at, context)),
    )
    draft = replace(draft, wordings=approved_wordings(context, draft.channel))
    with context.transaction() as connection:
        if earlier := _asked_before(connection, context):
            return _result(earlier, context)
        return _result(proposals.get(connection, propose(connection, context, draft)), context)


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Changed the draft",
    agents=("content",),
    basis="record",
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000", "subject": "Something new for you"},),
    questions=(REVISE,),
    views=(proposal_card(),),
    next=("Which proposals are waiting?",),
)
def revise_proposal(context: Context, arguments: ReviseProposalArguments) -> ProposalResult:
    """Change a pending proposal: makes a new one in its place, which needs its own approval."""
    with context.transaction() as connection:
        channel = proposals.get(connection, arguments.proposal_id).payload["channel"]
    wordings = approved_wordings(context, channel)
    with context.transaction() as connection:
        if earlier := _asked_before(connection, context):
            return _result(earlier, context)
        proposals.lock(connection, arguments.proposal_id)
        old = proposals.get(connection, arguments.proposal_id)
        if old.status != "pending":
            raise FixArguments(f"Proposal {old.id} is {old.status}; only a pending one can be changed.")
        require_unexpired(old.expires_at, context.now)
        draft = replace(_revised(Draft.of(old.payload), arguments, context), wordings=wordings)
        new_id = propose(connection, context, draft, replaces=old.id)
        proposals.set_status(connection, old.id, "superseded")
        return _result(proposals.get(connection, new_id), context)


def _asked_before(connection: Connection, context: Context) -> proposals.ProposalRow | None:
    key = request_key(context)
    return None if key is None else proposals.by_request(connection, key)


def _on_the_clocks(at: datetime | None, context: Context) -> datetime | None:
    """An instant as it is told: without a distance from UTC it is what the shop's clocks show."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=context.calendar().zone)


def _revised(draft: Draft, arguments: ReviseProposalArguments, context: Context) -> Draft:
    """`draft` with the fields that were given."""
    given = arguments.model_dump(exclude_none=True, exclude={"proposal_id", "rule"})
    if not given and arguments.rule is None:
        raise FixArguments("Nothing to change was given.", valid=sorted(set(type(arguments).model_fields)))
    changes: dict[str, Any] = {
        name: given[name] for name in ("name", "kind", "send_at", "holdout_share") if name in given
    }
    if arguments.segment is not None or arguments.rule is not None:
        changes |= {"segment": arguments.segment, "rule": arguments.rule, "plan": None, "customers": None}
    ends_at = _on_the_clocks(arguments.ends_at, context) or draft.terms.ends_at
    offer = draft.terms.offer if arguments.offer is None else arguments.offer.strip() or None
    if arguments.segment is not None or arguments.rule is not None or arguments.offer is not None:
        changes["expected"] = None  # it was said of another audience, or another offer
    changes["terms"] = Terms(offer, arguments.budget or draft.terms.budget, ends_at)
    words = {name: given[name] for name in Content.model_fields if name in given}
    if "body_text" in words and "body_html" not in words:
        words["body_html"] = None  # the old HTML would say something else than the new text
    return replace(draft, content=draft.content.model_copy(update=words), **changes)


def _result(row: proposals.ProposalRow, context: Context) -> ProposalResult:
    proposal, channel = view(row), channel_named(row.payload["channel"])
    reached = f"has a usable {channel.address.title}, agreed to {channel.title}, is not suppressed"
    return ProposalResult(
        proposal=proposal,
        evidence=Evidence(
            rows=proposal.audience.count,
            as_of=context.now,
            sources=["customers", "customer_facts", "suppressions"],
            definitions=[
                f"reachable: {reached}; one customer an address.",
                "held_out: reachable customers drawn at random who get nothing, to measure the lift against.",
            ],
        ),
    )
