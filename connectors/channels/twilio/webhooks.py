"""What Twilio calls back with: the state of a message, and what people write to our number.

A call is signed over the public address it was made to, as Twilio called it, and its parameters: with the auth token of
the account (HMAC-SHA1), or with a shared key that the call names (HMAC-SHA256). Nothing in it says when it was made.
STOP, START and HELP are answered by Twilio itself: we note who wants no more, who wants help, and answer nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from connectors.channels.events import EventKind, Forged, HookRequest, MessageEvent, Webhook, key_of, message_of
from connectors.channels.wishes import wish_of
from core.errors import FixArguments

__all__ = ["WEBHOOK", "signature_of"]

SIGNATURE, ALGORITHM = "x-twilio-signature", "x-twilio-webhooks-signature-settings"
PORTS = {"http": 80, "https": 443}
STATES: dict[str, EventKind] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "read": "opened",
    "undelivered": "bounced",
    "failed": "failed",
    "canceled": "rejected",
}
OPTED_OUT = "21610"
GONE = frozenset({"30005", "30006"})  # no such number, or one that takes no texts
AWAY = frozenset({"30003", "30004", "30008"})  # switched off, blocked, unknown
FILTERED = frozenset({"30007", "30034"})  # the carrier takes no such text
REASONS = {
    "30003": "the phone was off or out of reach",
    "30004": "the phone blocks such messages",
    "30005": "there is no such number",
    "30006": "the number takes no text messages",
    "30007": "the carrier filtered the message out",
    "30008": "the carrier gave no reason",
    "30034": "the sender is not registered with the carriers",
    OPTED_OUT: "the recipient had asked for no more messages",
}


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def twilio_webhook_key(self) -> SecretStr | None: ...

    @property
    def twilio_token(self) -> SecretStr | None: ...

    @property
    def twilio_key(self) -> str | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """The signature over the address with its usual port and without, for Twilio signs either."""
    algorithm = _algorithm(request.headers.get(ALGORITHM, ""))
    shared = algorithm == "HMAC_SHA256"
    key = key_of(settings.twilio_webhook_key or (None if settings.twilio_key else settings.twilio_token), "Twilio")
    given = request.headers.get(SIGNATURE, "").encode()
    hashed = request.query.get("bodySHA256")
    pairs = [] if hashed is not None else _pairs(request)
    names = (signature_of(key, url, pairs, shared=shared) for url in _addresses(request.url))
    # each is compared, so that how long it takes tells nothing
    if not any([hmac.compare_digest(name.encode(), given) for name in names]):  # noqa: C419
        raise Forged("The signature is not Twilio's.")
    if hashed is not None and not hmac.compare_digest(hashlib.sha256(request.body).hexdigest(), hashed):
        raise Forged("The body is not the one that Twilio signed.")


def signature_of(key: bytes, url: str, pairs: list[tuple[str, str]], *, shared: bool) -> str:
    """Base64 HMAC of the address and the different pairs of name and value, in the order of names, then values."""
    signed = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(
        hmac.new(key, signed.encode(), hashlib.sha256 if shared else hashlib.sha1).digest()
    ).decode()


def _algorithm(header: str) -> str:
    """HMAC_SHA1 unless the call names another; Forged for one that is not known."""
    parts = (part.strip().partition("=") for part in header.split(","))
    name = next(
        (value.strip() for name, _, value in parts if name.strip() == "algorithm" and value.strip()), "HMAC_SHA1"
    )
    if name.upper() not in ("HMAC_SHA1", "HMAC_SHA256"):
        raise Forged("The call is signed in a way that is not known here.")
    return name.upper()


def _pairs(request: HookRequest) -> list[tuple[str, str]]:
    try:
        return parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=False, max_num_fields=500)
    except ValueError:
        raise Forged("The call holds no parameters.") from None


def _addresses(url: str) -> Iterator[str]:
    """The address as it is known, with its port, and without."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")
    bare = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else str(parts.hostname)
    for port in ("", f":{parts.port or PORTS.get(parts.scheme, 443)}"):
        yield parts._replace(netloc=f"{host[0]}{host[1]}{bare}{port}").geturl()


def events(request: HookRequest) -> list[MessageEvent]:
    """What a call says of a message, or what somebody wrote that ends or begins messages to them."""
    told = dict(_pairs(request))
    sid = told.get("MessageSid") or told.get("SmsSid") or ""
    if not sid:
        raise FixArguments("The call names no message of Twilio's.")
    if "MessageStatus" in told:
        return list(_state(told, sid, request))
    return list(_written(told, sid, request))


def _state(told: dict[str, str], sid: str, request: HookRequest) -> Iterator[MessageEvent]:
    state, code = told["MessageStatus"], told.get("ErrorCode", "")
    kind = STATES.get(state)
    if kind is None:
        return
    if kind in ("bounced", "failed"):
        known: EventKind = "bounced" if code in GONE | AWAY else "rejected" if code in FILTERED | {OPTED_OUT} else kind
        kind = known
    yield MessageEvent(
        id=f"{sid} {state}",
        kind=kind,
        at=request.now,
        message=message_of(request.query.get("message")),
        address=told.get("To"),
        reason=REASONS.get(code, f"Twilio's error {code}") if code and code != "0" else None,
        hard=code in GONE,
        reference=sid,
    )
    if code == OPTED_OUT and told.get("To"):
        yield MessageEvent(id=f"{sid} {code}", kind="unsubscribed", at=request.now, address=told["To"])


def _written(told: dict[str, str], sid: str, request: HookRequest) -> Iterator[MessageEvent]:
    """`OptOutType` is what Twilio understood, where it is set up to say so; else the words themselves."""
    kind = wish_of(told.get("OptOutType") or told.get("Body", ""))
    if kind is not None and told.get("From"):
        yield MessageEvent(id=f"{sid} {kind}", kind=kind, at=request.now, address=told["From"])


WEBHOOK = Webhook(verify, events)
