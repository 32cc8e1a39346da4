"""What Amazon SES tells over SNS: an event a call, of the configuration set that messages are sent with.

docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html. Notifications of a verified domain look
alike (notificationType in eventType's place) and carry no id of ours: of these, what concerns an address counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from connectors.channels.events import (
    EventKind,
    HookRequest,
    MessageEvent,
    Webhook,
    by_machine,
    digest,
    instant,
    message_of,
    place,
)
from connectors.channels.ses.sns import confirm, notice_of, require_genuine
from core.errors import RetryLater

__all__ = ["WEBHOOK"]

KINDS: dict[str, EventKind] = {
    "Send": "accepted",
    "DeliveryDelay": "deferred",
    "Rendering Failure": "failed",
    "Reject": "rejected",
    "Delivery": "delivered",
    "Bounce": "bounced",
    "Complaint": "complained",
    "Open": "opened",
    "Click": "clicked",
}
PART = {"DeliveryDelay": "deliveryDelay", "Rendering Failure": "failure"}  # where its details stand, if not by its name
PEOPLE = ("bouncedRecipients", "complainedRecipients", "delayedRecipients")


class Keys(Protocol):
    """What the settings hold to verify with."""

    @property
    def ses_topic(self) -> str | None: ...


def verify(settings: Keys, request: HookRequest) -> None:
    """The topic, the signature, and that the call is recent."""
    require_genuine(notice_of(request), _topic(settings), request)


def handshake(settings: Keys, request: HookRequest) -> str | None:
    """SNS asks first whether we want to be told: confirmed where it is about our topic."""
    if request.method != "POST" or notice_of(request)["Type"] == "Notification":
        return None
    verify(settings, request)
    confirm(notice_of(request), _topic(settings))
    return ""


def _topic(settings: Keys) -> str:
    if not settings.ses_topic:
        raise RetryLater("The SNS topic that Amazon SES tells by is not set.", retry_after_s=600)
    return settings.ses_topic


def events(request: HookRequest) -> list[MessageEvent]:
    """The events of a call, one for each address it names; none where it says nothing of a message's fate."""
    try:
        told = json.loads(notice_of(request).get("Message", ""))
    except (ValueError, RecursionError):
        return []  # SES greets a new topic in words
    if not isinstance(told, dict):
        return []
    name = str(told.get("eventType") or told.get("notificationType"))
    kind, detail = KINDS.get(name), _part(told, PART.get(name, name.lower()))
    if kind is None or detail.get("complaintFeedbackType") == "not-spam":
        return []
    mail = _part(told, "mail")
    return [_event(name, kind, mail, detail, one, request) for one in _people(mail, detail)]


def _event(
    name: str, kind: EventKind, mail: Mapping[str, Any], detail: Mapping[str, Any], one: Mapping[str, Any], request: Any
) -> MessageEvent:
    tags, seen = _part(mail, "tags").get("message"), kind in ("opened", "clicked")
    at, address = detail.get("timestamp") or mail.get("timestamp"), str(one.get("emailAddress") or "")
    said = one.get("diagnosticCode") or detail.get("reason") or detail.get("errorMessage") or detail.get("delayType")
    said = said or " ".join(str(detail[part]) for part in ("bounceType", "bounceSubType") if detail.get(part))
    return MessageEvent(
        id=digest(name, mail.get("messageId"), at, address, detail.get("link"), detail.get("feedbackId")),
        kind=kind,
        at=instant(at, request.now),
        message=message_of(tags[0]) if isinstance(tags, list) and tags else None,
        address=address or None,
        reason=str(said) if said and not seen else None,
        hard=kind == "bounced" and detail.get("bounceType") == "Permanent",
        machine=seen and by_machine(detail.get("userAgent")),
        url=place(detail.get("link")) if kind == "clicked" else None,
        reference=str(mail.get("messageId") or "") or None,
    )


def _people(mail: Mapping[str, Any], detail: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those it is about: who bounced or complained, else whom the message went to."""
    for name in PEOPLE:
        if isinstance(people := detail.get(name), list):
            return [one for one in people if isinstance(one, dict)]
    went = mail.get("destination")
    return [{"emailAddress": one} for one in went] if isinstance(went, list) and went else [{}]


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


WEBHOOK = Webhook(verify, events, handshake=handshake)
