"""What AIMA sends to message services, beside what their own clients send, and as their published descriptions say.

tests/data/provider_requests.json is what benchmarks/provider_requests.py noted of those clients.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from connectors.channels.contract import Attempt, Message, Transport, Unreachable
from connectors.channels.discovery import providers
from tests.conformance.apis import ProviderApi, Reply, Request
from tests.conftest import SHARED_DATA

NOTED = json.loads((Path(__file__).parents[1] / "data" / "provider_requests.json").read_text(encoding="utf-8"))
SENT, REQUESTS = NOTED["message"], NOTED["requests"]
SPECS = SHARED_DATA.parent / "vendor_specs"
KEY, ACCOUNT = "key-4711", "AC" + "0" * 32
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTINGS: Mapping[str, dict[str, str]] = {
    "mailgun": {"mailgun_key": KEY, "mailgun_domain": "mg.example.com"},
    "postmark": {"postmark_token": KEY},
    "sendgrid": {"sendgrid_key": KEY},
    "ses": {
        "ses_key": "AKIA" + "4711" * 4,
        "ses_secret": "secret/of+ses/4711",
        "ses_region": "eu-central-1",
        "ses_configuration_set": "aima",
    },
    "whatsapp": {"whatsapp_token": KEY, "whatsapp_number": "106540352242922", "whatsapp_account": "102290129340398"},
    "twilio": {"twilio_account": ACCOUNT, "twilio_token": KEY},
}
TAKEN = {
    "mailgun": Reply(200, {"id": "<1@mg.example.com>"}),
    "postmark": Reply(200, {"ErrorCode": 0, "MessageID": "1"}),
    "sendgrid": Reply(202, None, {"X-Message-Id": "1"}),
    "ses": Reply(200, {"MessageId": "1"}),
    "whatsapp": Reply(200, {"messages": [{"id": "wamid.1"}]}),
    "twilio": Reply(201, {"sid": "SM1"}),
}


NEWS = {
    "name": "news", "language": "de", "category": "MARKETING", "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Hallo {{1}}, Neues: {{2}} ."}],
}  # fmt: skip


class Noting(ProviderApi):
    """Takes everything."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def is_message(self, request: Request) -> bool:
        return False

    def answer(self, request: Request) -> Reply:
        if request.method == "GET" or "logs" in request.path:
            return Reply(200, {"messages": [], "data": [NEWS]})
        return TAKEN[self.name]


@pytest.fixture(params=sorted(SETTINGS))
def noting(request: pytest.FixtureRequest) -> Iterator[Noting]:
    noting = Noting(request.param)
    yield noting
    noting.stop()


@pytest.fixture
def transport(noting: Noting) -> Iterator[Transport]:
    provider = providers()[noting.name]
    settings = provider.settings.model_validate(SETTINGS[noting.name] | {f"{noting.name}_url": noting.url})
    transport = provider.open(settings)
    yield transport
    transport.close()


def email() -> Message:
    headers = {"Date": "Fri, 20 Nov 2026 12:00:00 +0000", **SENT["headers"]}
    sender = f'"{SENT["name"]}" <{SENT["sender"]}>'.replace('"Shop"', r"\"Shop\"")
    return Message(
        UUID(SENT["id"]), "email", sender, SENT["address"], SENT["subject"], SENT["text"], SENT["html"], headers
    )


def sms() -> Message:
    callback = {"callback": SENT["callback"]}
    return Message(UUID(SENT["id"]), "sms", SENT["from_number"], SENT["number"], None, SENT["text"], fields=callback)


def whatsapp() -> Message:
    text = "Hallo Käthe & Co, Neues: https://aima.example.com/u/4711 .\n"
    return Message(UUID(SENT["id"]), "whatsapp", "Shop", SENT["number"], None, text)


def written(name: str) -> Message:
    return {"twilio": sms, "whatsapp": whatsapp}.get(name, email)()


def body(request: Request) -> Any:
    if not request.content:
        return None
    return request.form if "form" in request.headers["content-type"] else request.json


def authorization(request: Request) -> str:
    token = request.headers.get("x-postmark-server-token")
    said = f"token {token}" if token else request.headers["authorization"]
    return re.sub(r"^(AWS4-HMAC-SHA256 Credential=\w+/)\d{8}(/[\w/-]+).*", r"\1DAY\2", said)  # as noted of theirs


