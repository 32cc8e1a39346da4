"""What SendGrid calls back with: lists of events, signed (ECDSA, P-256, SHA-256) over a time and the raw body.

The key is the one that the page of the signed event webhook shows: a public key, Base64 without the lines of PEM.
SendGrid calls again for about a day until it is answered with a 2xx.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import SecretStr

from connectors.channels.events import (
    EventKind,
    Forged,
    HookRequest,
    MessageEvent,
    Webhook,
    by_machine,
    digest,
    instant,
    json_of,
    key_of,
    message_of,
    place,
    require_recent,
)
from core.errors import FixArguments, RetryLater

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey


__all__ = ["WEBHOOK", "verified"]

LONGEST = timedelta(hours=26)
SIGNATURE, TIME = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
KINDS: dict[str, EventKind] = {
    "processed": "accepted",
    "deferred": "deferred",
    "delivered": "delivered",
    "bounce": "bounced",
    "dropped": "rejected",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "group_resubscribe": "resubscribed",
    "open": "opened",
    "click": "clicked",
}
NO_ADDRESS = ("bounced address", "invalid")  # reasons why SendGrid did not even try


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def sendgrid_webhook_key(self) -> SecretStr | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """The signature first, then that the call is recent."""
    key = key_of(settings.sendgrid_webhook_key, "SendGrid")
    signature, made = request.headers.get(SIGNATURE, ""), request.headers.get(TIME, "")
    if not verified(key, signature, made, request.body):
        raise Forged("The signature is not SendGrid's.")
    require_recent(made, request.now, LONGEST)


def verified(key: bytes, signature: str, made: str, body: bytes) -> bool:
    """Whether `signature` (Base64, DER) is that of `made` and `body`; RetryLater where the key is none."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    public = _public(key)
    try:
        public.verify(base64.b64decode(signature, validate=True), made.encode() + body, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _public(key: bytes) -> EllipticCurvePublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        public = None
    if not isinstance(public, EllipticCurvePublicKey):
        raise RetryLater("The key by which calls of SendGrid are verified is not one of SendGrid's.", retry_after_s=600)
    return public


def events(request: HookRequest) -> list[MessageEvent]:
    """The events of a call that say something of messages."""
    told = json_of(request.body)
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise FixArguments("The call holds no list of events.")
    return [_event(one, kind, request) for one in told if (kind := KINDS.get(str(one.get("event")))) is not None]


def _event(one: dict[str, Any], kind: EventKind, request: HookRequest) -> MessageEvent:
    blocked = one.get("type") == "blocked"  # the server, or what was written, is the reason; not the address
    seen, reason = kind in ("opened", "clicked"), str(one.get("reason") or one.get("response") or "")
    return MessageEvent(
        id=str(one.get("sg_event_id") or digest(kind, one.get("sg_message_id"), one.get("timestamp"), one.get("url"))),
        kind=kind,
        at=instant(one.get("timestamp"), request.now),
        message=message_of(one.get("message")),
        address=str(one.get("email") or "") or None,
        reason=reason or None,
        hard=(kind == "bounced" and not blocked) or (kind == "rejected" and reason.lower() in NO_ADDRESS),
        machine=seen and (one.get("sg_machine_open") is True or by_machine(one.get("useragent"))),
        url=place(one.get("url")) if kind == "clicked" else None,
        reference=str(one.get("sg_message_id") or "").partition(".")[0] or None,
    )


WEBHOOK = Webhook(verify, events)
