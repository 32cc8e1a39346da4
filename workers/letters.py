"""From an approved campaign to the message for one recipient, or the reason why there must be none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from connectors.channels.contract import Channel, Envelope, Message
from connectors.channels.discovery import providers
from core.calendar import Calendar
from core.conventions import Conventions, following
from core.errors import FixArguments
from database.queries import handover, organisations, outbox, sending_rules, voucher_codes
from tools.campaigns.content import render
from tools.campaigns.following import Trail
from tools.campaigns.hooks import hook_url
from tools.campaigns.merging import fields_of
from tools.campaigns.payload import Content, content_hash
from tools.campaigns.unsubscribe import unsubscribe_token
from tools.offers.offer import maker_of, said_values

__all__ = ["Letter", "Letters", "Links", "obstacle_of"]


class Links:
    """Links that lead back to us: in messages, and for providers; these only where there is a public address."""

    def __init__(self, key: bytes, base: str, *, called: bool = False) -> None:
        self.key, self.base, self.called = key, base, called

    def unsubscribe(self, org_id: UUID, message_id: UUID) -> str:
        """Where one click ends messages to this recipient."""
        return f"{self.base}/u/{unsubscribe_token(self.key, org_id, message_id)}"

    def callback(self, org_id: UUID, provider: str) -> str:
        """Where a provider tells what becomes of messages; empty where it does not, or could not reach us."""
        calls = provider in providers() and providers()[provider].webhook is not None
        return hook_url(self.key, self.base, provider, org_id) if self.called and calls else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a campaign sends, written as the organisation writes dates; `obstacle` says why nobody must get it."""

    org_id: UUID
    links: Links
    content: Content | None = None
    sender: str = ""
    reply_to: str = ""
    footer: str = ""
    obstacle: str | None = None
    conventions: Conventions = field(default_factory=Conventions)
    follows: bool = False
    offer: Mapping[str, Any] | None = None
    calendar: Calendar = field(default_factory=Calendar)

    @property
    def fields(self) -> frozenset[str]:
        """The merge fields it is filled in with."""
        return frozenset() if self.content is None else fields_of(self.content)

    def codes(
        self, connection: Connection, campaign_id: str, customers: Sequence[int], now: datetime
    ) -> Mapping[int, str]:
        """The voucher codes of these customers, given to them now where they have none yet."""
        if self.offer is None or self.offer["codes"] != "unique":
            return {}
        make = maker_of(self.offer.get("prefix"))
        return voucher_codes.assign(connection, campaign_id, UUID(self.offer["id"]), customers, now, make)

    def addressed(
        self,
        message: handover.Claimed,
        recipient: handover.Recipient,
        channel: Channel,
        now: datetime,
        code: str | None = None,
    ) -> Message:
        """The message for one recipient; FixArguments says why this one must not be sent, at this moment."""
        if self.content is None:
            raise FixArguments(self.obstacle or "there is nothing to send")
        if obstacle := obstacle_of(message, recipient, channel):
            raise FixArguments(obstacle)
        link = self.links.unsubscribe(self.org_id, message.id)
        said = {"sender": self.sender, "unsubscribe": link, "footer": self.footer}
        if code is None and self.offer is not None and self.offer["codes"] == "unique":
            raise FixArguments("no voucher code was left for this customer")
        values = {**recipient.values, **said_values(self.offer, self.calendar, code)}
        with following(self.conventions):
            rendered = render(self.content, values, channel, **said)
        if self.follows and self.links.called and not providers()[message.provider].dry:
            trail = Trail(self.links.key, self.links.base, self.org_id, message.id)
            rendered = replace(rendered, html=trail.marked(rendered.html))
        callback = self.links.callback(self.org_id, message.provider)
        envelope = Envelope(message.id, self.sender, message.address, link, now, self.reply_to, callback)
        return channel.compose(rendered, envelope)


class Letters:
    """The letters of one organisation's campaigns, each looked up and checked once a run."""

    def __init__(self, org_id: UUID, links: Links) -> None:
        self.org_id, self.links = org_id, links
        self._known: dict[str, Letter] = {}

    def of(self, connection: Connection, campaign_id: str) -> Letter:
        """The letter of a campaign, if a person has approved exactly what is stored."""
        if campaign_id not in self._known:
            letter = self._checked(
                outbox.letter(connection, campaign_id), organisations.profile(connection), campaign_id
            )
            follows = letter.follows and sending_rules.get(connection).follows  # as approved, and as it is wanted now
            self._known[campaign_id] = replace(letter, follows=follows)
        return self._known[campaign_id]

    def _checked(self, stored: outbox.Letter | None, profile: organisations.Profile, campaign_id: str) -> Letter:
        if stored is None or stored.approved_hash is None:
            return Letter(self.org_id, self.links, obstacle="no person has approved this campaign")
        if not stored.approved_hash == stored.content_hash == content_hash(stored.payload):
            return Letter(self.org_id, self.links, obstacle="the content is not what was approved")
        step = campaign_id.partition(":")[2]  # of a journey: the node that sends
        shown = stored.payload["sends"][step] if step else stored.payload
        return Letter(
            self.org_id,
            self.links,
            Content.model_validate(shown["content"]),
            shown["sender"],
            shown.get("reply_to", ""),  # proposals of earlier days have none
            shown.get("footer", ""),
            conventions=profile.conventions,
            follows=shown.get("follows", False),
            offer=shown.get("offer"),
            calendar=Calendar(profile.time_zone),
        )


def obstacle_of(message: handover.Claimed, recipient: handover.Recipient, channel: Channel) -> str | None:
    """Why this message must not be sent to this customer."""
    if not recipient.address:
        return "the customer has no address any more"
    if recipient.address.lower() != message.address.lower():
        return "the customer's address has changed since the approval"
    if recipient.suppressed:
        return "the address must not be contacted (suppressed)"
    return None if recipient.consent else f"the customer has not agreed to {channel.title}"
