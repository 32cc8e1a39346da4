"""What is proposed, sent and delivered, in words."""

from __future__ import annotations

from connectors.channels.discovery import channel_title
from language.format import bullets, capital, count, day, money, percent, spaced
from tools.campaigns.approval import ListProposalsArguments, ProposalList, list_proposals
from tools.campaigns.deliveries import Deliveries
from tools.campaigns.lifecycle import (
    StepArguments,
    SteppedCampaign,
    archive_campaign,
    end_campaign,
    pause_campaign,
    resume_campaign,
)
from tools.campaigns.listing import (
    CampaignList,
    ListCampaignsArguments,
    PreparedStep,
    PrepareStepArguments,
    list_campaigns,
    prepare_step,
)
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
from tools.campaigns.types import CampaignTypes, CampaignTypesArguments, campaign_types
from tools.declaration import answers
from tools.outcome import Outcome

SHOWN = 5
_DID = {
    "delivered": "got it",
    "opened": "opened it or clicked in it",
    "opened_by_machine": "opened it by a program only",
    "clicked": "clicked in it",
    "bought": "ordered in the days after it",
    "bounced": "could not be reached: it came back",
    "refused": "did not get it: the provider refused to deliver it",
    "delayed": "had not got it yet: the provider keeps trying",
    "silent": "may have got it: nothing has been told yet",
    "unsubscribed": "unsubscribed",
    "complained": "reported it as spam",
    "failed": "did not get it: it could not be sent",
    "skipped": "did not get it: left out for consent, suppression, address or the frequency cap",
    "unknown": "may or may not have got it",
    "waiting": "had not been sent it yet",
}


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
    """How far sending is, and what became of what was sent."""
    result = outcome.result
    if who := outcome.arguments.who:
        return _listed(result, who)
    counts = [f"{spaced(status)}: {count(messages)}" for status, messages in result.counts.items()]
    reasons = [f"{reason}: {count(messages)}" for reason, messages in result.reasons.items()]
    where = " (sandbox mailbox: nothing left this machine)" if result.provider == "sandbox" else ""
    why = f"\n\nReasons:\n\n{bullets(reasons)}" if reasons else ""
    return (
        f"**Campaign “{result.name}” is {result.status}**: {count(result.total)} messages{where}, "
        f"{count(result.held_out)} customers kept back.\n\n{bullets(counts)}{why}{_to_do(result)}{_fared(result)}"
    )


def _to_do(result: CampaignStatus) -> str:
    """What a person can do about messages that are stuck."""
    lines = []
    if unknown := result.counts.get("unknown"):
        lines.append(
            f"Of {_many(unknown, 'message')} nobody knows whether they arrived: look into the log of {result.carrier}, "
            "then say so on the campaign's card. Nothing is sent again before that."
        )
    if failed := result.counts.get("failed"):
        lines.append(
            f"{_many(failed, 'message')} could not be sent, for the reasons above: mend the addresses or the "
            "account, then propose the campaign to those customers again."
        )
    return "".join(f"\n\n{line}" for line in lines)


def _fared(result: CampaignStatus) -> str:
    """What is known of the messages that were sent; nothing about those in the sandbox, which went nowhere."""
    fates = result.deliveries
    if not fates.sent or result.provider == "sandbox":
        return ""
    if not fates.told:
        return f"\n\n{capital(result.carrier)} does not tell what became of them.{_bought(result)}"
    lines = [
        f"delivered: {count(fates.delivered)} of {count(fates.sent)} ({percent(fates.delivered / fates.sent)})",
        *(f"{words}: {count(number)}" for words, number in _undelivered(fates) if number),
        *_seen(fates),
        *(f"{words}: {count(number)}" for words, number in _unwanted(fates) if number),
    ]
    said = [f"{reason}: {count(number)}" for reason, number in list(fates.reasons.items())[:SHOWN]]
    why = f"\n\nWhy they did not arrive:\n\n{bullets(said)}" if said else ""
    return f"\n\n**What became of the {count(fates.sent)} that were sent:**\n\n{bullets(lines)}{why}{_bought(result)}"


def _many(number: int, noun: str) -> str:
    return f"{count(number)} {noun}{'s' * (number != 1)}"


def _undelivered(fates: Deliveries) -> list[tuple[str, int]]:
    return [
        ("bounced", fates.bounced),
        ("refused", fates.refused),
        ("delayed", fates.delayed),
        ("no word yet", fates.silent),
    ]


