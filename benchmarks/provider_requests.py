"""How the vendors' own clients hand a message over, and ask for it: written to tests/data/provider_requests.json.

    python -m venv clients
    clients/bin/pip install sendgrid==6.12.5 twilio==9.13.0 mailgun==1.10.0 postmarker==1.0 boto3==1.44.8 pywa==4.5.0
    clients/bin/python benchmarks/provider_requests.py > tests/data/provider_requests.json

The clients send to a server on loopback that notes method, path, query, credential and body. Nothing of AIMA is
imported: tests/conformance/test_provider_requests.py compares what AIMA sends with what stands there. `signatures` are
requests as botocore signs them.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MESSAGE = {
    "id": "00000000-0000-4000-8000-000000004711",
    "name": 'Käthe & Söhne, "Shop"',
    "sender": "shop@example.com",
    "address": "ada@example.com",
    "subject": "Grüße 🎁 & more",
    "text": "Grüße, 你好 & 50 % = a+b\n",
    "html": "<p>Grüße &amp; 你好</p>",
    "headers": {
        "Message-ID": "<4711@example.com>",
        "List-Unsubscribe": "<https://aima.example.com/u/4711>, <mailto:shop@example.com?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    "number": "+491701234567",
    "from_number": "+491700000001",
    "callback": "https://aima.example.com/hooks/twilio/t",
}
DOMAIN, KEY, ACCOUNT, STREAM = "mg.example.com", "key-4711", "AC" + "0" * 32, "broadcast"
FROM = '"Käthe & Söhne, \\"Shop\\"" <shop@example.com>'
PHONE, WABA = "106540352242922", "102290129340398"
REGION, SECRET = "eu-central-1", "secret/of+ses/4711"
RAW = b"From: shop@example.com\r\nTo: ada@example.com\r\nSubject: Hi\r\n\r\nHello\r\n"
PERIOD = {"begin": "1764000000", "end": "1764090000"}
COUNTS = ("total_count", "message_template_count", "message_template_limit", "are_translations_complete")
# To a message, and to a question.
ANSWERS: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
    "sendgrid": (202, {}, {}),
    "mailgun": (200, {"id": "<1@mg.example.com>", "message": "Queued. Thank you."}, {"items": [], "paging": {}}),
    "postmark": (
        200,
        {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "x"},
        {"Messages": [], "TotalCount": 0},
    ),
    "ses": (200, {"MessageId": "1"}, {"SendingEnabled": True}),
    "whatsapp": (
        200,
        {"messaging_product": "whatsapp", "contacts": [{"input": "x", "wa_id": "1"}], "messages": [{"id": "wamid.1"}]},
        {"data": [], "paging": {}, "summary": dict.fromkeys(COUNTS, 0)},
    ),
    "twilio": (201, {"sid": "SM" + "0" * 32, "status": "queued"}, {"messages": [], "page": 0, "page_size": 100}),
}


class Recorder(BaseHTTPRequestHandler):
    """Notes each request; answers as the vendor of the moment would."""

    protocol_version = "HTTP/1.1"
    vendor = ""
    noted: list[dict[str, Any]]

    def do_GET(self) -> None:
        """A question."""
        self._note()

    def do_POST(self) -> None:
        """A message."""
        self._note()

    def _note(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts, kind = urlsplit(self.path), (self.headers.get("Content-Type") or "").partition(";")[0]
        body: Any = json.loads(content) if kind == "application/json" and content else dict(parse_qsl(content))
        token = self.headers.get("X-Postmark-Server-Token")
        self.noted.append(
            {
                "method": self.command,
                "path": parts.path,
                "query": dict(parse_qsl(parts.query)),
                "authorization": f"token {token}" if token else _undated(self.headers.get("Authorization")),
                "type": kind if content else None,
                "body": body if content else None,
            }
        )
        status, taken, found = ANSWERS[self.vendor]
        said = json.dumps(taken if self.command == "POST" else found).encode()
        self.send_response(status if self.command == "POST" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _undated(authorization: str | None) -> str | None:
    """Without what is of the moment: the day and the signature of Amazon's way."""
    return re.sub(r"^(AWS4-HMAC-SHA256 Credential=\w+/)\d{8}(/[\w/-]+).*", r"\1DAY\2", authorization or "") or None


