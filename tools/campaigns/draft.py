"""A draft becomes a proposal: its audience resolved and frozen, its content checked, everything hashed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from connectors.channels.contract import Channel, Envelope
from connectors.channels.discovery import channel_named, provider_title
from connectors.channels.wordings import Wording
from core.calendar import Calendar
from core.errors import FixArguments
from core.settings import Settings
from database.queries import audience as audiences
from database.queries import organisations, proposals, sending_rules
from database.queries.audience import AudienceRow, Reach, merge_values
from tools.audience.facts import Facts, rule_of_segment
from tools.audience.rule import Rule
from tools.campaigns.approved import require_approved
from tools.campaigns.content import as_read, check, preview_of, render, unresolved
from tools.campaigns.delays import delays
from tools.campaigns.merging import fields_needed, fields_of, lacking
from tools.campaigns.payload import (
    Audience,
    CampaignKind,
    Content,
    Decision,
    ProposalView,
    Sample,
    audience_hash,
    content_hash,
)
from tools.campaigns.schedule import start_of
from tools.campaigns.terms import Terms, terms_of
from tools.campaigns.unsubscribe import base_url
from tools.channels.account import Account, Seal, account_of
from tools.context import Context
from tools.offers.offer import OFFER_FIELDS, example_code, said_values

__all__ = ["Draft", "held_out", "nobody", "propose", "reach_of", "request_key", "view"]


MOST_TRIED = 20_000
FOLLOWED = "Opens and clicks are followed: each recipient's links lead by way of AIMA."


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send. Either `segment` or `rule` says to whom; with `customers`, to these of them alone.

    `plan` says which part of a weekly plan it is (id, day, title), `expected` what it is expected to bring. `wordings`
    are the texts that the channel's provider has approved; None: it takes any.
    """

    name: str
    kind: CampaignKind
    segment: str | None
    rule: Rule | None
    channel: str
    content: Content
    send_at: datetime | None
    holdout_share: float
    terms: Terms = field(default_factory=Terms)
    plan: Mapping[str, Any] | None = None
    customers: Sequence[int] | None = None
    expected: str | None = None
    wordings: Sequence[Wording] | None = None

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Draft:
        """The draft a stored proposal was made from; FixArguments where it is none of a campaign."""
        if payload["kind"] != "campaign":
            raise FixArguments(f"This proposal is of a {payload['kind']}: change that on its own card.")
        rule = payload["rule"]
        return cls(
            name=payload["title"],
            kind=payload["campaign_kind"],
            segment=payload["segment"],
            rule=None if rule is None else Rule.model_validate(rule),
            channel=payload["channel"],
            content=Content.model_validate(payload["content"]),
            send_at=None if payload["send_at"] is None else datetime.fromisoformat(payload["send_at"]),
            holdout_share=payload["holdout"]["share"],
            terms=Terms.of(payload),
            plan=payload.get("plan"),
            customers=payload["customers"] if payload.get("plan") else None,
            expected=payload.get("expected"),
        )


def request_key(context: Context, part: str = "") -> str | None:
    """What makes asking twice one proposal: the conversation, the tool call it comes from, and which of its parts."""
    if context.thread_id is None or context.call_id is None:
        return None
    return f"{context.thread_id}:{context.call_id}" + (f":{part}" if part else "")


def propose(
    connection: Connection, context: Context, draft: Draft, *, replaces: UUID | None = None, part: str = ""
) -> UUID:
    """Check `draft`, freeze its audience as of now, and keep it as a pending proposal; returns its id.

    `part` tells several proposals of one call apart.

    Errors: FixArguments (content, channel, audience or time do not fit), NotFound (no such segment), NoSuchData (the
    rule needs scores or events that are not there).
    """
    said: list[str] = []
    if draft.send_at is not None:
        calendar = Calendar(organisations.profile(connection).time_zone)
        at, said = start_of(draft.send_at, calendar, context.now)
        draft = replace(draft, send_at=at)
    channel = channel_named(draft.channel)
    check(draft.content, channel)
    draft = replace(draft, content=as_read(draft.content))  # what is approved is what will be read
    warnings = [*check(draft.content, channel), *said]
    proposal_id = uuid4()
    payload = _payload(connection, context, draft, proposal_id, warnings)
    key = request_key(context, part)
    made = proposals.insert(
        connection,
        proposal_id=proposal_id,
        kind="campaign",
        title=draft.name,
        payload=payload,
        content_hash=content_hash(payload),
        created_by=context.identity.actor,
        thread_id=context.thread_id,
        request_key=key,
        replaces=replaces,
        expires_at=datetime.fromisoformat(payload["expires_at"]),
        plan_id=UUID(draft.plan["id"]) if draft.plan else None,
    )
    if not made and key is not None and (earlier := proposals.by_request(connection, key)):
        return earlier.id
    return proposal_id


