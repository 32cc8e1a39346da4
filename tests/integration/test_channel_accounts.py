"""Organisations with senders and providers of their own on one installation; what becomes of changes and secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import AskPerson, FixArguments, NotAllowed, RetryLater
from core.identity import ROLE_SCOPES, Identity
from core.settings import get_settings
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, approve, context, launched, proposed, statuses
from tests.conftest import make_organisation, person
from tests.mail_server import MailServer
from tools.campaigns.payload import content_hash
from tools.channels.account import Seal, transports_of
from tools.channels.change import Given, change_account, reset_account
from tools.channels.view import AccountView, accounts_of
from workers.courier import Courier
from workers.letters import Links
from workers.route import BATCH

LINKS = Links(b"key of the tests", "https://aima.example.com")
SECRET = "mark-of-a-password"


@pytest.fixture(autouse=True)
def secret_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AIMA_SECRET_KEY", "key of the tests")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[MailServer]]:
    folder = tmp_path_factory.mktemp("mail")
    made = [MailServer(folder / f"{name}.log") for name in ("ours", "theirs", "everybodys")]
    yield made
    for server in made:
        server.stop()


@pytest.fixture
def servers(running: list[MailServer]) -> list[MailServer]:
    """Three mail servers: one of each of two organisations, and one of the installation."""
    for server in running:
        server.forget()
    return running


def by(server: MailServer, **changes: Any) -> Given:
    """An account at a mail server."""
    values = {"smtp_host": "127.0.0.1", "smtp_port": str(server.port), "smtp_security": "none"}
    return Given(**{"provider": "smtp", "values": values, "sender": "Shop <news@shop.example>", **changes})


def change(database: Database, identity: Identity, given: Given) -> None:
    change_account(database, identity, get_settings(), "email", given)


def send(database: Database, org_id: UUID) -> dict[str, int]:
    with database.transaction(org_id) as connection:
        transports = transports_of(connection, Seal(get_settings(), org_id))
    return Courier(database, org_id, transports, LINKS).run()


def scalar(database: Database, org_id: UUID, query: str) -> Any:
    with database.transaction(org_id) as connection:
        return connection.execute(text(query)).scalar()


def test_each_organisation_sends_by_its_own_account_and_the_rest_by_the_installations(
    database: Database, servers: list[MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIMA_SMTP_URL", servers[2].url)
    monkeypatch.setenv("AIMA_SENDER", "Everybody <all@example.com>")
    people = [person(make_organisation(database)) for _ in servers]
    given = by(servers[0], reply_to="hello@shop.example", footer="Shop Ltd\n1 High Street")
    change(database, people[0], given)
    change(database, people[1], by(servers[1], sender="Theirs <theirs@other.example>"))
    for number, one in enumerate(people):
        add_customers(database, one.org_id, addresses(3, prefix=f"org{number}-"))
        launched(database, one)
    for one in people:
        assert send(database, one.org_id)["sent"] == 3
    for number, server in enumerate(servers):
        assert sorted(server.recipients()) == sorted(str(a) for a in addresses(3, prefix=f"org{number}-"))
    ours, theirs, everybodys = (server.messages()[0] for server in servers)
    assert [str(one["From"]) for one in (ours, theirs, everybodys)] == [
        "Shop <news@shop.example>", "Theirs <theirs@other.example>", "Everybody <all@example.com>",
    ]  # fmt: skip
    assert (ours["Reply-To"], theirs["Reply-To"]) == ("hello@shop.example", None)
    words = [one.get_body(("plain",)).get_content() for one in (ours, theirs)]  # type: ignore[union-attr]
    assert ["1 High Street" in one for one in words] == [True, False]
    html = ours.get_body(("html",))
    assert html is not None
    assert "Shop Ltd<br>" in html.get_content()


def test_a_proposal_shows_and_freezes_sender_provider_answers_and_footer(
    database: Database, organisation: UUID, identity: Identity, servers: list[MailServer]
) -> None:
    add_customers(database, organisation, addresses(2))
    change(database, identity, by(servers[0], reply_to="hello@shop.example", footer="1 High Street"))
    shown = proposed(database, identity, holdout_share=0)
    assert (shown.provider, shown.sender) == ("smtp", "Shop <news@shop.example>")
    assert (shown.reply_to, shown.footer) == ("hello@shop.example", "1 High Street")
    assert "1 High Street" in shown.sample.text
    payload = scalar(database, organisation, "select payload from proposals")
    for name in ("provider", "sender", "reply_to", "footer"):
        assert content_hash(payload | {name: "another"}) != shown.content_hash
    change(database, identity, by(servers[0], sender="New <new@shop.example>", footer="2 Low Street"))
    approve(database, identity, shown)
    assert send(database, organisation)["sent"] == 2
    (first, _second) = servers[0].messages()
    assert first["From"] == "Shop <news@shop.example>"
    assert "1 High Street" in str(first.get_body(("plain",)))
    assert proposed(database, identity).footer == "2 Low Street"


def test_no_postal_address_is_a_concern_where_emails_leave(
    database: Database, organisation: UUID, identity: Identity, servers: list[MailServer]
) -> None:
    add_customers(database, organisation, addresses(2))
    assert not any("postal" in warning for warning in proposed(database, identity).warnings)
    change(database, identity, by(servers[0]))
    assert any("postal" in warning for warning in proposed(database, identity).warnings)
    change(database, identity, by(servers[0], footer="1 High Street"))
    assert not any("postal" in warning for warning in proposed(database, identity).warnings)


def test_what_was_approved_for_a_provider_that_was_exchanged_waits_and_says_why(
    database: Database,
    organisation: UUID,
    identity: Identity,
    servers: list[MailServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even the installation's provider of the same name carries it: another account was chosen."""
    monkeypatch.setenv("AIMA_SMTP_URL", servers[2].url)
    add_customers(database, organisation, addresses(2))
    change(database, identity, by(servers[0]))
    approved = launched(database, identity)
    change(database, identity, Given(provider="sandbox"))
    with pytest.raises(RetryLater, match="Messages wait for the mail server, which is not set up here any more"):
        send(database, organisation)
    assert statuses(database, organisation) == {"pending": 2}
    status: Any = CATALOGUE.call("campaign_status", {"campaign_id": approved.campaign_id}, context(database, identity))
    assert [(reason.split(",")[0], n) for reason, n in status.reasons.items()] == [("wait for the mail server", 2)]
    assert not any(server.recipients() for server in servers)
    change(database, identity, by(servers[0]))
    assert send(database, organisation)["sent"] == 2
    assert scalar(database, organisation, "select count(*) from messages where reason is not null") == 0


