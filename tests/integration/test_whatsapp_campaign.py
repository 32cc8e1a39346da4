"""WhatsApp the whole way: proposals are approved texts, filled in; their reports, and what people write back."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from core.clock import utc_now
from core.errors import FixArguments
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, EVERYBODY, approve, context, put_customer
from tests.conformance.apis.whatsapp import ACCOUNT, NUMBER, TOKEN, WhatsAppApi, template
from tests.conftest import make_organisation
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.reporting import counted, message, state, suppressed
from tests.integration.test_outbox import courier
from tools.campaigns.hooks import hook_url
from tools.channels.account import Seal, transports_of
from web.app import create_app

SECRET, KEY = "secret-of-the-app", b"a key for signatures in this test"
BODY = "Hello {{1}},\n\nthe {{2}} is new.\n\nAnswer STOP or open {{3}} to get no more of these."


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WhatsAppApi]:
    """WhatsApp, set up by whoever runs AIMA."""
    api = WhatsAppApi()
    api.templates = [template("news", ("BODY", BODY)), template("other", ("BODY", "Bye {{1}}."))]
    given = {"TOKEN": TOKEN, "NUMBER": NUMBER, "ACCOUNT": ACCOUNT, "SECRET": SECRET, "URL": api.url}
    for name, value in given.items():
        monkeypatch.setenv(f"AIMA_WHATSAPP_{name}", value)
    yield api
    api.stop()


@pytest.fixture
def people(database: Database, organisation: UUID) -> None:
    """One who agreed to WhatsApp, one who agreed to SMS alone."""
    with database.transaction(organisation) as connection:
        put_customer(connection, "ada", "+491701234567", kind="phone", channel="whatsapp")
        put_customer(connection, "ben", "+491701234568", kind="phone", channel="sms")


def proposed(database: Database, identity: Identity, body: str) -> Any:
    arguments = {
        "name": "News", "rule": EVERYBODY, "channel": "whatsapp", "body_text": body, "holdout_share": 0,
    }  # fmt: skip
    found: Any = CATALOGUE.call("propose_campaign", arguments, context(database, identity))
    return found.proposal


def test_a_proposal_shows_the_approved_text_as_it_will_be_read(
    database: Database, identity: Identity, organisation: UUID, api: WhatsAppApi, people: None
) -> None:
    shown = proposed(database, identity, "Hello {first_name|there},\n\nthe red mug is new.")
    assert (shown.carrier, shown.audience.reachable, shown.audience.without_consent) == ("WhatsApp", 1, 1)
    assert shown.sample.text.startswith("Hello there,\n\nthe red mug is new.\n\nAnswer STOP or open http")
    with pytest.raises(FixArguments, match=r"approved beforehand .*Valid: news \(en\): “Hello \{\{1\}\}, the"):
        proposed(database, identity, "Buy the red mug now")
    with pytest.raises(FixArguments, match="without conditions"):
        proposed(database, identity, "Hello {% if city %}you{% else %}there{% endif %},\n\nthe red mug is new.")
    revised: Any = CATALOGUE.call(
        "revise_proposal",
        {"proposal_id": str(shown.id), "body_text": "Hello {first_name|you},\n\nthe blue mug is new."},
        context(database, identity),
    )
    with pytest.raises(FixArguments, match="approved beforehand"):
        CATALOGUE.call(
            "revise_proposal",
            {"proposal_id": str(revised.proposal.id), "body_text": "Hello"},
            context(database, identity),
        )
    assert api.sent == []
    approve(database, identity, revised.proposal)
    with database.transaction(organisation) as connection:
        transports = transports_of(connection, Seal(context(database, identity).settings, organisation))
    assert courier(database, organisation, transports=dict(transports)).run()["sent"] == 1
    (sent,) = api.sent
    assert sent.address == "+491701234567"
    assert sent.whole["template"]["name"] == "news"
    values = [one["text"] for one in sent.whole["template"]["components"][0]["parameters"]]
    assert values[:2] == ["you", "blue mug"]
    assert values[2].startswith("https://aima.example.com/u/")


def test_without_whatsapp_any_text_goes_to_the_sandbox(database: Database, identity: Identity, people: None) -> None:
    assert proposed(database, identity, "Buy the red mug now").provider == "sandbox"


# --- its calls ---


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(counting_runtime(database), key=KEY, checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


def path(org_id: UUID, provider: str = "whatsapp") -> str:
    return hook_url(KEY, "", provider, org_id)


def signed(value: dict[str, Any], key: str = SECRET) -> dict[str, Any]:
    body = json.dumps({"object": "x", "entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()
    signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return {"content": body, "headers": {"X-Hub-Signature-256": f"sha256={signature}"}}


def told(status: str, message: UUID, number: int = 1, **more: Any) -> dict[str, Any]:
    at = str(int(utc_now().timestamp()) - 60 + number)
    named = {"id": "wamid.1", "status": status, "timestamp": at, "recipient_id": "491701234567"}
    return {"statuses": [named | {"biz_opaque_callback_data": str(message)} | more]}


async def test_meta_s_question_is_answered_at_the_right_address_alone(
    http: httpx.AsyncClient, organisation: UUID, api: WhatsAppApi
) -> None:
    token = path(organisation).rpartition("/")[2]
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
    answer = await http.get(path(organisation), params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await http.get(path(organisation), params=asked | {"hub.verify_token": "x"})).status_code == 403
    assert (await http.get(path(organisation)[:-3] + "AAA", params=asked)).status_code == 403
    assert (await http.get(path(organisation, "sendgrid"), params=asked)).status_code == 405
    assert (await http.get(path(organisation, "smtp"), params=asked)).status_code == 404


async def test_states_come_in_any_order_and_twice_and_count_once(
    http: httpx.AsyncClient, database: Database, organisation: UUID, api: WhatsAppApi
) -> None:
    sent = message(database, organisation, "+491701234567", provider="whatsapp", channel="whatsapp")
    for status, number in (("read", 3), ("delivered", 2), ("sent", 1), ("delivered", 2)):
        call = signed(told(status, sent, number))
        assert (await http.post(path(organisation), **call)).status_code == 200
    assert state(database, organisation, sent) == "delivered"
    assert counted(database, organisation) == (3, 0, 1)


async def test_what_is_not_whatsapp_s_or_another_organisation_s_changes_nothing(
    http: httpx.AsyncClient, database: Database, organisation: UUID, api: WhatsAppApi
) -> None:
    other = make_organisation(database)
    theirs = message(database, other, "+491701234567", provider="whatsapp", channel="whatsapp")
    call = signed(told("failed", theirs, errors=[{"code": 131050}]))
    assert (await http.post(path(organisation), **call)).status_code == 200  # ours, and it names a message of theirs
    assert (await http.post(path(other), **signed(told("read", theirs), key="another app"))).status_code == 403
    assert (await http.post(path(other), content=call["content"])).status_code == 403
    assert (await http.post(path(other)[:-3] + "AAA", **call)).status_code == 403
    for org_id in (organisation, other):
        assert counted(database, org_id) == (0, 0, 0)


async def test_who_stops_in_any_way_gets_no_more_and_who_starts_some(
    http: httpx.AsyncClient, database: Database, organisation: UUID, api: WhatsAppApi
) -> None:
    async def call(value: dict[str, Any]) -> str | None:
        assert (await http.post(path(organisation), **signed(value))).status_code == 200
        return suppressed(database, organisation, "+491701234567", "whatsapp")

    now = int(utc_now().timestamp()) - 100

    def wrote(words: str, number: int) -> dict[str, Any]:
        at = {"from": "491701234567", "id": f"wamid.in{number}", "timestamp": str(now + number)}
        return {"messages": [at | {"type": "text", "text": {"body": words}}]}

    assert await call(wrote("Hello", 1)) is None
    assert await call(wrote("Stop promotions", 2)) == "unsubscribed at whatsapp"
    assert await call(wrote("START", 3)) is None
    wish = {"wa_id": "491701234567", "category": "marketing_messages", "value": "stop", "timestamp": now + 4}
    assert await call({"user_preferences": [wish]}) == "unsubscribed at whatsapp"
    assert await call({"user_preferences": [wish | {"value": "resume", "timestamp": now + 5}]}) is None
    sent = message(database, organisation, "+491701234567", provider="whatsapp", channel="whatsapp")
    assert await call(told("failed", sent, errors=[{"code": 131050, "title": "x"}])) == "unsubscribed at whatsapp"
    assert suppressed(database, organisation, "+491701234567", "sms") is None
