"""A server of somebody's own that verifies Standard Webhooks and takes each id once."""

from __future__ import annotations

import base64
import hashlib
import hmac

from core.clock import utc_now
from tests.conformance.apis import ProviderApi, Reply, Request, Sent

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests' webhook 32").decode()
PATH = "/take/messages"
OLDEST_S = 300


class WebhookApi(ProviderApi):
    """One address; what came before under the same id is taken, and nothing follows from it."""

    def is_message(self, request: Request) -> bool:
        """A POST to the address that is no check."""
        return (request.method, request.path) == ("POST", PATH) and b'"type": "check"' not in request.content

    def answer(self, request: Request) -> Reply:
        """As such servers do."""
        if not _verified(request):
            return Reply(401, {"error": "wrong signature"})
        if (request.method, request.path) != ("POST", PATH):
            return Reply(404)
        tree = request.json
        assert set(tree) == {"type", "timestamp", "data"}
        if tree["type"] != "message.send":
            return Reply(204)
        said = tree["data"]
        assert set(said) == {"id", "to", "from", "subject", "text", "unsubscribe", "report_to"}
        if said["to"].startswith("refused"):
            return Reply(422, {"error": f"{said['to']} is nobody"})
        assert request.headers["webhook-id"] == said["id"]
        if said["id"] not in {sent.id for sent in self.sent}:
            self.take(Sent(said["id"], said["id"], said["to"], said["text"], said))
        return Reply(202)


def _verified(request: Request) -> bool:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    id_, made = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "0")
    signed = f"{id_}.{made}.".encode() + request.content
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    recent = abs(utc_now().timestamp() - int(made)) < OLDEST_S
    return recent and hmac.compare_digest(expected, request.headers.get("webhook-signature", ""))