def sendgrid(url: str) -> None:
    """sendgrid-python."""
    from sendgrid import SendGridAPIClient
    from sendgrid.helpers import mail as parts

    mail = parts.Mail(
        from_email=parts.From(MESSAGE["sender"], MESSAGE["name"]),
        to_emails=parts.To(MESSAGE["address"]),
        subject=MESSAGE["subject"],
        plain_text_content=MESSAGE["text"],
        html_content=MESSAGE["html"],
    )
    for name, value in MESSAGE["headers"].items():
        mail.add_header(parts.Header(name, value))
    mail.add_custom_arg(parts.CustomArg("message", MESSAGE["id"], p=0))
    mail.tracking_settings = parts.TrackingSettings(
        click_tracking=parts.ClickTracking(False, False),
        open_tracking=parts.OpenTracking(False),
        subscription_tracking=parts.SubscriptionTracking(False),
        ganalytics=parts.Ganalytics(False),
    )
    client = SendGridAPIClient(KEY, host=url)
    client.send(mail)
    client.client.logs.post(request_body={"query": f"to_email = '{MESSAGE['address']}'", "limit": 20})


def mailgun(url: str) -> None:
    """mailgun-python."""
    from mailgun.client import Client

    data = {"from": FROM, "to": MESSAGE["address"], "subject": MESSAGE["subject"], "text": MESSAGE["text"]}
    data |= {"html": MESSAGE["html"], "v:message": MESSAGE["id"]}
    data |= {f"h:{name}": value for name, value in MESSAGE["headers"].items()}
    data |= {"o:tracking": "no", "o:tracking-clicks": "no", "o:tracking-opens": "no"}
    client = Client(auth=("api", KEY), api_url=url)
    client.messages.create(data=data, domain=DOMAIN)
    filters = PERIOD | {"ascending": "yes", "limit": 300, "recipient": MESSAGE["address"]}
    client.events.get(domain=DOMAIN, filters=filters)


def postmark(url: str) -> None:
    """postmarker."""
    from postmarker.core import PostmarkClient

    client = PostmarkClient(server_token=KEY)
    client.root_api_url = url
    client.emails.send(
        From=FROM,
        To=MESSAGE["address"],
        Subject=MESSAGE["subject"],
        TextBody=MESSAGE["text"],
        HtmlBody=MESSAGE["html"],
        Headers=MESSAGE["headers"] | {"X-PM-KeepID": "true"},
        Metadata={"message": MESSAGE["id"]},
        MessageStream=STREAM,
        TrackOpens=False,
        TrackLinks="None",
    )
    client.messages.outbound.all(count=50, offset=0, recipient=MESSAGE["address"])


