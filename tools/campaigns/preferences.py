"""What somebody gets messages by: seen and changed by the link in each message, without a login.

The link proves that whoever holds it got a message at one address. They may end messages on every channel, and begin
them again at that address; elsewhere only what was agreed to there before and ended by such a link, for a mail that was
passed on must not agree to anything in somebody else's place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from connectors.channels.contract import Channel
from connectors.channels.discovery import channels
from core.errors import NotFound
from database.engine import Database
from database.queries import events, organisations, outbox, preferences, suppressions
from database.queries.audience import Reach
from database.queries.preferences import Recipient, Standing
from tools.campaigns.unsubscribe import OURS, read_token

__all__ = ["Choice", "Preferences", "choose", "preferences_of"]

SOURCE = "preference page"


@dataclass(frozen=True, slots=True)
class Choice:
    """One channel: whether its messages are sent there. `fixed` says why that cannot be changed here."""

    channel: str
    title: str
    address: str
    on: bool
    own: bool = False
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the page shows: whose messages they are, and a choice for each channel, that of the link first."""

    shop: str
    choices: tuple[Choice, ...]

    @property
    def own(self) -> Choice:
        """The channel that the link came by."""
        return self.choices[0]


def preferences_of(database: Database, key: bytes, token: str) -> Preferences:
    """How things stand for whoever holds the link. Errors: FixArguments (not our token), NotFound (no such message)."""
    org_id, message_id = read_token(key, token)
    with database.transaction(org_id) as connection:
        return _seen(connection, _recipient(connection, message_id))


def choose(database: Database, key: bytes, token: str, wanted: Collection[str]) -> Preferences:
    """Let messages be sent on the channels `wanted` and on no other, as far as the link may say so.

    Errors: as `preferences_of`.
    """
    org_id, message_id = read_token(key, token)
    with database.transaction(org_id) as connection:
        recipient = _recipient(connection, message_id, hold=True)
        for channel, standing, choice in _choices(connection, recipient):
            if choice.fixed or (choice.channel in wanted) == choice.on:
                continue
            if choice.on:
                suppressions.add(connection, choice.channel, standing.address or "", OURS)
            else:
                suppressions.lift(connection, choice.channel, standing.address or "", OURS)
                if choice.own and preferences.known(connection, recipient.customer_id):
                    preferences.agree(connection, recipient.customer_id, choice.channel, SOURCE)
            if choice.own:
                outbox.note(connection, message_id, "unsubscribed" if choice.on else "resubscribed")
                events.refresh(connection, [message_id])
            else:
                outbox.note(connection, message_id, "preference", f"{channel.name} {'off' if choice.on else 'on'}")
        return _seen(connection, recipient)


def _recipient(connection: Connection, message_id: UUID, *, hold: bool = False) -> Recipient:
    found = preferences.recipient_of(connection, message_id, hold=hold)
    if found is None or found.channel not in channels():
        raise NotFound("The message this link belongs to is not kept any more. Write to the sender instead.")
    return found


def _seen(connection: Connection, recipient: Recipient) -> Preferences:
    shown = sorted((choice for _, _, choice in _choices(connection, recipient)), key=lambda one: not one.own)
    return Preferences(organisations.profile(connection).name, tuple(shown))


def _choices(connection: Connection, recipient: Recipient) -> Iterator[tuple[Channel, Standing, Choice]]:
    """The channel of the link, and those that the recipient has agreed to at an address of theirs."""
    for channel in channels().values():
        own = channel.name == recipient.channel
        reach = Reach(channel.name, channel.address.name, channel.address.form)
        address = recipient.address if own else None
        standing = preferences.standing(connection, recipient.customer_id, reach, address)
        if standing.address and (own or standing.granted):
            yield channel, standing, _choice(channel, standing, own=own)


def _choice(channel: Channel, standing: Standing, *, own: bool) -> Choice:
    agreed = standing.granted is True or (own and standing.granted is None)  # they got one: ending it must be there
    on = agreed and standing.suppressed is None
    shown = standing.address if own else _masked(standing.address or "")
    fixed = "" if on else _fixed(standing)
    return Choice(channel.name, channel.plural, shown or "", on, own, fixed)


def _fixed(standing: Standing) -> str:
    """Why messages cannot be asked for again by this link; empty: they can."""
    if standing.suppressed == "complained":
        return "A message was reported as spam there. Write to the sender to get messages again."
    if standing.suppressed == "bounced":
        return "Messages came back from there. Write to the sender to get messages again."
    if standing.suppressed not in (None, OURS):
        return f"They were ended in another way ({standing.suppressed}). End that there, or write to the sender."
    return ""


def _masked(address: str) -> str:
    """An address that its owner knows again, and nobody else learns."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}…@{host}"
    return f"…{address[-3:]}" if re.search(r"\d{3}$", address) else f"{address[:2]}…"
