"""What WhatsApp calls back with: states of messages, what people write to our number, and what they want no more of.

A call is signed with the secret of the app (X-Hub-Signature-256, HMAC-SHA256 of the body as it came). Before the first
one Meta asks with GET whether the address is ours: its verify token is the last part of the address itself, which
nobody else can know. Calls come again for up to seven days, and nothing signed says when one was made.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.channels.events import (
    EventKind,
    Forged,
    HookRequest,
    MessageEvent,
    Webhook,
    digest,
    instant,
    json_of,
    key_of,
    message_of,
)
from connectors.channels.wishes import wish_of
from core.errors import FixArguments

__all__ = ["WEBHOOK"]

SIGNATURE = "x-hub-signature-256"
STATES: dict[str, EventKind] = {"sent": "accepted", "delivered": "delivered", "read": "opened", "failed": "failed"}
PREFERENCES: dict[str, EventKind] = {"stop": "unsubscribed", "resume": "resubscribed"}
OPTED_OUT = 131050
UNREACHED = frozenset({131026})  # no WhatsApp there, or one that takes no such message
KEPT_BACK = frozenset({130472, 130497, 131047, 131049, OPTED_OUT})
# Numbers that WhatsApp writes otherwise than the telephone network does: Mexico, Argentina, Brazil.
_VARIANTS = ((r"521(\d{10})", r"52\1"), (r"549(\d{10})", r"54\1"), (r"55(\d\d)(\d{8})", r"55\g<1>9\2"))


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def whatsapp_secret(self) -> SecretStr | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """The signature over the raw body."""
    key = key_of(settings.whatsapp_secret, "WhatsApp")
    expected = "sha256=" + hmac.new(key, request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), request.headers.get(SIGNATURE, "").encode()):
        raise Forged("The signature is not WhatsApp's.")


def handshake(_settings: Keys, request: HookRequest) -> str | None:
    """Meta's question whether the address is ours, answered with what it wants to read."""
    if request.method != "GET":
        return None
    asked, token = request.query, urlsplit(request.url).path.rpartition("/")[2]
    if not hmac.compare_digest(asked.get("hub.verify_token", "").encode(), token.encode()):
        raise Forged("The verify token is not the last part of this address.")
    challenge = asked.get("hub.challenge", "")
    if asked.get("hub.mode") != "subscribe" or not re.fullmatch(r"[\w-]{1,200}", challenge, re.ASCII):
        raise Forged("The call asks for nothing that is known here.")
    return challenge


def events(request: HookRequest) -> list[MessageEvent]:
    """All that a call tells: it may hold several entries, each with several changes."""
    told = json_of(request.body)
    if not isinstance(told, dict) or not isinstance(told.get("entry"), list):
        raise FixArguments("The call holds no entry of WhatsApp's.")
    changes = [change for entry in _rows(told, "entry") for change in _rows(entry, "changes")]
    values = [value for change in changes if isinstance(value := change.get("value"), dict)]
    return [event for value in values for event in _events(value, request)]


def _events(value: Mapping[str, Any], request: HookRequest) -> Iterator[MessageEvent]:
    for state in _rows(value, "statuses"):
        yield from _state(state, request)
    for message in _rows(value, "messages"):
        yield from _wish(wish_of(_written(message)), message.get("from"), message, request)
    for preference in _rows(value, "user_preferences"):
        yield from _wish(PREFERENCES.get(str(preference.get("value"))), preference.get("wa_id"), preference, request)


def _wish(kind: EventKind | None, who: object, told: Mapping[str, Any], request: HookRequest) -> Iterator[MessageEvent]:
    """What somebody wants (no more, some again), by each of their numbers; nothing where they said something else."""
    if kind is None:
        return
    for number in _numbers(who):
        name = digest(told.get("id"), kind, number, told.get("timestamp"))
        yield MessageEvent(name, kind, _at(told.get("timestamp"), request), address=number)


def _state(state: Mapping[str, Any], request: HookRequest) -> Iterator[MessageEvent]:
    kind = STATES.get(str(state.get("status")))
    if kind is None:
        return
    error: Mapping[str, Any] = next(iter(_rows(state, "errors")), {})
    code, ours = error.get("code"), message_of(state.get("biz_opaque_callback_data"))
    if kind == "failed":
        kind = "bounced" if code in UNREACHED else "rejected" if code in KEPT_BACK else kind
    details = error.get("error_data")
    said = (details.get("details") if isinstance(details, dict) else None) or error.get("title") or error.get("message")
    at, reference = _at(state.get("timestamp"), request), str(state.get("id") or "")
    yield MessageEvent(
        id=f"{reference} {state.get('status')}",
        kind=kind,
        at=at,
        message=ours,
        address=next(_numbers(state.get("recipient_id")), None),
        reason=f"{code} {said or ''}".strip() if error else None,
        reference=reference or None,
    )
    if code == OPTED_OUT and ours is not None:
        yield MessageEvent(id=f"{reference} {code}", kind="unsubscribed", at=at, message=ours)


def _written(message: Mapping[str, Any]) -> str:
    """The text of a message, or of the button that was pressed."""
    for path in (("text", "body"), ("button", "text"), ("interactive", "button_reply", "title")):
        found: Any = message
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, str):
            return found
    return ""


def _numbers(wa_id: object) -> Iterator[str]:
    """A WhatsApp id as a telephone number, in each way it is written."""
    digits = str(wa_id or "")
    if not re.fullmatch(r"[1-9]\d{6,14}", digits, re.ASCII):
        return
    yield f"+{digits}"
    yield from (f"+{re.sub(f'^{form}$', other, digits)}" for form, other in _VARIANTS if re.fullmatch(form, digits))


def _at(seconds: object, request: HookRequest) -> Any:
    text = str(seconds or "")
    return instant(int(text) if re.fullmatch(r"\d{1,12}", text, re.ASCII) else None, request.now)


def _rows(tree: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = tree.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


WEBHOOK = Webhook(verify, events, handshake=handshake)
