"""What a webhook tells back, if it likes to: a Standard Webhooks call of its own, signed with the same secret.

    {"type": "delivered", "timestamp": "…", "data": {"id": "the message's id", "to": "u-1042", "reason": "…"}}

`id` may be left out where it is about a person and no message (unsubscribed, resubscribed, complained). The header
webhook-id names the event: told again under the same one it is the same event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol, get_args

from pydantic import SecretStr

from connectors.channels.events import (
    EventKind,
    Forged,
    HookRequest,
    MessageEvent,
    Webhook,
    instant,
    json_of,
    key_of,
    message_of,
    place,
    require_recent,
)
from connectors.channels.webhook.standard import key_in, verified
from core.errors import FixArguments

__all__ = ["WEBHOOK"]

LONGEST = timedelta(minutes=10)  # whoever tries again signs again
KINDS: frozenset[str] = frozenset(get_args(EventKind)) - {"accepted", "asked_help"}


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def webhook_secret(self) -> SecretStr | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """The signature first, then that the call is recent."""
    key = key_in(key_of(settings.webhook_secret, "your webhook").decode())
    if not verified(key, request.headers, request.body):
        raise Forged("The signature is not your webhook's.")
    require_recent(request.headers["webhook-timestamp"], request.now, LONGEST)


def events(request: HookRequest) -> list[MessageEvent]:
    """The event of a call."""
    told = json_of(request.body)
    kind, data = (told.get("type"), told.get("data")) if isinstance(told, dict) else (None, None)
    if kind not in KINDS or not isinstance(data, dict):
        raise FixArguments("The call tells nothing that is known.", field="type", valid=sorted(KINDS))
    return [_event(kind, told, data, request)]


def _event(kind: EventKind, told: Mapping[str, Any], data: Mapping[str, Any], request: HookRequest) -> MessageEvent:
    message = message_of(data.get("id"))
    return MessageEvent(
        id=request.headers["webhook-id"],
        kind=kind,
        at=instant(told.get("timestamp"), request.now),
        message=message,
        address=str(data.get("to") or "") or None,
        reason=str(data["reason"]) if data.get("reason") else None,
        hard=kind == "bounced",
        url=place(data.get("url")) if kind == "clicked" else None,
    )


WEBHOOK = Webhook(verify, events)