def test_a_message_is_what_the_vendors_client_makes_of_it(noting: Noting, transport: Transport) -> None:
    theirs = REQUESTS[noting.name]["message"]
    transport.deliver(written(noting.name), lambda: None)
    ours = noting.asked[-1]  # after the templates, where there are some
    assert (ours.method, ours.path, dict(ours.query)) == (theirs["method"], theirs["path"], theirs["query"])
    assert authorization(ours) == theirs["authorization"]
    assert ours.headers["content-type"].partition(";")[0] == theirs["type"]
    assert _plain(body(ours)) == _plain(theirs["body"])


def test_the_question_is_put_as_the_vendors_client_puts_it(noting: Noting, transport: Transport) -> None:
    theirs = REQUESTS[noting.name]["question"]
    address = SENT["number"] if noting.name == "twilio" else SENT["address"]
    transport.reconcile(Attempt(UUID(SENT["id"]), address, AT, "https://aima.example.com/u/4711"))
    if not noting.asked:  # nobody to ask what became of messages: the first question of the check instead
        with contextlib.suppress(Unreachable):
            check = vars(type(transport))["check"]
            check(transport, *([] if noting.name == "whatsapp" else ["shop@example.com", address]))
    ours = next(one for one in noting.asked if one.path == theirs["path"])
    assert (ours.method, ours.path) == (theirs["method"], theirs["path"])
    assert authorization(ours) == theirs["authorization"]
    assert set(theirs["query"]) - {"recipient", "summary"} <= set(ours.query)
    if theirs["body"]:
        assert set(body(ours)) == set(theirs["body"])


def _plain(tree: Any) -> Any:
    """JSON without the order of what has none, and without what says nothing. Which message it is stands elsewhere."""
    if isinstance(tree, dict):
        raw = {"Data": bool(base64.b64decode(tree["Data"], validate=True))} if "Data" in tree else {}
        return {name: _plain(value) for name, value in tree.items() if value not in (None, [])} | raw
    if isinstance(tree, list):
        return sorted((_plain(item) for item in tree), key=lambda item: json.dumps(item, sort_keys=True))
    return tree


# --- the published descriptions ---


def described(file: str) -> Any:
    path = SPECS / f"{file}.json.gz"
    if not path.is_file():
        pytest.skip("the vendors' published descriptions (../shared/vendor_specs) are not here")
    return json.loads(gzip.decompress(path.read_bytes()))


def check(document: Any, schema: Any, tree: Any) -> None:
    closed = {"components": document["components"], **schema}
    errors = [
        f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in Draft202012Validator(closed).iter_errors(tree)
    ]
    assert not errors


@pytest.mark.parametrize("noting", ["sendgrid"], indirect=True)
def test_sendgrids_description_is_kept(noting: Noting, transport: Transport) -> None:
    mail, logs = described("sendgrid_mail"), described("sendgrid_logs")
    transport.deliver(email(), lambda: None)
    transport.reconcile(Attempt(UUID(SENT["id"]), SENT["address"], AT))
    sent, asked = (request.json for request in noting.asked)
    schema = mail["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
    check(mail, schema, sent)
    assert set(sent) <= set(schema["properties"])
    wanted = logs["components"]["schemas"]["EmailLogsGetMessagesByFilterRequest"]
    check(logs, wanted, asked)
    assert set(asked) <= set(wanted["properties"])


@pytest.mark.parametrize("noting", ["twilio"], indirect=True)
def test_twilios_description_is_kept(noting: Noting, transport: Transport) -> None:
    document = described("twilio_api_v2010")
    paths = document["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]
    transport.deliver(sms(), lambda: None)
    transport.reconcile(Attempt(UUID(SENT["id"]), SENT["number"], AT, "https://aima.example.com/u/4711"))
    sent, asked = noting.asked
    schema = paths["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    check(document, schema, sent.form)
    assert set(sent.form) <= set(schema["properties"])
    assert set(asked.query) <= {one["name"] for one in paths["get"]["parameters"]}
    assert base64.b64encode(f"{ACCOUNT}:{KEY}".encode()).decode() in sent.headers["authorization"]
