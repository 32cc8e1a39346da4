"""What Mailgun calls back with: one event a call, signed with the webhook signing key (not the API key).

The signature covers a time and a token, not the body: a token is good for one body only. Mailgun calls again for about
eight hours (after 10, 10, 15 and 30 minutes, 1, 2 and 4 hours) until it is answered 200, or 406: no more of this.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
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
    require_recent,
)
from core.errors import FixArguments
from core.storable import storable

__all__ = ["WEBHOOK"]

LONGEST = timedelta(hours=9)  # the last of Mailgun's own calls comes after eight
KINDS: dict[str, EventKind] = {
    "accepted": "accepted",
    "rejected": "rejected",
    "delivered": "delivered",
    "failed": "bounced",
    "unsubscribed": "unsubscribed",
    "complained": "complained",
    "opened": "opened",
    "clicked": "clicked",
}
# Why it failed: the address is on a list of Mailgun's own, or the reason is another than the address.
LISTED = ("suppress-bounce", "suppress-unsubscribe", "suppress-complaint")
NOT_THE_ADDRESS = ("old", "espblock", "quota-exceeded")


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def mailgun_webhook_key(self) -> SecretStr | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """Hex HMAC-SHA256 of time and token, as both stand in the body."""
    key = key_of(settings.mailgun_webhook_key, "Mailgun")
    signed = _signed(request)
    expected = hmac.new(key, f"{signed['timestamp']}{signed['token']}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signed["signature"].encode()):
        raise Forged("The signature is not Mailgun's.")
    require_recent(signed["timestamp"], request.now, LONGEST)


def nonce(request: HookRequest) -> str | None:
    """The token."""
    return _signed(request)["token"][:200]


def events(request: HookRequest) -> list[MessageEvent]:
    """The event of a call."""
    body = json_of(request.body)
    told = _part(body, "event-data") if isinstance(body, dict) else {}
    if "event" not in told:
        raise FixArguments("The call holds no event of Mailgun's.")
    kind = KINDS.get(str(told["event"]))
    if kind is None:
        return []
    why = str(told.get("reason") or "")
    if kind == "bounced":
        kind = "deferred" if told.get("severity") == "temporary" else "rejected" if why in LISTED else kind
    client, at = _part(told, "client-info"), instant(told.get("timestamp"), request.now)
    variables = _part(told, "user-variables")
    return [
        MessageEvent(
            id=str(told.get("id") or digest(nonce(request))) + f" {at:%Y-%m-%d}",  # unique within a day
            kind=kind,
            at=at,
            message=message_of(variables.get("message")),
            address=str(told.get("recipient") or "") or None,
            reason=_reason(told),
            hard=(kind == "bounced" and why not in NOT_THE_ADDRESS) or why == "suppress-bounce",
            machine=kind in ("opened", "clicked") and (bool(client.get("bot")) or by_machine(client.get("user-agent"))),
            url=place(told.get("url")) if kind == "clicked" else None,
            reference=str(_part(_part(told, "message"), "headers").get("message-id") or "") or None,
        )
    ]


def _reason(told: dict[str, Any]) -> str | None:
    status = _part(told, "delivery-status")
    said = status.get("message") or status.get("description") or _part(told, "reject").get("reason")
    return f"{status.get('code') or ''} {said}".strip() if said else None


def _part(told: dict[str, Any], name: str) -> dict[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _signed(request: HookRequest) -> dict[str, str]:
    """The parts of the signature; Forged where they are not all there."""
    try:
        body = json_of(request.body)
    except FixArguments:
        body = None
    signed = body.get("signature") if isinstance(body, dict) else None
    parts = {name: signed.get(name) for name in ("timestamp", "token", "signature")} if isinstance(signed, dict) else {}
    if not parts or not all(isinstance(part, str) and part for part in parts.values()):
        raise Forged("The call is not signed.")
    return {name: storable(str(part)) for name, part in parts.items()}


WEBHOOK = Webhook(verify, events, refusal=406, nonce=nonce)
