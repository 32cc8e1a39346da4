"""What providers tell back about messages: how a call of theirs is verified, and the events it holds.

    WEBHOOK = Webhook(verify=verify, events=events)      # in connectors/channels/<provider>/webhooks.py
    PROVIDER = Provider(…, webhook=WEBHOOK)

A provider calls `{public address}/hooks/{provider}/{token}`. `verify` proves with the raw request that the call comes
from the provider; only then is anything read from it. Events come twice and out of order; what they add up to is the
database's business (database/queries/events.py), not a provider's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit, urlunsplit
from uuid import UUID

from pydantic import SecretStr

from core.errors import FixArguments, NotAllowed, RetryLater
from core.storable import storable
from language.one_line import one_line

__all__ = [
    "EventKind",
    "Forged",
    "HookRequest",
    "MessageEvent",
    "Webhook",
    "by_machine",
    "digest",
    "instant",
    "json_of",
    "key_of",
    "message_of",
    "place",
    "require_recent",
]

EventKind = Literal[
    "accepted",
    "deferred",
    "failed",
    "rejected",
    "delivered",
    "bounced",
    "unsubscribed",
    "complained",
    "resubscribed",
    "asked_help",
    "opened",
    "clicked",
]

EARLY = timedelta(minutes=10)  # how far a provider's clock may be ahead of ours
LONGEST_REASON, LONGEST_ID = 300, 200

# Programs that open mails and follow links: checks of mail servers, previews, scripts. Apple's privacy proxy loads
# every picture and calls itself "Mozilla/5.0", nothing more; what Gmail's proxy loads, a person has opened.
_MACHINES = re.compile(
    r"(?<!cu)bots?\b|crawl|spider|scan|preview|prefetch|headless|barracuda|proofpoint|mimecast|trendmicro|fireeye|cloudmark"
    r"|safelinks|urldefense|symantec|sophos|cisco|ironport|bitdefender|avast|virustotal"
    r"|^python|^curl|^wget|^go-http|^java/|^okhttp|^ruby|^libwww|^apache-httpclient|^axios|^node",
    re.IGNORECASE,
)
_APPLE_PROXY = "Mozilla/5.0"
_ADDRESSES = re.compile(r"[^\s<>@,;:/\"'()]+@[^\s<>@,;:/\"'()]+|\+?\d{8,15}\b")


class Forged(NotAllowed):
    """A call that does not prove to come from the provider, or comes too late to be believed. Nothing is read."""


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A call as it came: `url` is the public address it was made to, query included; header names in lower case."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    method: str = "POST"

    @property
    def query(self) -> dict[str, str]:
        """Parameters of the address."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """Something that happened to a message of ours, or to an address where the provider names no message.

    `id` is what the provider calls the event, the same each time it is told. `hard`: there is no such address.
    `machine`: a program opened or clicked, as far as can be told. `reason` is one line without addresses, `url` a link
    without what follows its path: both may hold what is personal. `reference` is the provider's own message id.
    """

    id: str
    kind: EventKind
    at: datetime
    message: UUID | None = None
    address: str | None = None
    reason: str | None = None
    hard: bool = False
    machine: bool = False
    url: str | None = None
    reference: str | None = None

    def __post_init__(self) -> None:
        if self.id != storable(self.id) or len(self.id) > LONGEST_ID:
            object.__setattr__(self, "id", digest(self.id))
        if self.reference is not None:
            object.__setattr__(self, "reference", one_line(self.reference)[:LONGEST_ID] or None)
        if self.reason is not None:
            plain = _ADDRESSES.sub("…", one_line(self.reason)).strip()
            object.__setattr__(self, "reason", plain[:LONGEST_REASON] or None)


def _no_nonce(_request: HookRequest) -> str | None:
    return None


def _no_handshake(_settings: Any, _request: HookRequest) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Webhook:
    """How a provider calls back.

    `verify(settings, request)` raises Forged, or RetryLater where the key to verify with is not set; `events(request)`
    reads a verified call, FixArguments where it is none of the provider's. `refusal` is the status that makes the
    provider stop calling. `nonce`, where the signature leaves the body out: what it covers instead, good for one body.
    `handshake(settings, request)` comes first: it proves a call that only asks whether this is the right place to be
    the provider's, and returns what is answered; None for every other call.
    """

    verify: Callable[[Any, HookRequest], None]
    events: Callable[[HookRequest], list[MessageEvent]]
    refusal: int = 403
    nonce: Callable[[HookRequest], str | None] = field(default=_no_nonce)
    handshake: Callable[[Any, HookRequest], str | None] = field(default=_no_handshake)


def key_of(key: SecretStr | None, whose: str) -> bytes:
    """The key that calls are verified with; RetryLater without one: the provider calls again, a person sets it."""
    if key is None or not key.get_secret_value().strip():
        raise RetryLater(f"The key by which calls of {whose} are verified is not set.", retry_after_s=600)
    return key.get_secret_value().strip().encode()


def require_recent(seconds: str, now: datetime, longest: timedelta) -> None:
    """Forged unless `seconds` since 1970 is an instant of the last `longest`."""
    if not re.fullmatch(r"\d{1,12}", seconds):
        raise Forged("The call does not say when it was made.")
    made = datetime.fromtimestamp(int(seconds), UTC)
    if not now - longest <= made <= now + EARLY:
        raise Forged("The call was made too long ago, or its clock is wrong.")


def json_of(body: bytes) -> Any:
    """The body as JSON; FixArguments where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise FixArguments("The call holds no JSON.") from None


def message_of(text: object) -> UUID | None:
    """The id of a message of ours; None for anything else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def instant(value: object, default: datetime) -> datetime:
    """An instant given as seconds since 1970 or as ISO 8601; `default` for anything else, and for the future."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value, UTC)
        else:
            at = datetime.fromisoformat(str(value))
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return default
    return min(at, default)


def by_machine(user_agent: object) -> bool:
    """Whether a program that no person looks at calls itself so; without a name nothing is said."""
    name = str(user_agent or "").strip()
    return name == _APPLE_PROXY or bool(_MACHINES.search(name))


def place(url: object) -> str | None:
    """A link without what follows its path: the rest may name the person."""
    try:
        parts = urlsplit(str(url or ""))
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    plain = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    return one_line(_ADDRESSES.sub("…", plain))[:500]


def digest(*parts: object) -> str:
    """A short name for what has none: the same for the same parts."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()[:32]
