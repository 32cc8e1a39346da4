"""Links by way of AIMA, from the message on the wire to the figures of the campaign."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from connectors.channels.smtp.transport import SmtpServer, SmtpTransport
from core.clock import utc_now
from core.identity import Identity
from core.settings import Settings
from database.engine import Database
from tests.campaign_scene import CATALOGUE, CONTENT, add_customers, addresses, context, launched, proposed
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.reporting import apply, event
from tests.integration.test_outbox import courier, run
from tests.mail_server import MailServer
from tools.campaigns.following import PATH, Trail
from tools.channels.rules import change_rules
from web.app import create_app
from workers.courier import Courier
from workers.letters import Links

KEY = b"a key for signatures in this test"
BASE = "https://aima.example.com"
HTML = (
    '<p><a href="https://shop.example.com/new?a=1&amp;b=%26#top">New</a> <a href="mailto:hi@shop.example.com">Write</a>'
    ' <a title="a > b" href="https://shop.example.com/{first_name|you}">Yours</a></p>'
)
TARGETS = {"https://shop.example.com/new?a=1&b=%26#top", "https://shop.example.com/you"}
CHROME = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
}
APPLE = {"User-Agent": "Mozilla/5.0"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail") / "mail.log")
    yield server
    server.stop()


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(counting_runtime(database), key=KEY, checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base, headers=CHROME) as client:
        yield client


@pytest.fixture
def followed(database: Database, identity: Identity) -> None:
    follow(database, identity, on=True)


def follow(database: Database, identity: Identity, *, on: bool) -> None:
    change_rules(database, identity, Settings(public_url=BASE), utc_now(), follows=on)


def send(database: Database, org_id: UUID, server: MailServer, *, called: bool = True) -> list[str]:
    """What arrives, as HTML."""
    server.forget()
    transport = SmtpTransport(SmtpServer.parse(server.url))
    Courier(database, org_id, {"smtp": transport}, Links(KEY, BASE, called=called)).run()
    return [html_of(message) for message in server.messages()]


def html_of(message: Any) -> str:
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/html")
    return str(part.get_payload(decode=True).decode())


def links(html: str) -> dict[str, str]:
    """The links by way of AIMA by where they lead on, and the dot."""
    found = {}
    for link in map(unescape, re.findall(rf'(?:href|src)="({re.escape(BASE + PATH)}[^"]*)"', html)):
        parts = urlsplit(link)
        found[parse_qs(parts.query).get("to", ["dot"])[0]] = f"{parts.path}{'?' if parts.query else ''}{parts.query}"
    return found


def figures(database: Database, identity: Identity) -> Any:
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    return status.deliveries


@pytest.mark.usefixtures("followed")
async def test_links_lead_on_and_are_counted_once(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, addresses(3))
    proposal = proposed(database, identity, holdout_share=0, body_html=HTML)
    assert any("Opens and clicks are followed" in warning for warning in proposal.warnings)
    launched(database, identity, body_html=HTML)
    first, second, third = send(database, organisation, smtp)
    assert set(links(first)) == TARGETS | {"dot"}
    assert f'href="{BASE}/u/' in first  # unsubscribing leads straight there
    assert 'href="mailto:hi@shop.example.com"' in first
    for target in TARGETS:
        for _ in range(3):
            answer = await http.get(links(first)[target])
            assert (answer.status_code, answer.headers["location"]) == (302, target)
            assert answer.headers["cache-control"].startswith("no-store")
    dot = await http.get(links(second)["dot"])
    assert (dot.headers["content-type"], dot.content[:6]) == ("image/gif", b"GIF89a")
    assert (await http.get(links(third)["dot"], headers=APPLE)).status_code == 200
    fates = figures(database, identity)
    assert (fates.opened, fates.clicked, fates.opened_by_machine, fates.delivered) == (2, 1, 1, 3)
    # A provider tells of the same message too: it stays one.
    message = run(database, organisation, "select id from messages where clicked_at is not null")
    for kind in ("delivered", "opened", "clicked", "clicked"):
        apply(database, organisation, event(kind, message, utc_now()), provider="smtp")
    assert figures(database, identity) == fates
    kept = "select array_agg(url) from message_events where kind = 'clicked' and provider = 'aima'"
    assert sorted(run(database, organisation, kept)) == ["https://shop.example.com/new", "https://shop.example.com/you"]


@pytest.mark.usefixtures("followed")
async def test_programs_are_no_people(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, addresses(1))
    launched(database, identity, body_html=HTML)
    (html,) = send(database, organisation, smtp)
    programs = (
        APPLE,
        {"User-Agent": "Mozilla/5.0 (compatible; Barracuda Sentinel)"},
        {"User-Agent": ""},
        {"User-Agent": "python-requests/2.32"},
        CHROME | {"Sec-Purpose": "prefetch;prerender"},
        CHROME | {"X-Purpose": "preview"},
    )
    for link in links(html).values():
        for headers in programs:
            assert (await http.get(link, headers=headers)).status_code in (200, 302)
        assert (await http.head(link)).status_code in (200, 302)
    fates = figures(database, identity)
    assert (fates.opened, fates.clicked, fates.opened_by_machine) == (0, 0, 1)
    counted = "select count(*) from message_events where provider = 'aima'"
    assert run(database, organisation, counted) == 3  # each once, however often it comes
    proxy = {"User-Agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"}
    await http.get(links(html)["dot"], headers=proxy)  # Gmail fetches when somebody opens
    assert figures(database, identity).opened == 1


@pytest.mark.usefixtures("followed")
async def test_no_link_leads_where_it_was_not_meant_to(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, addresses(2))
    launched(database, identity, body_html=HTML)
    one, two = map(links, send(database, organisation, smtp))
    new, yours = sorted(TARGETS)
    token = urlsplit(one[new]).path
    evil = Trail(b"another key", BASE, organisation, uuid4()).to("https://evil.example/")
    tampered = (
        f"{token}?to=https%3A%2F%2Fevil.example%2F",
        f"{token}?to={httpx.QueryParams({'to': yours})['to']}",  # of the same message, another link's
        f"{token}?to=https%3A%2F%2Fshop.example.com%2Fnew",
        f"{token}?to=javascript%3Aalert(1)",
        f"{token}?to=%2F%2Fevil.example",
        f"{token}?to=https%3A%2F%2Fshop.example.com%0d%0aSet-Cookie%3A+a%3Db",
        token,
        f"{urlsplit(one['dot']).path.removesuffix('/dot.gif')}?to=https%3A%2F%2Fevil.example%2F",
        f"{PATH}x?to=https%3A%2F%2Fevil.example%2F",
        evil.removeprefix(BASE),
        one[new].replace(token[-6:], "AAAAAA"),
    )
    for link in tampered:
        answer = await http.get(link)
        assert answer.status_code == 422, link
        assert "location" not in answer.headers
        assert "not the one that stood in the message" in answer.text
    assert (await http.get(f"{PATH}x/dot.gif")).status_code == 200  # a picture, and nothing is kept
    assert run(database, organisation, "select count(*) from message_events where provider = 'aima'") == 0
    assert urlsplit(one[new]).path != urlsplit(two[new]).path
    # Followed by another organisation's link to a message of ours: no message of theirs, so nothing is kept.
    ours = run(database, organisation, "select id from messages limit 1")
    foreign = Trail(KEY, "", uuid4(), ours).to("https://shop.example.com/")
    assert (await http.get(foreign)).status_code == 302
    assert run(database, organisation, "select count(*) from messages where clicked_at is not null") == 0


async def test_only_where_it_is_wanted_and_only_what_leaves_the_machine(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity, smtp: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    add_customers(database, organisation, addresses(1))
    launched(database, identity, name="Nobody asked for it", body_html=HTML)
    assert [links(html) for html in send(database, organisation, smtp)] == [{}]
    follow(database, identity, on=True)
    for name, called in (("Nobody outside reaches us", False), ("Followed", True)):
        launched(database, identity, name=name, body_html=HTML)
        (html,) = send(database, organisation, smtp, called=called)
        assert bool(links(html)) == called
    launched(database, identity, name="Not any more", body_html=HTML)
    follow(database, identity, on=False)
    assert [links(later) for later in send(database, organisation, smtp)] == [{}]
    (target, *_) = TARGETS
    answer = await http.get(links(html)[target])  # a link that went out earlier still leads on; nothing is kept
    assert answer.headers["location"] == target
    await http.get(links(html)["dot"])
    assert run(database, organisation, "select count(*) from message_events where provider = 'aima'") == 0
    follow(database, identity, on=True)
    monkeypatch.delenv("AIMA_SMTP_URL")
    launched(database, identity, name="In the sandbox", body_html=HTML)
    runner = courier(database, organisation)
    runner.letters.links = Links(KEY, BASE, called=True)
    assert runner.run()["sent"] == 1
    assert PATH not in run(database, organisation, "select body_html from sandbox_mailbox")
    sandboxed = run(database, organisation, "select id from messages where provider = 'sandbox'")
    await http.get(Trail(KEY, "", organisation, sandboxed).opening())
    assert run(database, organisation, "select count(*) from messages where opened_at is not null") == 0


@pytest.mark.usefixtures("followed")
async def test_an_open_is_neither_consent_nor_a_sale_and_proves_arrival(
    http: httpx.AsyncClient, database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, addresses(1))
    launched(database, identity, **(CONTENT | {"body_html": HTML}))
    (html,) = send(database, organisation, smtp)
    state = "update messages set status = 'unknown', reason = 'no answer came'"
    run(database, organisation, state)
    run(database, organisation, "update consents set granted = false")
    for link in links(html).values():
        await http.get(link)
    with database.transaction(organisation) as connection:
        found = connection.execute(
            text(
                "select (select status from messages), (select bool_or(granted) from consents),"
                " (select count(*) from orders), (select count(*) from suppressions)"
            )
        ).one()
    assert tuple(found) == ("sent", False, 0, 0)
    assert figures(database, identity).buyers == 0


def test_marking_changes_links_and_nothing_else() -> None:
    trail = Trail(KEY, BASE, uuid4(), uuid4())
    html = f'<html><body>{HTML}<p>a href="https://plain.example"</p><a href="{BASE}/u/t">Out</a></body></html>\n'
    marked = trail.marked(html)
    plain = re.sub(rf' ?<img src="{BASE}{PATH}[^>]*>', "", marked)
    for target, link in links(marked).items():
        if target != "dot":
            plain = plain.replace(f"{BASE}{link}".replace("&", "&amp;"), target.replace("&", "&amp;"))
    assert plain == html
    assert marked.count("<img ") == 1
    assert Path(urlsplit(trail.opening()).path).name == "dot.gif"