def twilio(url: str) -> None:
    """twilio-python, whose client has one host only: ours is put in its place."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Here(TwilioHttpClient):
        def request(self, method: str, uri: str, **given: Any) -> Any:
            return super().request(method, uri.replace("https://api.twilio.com", url), **given)

    client = Client(ACCOUNT, KEY, http_client=Here())
    client.messages.create(
        to=MESSAGE["number"],
        from_=MESSAGE["from_number"],
        body=MESSAGE["text"],
        status_callback=f"{MESSAGE['callback']}?message={MESSAGE['id']}",
    )
    client.messages.list(to=MESSAGE["number"], page_size=100, limit=100)


def ses(url: str) -> None:
    """boto3."""
    import boto3

    client = boto3.client(
        "sesv2",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id="AKIA" + "4711" * 4,
        aws_secret_access_key=SECRET,
    )
    client.send_email(
        Content={"Raw": {"Data": RAW}},
        Destination={"ToAddresses": [MESSAGE["address"]]},
        EmailTags=[{"Name": "message", "Value": MESSAGE["id"]}],
        ConfigurationSetName="aima",
    )
    client.get_account()


def whatsapp(url: str) -> None:
    """pywa, whose session has one host only: ours is put in its place."""
    import httpx
    from pywa import WhatsApp
    from pywa.types.templates import BodyText, TemplateLanguage

    class Here(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=int(url.rpartition(":")[2]))
            return super().handle_request(request)

    session = httpx.Client(transport=Here())
    client = WhatsApp(phone_id=PHONE, token=KEY, session=session, api_version=26.0)
    values, german = ("Käthe & Co", "https://aima.example.com/u/4711"), TemplateLanguage.GERMAN
    client.send_template(MESSAGE["number"], "news", german, [BodyText.params(*values)], tracker=MESSAGE["id"])
    list(client.get_templates(waba_id=WABA))


def signatures() -> list[dict[str, Any]]:
    """Requests as botocore signs them for SES, at fixed times."""
    import hashlib
    from datetime import UTC, datetime, timedelta
    from unittest import mock

    from botocore import auth, awsrequest, credentials

    host, found = f"https://email.{REGION}.amazonaws.com", []
    for number, (method, path, body) in enumerate(
        [
            ("POST", "/v2/email/outbound-emails", '{"Content": {"Raw": {"Data": "R3LDvMOfZQ=="}}}'),
            ("POST", "/v2/email/outbound-emails", "Grüße 🎁"),
            ("GET", "/v2/email/account", ""),
            ("GET", "/v2/email/identities/example.com", ""),
            ("GET", "/v2/email/identities/shop%2Bnews%40example.com", ""),
            ("GET", "/v2/email/identities?NextToken=a%2Fb%3D&PageSize=10", ""),
        ]
    ):
        now = datetime(2026, 6, 15, 12, tzinfo=UTC) + timedelta(hours=7 * number, seconds=number)
        hashed = hashlib.sha256(body.encode()).hexdigest() if body else ""
        request = awsrequest.AWSRequest(method, host + path, {"X-Amz-Content-SHA256": hashed} if hashed else {}, body)
        known = credentials.Credentials("AKIA" + "4711" * 4, SECRET)
        with mock.patch.object(auth, "get_current_datetime", lambda at=now: at.replace(tzinfo=None)):
            auth.SigV4Auth(known, "ses", REGION).add_auth(request)
        signed = {"method": method, "url": host + path, "body": body, "hash": hashed, "region": REGION}
        signed |= {"key": known.access_key, "secret": SECRET, "date": request.headers["X-Amz-Date"]}
        found.append(signed | {"authorization": request.headers["Authorization"]})
    return found


def _tell(*cells: str) -> None:
    """A line of the table that a person sees beside the file."""
    sys.stderr.write("  ".join(cell.ljust(width) for cell, width in zip(cells, (12, 10, 46, 46), strict=False)) + "\n")


CLIENTS: dict[str, Callable[[str], None]] = {
    "boto3": ses,
    "mailgun": mailgun,
    "postmarker": postmark,
    "pywa": whatsapp,
    "sendgrid": sendgrid,
    "twilio": twilio,
}


def main() -> None:
    """Run every client; print what was noted."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    written: dict[str, Any] = {"message": MESSAGE, "clients": {name: version(name) for name in CLIENTS}, "requests": {}}
    written["signatures"] = signatures()
    for client, run in CLIENTS.items():
        vendor = run.__name__
        Recorder.vendor, Recorder.noted = vendor, []
        run(f"http://127.0.0.1:{server.server_address[1]}")
        handed_over, *asked = Recorder.noted
        written["requests"][vendor] = {"client": client, "message": handed_over, "question": asked[0]}
        _tell(client, version(client), *(f"{one['method']} {one['path']}" for one in (handed_over, asked[0])))
    _tell("botocore", version("botocore"), f"{len(written['signatures'])} signed requests")
    server.shutdown()
    sys.stdout.write(json.dumps(written, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
