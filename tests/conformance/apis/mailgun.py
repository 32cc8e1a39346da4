"""Mailgun: messages and events (documentation.mailgun.com)."""

from __future__ import annotations

from base64 import b64encode
from uuid import uuid4

from tests.conformance.apis import ProviderApi, Reply, Request, Sent

KEY, DOMAIN = "key-of-mailgun-4711", "mg.example.com"
KNOWN = {"from", "to", "subject", "text", "html"}


class MailgunApi(ProviderApi):
    """One domain."""

    def is_message(self, request: Request) -> bool:
        """A POST to the domain's messages."""
        return (request.method, request.path) == ("POST", f"/v3/{DOMAIN}/messages")

    def answer(self, request: Request) -> Reply:
        """As Mailgun does."""
        if request.headers.get("authorization") != f"Basic {b64encode(f'api:{KEY}'.encode()).decode()}":
            return Reply(401, b"Forbidden")
        if self.is_message(request):
            return self._message(request.form)
        if (request.method, request.path) == ("GET", f"/v3/{DOMAIN}/events"):
            return self._events(request)
        return Reply(404, {"message": "Domain not found: other.example.com"})

    def _message(self, form: dict[str, str]) -> Reply:
        odd = [name for name in form if name not in KNOWN and not name.startswith(("h:", "v:", "o:"))]
        if odd or not {"from", "to", "subject"} <= form.keys() or not {"text", "html"} & form.keys():
            return Reply(400, {"message": f"unexpected or missing: {odd}"})
        if form["to"].startswith("refused"):
            return Reply(400, {"message": "to parameter is not a valid address. please check documentation"})
        reference = f"<{uuid4().hex}@{DOMAIN}>"
        if form.get("o:testmode") == "yes":
            return Reply(200, {"id": reference, "message": "Queued. Thank you."})
        self.take(Sent(reference, form.get("v:message", ""), form["to"], form.get("text", ""), form))
        return Reply(200, {"id": reference, "message": "Queued. Thank you."})

    def _events(self, request: Request) -> Reply:
        query, start = request.query, int(request.query.get("page", 0))
        assert query["ascending"] == "yes"
        found = [
            sent
            for sent in self.visible()
            if sent.address == query["recipient"]
            and float(query["begin"]) <= sent.at.timestamp() <= float(query["end"])
        ]
        page = found[start : start + min(int(query["limit"]), self.per_page)]
        kept = "&".join(f"{name}={query[name]}" for name in ("begin", "end", "ascending", "limit", "recipient"))
        items = [
            {
                "event": "accepted",
                "id": uuid4().hex,
                "timestamp": sent.at.timestamp(),
                "recipient": sent.address,
                "user-variables": {"message": sent.id} if sent.id else {},
                "message": {"headers": {"message-id": sent.reference.strip("<>"), "to": sent.address}},
            }
            for sent in page
        ]
        following = f"{self.url}/v3/{DOMAIN}/events?{kept}&page={start + len(page)}"
        return Reply(200, {"items": items, "paging": {"next": following}})
