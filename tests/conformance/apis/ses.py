"""Amazon SES: version 2 of its API (docs.aws.amazon.com/ses/latest/APIReference-V2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from email import message_from_bytes, policy
from urllib.parse import quote, unquote
from uuid import uuid4

from tests.conformance.apis import ProviderApi, Reply, Request, Sent

KEY, SECRET, REGION = "AKIA4711470014711471", "secret/of+ses/4711", "eu-central-1"
SEND, ACCOUNT, IDENTITIES = "/v2/email/outbound-emails", "/v2/email/account", "/v2/email/identities/"
VERIFIED = ("example.com",)
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/ses/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w{64})"
)


class SesApi(ProviderApi):
    """One account in one region; `account` is what it says of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.account = {
            "SendingEnabled": True,
            "ProductionAccessEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 17.0},
        }

    def is_message(self, request: Request) -> bool:
        """A POST to outbound emails."""
        return (request.method, request.path) == ("POST", SEND)

    def answer(self, request: Request) -> Reply:
        """As SES does."""
        if not _signed(request):
            return error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
        if self.is_message(request):
            return self._message(request)
        if request.method == "GET" and request.path == ACCOUNT:
            return Reply(200, self.account)
        if request.method == "GET" and request.path.startswith(IDENTITIES):
            identity = unquote(request.path.removeprefix(IDENTITIES))
            if identity not in VERIFIED:
                return error(404, "NotFoundException", f"Email identity {identity} does not exist.")
            return Reply(200, {"IdentityType": "DOMAIN", "VerifiedForSendingStatus": True})
        return error(404, "UnknownOperationException", "")

    def _message(self, request: Request) -> Reply:
        tree = request.json
        assert set(tree) <= {"Content", "Destination", "EmailTags", "ConfigurationSetName"}, tree
        (to,) = tree["Destination"]["ToAddresses"]
        ((tag),) = tree["EmailTags"]
        raw = base64.b64decode(tree["Content"]["Raw"]["Data"], validate=True)
        mail = message_from_bytes(raw, policy=policy.default)
        assert (mail["To"], tag["Name"]) == (to, "message")
        if to.startswith("refused"):
            return error(400, "MessageRejected", "Illegal content")
        plain = mail.get_body(("plain",))
        assert plain is not None
        text = plain.get_content().replace("\r\n", "\n")
        whole = dict(mail.items()) | {"from": str(mail["From"])}
        sent = self.take(Sent(f"0107{uuid4().hex}", tag["Value"], to, text, whole))
        return Reply(200, {"MessageId": sent.reference})


def error(status: int, kind: str, words: str) -> Reply:
    """An error as SES words it."""
    return Reply(status, {"message": words}, {"x-amzn-ErrorType": f"{kind}:http://internal.amazon.com/coral/"})


def _signed(request: Request) -> bool:
    """Whether the request is signed with our key, by the rules of Signature Version 4."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not found or (found[1], found[3]) != (KEY, REGION):
        return False
    hashed = hashlib.sha256(request.content).hexdigest()
    if request.headers.get("x-amz-content-sha256", hashed) != hashed:
        return False
    names = found[4].split(";")
    query = "&".join(sorted(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in request.query.items()))
    lines = [request.method, quote(request.path, safe="/~"), query]
    lines += [f"{name}:{request.headers[name]}" for name in names] + ["", found[4], hashed]
    scope = f"{found[2]}/{REGION}/ses/aws4_request"
    summed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join(("AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, summed))
    key = f"AWS4{SECRET}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex() == found[5]
