"""Unsubscribing without a login: a signed link names the message, nothing else is needed (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.errors import FixArguments, NotFound
from core.secrets import secret_key
from core.settings import Settings
from database.engine import Database
from database.queries import events, outbox, suppressions
from tools.campaigns import tokens

__all__ = ["OURS", "TRIAL", "Unsubscribed", "base_url", "read_token", "signing_key", "unsubscribe", "unsubscribe_token"]

PURPOSE = b"aima unsubscribe 1"
OURS = "unsubscribed"
"""The reason of an address that our own link ended messages to."""
TRIAL = "test"
"""Stands for a token in test messages: it is nobody's."""


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """Whose address will not be written to any more."""

    address: str
    channel: str
    already: bool


def signing_key(settings: Settings) -> bytes:
    """The key of signatures."""
    return secret_key(settings)


def base_url(settings: Settings) -> str:
    """Where links in messages lead, without a slash at the end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def unsubscribe_token(key: bytes, org_id: UUID, message_id: UUID) -> str:
    """A token for one message: organisation and message, signed with HMAC-SHA-256 (128 bits kept)."""
    return tokens.sign(key, PURPOSE, org_id, message_id)


def read_token(key: bytes, token: str) -> tuple[UUID, UUID]:
    """Organisation and message of a token; FixArguments when it is not one of ours."""
    ids = tokens.read(key, PURPOSE, token, 2)
    if ids is None:
        raise FixArguments("This unsubscribe link is not valid. Use the link exactly as it stands in the message.")
    return ids[0], ids[1]


def unsubscribe(database: Database, key: bytes, token: str) -> Unsubscribed:
    """Suppress the address a token's message went to; saying it twice changes nothing.

    Errors: FixArguments (not our token), NotFound (the message is gone).
    """
    org_id, message_id = read_token(key, token)
    with database.transaction(org_id) as connection:
        message = outbox.address_of(connection, message_id)
        if message is None:
            raise NotFound("The message this link belongs to is not kept any more. Write to the sender instead.")
        added = suppressions.add(connection, message.channel, message.address, OURS)
        if added:
            outbox.note(connection, message_id, "unsubscribed")
            events.refresh(connection, [message_id])
    return Unsubscribed(message.address, message.channel, already=not added)
