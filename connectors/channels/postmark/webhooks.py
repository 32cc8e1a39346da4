"""What Postmark calls back with: a record a call. Postmark signs nothing: a secret of our choice comes with each call.

It is the password of the address that was given to Postmark (https://aima:SECRET@…), or a header X-Webhook-Secret added
to the webhook there. Answered 403, Postmark calls no more; answered anything else but 200 it calls again for ten hours.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Any, Protocol

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
)
from core.errors import FixArguments

__all__ = ["WEBHOOK"]

HEADER = "x-webhook-secret"
RECORDS: dict[str, EventKind] = {
    "Delivery": "delivered",
    "Bounce": "bounced",
    "SpamComplaint": "complained",
    "SubscriptionChange": "unsubscribed",
    "Open": "opened",
    "Click": "clicked",
}
# Types of bounces that are something else; what is not here bounced. None: says nothing of the message.
TYPES: dict[str, EventKind | None] = {
    "Transient": "deferred",
    "DnsError": "deferred",
    "OpenRelayTest": "deferred",
    "BadEmailAddress": "rejected",
    "ManuallyDeactivated": "rejected",
    "Blocked": "rejected",
    "DMARCPolicy": "rejected",
    "Unconfirmed": "rejected",
    "SMTPApiError": "failed",
    "TemplateRenderingFailed": "failed",
    "SpamNotification": "complained",
    "SpamComplaint": "complained",
    "Unsubscribe": "unsubscribed",
    "Subscribe": "resubscribed",
    "AutoResponder": None,
    "AddressChange": None,
    "ChallengeVerification": None,
    "InboundError": None,
    "Unknown": None,
}
NO_ADDRESS = ("HardBounce", "BadEmailAddress")
# Why Postmark stopped sending to an address, when it says so of a change of its list.
SUPPRESSIONS: dict[str, EventKind] = {
    "HardBounce": "bounced",
    "SpamComplaint": "complained",
    "ManualSuppression": "unsubscribed",
}
TIMES = ("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def postmark_webhook_secret(self) -> SecretStr | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """The secret, in the header or as the password of Basic authentication."""
    key = key_of(settings.postmark_webhook_secret, "Postmark")
    given = request.headers.get(HEADER) or _password(request.headers.get("authorization", ""))
    if not hmac.compare_digest(key, given.encode()):
        raise Forged("The call does not hold the secret that was given to Postmark.")


def _password(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def events(request: HookRequest) -> list[MessageEvent]:
    """The event of a call; none where the record says nothing of a message's fate."""
    told = json_of(request.body)
    if not isinstance(told, dict) or not isinstance(told.get("RecordType"), str):
        raise FixArguments("The call holds no record of Postmark's.")
    kind = _kind(told)
    if kind is None:
        return []
    named = told.get("Metadata")
    at = next((told[name] for name in TIMES if told.get(name)), None)
    seen, record = kind in ("opened", "clicked"), told["RecordType"]
    said = None if seen else told.get("Details") or told.get("Description")
    return [
        MessageEvent(
            id=f"{record} {told.get('ID') or digest(told.get('MessageID'), at, told.get('OriginalLink'), _to(told))}",
            kind=kind,
            at=instant(at, request.now),
            message=message_of(named.get("message")) if isinstance(named, dict) else None,
            address=_to(told) or None,
            reason=str(said) if said else None,
            hard=told.get("Type") in NO_ADDRESS or told.get("SuppressionReason") in NO_ADDRESS,
            machine=seen and by_machine(told.get("UserAgent")),
            url=place(told.get("OriginalLink")) if kind == "clicked" else None,
            reference=str(told.get("MessageID") or "") or None,
        )
    ]


def _to(told: dict[str, Any]) -> str:
    return str(told.get("Recipient") or told.get("Email") or "")


def _kind(told: dict[str, Any]) -> EventKind | None:
    kind = RECORDS.get(told["RecordType"])
    if kind == "bounced":
        return TYPES.get(str(told.get("Type")), kind)
    if kind == "unsubscribed":
        if told.get("SuppressSending") is False:
            return "resubscribed"
        return SUPPRESSIONS.get(str(told.get("SuppressionReason")), kind)
    return kind


WEBHOOK = Webhook(verify, events)
