"""The link in each message: what it shows, what it changes, and what nobody can do by it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from connectors.channels.contract import Message, Receipt
from connectors.channels.sandbox import SandboxTransport
from core.identity import Identity
from database.engine import Database
from database.queries import suppressions
from tests.campaign_scene import add_customers, addresses, launched, put_customer
from tests.conftest import make_organisation
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.test_outbox import courier, run
from tools.campaigns.following import Trail
from tools.campaigns.unsubscribe import unsubscribe_token
from web.app import create_app
from workers.letters import Links

KEY = b"a key for signatures in this test"
PHONE = "+4915112345678"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(counting_runtime(database), key=KEY, checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


class Reader:
    """Somebody with an email address and a telephone number who got an email."""

    def __init__(self, database: Database, org_id: UUID, *, sms: bool | None = True) -> None:
        self.database, self.org_id = database, org_id
        with database.transaction(org_id) as connection:
            self.id = put_customer(connection, "ada", "Ada@example.com")
            phone = "insert into contact_points (customer_id, kind, address) values (:id, 'phone', :phone)"
            connection.execute(text(phone), {"id": self.id, "phone": PHONE})
            if sms is not None:
                agreed = (
                    "insert into consents (customer_id, channel, granted, source) values (:id, 'sms', :sms, 'test')"
                )
                connection.execute(text(agreed), {"id": self.id, "sms": sms})
            made = """
                insert into messages (campaign_id, customer_id, channel, address, status, due_at, sent_at, provider)
                values ('c', :id, 'email', 'Ada@example.com', 'sent', now(), now(), 'smtp') returning id"""
            self.message: UUID = connection.execute(text(made), {"id": self.id}).scalar_one()
        self.path = f"/u/{unsubscribe_token(KEY, org_id, self.message)}"

    def reached(self) -> set[str]:
        """The channels that a campaign would reach them on now."""
        found = """select array_agg(a.channel) from consents a join contact_points p
                   on p.customer_id = a.customer_id and p.kind = case a.channel when 'sms' then 'phone' else 'email' end
                   where a.customer_id = :id and a.granted and not exists (select from suppressions s
                       where s.channel = a.channel and s.address = lower(p.address))"""
        return set(run(self.database, self.org_id, found, id=self.id) or [])

    def suppress(self, channel: str, reason: str) -> None:
        with self.database.transaction(self.org_id) as connection:
            suppressions.add(connection, channel, PHONE if channel == "sms" else "ada@example.com", reason)


def ticked(page: str) -> dict[str, tuple[bool, bool]]:
    """Of each channel on the page: whether it is ticked, and whether that can be changed."""
    boxes = re.findall(r'<input type="checkbox" name="channel" value="(\w+)"( checked)?( disabled)?>', page)
    return {name: (bool(checked), not disabled) for name, checked, disabled in boxes}


@pytest.fixture
def reader(database: Database, organisation: UUID) -> Reader:
    return Reader(database, organisation)


async def test_it_shows_what_somebody_gets_and_looking_changes_nothing(http: httpx.AsyncClient, reader: Reader) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        await http.request(method, reader.path)
        await http.request(method, f"{reader.path}/channels")
    assert reader.reached() == {"email", "sms"}
    page = await http.get(reader.path)
    assert ticked(page.text) == {"email": (True, True), "sms": (True, True)}
    assert "Ada@example.com" in page.text
    assert "…678" in page.text
    assert PHONE not in page.text  # who holds a mail that was passed on learns no number
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_each_channel_is_ended_and_begun_again(http: httpx.AsyncClient, reader: Reader) -> None:
    for wanted in ({"email"}, set(), {"sms"}, {"email", "sms"}, {"email", "fax"}, {"sms", "email"}):
        page = await http.post(f"{reader.path}/channels", data={"channel": sorted(wanted)})
        assert (page.status_code, "Kept." in page.text) == (200, True)
        assert reader.reached() == wanted & {"email", "sms"}
        assert {name for name, (on, _) in ticked(page.text).items() if on} == wanted & {"email", "sms"}
    history = (
        "select array_agg(kind || coalesce(' ' || detail, '') order by id) from message_events where message_id = :m"
    )
    said = run(reader.database, reader.org_id, history, m=reader.message)
    assert said == [
        "preference sms off", "unsubscribed", "preference sms on", "resubscribed",
        "preference sms off", "preference sms on",
    ]  # fmt: skip


async def test_one_click_ends_only_what_the_message_came_by(http: httpx.AsyncClient, reader: Reader) -> None:
    done = await http.post(reader.path, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, reader.reached()) == (200, {"sms"})
    assert f'href="{reader.path}"' in done.text
    page = await http.get(reader.path)
    assert ticked(page.text) == {"email": (False, True), "sms": (True, True)}
    assert "gets no emails" in page.text


@pytest.mark.parametrize(
    ("channel", "reason", "said"),
    [
        ("email", "complained", "reported as spam"),
        ("email", "bounced", "came back"),
        ("email", "unsubscribed at mailgun", "unsubscribed at mailgun"),
        ("sms", "unsubscribed at twilio", "unsubscribed at twilio"),
    ],
)
async def test_what_was_ended_elsewhere_is_not_begun_here(
    http: httpx.AsyncClient, reader: Reader, channel: str, reason: str, said: str
) -> None:
    reader.suppress(channel, reason)
    page = await http.post(f"{reader.path}/channels", data={"channel": ["email", "sms"]})
    assert ticked(page.text)[channel] == (False, False)
    assert said in page.text
    assert channel not in reader.reached()


@pytest.mark.parametrize("sms", [None, False])
async def test_a_mail_agrees_to_nothing_elsewhere(
    http: httpx.AsyncClient, database: Database, organisation: UUID, sms: bool | None
) -> None:
    reader = Reader(database, organisation, sms=sms)
    reader.suppress("sms", "unsubscribed")
    page = await http.post(f"{reader.path}/channels", data={"channel": ["email", "sms"]})
    assert ticked(page.text) == {"email": (True, True)}
    assert run(database, organisation, "select bool_or(granted) from consents where channel = 'sms'") in (None, False)


async def test_who_refused_elsewhere_agrees_again_by_their_own_link(http: httpx.AsyncClient, reader: Reader) -> None:
    run(reader.database, reader.org_id, "update consents set granted = false where channel = 'email'")
    assert ticked((await http.get(reader.path)).text)["email"] == (False, True)
    await http.post(f"{reader.path}/channels", data={"channel": ["email", "sms"]})
    assert reader.reached() == {"email", "sms"}
    kept = "select source from consents where channel = 'email' and stated_at is not null"
    assert run(reader.database, reader.org_id, kept) == "preference page"


async def test_who_was_erased_can_still_end_them(http: httpx.AsyncClient, reader: Reader) -> None:
    run(reader.database, reader.org_id, "delete from customers where id = :id", id=reader.id)
    assert (await http.post(f"{reader.path}/channels", data={})).status_code == 200
    assert (await http.post(reader.path)).status_code == 200
    query = "select reason from suppressions where address = 'ada@example.com'"
    assert run(reader.database, reader.org_id, query) == "unsubscribed"
    await http.post(f"{reader.path}/channels", data={"channel": ["email"]})
    assert run(reader.database, reader.org_id, "select count(*) from consents") == 0


async def test_only_the_link_itself_changes_anything(
    http: httpx.AsyncClient, database: Database, reader: Reader
) -> None:
    other = make_organisation(database)
    forged = (
        unsubscribe_token(b"another key", reader.org_id, reader.message),
        unsubscribe_token(KEY, other, reader.message),  # no message of theirs
        reader.path.removeprefix("/u/")[:-4] + "AAAA",
        "x",
    )
    for token in forged:
        for method, path in (("GET", f"/u/{token}"), ("POST", f"/u/{token}"), ("POST", f"/u/{token}/channels")):
            answer = await http.request(method, path)
            assert answer.status_code in (404, 422), (token, method, path)
            assert "This link does not work" in answer.text
    assert reader.reached() == {"email", "sms"}


async def test_pages_of_mail_programs_and_old_names_may_send_it(http: httpx.AsyncClient, reader: Reader) -> None:
    """As with unsubscribing: the signed link is all the right there is, and no cookie adds to it."""
    for headers in ({"Origin": "null"}, {"Host": "old.example"}):
        answer = await http.post(f"{reader.path}/channels", data={"channel": "email"}, headers=headers)
        assert answer.status_code == 200
        assert not answer.cookies


def test_links_work_in_the_whole_application(address: str, database: Database, reader: Reader) -> None:
    """With the chat, its login and the limits on hosts in front: no login, no cookie, no redirect, any name."""
    key = b"a key of this test"
    path = f"/u/{unsubscribe_token(key, reader.org_id, reader.message)}"
    with httpx.Client(base_url=address, headers={"Host": "old.example"}) as client:
        assert ticked(client.get(path).text) == {"email": (True, True), "sms": (True, True)}
        kept = client.post(f"{path}/channels", data={"channel": "sms"}, headers={"Origin": "null"})
        assert ticked(kept.text) == {"email": (False, True), "sms": (True, True)}
        client.post(f"{path}/channels", data={"channel": ["sms", "email"]})
        done = client.post(path, content="List-Unsubscribe=One-Click", headers={"Content-Type": FORM})
        assert (done.status_code, done.history, len(client.cookies), reader.reached()) == (200, [], 0, {"sms"})
        trail = Trail(key, "", reader.org_id, reader.message)
        led = client.get(trail.to("https://shop.example.com/?a=1"))
        assert (led.status_code, led.headers["location"]) == (302, "https://shop.example.com/?a=1")
        assert client.get(trail.opening()).headers["content-type"] == "image/gif"
        assert client.get(trail.to("https://shop.example.com/")[:-1] + "x").status_code == 422


class Interrupting(SandboxTransport):
    """Somebody presses the button while their message is being handed over, right before that step."""

    def __init__(self, press: Callable[[str], None]) -> None:
        super().__init__()
        self.press = press

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        self.press(message.fields["List-Unsubscribe"].split(">")[0].partition("/u/")[2])
        return super().deliver(message, before_handover)


async def test_a_message_that_waits_or_is_in_hand_is_not_sent_any_more(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    """One click on the link of one message stops that of another campaign, and the very message being prepared."""
    from tools.campaigns.unsubscribe import unsubscribe

    add_customers(database, organisation, addresses(3))
    launched(database, identity, name="First")
    pressed: list[str] = []

    def press(token: str) -> None:
        pressed.append(token)
        if len(pressed) == 2:
            unsubscribe(database, KEY, token)

    runner = courier(database, organisation, transports={"sandbox": Interrupting(press)})
    runner.letters.links = Links(KEY, "https://aima.example.com")
    tally: Any = runner.run()
    assert (tally["sent"], tally["skipped"]) == (2, 1)
    launched(database, identity, name="Second", rule={"field": "customer_id", "operator": "not_null"})
    again = courier(database, organisation).run()
    assert again == {"sent": 2}
    stopped = "select array_agg(distinct address) from messages where status <> 'sent'"
    assert len(run(database, organisation, stopped)) == 1
