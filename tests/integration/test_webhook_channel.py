"""Messages to a webhook: where it may lead, what got no answer comes again under its id, the whole way."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from connectors.channels import http
from connectors.channels.contract import Message, Refused, Unreachable
from connectors.channels.credentials import networks_in
from connectors.channels.webhook import PROVIDER, WebhookSettings
from connectors.channels.webhook.guard import outside
from connectors.channels.webhook.standard import key_in, signed_headers
from core.clock import utc_now
from core.errors import FixArguments
from core.identity import Identity
from core.settings import get_settings
from database.engine import Database
from tests.campaign_scene import CATALOGUE, EVERYBODY, approve, context, put_customer, statuses
from tests.conformance.apis import cut, reply
from tests.conformance.apis.webhook import PATH, SECRET, WebhookApi
from tests.integration.test_outbox import courier, run
from tools.channels.change import Given, change_account
from tools.imports.load import import_file
from workers.route import MAX_ATTEMPTS

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "webhook_vectors.json").read_text(encoding="utf-8"))[
    "standard"
]


@pytest.fixture
def api() -> Iterator[WebhookApi]:
    api = WebhookApi()
    yield api
    api.stop()


def settings(url: str, networks: str = "127.0.0.0/8") -> WebhookSettings:
    given = {"webhook_url": url, "webhook_secret": SECRET, "webhook_networks": networks}
    return WebhookSettings.model_validate(given)


def message(address: str = "p-1") -> Message:
    return Message(uuid4(), "webhook", "Shop", address, "Hi", "Hello", fields={"at": utc_now().isoformat()})


def deliver(url: str, networks: str = "127.0.0.0/8", **changes: Any) -> None:
    transport = PROVIDER.open(settings(url, networks))
    try:
        transport.deliver(message(**changes), lambda: None)
    finally:
        transport.close()


# --- where it may lead ---

INSIDE = (
    "127.0.0.1 10.1.2.3 172.16.0.9 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 240.0.0.1 ::1 :: fe80::1"
    " fc00::1 ff02::1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::a00:1 2002:a00:1:: 192.0.2.1 198.18.0.1"
)
OUTSIDE = "93.184.216.34 2606:2800:220:1::1 ::ffff:93.184.216.34 64:ff9b::5db8:d822"


@pytest.mark.parametrize("address", INSIDE.split())
def test_what_only_our_network_reaches_is_not_called(address: str) -> None:
    assert not outside(ip_address(address), [])


@pytest.mark.parametrize("address", OUTSIDE.split())
def test_the_internet_is(address: str) -> None:
    assert outside(ip_address(address), [])
    assert outside(ip_address("10.1.2.3"), networks_in("fc00::/7, 10.1.0.0/16"))
    assert not outside(ip_address("10.2.2.3"), networks_in("fc00::/7, 10.1.0.0/16"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_called_only_where_whoever_runs_it_allows_it(
    api: WebhookApi, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = api.url.replace("127.0.0.1", host) + PATH
    with pytest.raises(Unreachable, match="AIMA_WEBHOOK_NETWORKS"):
        deliver(url, networks="10.0.0.0/8")
    assert api.asked == []
    if host == "127.0.0.1":  # an organisation's own settings name no networks: the environment's hold
        monkeypatch.setenv("AIMA_WEBHOOK_NETWORKS", "127.0.0.1/32")
        deliver(url, networks="")
        assert len(api.sent) == 1


def test_a_name_that_leads_inside_is_not_followed(api: WebhookApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of its addresses is enough; and what was looked at is what is connected to."""
    port = int(api.url.rpartition(":")[2])
    asked: list[str] = []

    def resolve(*found: str) -> Any:
        def getaddrinfo(host: str, *_rest: Any, **_more: Any) -> Any:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

        return getaddrinfo

    url = f"https://hooks.example.com:{port}{PATH}"
    monkeypatch.setattr("connectors.channels.webhook.guard.socket.getaddrinfo", resolve("93.184.216.34", "127.0.0.1"))
    with pytest.raises(Unreachable, match="AIMA_WEBHOOK_NETWORKS"):
        deliver(url, networks="")
    assert (asked, api.asked) == (["hooks.example.com"], [])


