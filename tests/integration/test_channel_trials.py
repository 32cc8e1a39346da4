"""Trying a channel out: asked without sending, and test messages that go to whoever asks and count nowhere."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from connectors.channels.contract import Refused, Unreachable
from connectors.channels.smtp.server import SmtpServer
from connectors.channels.smtp.trouble import unusable
from core.clock import utc_now
from core.errors import AimaError, AskPerson, FixArguments, NotAllowed, RetryLater
from core.identity import Identity
from core.settings import get_settings
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, proposed, put_customer
from tests.conftest import make_organisation
from tests.integration.accounts import PASSWORD, someone
from tests.mail_server import MailServer
from tests.name_server import NameServer
from tools.campaigns.trial import try_channel
from tools.channels.change import Given, change_account
from tools.channels.check import MOST_TRIES, check_account
from tools.channels.domain import check_domain
from tools.people.accounts import person_of
from tools.people.members import disable_user
from web.unsubscribing import unsubscribe_routes

SECRET = "mark-of-a-password"


@pytest.fixture(autouse=True)
def secret_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AIMA_SECRET_KEY", "key of the tests")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail") / "mail.log")
    yield server
    server.stop()


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.forget()
    return running


@pytest.fixture
def admin(database: Database, organisation: UUID) -> Identity:
    return person_of(database, someone(database, organisation, "admin"), door="chat")


@pytest.fixture
def guarded() -> Iterator[int]:
    """The port of a mail server that takes nobody's login but Ann's."""

    def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ann", SECRET.encode()), handled=False)

    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = int(probe.getsockname()[1])
    how: dict[str, Any] = {"authenticator": authenticator, "auth_require_tls": False}
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, **how)
    controller.start()
    yield port
    controller.stop()


def at(port: int, **values: str) -> Given:
    told = {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_security": "none"} | values
    return Given("smtp", told, sender="Shop <news@shop.example>", reply_to="hello@shop.example", footer="1 High Street")


def change(database: Database, identity: Identity, given: Given) -> None:
    change_account(database, identity, get_settings(), "email", given)


def check(database: Database, identity: Identity, given: Given | None = None) -> str:
    return check_account(database, identity, get_settings(), "email", given)


def attempt(database: Database, identity: Identity, **changes: Any) -> str:
    return try_channel(database, identity, get_settings(), "email", utc_now(), **changes)


def count(database: Database, org_id: UUID, table: str, where: str = "true") -> int:
    with database.transaction(org_id) as connection:
        return int(connection.execute(text(f"select count(*) from {table} where {where}")).scalar_one())


# --- asked without sending ---


def test_a_right_login_is_told_and_nothing_is_sent(database: Database, admin: Identity, server: MailServer) -> None:
    said = check(database, admin, at(server.port))
    assert said == "The mail server takes emails from Shop <news@shop.example>."
    assert server.lines() == []
    assert count(database, admin.org_id, "channel_accounts") == 0, "checking keeps nothing"
    change(database, admin, at(server.port))
    assert check(database, admin) == said


def test_a_login_that_works_is_found_and_a_wrong_one_told_without_repeating_it(
    database: Database, admin: Identity, guarded: int
) -> None:
    assert "takes emails" in check(database, admin, at(guarded, smtp_user="ann", smtp_password=SECRET))
    with pytest.raises(Unreachable, match=r"refuses our login .* app password") as error:
        check(database, admin, at(guarded, smtp_user="eve", smtp_password=SECRET))
    assert SECRET not in f"{error.value!r}"
    with pytest.raises(Unreachable, match="letters that its login cannot carry") as error:
        check(database, admin, at(guarded, smtp_user="ann", smtp_password=f"ü{SECRET}"))
    assert SECRET not in f"{error.value!r}"


def test_what_keeps_a_server_from_being_used_is_said_with_what_to_do(
    database: Database, admin: Identity, server: MailServer
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        nobody = int(probe.getsockname()[1])
    wrong = {
        "nothing answers there. Check the port": at(nobody),
        "does not offer STARTTLS": at(server.port, smtp_security="starttls"),
        "does not speak TLS from the start": at(server.port, smtp_security="tls"),
        "takes no login on this port": at(server.port, smtp_user="ann", smtp_password=SECRET),
        "no server called nowhere.invalid": at(server.port, smtp_host="nowhere.invalid"),
    }
    for said, given in wrong.items():
        with pytest.raises(Unreachable, match=said):
            check(database, admin, given)


def test_trouble_that_no_server_here_makes_has_words_too() -> None:
    place = SmtpServer("mail.example.com", 465)
    certificate = ssl.SSLCertVerificationError(1, "x")
    certificate.verify_message = "certificate has expired"
    for error, said in {
        TimeoutError("timed out"): "does not answer in time",
        certificate: "does not prove that it is mail.example.com (certificate has expired)",
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"): "hangs up",
        smtplib.SMTPConnectError(554, b"5.7.1 not you"): "554 5.7.1 not you",
    }.items():
        assert said in unusable(error, place).message


def test_a_server_that_does_not_know_the_person_says_so(
    database: Database, organisation: UUID, server: MailServer
) -> None:
    from tools.people.accounts import add_user

    address = f"refused-{organisation}@example.com"
    add_user(database, organisation, email=address, password=PASSWORD)
    with pytest.raises(Refused, match="The login works, but not mail to refused-"):
        check(database, person_of(database, address, door="chat"), at(server.port))


def test_the_sandbox_has_nothing_to_be_asked(database: Database, admin: Identity) -> None:
    with pytest.raises(FixArguments, match="cannot be asked without sending"):
        check(database, admin, Given("sandbox"))


def test_the_domain_of_the_sender_is_looked_up_by_an_administrator(
    database: Database, organisation: UUID, admin: Identity
) -> None:
    zone = NameServer({"shop.example": ["v=spf1 -all"]})
    try:
        look = partial(check_domain, database, admin, get_settings(), nameserver=zone.place)
        notes = look("email", at(1))
        assert [(note.subject, note.grade) for note in notes] == [("SPF", "ok"), ("DKIM", "warn"), ("DMARC", "fail")]
        assert "shop.example" in zone.asked
        with pytest.raises(FixArguments, match="no domain of the internet"):
            look("email")  # AIMA <marketing@localhost>
        with pytest.raises(FixArguments, match="come from no domain"):
            look("sms")
        weak = person_of(database, someone(database, organisation, "manager"), door="chat")
        with pytest.raises(NotAllowed):
            check_domain(database, weak, get_settings(), "email", nameserver=zone.place)
    finally:
        zone.stop()


# --- test messages ---


def test_a_test_goes_to_the_person_alone_and_counts_nowhere(
    database: Database, admin: Identity, server: MailServer
) -> None:
    change(database, admin, at(server.port))
    assert attempt(database, admin) == f"A test is on its way to {admin.actor}, by the mail server."
    assert dict(server.recipients()) == {admin.actor: 1}
    (message,) = server.messages()
    assert message["Subject"].startswith("[Test] Emails of test-")
    assert (message["From"], message["Reply-To"]) == ("Shop <news@shop.example>", "hello@shop.example")
    words = str(message.get_body(("plain",)))
    assert "1 High Street" in words
    assert "/u/test" in words
    assert [count(database, admin.org_id, table) for table in ("messages", "message_events", "sandbox_mailbox")] == [
        0
    ] * 3
    assert count(database, admin.org_id, "audit_log", f"action = 'test_message' and actor = '{admin.actor}'") == 1


def test_a_test_of_the_sandbox_stays_on_this_machine(database: Database, admin: Identity) -> None:
    assert "in the sandbox mailbox" in attempt(database, admin)
    found: Any = CATALOGUE.call("mailbox", {"recipient": admin.actor}, context(database, admin))
    (message,) = found.messages
    assert message.subject.startswith("[Test] ")
    assert message.campaign_id is None


def test_a_proposal_is_tried_as_its_first_recipient_would_get_it(
    database: Database, organisation: UUID, admin: Identity, server: MailServer
) -> None:
    change(database, admin, at(server.port))
    with database.transaction(organisation) as connection:
        customer = put_customer(connection, "c-1", "real@customer.example")
        connection.execute(text("update customers set name = 'Zoë Real' where id = :id"), {"id": customer})
    shown = proposed(database, admin, holdout_share=0)
    sent: Any = CATALOGUE.call("send_test", {"proposal_id": str(shown.id)}, context(database, admin))
    assert (sent.address, sent.words) == (admin.actor, f"A test is on its way to {admin.actor}, by the mail server.")
    assert dict(server.recipients()) == {admin.actor: 1}
    (message,) = server.messages()
    assert message["Subject"] == "[Test] Hello Zoë"
    assert "real@customer.example" not in message.as_string()
    link = str(message["List-Unsubscribe"])
    assert link.startswith("<http")
    assert "/u/test>" in link
    assert count(database, organisation, "messages") == 0
    assert count(database, organisation, "campaigns") == 0
    assert count(database, organisation, "suppressions") == 0
    assert count(database, organisation, "audit_log", f"action = 'send_test' and subject = '{shown.id}'") == 1
    again: Any = CATALOGUE.call("list_proposals", {"proposal_id": str(shown.id)}, context(database, admin))
    assert (again.proposals[0].status, again.proposals[0].content_hash) == ("pending", shown.content_hash)


def test_nobody_is_unsubscribed_by_the_link_of_a_test(database: Database) -> None:
    app = FastAPI()
    app.include_router(unsubscribe_routes(database, b"key"))
    with TestClient(app) as client:
        for answer in (client.get("/u/test"), client.post("/u/test", data={"List-Unsubscribe": "One-Click"})):
            assert answer.status_code == 200
            assert "came with a test message" in answer.text


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_who_may_not_approve_sends_no_test(database: Database, organisation: UUID, admin: Identity, role: str) -> None:
    add_customers(database, organisation, addresses(1))
    shown = proposed(database, admin)
    weak = person_of(database, someone(database, organisation, role), door="chat")
    with pytest.raises(NotAllowed):
        CATALOGUE.call("send_test", {"proposal_id": str(shown.id)}, context(database, weak))
    with pytest.raises(NotAllowed):
        attempt(database, weak)
    key = Identity(organisation, "key:robot", admin.scopes, "mcp", admin.user_id)
    with pytest.raises(AskPerson):
        CATALOGUE.call("send_test", {"proposal_id": str(shown.id)}, context(database, key))
    with pytest.raises(AskPerson):
        attempt(database, key)


def test_a_test_goes_to_nobody_else(database: Database, organisation: UUID, admin: Identity) -> None:
    """At the shell there is no login: it names one, of somebody who may sign in here."""
    shell = Identity(organisation, "shell", admin.scopes, "cli", person=True)
    gone, elsewhere = someone(database, organisation), someone(database, make_organisation(database))
    disable_user(database, admin, gone)
    for to in (None, "real@customer.example", gone, elsewhere):
        with pytest.raises(FixArguments):
            attempt(database, shell, to=to)
    assert "sandbox" in attempt(database, shell, to=admin.actor)
    assert "sandbox" in attempt(database, admin, to="real@customer.example")
    assert count(database, organisation, "sandbox_mailbox", f"recipient = '{admin.actor}'") == 2
    assert count(database, organisation, "sandbox_mailbox") == 2
    with pytest.raises(FixArguments, match="no telephone number"):
        try_channel(database, admin, get_settings(), "sms", utc_now())


def test_only_what_waits_for_a_decision_is_tried(database: Database, organisation: UUID, admin: Identity) -> None:
    add_customers(database, organisation, addresses(1), consent=False)
    nobody = proposed(database, admin)
    with pytest.raises(FixArguments, match="Nobody in this audience"):
        CATALOGUE.call("send_test", {"proposal_id": str(nobody.id)}, context(database, admin))
    CATALOGUE.call("reject_proposal", {"proposal_id": str(nobody.id)}, context(database, admin))
    with pytest.raises(FixArguments, match="only a pending one"):
        CATALOGUE.call("send_test", {"proposal_id": str(nobody.id)}, context(database, admin))


def test_trying_has_an_end(database: Database, admin: Identity, server: MailServer) -> None:
    for _ in range(MOST_TRIES):
        attempt(database, admin)
    with pytest.raises(RetryLater, match="Try again later"):
        attempt(database, admin)
    other = person_of(database, someone(database, admin.org_id, "admin"), door="chat")
    assert attempt(database, other), "each person for themselves"
    for _ in range(MOST_TRIES):
        with pytest.raises(AimaError):
            check(database, admin, at(server.port, smtp_security="starttls"))
    with pytest.raises(RetryLater):
        check(database, admin, at(server.port))


async def test_the_page_says_what_is_wrong_and_never_gives_a_secret_back(
    database: Database, admin: Identity, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.screen import load_chainlit

    load_chainlit()
    from chat import channels as page
    from chat import managing

    async def present() -> Identity:
        return admin

    monkeypatch.setattr(page, "installed", lambda: SimpleNamespace(runtime=SimpleNamespace(database=database)))
    monkeypatch.setattr(managing, "present", present)

    async def press(name: str, **payload: Any) -> Any:
        return await getattr(page, name)(SimpleNamespace(payload={"channel": "email"} | payload))

    values = {"smtp_host": "127.0.0.1", "smtp_port": str(server.port), "smtp_security": "none"}
    form = {"provider": "smtp", "sender_name": "Müller <& Co>", "sender": "news@shop.example", "footer": "1 High St"}
    wrong = await press("save_channel", **form, values=values | {"smtp_port": "x"})
    assert wrong == {"error": "“Port” has to be a whole number.", "field": "smtp_port"}
    secret = values | {"smtp_user": "ann", "smtp_password": SECRET}
    saved = await press("save_channel", **form, values=secret)
    (email,) = [way for way in saved["ways"] if way["channel"] == "email"]
    assert email["kept"]["sender_name"] == "Müller & Co"
    assert email["kept"]["sender"] == "news@shop.example"
    assert email["kept"]["values"] == values | {"smtp_user": "ann"}
    assert email["secrets"] == ["smtp_password"]
    assert SECRET not in str(saved)
    assert {one["name"]: (one["reports"], one["reports_to"]) for one in email["carriers"]}["mailgun"] == (True, "")
    assert "takes no login" in (await press("check_channel", **form, values=secret))["error"]
    again = await press("save_channel", **form, values=values | {"smtp_user": ""})
    assert again["field"] == "smtp_password"
    (await press("reset_channel"))
    (await press("save_channel", **form, values=values))
    assert "on its way" in (await press("test_channel"))["said"]
    assert "takes emails" in (await press("check_channel", **form, values=values))["said"]
    assert not any(way.get("kept", {}).get("provider") for way in (await press("reset_channel"))["ways"])
