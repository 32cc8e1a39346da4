"""Test messages: what a campaign, or a channel, sends, to whoever asks for it and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Connection

from connectors.channels.contract import Channel, Envelope, Message, OutcomeUnknown, Transport
from connectors.channels.discovery import channel_named, provider_title, providers
from core.calendar import Calendar
from core.errors import FixArguments, GiveUp
from core.identity import ADMIN, APPROVE, Identity
from core.settings import Settings
from database.engine import Database
from database.queries import mailbox, organisations, proposals
from database.queries.audience import merge_values
from language.format import capital
from tools.campaigns.content import render
from tools.campaigns.draft import reach_of
from tools.campaigns.merging import fields_of
from tools.campaigns.payload import Content
from tools.campaigns.unsubscribe import TRIAL, base_url
from tools.channels.account import Seal, account_of, transports_of, waiting_words
from tools.channels.check import address_of, note_try
from tools.context import Context
from tools.declaration import Effect, tool
from tools.offers.offer import example_code, said_values
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["Trial", "send_test", "try_channel"]

MARK = "[Test] "
TRY = "test_message"


class SendTestArguments(Arguments):
    """Which proposal."""

    proposal_id: UUID = Field(description="The pending proposal.")


class TrialSent(ToolResult):
    """A test message was taken over."""

    proposal_id: UUID = Field(description="The proposal it shows.")
    address: str = Field(description="Where it went: the address of whoever asked.")
    words: str = Field(description="The same in words.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.proposal_id)


@dataclass(frozen=True, slots=True)
class Trial:
    """A message of a channel as it would be sent, and who carries it."""

    channel: Channel
    provider: str
    sender: str
    reply_to: str
    footer: str
    content: Content
    values: Mapping[str, object]

    def to(self, address: str, settings: Settings, now: datetime) -> Message:
        """The message to a tester, marked as a test; its link unsubscribes nobody."""
        link = f"{base_url(settings)}/u/{TRIAL}"
        said = {"sender": self.sender, "unsubscribe": link, "footer": self.footer}
        rendered = render(self.content, self.values, self.channel, **said)
        message = self.channel.compose(
            rendered, Envelope(uuid4(), self.sender, address, link, now, reply_to=self.reply_to)
        )
        if message.subject is None:
            return replace(message, text=MARK + message.text)
        return replace(message, subject=MARK + message.subject)


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Sent a test message",
    examples=({"proposal_id": "00000000-0000-0000-0000-000000000000"},),
)
def send_test(context: Context, arguments: SendTestArguments) -> TrialSent:
    """Send a pending proposal's message to whoever asks, as its first recipient would get it, marked as a test."""
    seal = Seal(context.settings, context.identity.org_id)
    with context.transaction() as connection:
        trial = _of_proposal(connection, arguments.proposal_id, context.now)
        address = address_of(connection, context.identity, trial.channel)
        transport = _transport(transports_of(connection, seal), trial.provider)
        note_try(connection, context.identity, TRY, str(arguments.proposal_id), {"to": address}, context.now)
        message = trial.to(address, context.settings, context.now)
    words = _carried(context.database, context.identity, transport, trial, message, context.now)
    return TrialSent(
        proposal_id=arguments.proposal_id,
        address=address,
        words=words,
        evidence=Evidence(rows=1, as_of=context.now, sources=["proposals"]),
    )


def try_channel(
    database: Database, identity: Identity, settings: Settings, channel: str, now: datetime, *, to: str | None = None
) -> str:
    """Send whoever asks a message of a channel, by its account as it is kept; what became of it in words."""
    identity.require(ADMIN)
    found, seal = channel_named(channel), Seal(settings, identity.org_id)
    with database.transaction(identity.org_id) as connection:
        account = account_of(connection, found, seal)
        address = address_of(connection, identity, found, to)
        transport = _transport(transports_of(connection, seal), account.provider.name)
        note_try(connection, identity, TRY, found.name, {"to": address, "provider": account.provider.name}, now)
        name = organisations.profile(connection).name
    content = Content(
        subject=f"{capital(found.plural)} of {name}"[:150],
        body_text=f"This is a test. If you can read it, {found.plural} of {name} arrive, by {account.provider.title}.",
    )
    trial = Trial(found, account.provider.name, account.sender, account.reply_to, account.footer, content, {})
    return _carried(database, identity, transport, trial, trial.to(address, settings, now), now)


def _of_proposal(connection: Connection, proposal_id: UUID, now: datetime) -> Trial:
    """The message of a pending proposal, with the values of the first customer who would get it."""
    row = proposals.get(connection, proposal_id)
    shown: Mapping[str, Any] = row.payload
    if row.status != "pending":
        raise FixArguments(f"Proposal {row.id} is {row.status}; only a pending one is tried.", field="proposal_id")
    if row.kind != "campaign":
        raise FixArguments("Tests are sent of campaigns: what this sends is shown on its card.", field="proposal_id")
    if not shown["customers"]:
        raise FixArguments("Nobody in this audience can be written to, so there is no message.", field="proposal_id")
    channel = channel_named(shown["channel"])
    content = Content.model_validate(shown["content"])
    _address, known = merge_values(connection, shown["customers"][0], reach_of(channel), fields_of(content), now)
    offer, calendar = shown.get("offer"), Calendar(organisations.profile(connection).time_zone)
    values = {**known, **said_values(offer, calendar, example_code(offer))}
    return Trial(
        channel,
        shown["provider"],
        shown["sender"],
        shown.get("reply_to", ""),
        shown.get("footer", ""),
        content,
        values,
    )


def _transport(transports: Mapping[str, Transport], provider: str) -> Transport:
    if provider not in transports:
        raise FixArguments(f"A test would have to {waiting_words(provider)}. Change the proposal to send it otherwise.")
    return transports[provider]


def _carried(
    database: Database, identity: Identity, transport: Transport, trial: Trial, message: Message, now: datetime
) -> str:
    """Hand a message over, outside of any transaction; what became of it in words."""
    try:
        transport.deliver(message, lambda: None)
    except OutcomeUnknown:
        raise GiveUp("Nobody knows whether the test arrived: no answer came. Look for it, then try again.") from None
    finally:
        transport.close()
    if not providers()[trial.provider].dry:
        return f"A test is on its way to {message.address}, by {provider_title(trial.provider)}."
    with database.transaction(identity.org_id) as connection:
        mailbox.deposit(
            connection,
            message.id,
            channel=message.channel,
            recipient=message.address,
            subject=message.subject,
            body_text=message.text,
            body_html=message.html,
            headers=message.fields,
            now=now,
        )
    return "The test is in the sandbox mailbox: nothing leaves this machine until a provider is chosen."
