"""Unsubscribing without a login: a signed link names the message, nothing else is needed (RFC 8058)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from core.errors import FixArguments, NotFound
from core.settings import Settings
from database.engine import Database
from database.queries import outbox, suppressions

__all__ = ["Unsubscribed", "base_url", "read_token", "signing_key", "unsubscribe", "unsubscribe_token"]

PURPOSE = b"aima unsubscribe 1"
SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """Whose address will not be written to any more."""

    address: str
    channel: str
    already: bool


def signing_key(settings: Settings) -> bytes:
    """The key of signatures: AIMA_SECRET_KEY, or one that is made once and kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.home / "secret_key"
    if not path.exists():
        _make_key(path)
    return path.read_bytes()


def _make_key(path: Path) -> None:
    """Write a new key: whole or not at all, readable by us alone, never over another process's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(base64.urlsafe_b64encode(os.urandom(32)))
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def base_url(settings: Settings) -> str:
    """Where links in messages lead, without a slash at the end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def unsubscribe_token(key: bytes, org_id: UUID, message_id: UUID) -> str:
    """A token for one message: organisation and message, signed with HMAC-SHA-256 (128 bits kept)."""
    named = org_id.bytes + message_id.bytes
    return base64.urlsafe_b64encode(named + _signature(key, named)).rstrip(b"=").decode()


def read_token(key: bytes, token: str) -> tuple[UUID, UUID]:
    """Organisation and message of a token; FixArguments when it is not one of ours."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    named, signature = raw[:32], raw[32:]
    if len(named) != 32 or not hmac.compare_digest(signature, _signature(key, named)):
        raise FixArguments("This unsubscribe link is not valid. Use the link exactly as it stands in the e-mail.")
    return UUID(bytes=named[:16]), UUID(bytes=named[16:])


def unsubscribe(database: Database, key: bytes, token: str) -> Unsubscribed:
    """Suppress the address a token's message went to; saying it twice changes nothing.

    Errors: FixArguments (not our token), NotFound (the message is gone).
    """
    org_id, message_id = read_token(key, token)
    with database.transaction(org_id) as connection:
        message = outbox.address_of(connection, message_id)
        if message is None:
            raise NotFound("The message this link belongs to is not kept any more. Write to the sender instead.")
        added = suppressions.add(connection, message.channel, message.address, "unsubscribed")
        if added:
            outbox.note(connection, message_id, "unsubscribed")
    return Unsubscribed(message.address, message.channel, already=not added)


def _signature(key: bytes, named: bytes) -> bytes:
    return hmac.new(key, PURPOSE + named, hashlib.sha256).digest()[:SIGNATURE_BYTES]