def _payload(
    connection: Connection, context: Context, draft: Draft, proposal_id: UUID, warnings: list[str]
) -> dict[str, Any]:
    channel, seed = channel_named(draft.channel), str(proposal_id)
    account, reach = account_of(connection, channel, Seal(context.settings, context.identity.org_id)), reach_of(channel)
    description, rule = _who(connection, draft)
    found = _found(connection, context, draft, rule, reach)
    kept_back = held_out(found.reachable, draft.holdout_share, seed)
    to_send = set(found.reachable) - set(kept_back)
    waits = delays(connection, to_send, account.provider, context.now, draft.send_at)
    if follows := sending_rules.get(connection).follows and channel.html and not account.provider.dry:
        waits.append(FOLLOWED)
    shown = _audience(description, found, len(kept_back))
    terms, told = terms_of(connection, draft.terms, draft.content, shown.to_send, context.now, draft.send_at)
    sample = None
    if found.reachable:
        sample = _of_first(connection, context, draft, proposal_id, account, found.reachable[0], terms["offer"])
    return {
        "kind": "campaign",
        "title": draft.name,
        "campaign_kind": draft.kind,
        "segment": draft.segment,
        "rule": None if draft.rule is None else draft.rule.plain(),
        "channel": channel.name,
        "provider": account.provider.name,
        "sender": account.sender,
        "reply_to": account.reply_to,
        "footer": account.footer,
        "follows": follows,
        "audience": shown.model_dump(mode="json"),
        "content": draft.content.model_dump(mode="json"),
        "send_at": None if draft.send_at is None else draft.send_at.isoformat(),
        "holdout": {"share": draft.holdout_share, "customers": len(kept_back), "seed": seed},
        "sample": sample,
        "warnings": [*warnings, *told, *_concerns(shown, account, context.settings), *waits],
        "customers": found.reachable,
        "plan": None if draft.plan is None else dict(draft.plan),
        "expected": draft.expected,
        **terms,
    }  # fmt: skip


def _of_first(
    connection: Connection,
    context: Context,
    draft: Draft,
    proposal_id: UUID,
    account: Account,
    customer: int,
    offer: Mapping[str, Any] | None,
) -> dict[str, str | None]:
    """The message as the first customer of the audience would get it, with a code that is an example."""
    reach = reach_of(account.channel)
    address, known = merge_values(connection, customer, reach, fields_of(draft.content), context.now)
    values = {**known, **said_values(offer, context.calendar(), example_code(offer))}
    link = f"{base_url(context.settings)}/u/each-recipient-has-their-own"
    envelope = Envelope(proposal_id, account.sender, address, link, context.now, reply_to=account.reply_to)
    sample = _sample(draft.content, values, account, envelope)
    if draft.wordings is not None:
        require_approved(draft.content.body_text, str(sample["text"]), draft.wordings, account.provider.title)
    return sample


def _found(connection: Connection, context: Context, draft: Draft, rule: Rule, reach: Reach) -> AudienceRow:
    """The audience; FixArguments where some of it lack what the message would show them."""
    content = draft.content
    condition, parameters = Facts.about(connection, context.now).where(rule)
    if draft.customers is not None:
        condition, parameters = (
            f"({condition}) and f.customer_id = any(:only)",
            {**parameters, "only": list(draft.customers)},
        )
    who = (connection, condition, parameters, reach)
    needed = fields_needed(content) - OFFER_FIELDS
    found = audiences.audience(*who, now=context.now, fields=needed)
    missing: Mapping[str, int] = found.missing
    if 0 < sum(missing.values()) <= MOST_TRIED:  # a condition may keep it from just these: it is tried
        used = fields_of(content)
        people = audiences.lacking(*who, now=context.now, fields=used, needed=needed, limit=MOST_TRIED)
        promised = dict.fromkeys(OFFER_FIELDS, "…")  # that the offer gives them is looked at elsewhere
        missing = lacking(content, [person | promised for person in people])
    if problems := unresolved(missing):
        raise FixArguments("; ".join(problems) + ".", field="body_text")
    return found


def _who(connection: Connection, draft: Draft) -> tuple[str, Rule]:
    """The audience in words and as a rule."""
    if draft.plan is not None and draft.rule is not None:
        return str(draft.plan["audience"]), draft.rule
    if draft.rule is not None and draft.segment is None:
        return "Customers picked by a rule", draft.rule
    if draft.segment is not None and draft.rule is None:
        return f"Segment '{draft.segment.strip()}'", rule_of_segment(connection, draft.segment)
    raise FixArguments("Say to whom: give either `segment` (by name) or `rule`, not both.", field="segment")


