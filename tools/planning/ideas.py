"""Campaigns worth proposing, found in the data: for whom, with which offer, and what each is expected to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from core.errors import FixArguments
from core.identity import PROPOSE, READ
from database.queries import proposals
from tools.audience.rule import Rule
from tools.campaigns.approved import approved_wordings
from tools.campaigns.draft import Draft, propose, request_key, view
from tools.campaigns.payload import Content, ProposalView
from tools.campaigns.terms import Terms
from tools.campaigns.types import TYPES, words_for
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.planning.crowd import Crowd, crowd_of
from tools.planning.evidence import Return, measured_effects, return_of_type
from tools.planning.questions import IDEAS, PROPOSE_IDEAS
from tools.results import Arguments, ToolResult
from tools.views import table

if TYPE_CHECKING:
    from analytics.planning.returns import Measured

__all__ = ["NO_OFFER", "Idea", "campaign_ideas", "propose_ideas"]

NO_OFFER = "no offer"
FIRST = 3
HOLDOUT = 0.1
WORDS = [
    "for: whom a type is meant for is a rule of the playbook, with limits taken from the shop's own customers; ask for "
    "the types of campaigns.",
    "expected return: lift × recipients × average order value, less what the offer takes off of all who buy; goods and "
    "work are not taken off. Lift: own campaigns with a control group, shrunk; else an assumption that is named; else "
    "no figure.",
]


class CampaignIdeasArguments(Arguments):
    """By which channel."""

    channel: str = Field(default="email", description="Channel: email, sms or another there is.")


class Idea(BaseModel):
    """One campaign that could be proposed."""

    kind: str = Field(description="Type of campaign.")
    title: str = figure("Campaign", "Its type, for people.")
    audience: str = figure("For", "Whom it is meant for.")
    customers: int = figure("Customers", "Customers it suits.", unit="customers")
    reachable: int = figure(
        "Reachable", "Those of them who agreed to the channel and have an address.", unit="customers"
    )
    offer: str = figure("Offer", "What it would offer.")
    order_value: float | None = figure("Order value", "Their average order value.", unit="money")
    expected: Return = Field(description="What it is expected to bring, with its basis.")
    missing: str | None = figure("Missing", "Why it cannot be proposed as it is; null: it can.")
    rule: dict[str, Any] = Field(description="The rule of these customers.")


class CampaignIdeas(ToolResult):
    """Ideas, the best supported and largest first."""

    ideas: list[Idea] = Field(description="Ideas; those with evidence first, by expected return, then by reach.")
    channel: str = figure("Channel", "Channel they are counted for.")
    currency: str = Field(description="ISO 4217 code of money.")


class ProposeIdeasArguments(Arguments):
    """Which of them."""

    kinds: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=8,
        description="Types to propose; absent: the first three of campaign_ideas.",
    )
    channel: str = Field(default="email", description="Channel: email, sms or another there is.")


class ProposedIdeas(ToolResult):
    """The proposals, each waiting for a person."""

    proposals: list[ProposalView] = Field(description="What was proposed.")
    left_out: list[str] = Field(description="Types that could not be proposed, with why.")
    currency: str = Field(description="ISO 4217 code of money.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return ", ".join(str(one.id) for one in self.proposals)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="campaigns worth proposing",
    agents=("content", "optimiser"),
    basis="prediction",
    examples=({}, {"channel": "sms"}),
    questions=(IDEAS,),
    views=(
        table(
            "ideas",
            title="Campaigns worth proposing",
            columns=(
                "title", "customers", "reachable", "offer", "expected.revenue", "expected.revenue_low",
                "expected.revenue_high", "expected.basis", "missing",
            ),
        ),
    ),
    next=("Propose campaigns", "Plan next week", "What offers do we have?"),
)  # fmt: skip
def campaign_ideas(context: Context, arguments: CampaignIdeasArguments) -> CampaignIdeas:
    """Campaigns that suit the customers as they are now, each with offer, reach and expected return with its basis."""
    with context.transaction() as connection:
        crowd = crowd_of(context, connection, [arguments.channel])
        ideas = ideas_of(connection, crowd, arguments.channel)
    return CampaignIdeas(
        ideas=ideas,
        channel=arguments.channel,
        currency=crowd.currency,
        evidence=crowd.facts.evidence(
            crowd.people.height, ["customer_facts", "consents", "offers", "assignments", "orders"], WORDS
        ),
    )


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Drafted campaigns",
    agents=("content",),
    basis="prediction",
    examples=({},),
    questions=(PROPOSE_IDEAS,),
    next=("Which proposals are waiting?", "Plan next week"),
)
def propose_ideas(context: Context, arguments: ProposeIdeasArguments) -> ProposedIdeas:
    """Draft the campaigns that suit the customers best, for a person; nothing is sent until each is approved."""
    if unknown := set(arguments.kinds or ()) - set(TYPES):
        raise FixArguments(f"No type of campaign: {', '.join(sorted(unknown))}.", field="kinds", valid=sorted(TYPES))
    wordings = approved_wordings(context, arguments.channel)
    made: list[ProposalView] = []
    left_out: list[str] = []
    with context.transaction() as connection:
        crowd = crowd_of(context, connection, [arguments.channel])
        for idea in _chosen(ideas_of(connection, crowd, arguments.channel), arguments.kinds):
            if idea.missing is not None:
                left_out.append(f"{idea.title}: {idea.missing}")
                continue
            row = _earlier(connection, context, idea.kind)
            if row is None:
                draft = draft_of(idea, crowd, arguments.channel)
                made_id = propose(connection, context, draft_with(draft, wordings), part=idea.kind)
                row = proposals.get(connection, made_id)
            made.append(view(row))
    return ProposedIdeas(
        proposals=made,
        left_out=left_out,
        currency=crowd.currency,
        evidence=crowd.facts.evidence(crowd.people.height, ["customer_facts", "consents", "offers"], WORDS),
    )


def ideas_of(connection: Connection, crowd: Crowd, channel: str) -> list[Idea]:
    """All types that suit anybody, those with evidence first."""
    measured = measured_effects(connection, crowd.facts.data_as_of)
    found = [idea_of(kind, crowd, channel, measured.get(kind, ())) for kind in crowd.rules]
    order = {"measured": 0, "assumption": 1, "no evidence": 2}
    return sorted(
        (idea for idea in found if idea.customers),
        key=lambda i: (
            i.missing is not None,
            order[i.expected.basis],
            -(i.expected.revenue or 0.0),
            -i.reachable,
            i.kind,
        ),
    )


def idea_of(kind: str, crowd: Crowd, channel: str, measured: Sequence[Measured]) -> Idea:
    """One type as the shop stands."""
    import polars as pl

    one, offer = TYPES[kind], crowd.offers.get(kind)
    meant = crowd.people.filter(crowd.strength[kind].is_not_null())
    reached = meant.filter(pl.col("customer_id").is_in(list(crowd.reach[channel])))
    order_value = _mean(reached, pl.col("avg_order_value"))
    chance = _mean(reached, 1.0 - (-pl.col("expected_orders_12m").clip(0.0) * 30 / 365).exp())
    return Idea(
        kind=kind,
        title=one.title,
        audience=one.audience,
        customers=meant.height,
        reachable=reached.height,
        offer=offer["words"] if offer else NO_OFFER,
        order_value=money(order_value),
        expected=return_of_type(
            kind,
            measured,
            recipients=round(reached.height * (1 - HOLDOUT)),
            order_value=order_value,
            chance=chance,
            offer=offer,
            currency=crowd.currency,
        ),
        missing=_missing(kind, reached.height, offer, channel),
        rule=dict(crowd.rules[kind]),
    )


def draft_of(idea: Idea, crowd: Crowd, channel: str) -> Draft:
    """The proposal of an idea."""
    offer, title = crowd.offers.get(idea.kind), TYPES[idea.kind].title
    subject = channel_named(channel).limits.subject is not None
    return Draft(
        name=f"{title}: {idea.audience}"[:120],
        kind=idea.kind,  # type: ignore[arg-type]
        segment=None,
        rule=Rule.model_validate(idea.rule),
        channel=channel,
        content=Content.model_validate({"subject": "", **words_for(idea.kind, offer, subject=subject)}),
        send_at=None,
        holdout_share=HOLDOUT,
        terms=Terms(offer["id"] if offer else None),
        expected=idea.expected.words,
    )


def draft_with(draft: Draft, wordings: Any) -> Draft:
    """The draft with the texts that the channel's provider has approved."""
    from dataclasses import replace

    return replace(draft, wordings=wordings)


