"""Twilio: messages (twilio.com/docs/messaging/api/message-resource)."""

from __future__ import annotations

from base64 import b64encode
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from tests.conformance.apis import ProviderApi, Reply, Request, Sent

ACCOUNT, TOKEN = "AC" + "0123456789abcdef" * 2, "token-of-twilio-4711"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
NUMBERS, OWN = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json", "+491700000001"
REFUSED = {"+491700000610": (21610, "Attempt to send to unsubscribed recipient")}


class TwilioApi(ProviderApi):
    """One account."""

    def is_message(self, request: Request) -> bool:
        """A POST to the account's messages."""
        return (request.method, request.path) == ("POST", MESSAGES)

    def answer(self, request: Request) -> Reply:
        """As Twilio does."""
        if request.headers.get("authorization") != f"Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}":
            return _error(401, 20003, "Authenticate")
        if self.is_message(request):
            return self._message(request.form)
        if (request.method, request.path) == ("GET", MESSAGES):
            return self._listed(request)
        if (request.method, request.path) == ("GET", NUMBERS):
            own = [{"phone_number": OWN}] if request.query["PhoneNumber"] == OWN else []
            return Reply(200, {"incoming_phone_numbers": own, "page": 0})
        return _error(404, 20404, "The requested resource was not found")

    def _message(self, form: dict[str, str]) -> Reply:
        assert form.keys() <= {"To", "From", "MessagingServiceSid", "Body", "StatusCallback"}, form
        assert ("From" in form) != ("MessagingServiceSid" in form)
        if not form["To"].startswith("+"):
            return _error(400, 21211, f"The 'To' number {form['To']} is not a valid phone number.")
        if form["To"] in REFUSED:
            return _error(400, *REFUSED[form["To"]])
        callback = form.get("StatusCallback", "")
        sent = self.take(Sent(f"SM{uuid4().hex}", callback.rpartition("=")[2], form["To"], form["Body"], form))
        return Reply(201, _shown(sent))

    def _listed(self, request: Request) -> Reply:
        page, size = int(request.query.get("Page", 0)), min(int(request.query["PageSize"]), self.per_page)
        found = [sent for sent in reversed(self.visible()) if sent.address == request.query.get("To", sent.address)]
        shown = found[page * size : (page + 1) * size]
        to = request.query.get("To", "").replace("+", "%2B")
        more = f"{MESSAGES}?To={to}&PageSize={size}&Page={page + 1}" if (page + 1) * size < len(found) else None
        return Reply(200, {"messages": [_shown(sent) for sent in shown], "next_page_uri": more, "page": page})


def _shown(sent: Sent) -> dict[str, Any]:
    at = format_datetime(sent.at)
    return {
        "sid": sent.reference,
        "account_sid": ACCOUNT,
        "to": sent.address,
        "from": sent.whole.get("From"),
        "messaging_service_sid": sent.whole.get("MessagingServiceSid"),
        "body": sent.text,
        "status": "queued",
        "direction": "outbound-api",
        "date_created": at,
        "date_sent": None,
        "error_code": None,
    }


def _error(status: int, code: int, message: str) -> Reply:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, {"code": code, "message": message, "more_info": more, "status": status})
