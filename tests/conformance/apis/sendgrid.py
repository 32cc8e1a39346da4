"""SendGrid: mail send and email logs (twilio.com/docs/sendgrid/api-reference)."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import uuid4

from tests.conformance.apis import ProviderApi, Reply, Request, Sent

KEY = "SG.key-of-sendgrid.4711"
QUERY = re.compile(
    r"to_email = '([^']*)' AND sg_message_id_created_at >= TIMESTAMP \"([^\"]*)\""
    r" AND sg_message_id_created_at <= TIMESTAMP \"([^\"]*)\""
)


class SendGridApi(ProviderApi):
    """One account."""

    def is_message(self, request: Request) -> bool:
        """A POST to mail send."""
        return (request.method, request.path) == ("POST", "/v3/mail/send")

    def answer(self, request: Request) -> Reply:
        """As SendGrid does."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "authorization required")
        if self.is_message(request):
            return self._message(request)
        if (request.method, request.path) == ("POST", "/v3/logs"):
            return self._logs(request)
        if request.method == "GET" and request.path.startswith("/v3/logs/"):
            return self._one(request.path.removeprefix("/v3/logs/"))
        return _error(404, "not found")

    def _message(self, request: Request) -> Reply:
        mail = request.json
        (one,) = mail["personalizations"]
        ((to),) = [recipient["email"] for recipient in one["to"]]
        if to.startswith("refused"):
            return _error(400, "Does not contain a valid address.", "personalizations.0.to.0.email")
        if mail.get("mail_settings") == {"sandbox_mode": {"enable": True}}:
            return Reply(200)
        assert [part["type"] for part in mail["content"]] == ["text/plain", "text/html"]
        reference = uuid4().hex
        self.take(Sent(reference, one["custom_args"]["message"], to, mail["content"][0]["value"], mail))
        return Reply(202, None, {"X-Message-Id": reference})

    def _logs(self, request: Request) -> Reply:
        asked = request.json
        assert set(asked) <= {"query", "limit"}
        assert 1 <= asked["limit"] <= 1000
        found = QUERY.fullmatch(asked["query"])
        if not found:
            return _error(400, "the query cannot be read")
        to, since, until = found[1], datetime.fromisoformat(found[2]), datetime.fromisoformat(found[3])
        shown = [sent for sent in self.visible() if sent.address == to and since <= sent.at <= until]
        messages = [
            {
                "from_email": sent.whole["from"]["email"],
                "sg_message_id": f"{sent.reference}.recvd-85abf8d92c-1",
                "subject": sent.whole["subject"],
                "to_email": sent.address,
                "status": "processed",
                "sg_message_id_created_at": sent.at.isoformat(),
            }
            for sent in shown[: asked["limit"]]
        ]
        return Reply(200, {"messages": messages})

    def _one(self, name: str) -> Reply:
        for sent in self.visible():
            if name.partition(".")[0] == sent.reference:
                return Reply(200, {"sg_message_id": name, "custom_args": {"message": sent.id}, "events": []})
        return _error(404, "not found")


def _error(status: int, message: str, field: str | None = None) -> Reply:
    return Reply(status, {"errors": [{"message": message, "field": field, "help": None}]})