def _chosen(ideas: Sequence[Idea], kinds: Sequence[str] | None) -> list[Idea]:
    if kinds is None:
        return [idea for idea in ideas if idea.missing is None][:FIRST] or list(ideas[:FIRST])
    known = {idea.kind: idea for idea in ideas}
    if gone := [kind for kind in kinds if kind not in known]:
        raise FixArguments(
            f"Nobody suits {', '.join(gone)} at the moment.", field="kinds", valid=[idea.kind for idea in ideas]
        )
    return [known[kind] for kind in dict.fromkeys(kinds)]


def _missing(kind: str, reachable: int, offer: Mapping[str, Any] | None, channel: str) -> str | None:
    if not reachable:
        return f"nobody of them can be reached by {channel_named(channel).title}"
    if TYPES[kind].needs_offer and offer is None:
        kinds = " or ".join(kind.replace("_", " ") for kind in TYPES[kind].offers[:2])
        return f"it needs an offer ({kinds}): make one first"
    return None


def _earlier(connection: Connection, context: Context, kind: str) -> proposals.ProposalRow | None:
    """The proposal that the same call made before."""
    key = request_key(context, kind)
    return None if key is None else proposals.by_request(connection, key)


def _mean(frame: Any, value: Any) -> float | None:
    found = frame.select(value.mean()).item() if frame.height else None
    return None if found is None else float(found)