def test_a_name_nobody_knows_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        deliver("https://webhook.invalid/x")


def test_no_redirect_is_followed(api: WebhookApi) -> None:
    api.faults = [reply(307, None, Location=f"{api.url}{PATH}?elsewhere")]
    with pytest.raises(Unreachable, match="leads nowhere"):
        deliver(api.url + PATH)
    assert (len(api.asked), api.sent) == (1, [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"webhook_url": "http://hooks.example.com/x"}, "https"),
        ({"webhook_url": "https://ann:geheim@hooks.example.com/x"}, "address"),
        ({"webhook_url": "https://hooks.example.com/x#geheim"}, "address"),
        ({"webhook_url": "https://hooks.example.com/geheim geheim"}, "one word"),
        ({"webhook_secret": "geheim"}, "whsec_"),
        ({"webhook_secret": "whsec_" + base64.b64encode(b"too short").decode()}, "24 to 64"),
        ({"webhook_networks": "geheim"}, "networks"),
    ],
)
def test_wrong_settings_say_what_would_be_right(given: dict[str, str], words: str) -> None:
    with pytest.raises(FixArguments, match=words) as error:
        PROVIDER.read_settings(given)
    assert "geheim" not in error.value.message


def test_an_organisation_does_not_open_networks(database: Database, identity: Identity) -> None:
    values = {"webhook_url": "https://127.0.0.1/x", "webhook_secret": SECRET, "webhook_networks": "127.0.0.0/8"}
    with pytest.raises(FixArguments, match="no setting 'webhook_networks'"):
        change_account(database, identity, get_settings(), "webhook", Given(provider="webhook", values=values))


# --- how it is signed ---


def test_the_vector_of_the_specification() -> None:
    """The example of the Standard Webhooks specification's own libraries."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["headers"]["webhook-id"][:8])
def test_messages_are_signed_as_the_official_library_signs_and_verifies(vector: dict[str, Any]) -> None:
    """Made, and taken back, by standardwebhooks (benchmarks/webhook_vectors.py)."""
    headers = vector["headers"]
    made = int(headers["webhook-timestamp"])
    signed = signed_headers(key_in(vector["secret"]), headers["webhook-id"], made, vector["body"].encode())
    assert signed == headers


def test_no_name_is_more_than_a_name(api: WebhookApi) -> None:
    """What people are called stands in JSON, and in no header."""
    transport = PROVIDER.open(settings(api.url + PATH))
    odd = Message(
        uuid4(), "webhook", "Shop\r\nX-Evil: 1", "p-1", 'a"}\r\n\x00', 'text"}, {"\ud800', fields={"unsubscribe": "u"}
    )
    transport.deliver(odd, lambda: None)
    (sent,) = api.sent
    assert (sent.whole["from"], sent.whole["subject"]) == ("Shop X-Evil: 1", 'a"}')
    assert sent.text.startswith('text"}, {"')
    assert "x-evil" not in api.asked[0].headers
    transport.close()


def test_what_is_gone_stops_everything_and_what_is_refused_says_why(api: WebhookApi) -> None:
    api.faults = [reply(410)]
    with pytest.raises(Unreachable, match="410"):
        deliver(api.url + PATH)
    with pytest.raises(Refused, match="refused-a is nobody"):
        deliver(api.url + PATH, address="refused-a")
    deliver(f"{api.url}{PATH}?tenant=7")
    assert api.asked[-1].query == {"tenant": "7"}


# --- the whole way ---


@pytest.fixture
def configured(api: WebhookApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook, as whoever runs AIMA sets it up."""
    given = {"URL": api.url + PATH, "SECRET": SECRET, "NETWORKS": "127.0.0.0/8", "SENDER": "Mug Shop"}
    for name, value in given.items():
        monkeypatch.setenv(f"AIMA_WEBHOOK_{name}", value)


