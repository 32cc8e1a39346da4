"""The door that providers call at: who is believed, what is counted once, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from connectors.channels.discovery import providers
from core.clock import utc_now
from core.identity import Identity
from core.settings import get_settings
from database.engine import Database
from database.queries import events as queries
from database.queries import outbox
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, launched
from tests.conftest import make_organisation
from tests.integration import signed_calls as calls
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.reporting import apply, counted, event, message, state, suppressed
from tests.integration.signed_calls import told
from tests.integration.test_outbox import courier, run
from tools.campaigns.hooks import hook_url, reports_to
from tools.campaigns.unsubscribe import base_url
from tools.channels.change import Given, change_account
from web.app import create_app

KEY = b"a key for signatures in this test"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    calls.set_keys(monkeypatch)


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(counting_runtime(database), key=KEY, checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


def path(org_id: UUID, provider: str) -> str:
    return hook_url(KEY, "", provider, org_id)


def public(org_id: UUID, provider: str, query: str = "") -> str:
    return hook_url(KEY, base_url(get_settings()), provider, org_id) + query


async def post(http: httpx.AsyncClient, to: str, call: calls.Call) -> int:
    body, headers = call
    response = await http.post(to, content=body, headers=headers)
    if response.status_code == 200:
        assert response.content == b""  # Twilio would send a text on to the person
    return response.status_code


async def test_each_provider_is_taken_at_its_word(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    now = utc_now()
    ids = {name: message(database, organisation, provider=name) for name in ("sendgrid", "mailgun", "postmark")}
    sms = message(database, organisation, "+491701234567", provider="twilio", channel="sms")
    query = f"?message={sms}"
    delivered = {"event": "delivered", "id": "e1", "timestamp": now.timestamp()}
    made = {
        path(organisation, "sendgrid"): calls.sendgrid([told("delivered", ids["sendgrid"], now)], now),
        path(organisation, "mailgun"): calls.mailgun(
            {**delivered, "user-variables": {"message": str(ids["mailgun"])}}, now
        ),
        path(organisation, "postmark"): calls.postmark(
            {"RecordType": "Delivery", "MessageID": "m", "Metadata": {"message": str(ids["postmark"])}}
        ),
        path(organisation, "twilio") + query: calls.twilio(
            public(organisation, "twilio", query), MessageSid="SM1", MessageStatus="delivered", To="+491701234567"
        ),
    }
    for to, call in made.items():
        for _ in range(2):
            assert await post(http, to, call) == 200, to
    assert {state(database, organisation, one) for one in (*ids.values(), sms)} == {"delivered"}
    assert counted(database, organisation) == (4, 0, 4)


async def test_what_is_not_the_provider_s_changes_nothing(
    http: httpx.AsyncClient, database: Database, organisation: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    now, other = utc_now(), make_organisation(database)
    sent, theirs = message(database, organisation), message(database, other)
    gone = [told("bounce", sent, now, type="bounce", email="ada@example.com")]
    body, headers = calls.sendgrid(gone, now)
    to = path(organisation, "sendgrid")
    assert await post(http, to, (body + b" ", headers)) == 403
    assert await post(http, to, (body, {})) == 403
    assert await post(http, to, calls.sendgrid(gone, now - timedelta(hours=27))) == 403
    assert await post(http, to, calls.sendgrid({"event": "bounce"}, now)) == 403
    assert await post(http, to[:-3] + "AAA", (body, headers)) == 403
    assert (
        await post(http, path(organisation, "mailgun"), calls.mailgun({"event": "x"}, now - timedelta(hours=10))) == 406
    )
    assert await post(http, path(organisation, "mailgun")[:-3] + "AAA", calls.mailgun({"event": "x"}, now)) == 406
    assert await post(http, path(organisation, "postmark"), (b"{}", {})) == 403
    assert await post(http, path(organisation, "twilio"), (b"MessageSid=SM1", {})) == 403
    for nobody in ("smtp", "sandbox", "acme"):
        assert await post(http, path(organisation, nobody), (body, headers)) == 404
    assert (await http.get(to)).status_code == 405
    # a rightly signed call that names another organisation's message, and one to the other organisation's address
    assert (
        await post(http, to, calls.sendgrid([told("bounce", theirs, now, type="bounce", email="ada@example.com")], now))
        == 200
    )
    assert await post(http, path(other, "sendgrid"), (body, headers)) == 200
    for org_id in (organisation, other):
        assert counted(database, org_id) == (0, 0, 0)
    said = caplog.text
    assert "a call from SendGrid was refused" in said
    assert not [secret for secret in ("ada@", str(sent), calls.MAILGUN_KEY) if secret in said]


async def test_an_event_of_another_provider_s_message_is_none(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    now, sent = utc_now(), message(database, organisation, provider="mailgun")
    assert await post(http, path(organisation, "sendgrid"), calls.sendgrid([told("spamreport", sent, now)], now)) == 200
    assert counted(database, organisation) == (0, 0, 0)


async def test_a_signature_is_good_for_one_body(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    now, to = utc_now(), path(organisation, "mailgun")
    sent = message(database, organisation, provider="mailgun")
    event = {"event": "delivered", "id": "e1", "timestamp": now.timestamp(), "user-variables": {"message": str(sent)}}
    assert await post(http, to, calls.mailgun(event, now, token="t" * 50)) == 200
    assert await post(http, to, calls.mailgun({**event, "event": "complained", "id": "e2"}, now, token="t" * 50)) == 406
    assert await post(http, to, calls.mailgun(event, now, token="t" * 50)) == 200  # the same once more
    assert await post(http, to, calls.mailgun(event, now)) == 200  # the same event, signed anew
    assert counted(database, organisation) == (1, 0, 1)


async def test_without_a_key_the_provider_calls_again(
    http: httpx.AsyncClient, database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (None, "", "two words"):
        monkeypatch.delenv("AIMA_SENDGRID_WEBHOOK_KEY", raising=False)
        if key is not None:
            monkeypatch.setenv("AIMA_SENDGRID_WEBHOOK_KEY", key)
        response = await http.post(path(organisation, "sendgrid"), content=b"[]")
        assert response.status_code == 503, key
        assert int(response.headers["retry-after"]) >= 60


async def test_a_thousand_events_are_kept_together_or_not_at_all(
    http: httpx.AsyncClient, database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utc_now()
    ids = [message(database, organisation, f"c{number}@example.com") for number in range(200)]
    kinds = ("processed", "delivered", "open", "click", "unsubscribe")
    batch = calls.sendgrid([told(kind, one, now) for one in ids for kind in kinds], now)
    with monkeypatch.context() as broken:
        broken.setattr(queries, "settle_reported", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
        assert await post(http, path(organisation, "sendgrid"), batch) == 500
    assert counted(database, organisation) == (0, 0, 0)
    for _ in range(2):
        assert await post(http, path(organisation, "sendgrid"), batch) == 200
    assert counted(database, organisation) == (1000, 200, 200)


async def test_start_lifts_what_stop_set_and_nothing_else(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    to, url = path(organisation, "twilio"), public(organisation, "twilio")

    async def write(words: str, sid: str) -> str | None:
        call = calls.twilio(url, MessageSid=sid, From="+49 170 1234567", Body=words)
        assert await post(http, to, call) == 200
        return suppressed(database, organisation, "+491701234567", "sms")

    assert await write("Stop", "SM1") == "unsubscribed at twilio"
    assert await write("help", "SM2") == "unsubscribed at twilio"
    asked = "select count(*) from message_events where kind = 'asked_help' and address_hash is not null"
    assert run(database, organisation, asked) == 1
    assert await write("START", "SM3") is None
    assert await write("Stop", "SM1") is None  # told again: it was before the START
    assert await write("STOP", "SM4") == "unsubscribed at twilio"
    sent = message(database, organisation, "+491701234567", provider="twilio", channel="sms")
    apply(database, organisation, event("complained", sent, utc_now()), provider="twilio", channel="sms")
    assert await write("START", "SM5") == "complained"
    assert suppressed(database, organisation, "+491701234567", "email") is None


@pytest.mark.parametrize(
    "words",
    [
        "STOP", "stop", " Stop. ", "STOPALL", "Stop all", "UNSUBSCRIBE", "cancel", "END", "Quit!", "REVOKE", "opt-out",
        "OPTOUT", "STOPP", "Bitte abmelden", "ARRET", "Arrêt", "BAJA", "parar", "basta", "afmelden", "AVSLUTA",
        "Lopeta", "please stop texting me", "STOP SMS", "СТОП",
    ],
)  # fmt: skip
async def test_words_that_end_text_messages(
    http: httpx.AsyncClient, database: Database, organisation: UUID, words: str
) -> None:
    url = public(organisation, "twilio")
    call = calls.twilio(url, MessageSid="SM1", From="+491701234567", Body=words)
    assert await post(http, path(organisation, "twilio"), call) == 200
    assert suppressed(database, organisation, "+491701234567", "sms") == "unsubscribed at twilio"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("HELP", "asked_help"), ("Info?", "asked_help"), ("Hilfe", "asked_help"), ("aide svp", "asked_help"),
        ("Stop by tomorrow?", None), ("When does it end?", None), ("I can't quit you", None), ("", None),
        ("Please help, my order did not come", None), ("stop start", None), ("ok thanks", None), ("please", None),
    ],
)  # fmt: skip
async def test_other_words_end_nothing(
    http: httpx.AsyncClient, database: Database, organisation: UUID, words: str, kind: str | None
) -> None:
    call = calls.twilio(public(organisation, "twilio"), MessageSid="SM1", From="+491701234567", Body=words)
    assert await post(http, path(organisation, "twilio"), call) == 200
    assert suppressed(database, organisation, "+491701234567", "sms") is None
    assert run(database, organisation, "select kind from message_events") == kind


async def test_what_a_provider_reports_on_was_sent(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity
) -> None:
    """Two of unknown outcome, one that waits for another attempt: none of them goes out again."""
    now = utc_now()
    add_customers(database, organisation, addresses(3))
    launched(database, identity)
    ids = [
        run(database, organisation, "select id from messages where address = :a", a=f"c{n}@example.com")
        for n in range(3)
    ]
    run(database, organisation, "update messages set provider = 'sendgrid'")
    unknown = "update messages set status = 'unknown' where address <> 'c2@example.com'"
    run(database, organisation, unknown)
    with database.transaction(organisation) as connection:
        outbox.announce_unknown(connection, ids[:2])
    open_alerts = "select count(*) from alerts where kind = 'delivery_unknown' and seen_at is null"
    to = path(organisation, "sendgrid")
    first = [told("processed", ids[0], now, sg_message_id="abc.filter1"), told("bounce", ids[2], now)]
    assert await post(http, to, calls.sendgrid(first, now)) == 200
    assert run(database, organisation, open_alerts) == 1
    assert await post(http, to, calls.sendgrid([told("delivered", ids[1], now)], now)) == 200
    assert run(database, organisation, open_alerts) == 0
    run(database, organisation, "update messages set provider = 'sandbox'")
    assert courier(database, organisation).run() == {}
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert status.counts == {"sent": 3}
    assert run(database, organisation, "select provider_reference from messages where id = :id", id=ids[0]) == "abc"


async def test_an_organisation_s_own_key_counts_for_it_alone(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity
) -> None:
    now, other = utc_now(), make_organisation(database)
    own = {"mailgun_key": "k", "mailgun_domain": "mg.example.com", "mailgun_webhook_key": "own-key-of-one"}
    change_account(database, identity, get_settings(), "email", Given(provider="mailgun", values=own))
    sent = {org_id: message(database, org_id, provider="mailgun") for org_id in (organisation, other)}

    def call(org_id: UUID, key: str) -> calls.Call:
        event = {"event": "delivered", "id": uuid4().hex, "user-variables": {"message": str(sent[org_id])}}
        return calls.mailgun(event, now, key=key)

    assert await post(http, path(organisation, "mailgun"), call(organisation, calls.MAILGUN_KEY)) == 406
    assert await post(http, path(other, "mailgun"), call(other, "own-key-of-one")) == 406
    assert {state(database, org_id, one) for org_id, one in sent.items()} == {None}
    assert await post(http, path(organisation, "mailgun"), call(organisation, "own-key-of-one")) == 200
    assert await post(http, path(other, "mailgun"), call(other, calls.MAILGUN_KEY)) == 200
    assert {state(database, org_id, one) for org_id, one in sent.items()} == {"delivered"}


def test_the_address_is_shown_where_somebody_outside_can_reach_it(organisation: UUID) -> None:
    inside, outside = get_settings(), get_settings().model_copy(update={"public_url": "https://aima.example.com/"})
    assert reports_to(inside, providers()["mailgun"], organisation) == ""
    assert reports_to(outside, providers()["smtp"], organisation) == ""
    shown = reports_to(outside, providers()["mailgun"], organisation)
    assert re.fullmatch(r"https://aima\.example\.com/hooks/mailgun/[\w-]{40,50}", shown)