def test_a_courier_at_work_stops_when_an_account_changes(
    database: Database, organisation: UUID, identity: Identity, servers: list[MailServer]
) -> None:
    add_customers(database, organisation, addresses(BATCH + 25))
    change(database, identity, by(servers[0]))
    launched(database, identity)
    with database.transaction(organisation) as connection:
        transports = transports_of(connection, Seal(get_settings(), organisation))
    asked: list[int] = []

    def unchanged(_connection: object) -> bool:
        asked.append(1)
        return len(asked) < 2

    tally = Courier(database, organisation, transports, LINKS, unchanged=unchanged).run()
    assert tally["sent"] == BATCH
    assert statuses(database, organisation) == {"sent": BATCH, "pending": 25}


def test_an_account_that_cannot_be_read_any_more_keeps_its_messages_waiting(
    database: Database,
    organisation: UUID,
    identity: Identity,
    servers: list[MailServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_customers(database, organisation, addresses(2))
    change(database, identity, by(servers[0]))
    launched(database, identity)
    monkeypatch.setenv("AIMA_SECRET_KEY", "another key")
    get_settings.cache_clear()
    with pytest.raises(RetryLater, match="wait for the mail server"):
        send(database, organisation)
    with pytest.raises(AskPerson, match="Fill it in anew"):
        proposed(database, identity)
    (email,) = [one for one in accounts_of(database, identity, get_settings()) if one.channel.name == "email"]
    assert (email.sends, email.provider) == (False, "smtp")
    assert "Fill it in anew" in email.trouble
    change(database, identity, by(servers[0]))  # anew: that mends it
    assert send(database, organisation)["sent"] == 2


def test_sealed_settings_open_nowhere_else(database: Database, servers: list[MailServer]) -> None:
    """Another organisation that gets hold of the bytes has nothing."""
    ours, theirs = (person(make_organisation(database)) for _ in range(2))
    values = by(servers[0]).values | {"smtp_user": "ann", "smtp_password": SECRET}
    change(database, ours, by(servers[0], values=values))
    sealed = scalar(database, ours.org_id, "select settings from channel_accounts")
    assert SECRET.encode() not in bytes(sealed)
    assert scalar(database, theirs.org_id, "select count(*) from channel_accounts") == 0
    with database.transaction(theirs.org_id) as connection:
        connection.execute(
            text(
                "insert into channel_accounts (channel, provider, settings, changed_by)"
                " values ('email', 'smtp', :s, 'x')"
            ),
            {"s": bytes(sealed)},
        )
    with pytest.raises(AskPerson):
        proposed_by(database, theirs)


def proposed_by(database: Database, identity: Identity) -> Any:
    add_customers(database, identity.org_id, addresses(1))
    return proposed(database, identity)


def test_a_stored_secret_stays_for_what_it_was_given_for_and_nothing_else(
    database: Database, organisation: UUID, identity: Identity, servers: list[MailServer]
) -> None:
    plain = by(servers[0]).values | {"smtp_user": "ann"}
    change(database, identity, by(servers[0], values=plain | {"smtp_password": SECRET}))

    def kept() -> Any:
        with database.transaction(organisation) as connection:
            transport: Any = transports_of(connection, Seal(get_settings(), organisation))["smtp"]
        return transport.server.password

    change(database, identity, by(servers[0], values=plain | {"smtp_password": " "}, footer="1 High Street"))
    assert kept() == SECRET
    for moved in ({"smtp_host": "evil.example"}, {"smtp_port": "2525"}, {"smtp_user": "eve"}, {"smtp_security": "tls"}):
        with pytest.raises(FixArguments, match="Fill in “Password” again") as error:
            change(database, identity, by(servers[0], values=plain | moved))
        assert error.value.field == "smtp_password"
    change(database, identity, by(servers[0], values=plain | {"smtp_host": "localhost", "smtp_password": "another"}))
    assert kept() == "another"
    change(database, identity, Given(provider="sandbox"))
    change(database, identity, by(servers[0], values=plain))
    assert kept() is None, "whoever came back from another provider fills it in anew"


@pytest.mark.parametrize(
    ("changes", "said", "field"),
    [
        ({"provider": "pigeon"}, "'pigeon' carries no emails", "provider"),
        ({"values": {}}, "Fill in “Server”", "smtp_host"),
        ({"values": {"smtp_host": "x", "smtp_port": "many"}}, "“Port” has to be a whole number", "smtp_port"),
        ({"values": {"smtp_url": "smtp://x"}}, "has no setting 'smtp_url'", "smtp_url"),
        ({"sender": "Shop"}, "an address to come from", "sender"),
        ({"reply_to": "nobody"}, "Answers need an email address", "reply_to"),
        ({"footer": "x" * 1_001}, "1,001 characters", "footer"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_kept(
    database: Database,
    organisation: UUID,
    identity: Identity,
    servers: list[MailServer],
    changes: dict[str, Any],
    said: str,
    field: str,
) -> None:
    with pytest.raises(FixArguments) as error:
        change(database, identity, by(servers[0], **changes))
    assert said in error.value.message
    assert error.value.field == field
    assert scalar(database, organisation, "select count(*) from channel_accounts") == 0


def test_only_administrators_change_accounts_and_see_what_is_filled_in(
    database: Database, organisation: UUID, servers: list[MailServer]
) -> None:
    admin = person(organisation)
    change(database, admin, by(servers[0], footer="1 High Street"))
    for role in ("manager", "analyst", "viewer"):
        with pytest.raises(NotAllowed):
            change(database, person(organisation, role), by(servers[1]))
        with pytest.raises(NotAllowed):
            reset_account(database, person(organisation, role), "email")
        views = accounts_of(database, person(organisation, role), get_settings())
        assert not any(view.filled or view.secrets or view.footer for view in views)
    assert any(view.filled for view in accounts_of(database, admin, get_settings()))
    assert reset_account(database, admin, "email")
    assert not reset_account(database, admin, "email")
    assert not any(view.provider for view in accounts_of(database, admin, get_settings()))


def test_changes_are_written_down_and_no_secret_is_anywhere(
    database: Database,
    organisation: UUID,
    identity: Identity,
    servers: list[MailServer],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    add_customers(database, organisation, addresses(2))
    values = by(servers[0]).values | {"smtp_user": "ann", "smtp_password": SECRET}
    given = by(servers[0], values=values, footer="1 High Street")
    change(database, identity, given)
    shown = proposed(database, identity, holdout_share=0)
    approve(database, identity, shown)
    with pytest.raises(RetryLater) as error:
        send(database, organisation)  # the server of the tests takes no login
    views = accounts_of(database, identity, get_settings())
    assert [view.secrets for view in views if view.provider] == [("smtp_password",)]
    reset_account(database, identity, "email")
    with database.transaction(organisation) as connection:
        rows = [tuple(row) for row in connection.execute(text("select action, subject, detail from audit_log"))]
        everything = [
            str(list(connection.execute(text(f"select * from {table}"))))
            for table in ("audit_log", "proposals", "messages", "message_events", "alerts", "jobs")
        ]
    assert [(row[0], row[1]) for row in rows if row[0].startswith("channel")] == [
        ("channel_set", "email"),
        ("channel_reset", "email"),
    ]
    told = "".join([*everything, repr(given), repr(views), repr(error.value), str(error.value), caplog.text])
    listed: Any = CATALOGUE.call("list_connections", {}, context(database, identity))
    assert SECRET not in told + listed.model_dump_json() + json.dumps(shown.model_dump(mode="json"))


def test_a_key_reads_where_messages_go(database: Database, organisation: UUID, servers: list[MailServer]) -> None:
    change(database, person(organisation), by(servers[0]))
    key = Identity(organisation, "key:robot", ROLE_SCOPES["viewer"], "mcp")
    listed: Any = CATALOGUE.call("list_connections", {}, context(database, key))
    assert "Emails: Sent by the mail server, from Shop <news@shop.example>." in listed.channels
    with pytest.raises(NotAllowed):
        change(database, key, by(servers[1]))


def test_who_has_set_nothing_is_told_that_the_installations_provider_sends(
    database: Database, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def email() -> AccountView:
        return next(one for one in accounts_of(database, identity, get_settings()) if one.channel.name == "email")

    assert (email().sends, email().changed_by, email().provider) == (False, "", "")
    assert email().says.startswith("Kept in the sandbox mailbox")
    monkeypatch.setenv("AIMA_SMTP_URL", f"smtp://user:{SECRET}@mail.example.com")
    assert email().says.startswith("Sent by the mail server, from AIMA <marketing@localhost>, as it is set up for this")
    change(database, identity, Given(sender="Shop <news@shop.example>"))
    assert "from Shop <news@shop.example>, as it is set up for this" in email().says
    assert SECRET not in repr(email())