def approved(database: Database, identity: Identity) -> Any:
    arguments = {
        "name": "Push", "rule": EVERYBODY, "channel": "webhook", "subject": "New", "holdout_share": 0,
        "body_text": "Hello {first_name|there}",
    }  # fmt: skip
    found: Any = CATALOGUE.call("propose_campaign", arguments, context(database, identity))
    return approve(database, identity, found.proposal) and found.proposal


def sending(database: Database, org_id: UUID, **more: Any) -> Any:
    transports = {"webhook": PROVIDER.open(PROVIDER.read_settings())}
    return courier(database, org_id, transports=transports, **more)


def test_a_campaign_goes_to_those_who_agreed_under_the_ids_of_a_file(
    database: Database, identity: Identity, organisation: UUID, api: WebhookApi, configured: None, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(
        "customer_id,name,webhook_id,consent_webhook\na,Ada Lovelace,u-1,yes\nb,Ben,u-2,no\nc,Cem,,yes\nd,Dan,u 4,yes\n"
    )
    import_file(database, identity, tmp_path / "people.csv")
    shown = approved(database, identity)
    assert (shown.carrier, shown.sender, shown.audience.reachable) == ("your webhook", "Mug Shop", 1)
    assert sending(database, organisation).run() == {"sent": 1}
    (sent,) = api.sent
    assert (sent.address, sent.whole["subject"], sent.whole["from"]) == ("u-1", "New", "Mug Shop")
    assert sent.whole["unsubscribe"].startswith("https://aima.example.com/u/")
    assert sent.text == f"Hello Ada\n\nNo more of these: {sent.whole['unsubscribe']}\n"


def test_what_got_no_answer_is_handed_over_again_and_taken_once(
    database: Database, identity: Identity, organisation: UUID, api: WebhookApi, configured: None
) -> None:
    with database.transaction(organisation) as connection:
        for number in range(3):
            put_customer(connection, f"c{number}", f"u-{number}", kind="webhook_id", channel="webhook")
    approved(database, identity)
    api.faults = [cut, reply(500)]
    assert sending(database, organisation).run() == {"sent": 1, "postponed": 2}
    assert statuses(database, organisation) == {"sent": 1, "pending": 2}
    later = utc_now() + timedelta(minutes=2)
    assert sending(database, organisation, clock=lambda: later).run() == {"sent": 2}
    assert sorted(sent.address for sent in api.sent) == ["u-0", "u-1", "u-2"]
    assert len({request.headers["webhook-id"] for request in api.asked}) == 3
    assert len(api.asked) == 5


def test_what_a_dead_courier_left_is_handed_over_again(
    database: Database, identity: Identity, organisation: UUID, api: WebhookApi, configured: None
) -> None:
    with database.transaction(organisation) as connection:
        put_customer(connection, "a", "u-1", kind="webhook_id", channel="webhook")
    approved(database, identity)
    run(database, organisation, "update messages set status = 'handing_over', claimed_by = 42")
    assert sending(database, organisation).run() == {"recovered": 1, "sent": 1}
    assert len(api.sent) == 1


def test_in_the_end_a_person_is_asked(
    database: Database, identity: Identity, organisation: UUID, api: WebhookApi, configured: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(5))
    with database.transaction(organisation) as connection:
        put_customer(connection, "a", "u-1", kind="webhook_id", channel="webhook")
    approved(database, identity)
    run(database, organisation, "update messages set attempts = :most", most=MAX_ATTEMPTS - 1)
    api.faults = [reply(502)]
    assert sending(database, organisation).run() == {"unknown": 1}
    assert run(database, organisation, "select count(*) from alerts where kind = 'delivery_unknown'") == 1
