"""What is proposed, sent and delivered, in words."""

from __future__ import annotations

from connectors.channels.discovery import channel_title
from language.format import bullets, count, day, spaced
from tools.campaigns.approval import ListProposalsArguments, ProposalList, list_proposals
from tools.campaigns.mailbox import Mailbox, MailboxArguments, mailbox
from tools.campaigns.payload import ProposalView
from tools.campaigns.proposal import (
    ProposalResult,
    ProposeCampaignArguments,
    ReviseProposalArguments,
    propose_campaign,
    revise_proposal,
)
from tools.campaigns.status import CampaignStatus, CampaignStatusArguments, campaign_status
from tools.declaration import answers
from tools.outcome import Outcome

SHOWN = 5


@answers(propose_campaign)
def proposed(outcome: Outcome[ProposeCampaignArguments, ProposalResult]) -> str:
    """What waits for a person."""
    return _waiting("Drafted for you to decide", outcome.result.proposal)


@answers(revise_proposal)
def revised(outcome: Outcome[ReviseProposalArguments, ProposalResult]) -> str:
    """The new proposal in the old one's place."""
    return _waiting("The proposal is changed; the earlier one is superseded", outcome.result.proposal)


@answers(list_proposals)
def listed(outcome: Outcome[ListProposalsArguments, ProposalList]) -> str:
    """How many, and which."""
    result, status = outcome.result, outcome.arguments.status
    which = f"{status} proposals" if status else "proposals"
    if not result.total:
        return f"There are no {which}."
    lines = [
        f"**{p.title}**: {p.status}, {count(p.audience.to_send)} messages, made on {day(p.created_at)}"
        for p in result.proposals[:SHOWN]
    ]
    return f"**{count(result.total)} {which}.**\n\n{bullets(lines)}"


@answers(campaign_status)
def status(outcome: Outcome[CampaignStatusArguments, CampaignStatus]) -> str:
    """How far sending is."""
    result = outcome.result
    counts = [f"{spaced(status)}: {count(messages)}" for status, messages in result.counts.items()]
    reasons = [f"{reason}: {count(messages)}" for reason, messages in result.reasons.items()]
    where = " (sandbox mailbox: nothing left this machine)" if result.provider == "sandbox" else ""
    why = f"\n\nReasons:\n\n{bullets(reasons)}" if reasons else ""
    return (
        f"**Campaign “{result.name}” is {result.status}**: {count(result.total)} messages{where}, "
        f"{count(result.held_out)} customers kept back.\n\n{bullets(counts)}{why}"
    )


@answers(mailbox)
def arrived(outcome: Outcome[MailboxArguments, Mailbox]) -> str:
    """What arrived in the sandbox."""
    result = outcome.result
    if not result.total:
        return "The sandbox mailbox is empty."
    lines = [f"{message.recipient}: “{message.subject}”" for message in result.messages[:SHOWN]]
    return f"**{count(result.total)} messages** in the sandbox mailbox, the newest first:\n\n{bullets(lines)}"


def _waiting(lead: str, proposal: ProposalView) -> str:
    audience = proposal.audience
    when = f"on {day(proposal.send_at)}" if proposal.send_at else "at once"
    kept = f"; {count(audience.held_out)} of them are kept back at random to measure the lift" * bool(audience.held_out)
    reach = (
        f"{count(audience.reachable)} of {count(audience.count)} customers can be reached by "
        f"{channel_title(proposal.channel)}{_unreached(proposal)}{kept}."
    )
    warnings = " ".join(proposal.warnings)
    subject = (proposal.sample or proposal.content).subject
    named = f" Subject: “{subject}”." if subject else ""
    return (
        f"**{lead}: “{proposal.title}”, {count(audience.to_send)} messages.**{named}\n\n{reach} {warnings}".rstrip()
        + f"\n\nNothing is sent until you press Approve; it would then go out {when}."
    )


def _unreached(proposal: ProposalView) -> str:
    """Why the others cannot be, as far as there are any."""
    audience = proposal.audience
    reasons = [
        f"{count(customers)} {why}"
        for customers, why in (
            (audience.without_consent, "without consent"),
            (audience.no_address, "without an address"),
            (audience.suppressed, "unsubscribed or bounced"),
        )
        if customers
    ]
    return f" ({', '.join(reasons)})" if reasons else ""