def held_out(customer_ids: list[int], share: float, seed: str) -> list[int]:
    """The customers kept back: a random sample of `share`, the same for the same seed and list."""
    return sorted(random.Random(seed).sample(customer_ids, round(share * len(customer_ids))))


def _audience(description: str, found: AudienceRow, kept_back: int) -> Audience:
    if found.count == 0:
        raise FixArguments(f"{description}: nobody is in it at the moment, so there is nobody to write to.")
    return Audience(
        description=description,
        count=found.count,
        reachable=len(found.reachable),
        to_send=len(found.reachable) - kept_back,
        held_out=kept_back,
        without_consent=found.without_consent,
        suppressed=found.suppressed,
        no_address=found.no_address,
        duplicate_address=found.duplicate_address,
        audience_hash=audience_hash(found.reachable),
    )


def reach_of(channel: Channel) -> Reach:
    """How this channel's people are reached, as queries take it."""
    return Reach(channel.name, channel.address.name, channel.address.form)


def _sample(
    content: Content, values: Mapping[str, object], account: Account, envelope: Envelope
) -> dict[str, str | None]:
    said = {"sender": account.sender, "unsubscribe": envelope.unsubscribe, "footer": account.footer}
    message = account.channel.compose(render(content, values, account.channel, **said), envelope)
    shown = Sample(
        recipient=message.address,
        subject=message.subject or "",
        preview_text=preview_of(content, values) if message.html else None,
        text=message.text,
        html=message.html,
    )
    return shown.model_dump(mode="json")


def _concerns(audience: Audience, account: Account, settings: Settings) -> list[str]:
    channel, provider = account.channel, account.provider
    concerns = []
    if audience.to_send == 0:
        concerns.append(nobody(audience, channel))
    if 0 < audience.held_out < 50:
        concerns.append(f"{audience.held_out} customers kept back are too few to measure anything but a large lift.")
    if provider.dry:
        concerns.append(
            f"Nothing leaves this machine: no provider of {channel.title} is connected, so messages go to "
            f"{provider.title}."
        )
    elif settings.public_url is None:
        concerns.append(
            "Recipients cannot reach the unsubscribe link: whoever runs AIMA has to set its public address."
        )
    if channel.named and not provider.dry and not account.footer:
        concerns.append(
            "No postal address stands at the end; many laws want one. Settings, Messages, has a place for it."
        )
    return concerns


def nobody(audience: Audience, channel: Channel) -> str:
    """Why nobody can be written to, and what to do about it."""
    if audience.no_address == audience.count:
        address = channel.address.title
        a = "an" if address[0] in "aeiou" else "a"
        todo = f"import customers with {a} {address} and a {channel.consent} column (aima import customers.csv)"
    elif audience.without_consent:
        todo = f"ask these customers for their consent and import it (column {channel.consent})"
    else:
        todo = "choose a larger audience or a smaller holdout"
    return (
        f"Nobody can be written to: of {audience.count:,} customers {audience.no_address:,} have no usable address, "
        f"{audience.without_consent:,} have not consented, {audience.suppressed:,} are suppressed and "
        f"{audience.held_out:,} are kept back. To go on, {todo}, then propose again."
    )


def view(row: proposals.ProposalRow) -> ProposalView:
    """A stored proposal as a person sees it."""
    shown = row.payload
    decision = None
    if row.decision is not None:
        decision = Decision.model_validate(
            {"decision": row.decision, "by": row.decided_by, "at": row.decided_at, "note": row.note}
        )
    return ProposalView(
        id=row.id,
        kind=row.kind,
        title=row.title,
        campaign_kind=shown["campaign_kind"],
        status=row.status,
        content_hash=row.content_hash,
        channel=shown["channel"],
        provider=shown["provider"],
        carrier=provider_title(shown["provider"]),
        sender=shown["sender"],
        reply_to=shown.get("reply_to", ""),
        footer=shown.get("footer", ""),
        audience=Audience.model_validate(shown["audience"]),
        content=Content.model_validate(shown["content"]),
        send_at=shown["send_at"],
        holdout_share=shown["holdout"]["share"],
        sample=None if shown["sample"] is None else Sample.model_validate(shown["sample"]),
        warnings=shown["warnings"],
        created_by=row.created_by,
        created_at=row.created_at,
        replaces=row.replaces,
        decision=decision,
        campaign_id=row.campaign_id,
        currency=shown.get("currency", ""),
        **{name: shown.get(name) for name in ("offer", "budget", "expires_at", "ends_at", "plan", "expected")},
        endorsed_by=row.endorsed_by,
        journey=_journey(shown),
    )


def _journey(shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is shown of a journey beside what any proposal has."""
    if "journey" not in shown:
        return None
    return {**shown["journey"], **{name: shown[name] for name in ("definition", "rules", "sends")}}
