"""SendGrid's mail send (POST /v3/mail/send), and its logs for what became of a message (POST /v3/logs, 30 days).

twilio.com/docs/sendgrid/api-reference: Mail Send, Email Logs. Logs cannot be searched for what we call a message:
those to its address are listed, and looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from connectors.channels.contract import Attempt, Message, OutcomeUnknown, Receipt, Refused, Unreachable
from connectors.channels.http import Answer, Api, Body, part, rows
from connectors.channels.mail import Mail, rehearsal
from connectors.channels.sender import Sender

if TYPE_CHECKING:
    from connectors.channels.sendgrid import SendGridSettings

__all__ = ["SendGridTransport"]

LOOKED_AT = 20  # messages to one address in that time
BEFORE, AFTER = timedelta(minutes=10), timedelta(days=1)
OFF = {"enable": False}


class SendGridTransport:
    """One account at SendGrid."""

    def __init__(self, settings: SendGridSettings) -> None:
        key = settings.sendgrid_key.get_secret_value() if settings.sendgrid_key else ""
        headers = {"Authorization": f"Bearer {key}"}
        self._api = Api("SendGrid", settings.endpoint, headers=headers, secrets=(key,))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver. The body of a 202 is empty; its header names the request."""
        body = Body.json(_tree(Mail.of(message), str(message.id)))
        answer = self._api.hand_over("/v3/mail/send", body, before_handover, self._trouble)
        if answer.status != httpx.codes.ACCEPTED:
            raise OutcomeUnknown(f"SendGrid answered {answer.status}, which is no receipt.")
        return Receipt("sendgrid", answer.headers.get("X-Message-Id") or str(message.id))

    def reconcile(self, attempt: Attempt) -> Receipt | None:
        """A message with our id in SendGrid's logs shows that it was taken. None shows nothing: logs come late."""
        if "'" in attempt.address:  # how to write one inside of a query is documented nowhere
            return None
        query = " AND ".join(
            (
                f"to_email = '{attempt.address}'",
                f'sg_message_id_created_at >= TIMESTAMP "{_instant(attempt.at - BEFORE)}"',
                f'sg_message_id_created_at <= TIMESTAMP "{_instant(attempt.at + AFTER)}"',
            )
        )
        listed = self._api.ask("POST", "/v3/logs", body=Body.json({"query": query, "limit": LOOKED_AT}))
        for entry in rows(listed, "messages")[:LOOKED_AT]:
            name = str(entry.get("sg_message_id") or "")
            if name and self._carries(name, str(attempt.id)):
                return Receipt("sendgrid", name.partition(".")[0])
        return None

    def check(self, sender: str, address: str) -> None:
        """See Provider.check: a message in SendGrid's sandbox, where it is read and not sent."""
        tree = _tree(Mail.of(rehearsal(sender, address)), "")
        self._api.rehearse(
            "/v3/mail/send", Body.json(tree | {"mail_settings": {"sandbox_mode": {"enable": True}}}), self._trouble
        )

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _carries(self, name: str, id_: str) -> bool:
        found = self._api.ask("GET", f"/v3/logs/{quote(name, safe='')}")
        return any(part(place, "custom_args", "message") == id_ for place in (found, *rows(found, "events")))

    def _trouble(self, answer: Answer) -> Refused | Unreachable | None:
        errors = rows(answer.body, "errors")
        if not errors or answer.status < httpx.codes.BAD_REQUEST:
            return None
        said = self._api.words(errors[0].get("message", ""))
        if any(str(error.get("field") or "").startswith("from") for error in errors):
            return Unreachable(f"SendGrid does not accept our sender ({answer.status}): {said}.")
        if answer.status in (httpx.codes.BAD_REQUEST, httpx.codes.REQUEST_ENTITY_TOO_LARGE):
            return Refused(f"SendGrid refused it ({answer.status}): {said}.")
        return None


def _tree(mail: Mail, id_: str) -> dict[str, Any]:
    content = [{"type": "text/plain", "value": mail.text}]
    if mail.html is not None:
        content.append({"type": "text/html", "value": mail.html})
    return {
        "personalizations": [{"to": [{"email": mail.recipient}], "custom_args": {"message": id_}}],
        "from": _person(mail.sender),
        **({"reply_to": _person(mail.answers_to)} if mail.answers_to else {}),
        "subject": mail.subject,
        "content": content,
        "headers": dict(mail.other_headers),
        "tracking_settings": {
            "click_tracking": OFF | {"enable_text": False},
            "open_tracking": OFF,
            "subscription_tracking": OFF,
            "ganalytics": OFF,
        },
    }


def _person(who: Sender) -> Mapping[str, str]:
    return {"email": who.address, **({"name": who.name} if who.name else {})}


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