def _seen(fates: Deliveries) -> list[str]:
    """Opens and clicks, where the provider follows them: without any it most likely does not."""
    if not fates.opened + fates.opened_by_machine + fates.clicked:
        return []
    machines = f"; by programs only (Apple Mail, scanners): {count(fates.opened_by_machine)}"
    return [f"opened by people: {count(fates.opened)}{machines}", f"clicked by people: {count(fates.clicked)}"]


def _unwanted(fates: Deliveries) -> list[tuple[str, int]]:
    return [("unsubscribed", fates.unsubscribed), ("reported as spam", fates.complained)]


def _bought(result: CampaignStatus) -> str:
    fates = result.deliveries
    if not fates.buyers:
        return f"\n\nNobody has ordered within {fates.bought_within_days} days of their message so far."
    return (
        f"\n\n{_many(fates.buyers, 'recipient')} ordered within {fates.bought_within_days} days of their message: "
        f"{_many(fates.orders, 'order')}, {money(fates.revenue, result.currency)}. Some would "
        "have without it: what the message did is what they bought more than those kept back."
    )


def _listed(result: CampaignStatus, who: str) -> str:
    words, total = _DID[who], result.recipients_total
    if not total:
        return f"**No recipient of “{result.name}” {words}, as far as is known.**"
    return f"**{_many(total, 'recipient')} of “{result.name}” {words}.**{_some(result)}"


def _some(result: CampaignStatus) -> str:
    shown = len(result.recipients)
    return f" The table shows {count(shown)} of them." if shown < result.recipients_total else ""


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
    offer = f" It offers {proposal.offer.words}." if proposal.offer else ""
    head = f"**{lead}: “{proposal.title}”, {count(audience.to_send)} messages.**{named}{offer}"
    return (
        f"{head}\n\n{reach} {warnings}".rstrip()
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


ORIGINS = {"here": " launched from here", "journey": " sent by journeys", "imported": " imported"}


@answers(list_campaigns)
def campaigns(outcome: Outcome[ListCampaignsArguments, CampaignList]) -> str:
    """How many, where they come from, and where each stands."""
    result, status = outcome.result, outcome.arguments.status
    which = f"{status} campaigns" if status else "campaigns"
    if not result.total:
        whose = ORIGINS[outcome.arguments.origin] if outcome.arguments.origin else ""
        return f"**There are no {which}{whose}.** One begins as a draft that a person approves."
    lines = [
        f"**{one.name}** ({one.origin}): {one.status}"
        + (f", {_many(one.messages, 'message')}" if one.messages is not None else "")
        + (f", {percent(one.done)} done" if one.done is not None and one.status in ("active", "paused") else "")
        for one in result.campaigns[:SHOWN]
    ]
    number = f"{count(result.total)} {which if result.total != 1 else which.removesuffix('s')}"
    origin = outcome.arguments.origin
    return f"**{number}{ORIGINS[origin] if origin else _parts(result)}.**\n\n{bullets(lines)}"


def _parts(result: CampaignList) -> str:
    """How many come from where, where it is not all from here."""
    parts = [
        f"{count(number)} {what}"
        for number, what in (
            (result.sent_here, "sent by AIMA"), (result.of_journeys, "sent by journeys"), (result.imported, "imported"),
        )
        if number
    ]  # fmt: skip
    return f": {', '.join(parts)}" if len(parts) > 1 or result.imported else ""


@answers(prepare_step)
def prepared(outcome: Outcome[PrepareStepArguments, PreparedStep]) -> str:
    """That the person has to press it."""
    result = outcome.result
    press = f"Press {capital(result.step)} on its card: nothing changes before you do."
    return f"**“{result.name}” is {result.status}.** {press}"


@answers(campaign_types)
def types(outcome: Outcome[CampaignTypesArguments, CampaignTypes]) -> str:
    """What each is for."""
    lines = [f"**{one.title}**: {one.purpose} For customers who {_who(one.audience)}." for one in outcome.result.types]
    return f"**There are {count(len(lines))} types of campaigns.**\n\n{bullets(lines)}"


def _who(audience: str) -> str:
    return (
        f"are {audience}" if audience.startswith("the ") else f"have {audience}" if audience[:3] == "two" else audience
    )


def stepped(outcome: Outcome[StepArguments, SteppedCampaign]) -> str:
    """What it was and is, and what can be done now."""
    result = outcome.result
    left = f" {_many(result.skipped, 'message')} will not go out." if result.skipped else ""
    steps = f" Possible now: {', '.join(result.steps)}." if result.steps else ""
    return f"**“{result.name}” was {result.was} and is {result.status}.**{left}{steps}"


for _tool in (pause_campaign, resume_campaign, end_campaign, archive_campaign):
    answers(_tool)(stepped)
