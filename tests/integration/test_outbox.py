"""The courier: what it sends, what it must not send, and what becomes of messages when something goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from cli.engines import Engines
from connectors.channels.contract import Attempt, Message, Receipt, Transport
from connectors.channels.sandbox import SandboxTransport
from connectors.channels.smtp.transport import SmtpServer, SmtpTransport
from core.clock import utc_now
from core.errors import FixArguments, NotFound, RetryLater
from core.identity import Identity
from database.engine import Database
from database.queries import outbox, suppressions
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, launched, proposed, statuses
from tests.celery_worker import wait_until
from tests.mail_server import MailServer
from tools.campaigns.unsubscribe import unsubscribe, unsubscribe_token
from workers.courier import Courier
from workers.letters import Links
from workers.route import MAX_ATTEMPTS

AT = "(select customer_id from contact_points where address = :at)"
LINKS = Links(b"key of the tests", "https://aima.example.com")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log")
    yield server
    server.stop()


def courier(
    database: Database,
    org_id: UUID,
    server: MailServer | None = None,
    *,
    transports: dict[str, Transport] | None = None,
    clock: Callable[[], datetime] = utc_now,
    stop: threading.Event | None = None,
) -> Courier:
    ways: dict[str, Transport] = {"sandbox": SandboxTransport()}
    if server is not None:
        ways["smtp"] = SmtpTransport(SmtpServer.parse(server.url))
    return Courier(database, org_id, transports or ways, LINKS, clock=clock, stop=stop)


def run(database: Database, org_id: UUID, query: str, **values: Any) -> Any:
    with database.transaction(org_id) as connection:
        result = connection.execute(text(query), values)
        return result.scalar() if result.returns_rows else None


def test_the_sandbox_shows_what_would_have_gone_out(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(30))
    approved = launched(database, identity, preview_text="A look inside")
    assert courier(database, organisation).run()["sent"] == 30
    found: Any = CATALOGUE.call("mailbox", {"limit": 500}, context(database, identity))
    assert found.total == 30
    assert sorted(m.recipient for m in found.messages) == sorted(str(a) for a in addresses(30))
    message = found.messages[0]
    assert message.campaign_id == approved.campaign_id
    assert message.subject == "Hello there"
    assert "A look inside" in message.body_html
    assert message.headers["Message-ID"] == f"<{message.message_id}@localhost>"
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.headers["List-Unsubscribe"].startswith("<https://aima.example.com/u/")
    assert message.headers["List-Unsubscribe"].split(">")[0][1:] in message.body_text
    one: Any = CATALOGUE.call("mailbox", {"recipient": "C7@example.com"}, context(database, identity))
    assert [m.recipient for m in one.messages] == ["c7@example.com"]
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (status.status, status.done, status.counts) == ("completed", True, {"sent": 30})
    assert courier(database, organisation).run()["sent"] == 0


def test_a_real_server_gets_each_message_once(
    database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, addresses(40))
    launched(database, identity)
    assert courier(database, organisation, smtp).run()["sent"] == 40
    assert smtp.recipients() == dict.fromkeys(addresses(40), 1)
    message = smtp.messages()[0]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len({m["Message-ID"] for m in smtp.messages()}) == 40
    assert run(database, organisation, "select count(*) from messages where provider_reference like '250%'") == 40


def test_consent_suppression_and_address_are_checked_at_the_last_moment(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(6))
    launched(database, identity)
    run(database, organisation, f"update consents set granted = false where customer_id = {AT}", at="c0@example.com")
    run(database, organisation, f"delete from consents where customer_id = {AT}", at="c1@example.com")
    run(database, organisation, "update contact_points set address = 'o@example.com' where address = 'c2@example.com'")
    run(database, organisation, "delete from contact_points where address = 'c3@example.com'")
    run(database, organisation, f"delete from customers where id = {AT}", at="c4@example.com")
    with database.transaction(organisation) as connection:
        suppressions.add(connection, "email", "C5@Example.com", "complained")
    tally = courier(database, organisation).run()
    assert (tally["sent"], tally["skipped"]) == (0, 6)
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert sum(status.reasons.values()) == 6
    assert len(status.reasons) == 4
    assert run(database, organisation, "select count(*) from sandbox_mailbox") == 0


def test_a_merge_value_that_went_away_skips_that_message(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(2))
    run(database, organisation, "update customers set city = 'Ulm'")
    launched(database, identity, body_text="Greetings to {city}")
    run(database, organisation, f"update customers set city = null where id = {AT}", at="c0@example.com")
    assert courier(database, organisation).run() == {"sent": 1, "skipped": 1}


FORGED = """insert into messages (org_id, campaign_id, customer_id, channel, address, provider, due_at)
            select org_id, :id, customer_id, 'email', address, 'sandbox', now()
            from contact_points where org_id = :org"""


def forge_campaign(database: Database, org_id: UUID, identity: Identity) -> str:
    """A campaign of a proposal that nobody has decided about."""
    add_customers(database, org_id, addresses(3))
    proposal = str(proposed(database, identity).id)
    made = "insert into campaigns (campaign_id, name, status, proposal_id) values (:id, 'forged', 'active', :id)"
    run(database, org_id, made, id=proposal)
    return proposal


def test_the_outbox_takes_only_what_a_person_approved(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    """Rows written as the application send nothing without a decision, and none decides on what was not shown."""
    forged = forge_campaign(database, organisation, identity)
    tries = {
        "no person has approved": FORGED,
        "nobody has decided so": "update proposals set status = 'approved'",
        "does not wait for this": "insert into approvals (proposal_id, decision, content_hash, decided_by, user_id)"
        " values (cast(:id as uuid), 'approved', 'another', 'me', gen_random_uuid())",
    }
    for words, statement in tries.items():
        values = {name: v for name, v in (("id", forged), ("org", organisation)) if f":{name}" in statement}
        with pytest.raises(IntegrityError, match=words):
            run(database, organisation, statement, **values)


def test_an_approval_is_for_those_who_were_shown(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    launched(database, identity)
    (campaign,) = [run(database, organisation, "select campaign_id from campaigns")]
    add_customers(database, organisation, ["not-shown@example.com"])
    one_more = FORGED + " and address = 'not-shown@example.com'"
    with pytest.raises(IntegrityError, match="no person has approved"):
        run(database, organisation, one_more, id=campaign, org=organisation)
    done = FORGED.replace("due_at)", "due_at, status)").replace("now()", "now(), 'skipped'")
    run(database, organisation, done, id="elsewhere", org=organisation)
    with pytest.raises(IntegrityError, match="no person has approved"):
        run(database, organisation, "update messages set status = 'pending' where campaign_id = 'elsewhere'")
    assert run(database, organisation, "select count(*) from messages where status = 'pending'") == 2


def test_without_an_approval_nothing_goes_out(
    engines: Engines, database: Database, organisation: UUID, identity: Identity
) -> None:
    """Rows that got into the outbox past the database's own checks do not send themselves."""
    forged = forge_campaign(database, organisation, identity)
    owner = create_engine(engines.owner_url)
    with owner.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text(FORGED), {"id": forged, "org": organisation})
    owner.dispose()
    assert courier(database, organisation).run() == {"skipped": 3}
    assert run(database, organisation, "select distinct reason from messages") == "no person has approved this campaign"


def test_what_the_server_says_decides(
    database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    names = ["later-a", "refused-a", "afterdata-a", "silent-a", "fine-a", "fine-b"]
    add_customers(database, organisation, [f"{name}@example.com" for name in names])
    launched(database, identity)
    now = utc_now() + timedelta(seconds=1)
    tally = courier(database, organisation, smtp, clock=lambda: now).run()
    assert tally == {"postponed": 1, "failed": 2, "unknown": 1, "sent": 2}
    assert statuses(database, organisation) == {"pending": 1, "failed": 2, "unknown": 1, "sent": 2}
    assert run(database, organisation, "select due_at from messages where status = 'pending'") == now + timedelta(
        minutes=1
    )
    assert run(database, organisation, "select count(*) from alerts where kind = 'delivery_unknown'") == 1
    later = now + timedelta(minutes=2)
    assert courier(database, organisation, smtp, clock=lambda: later).run() == {"postponed": 1}
    assert smtp.recipients() == {"silent-a@example.com": 1, "fine-a@example.com": 1, "fine-b@example.com": 1}
    assert run(database, organisation, "select status from campaigns") == "active"


def test_a_message_that_is_postponed_again_and_again_fails(
    database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, ["later-a@example.com"])
    launched(database, identity)
    for day in range(1, MAX_ATTEMPTS + 2):
        now = utc_now() + timedelta(days=day)
        courier(database, organisation, smtp, clock=lambda now=now: now).run()  # type: ignore[misc]
    assert statuses(database, organisation) == {"failed": 1}
    assert run(database, organisation, "select attempts from messages") == MAX_ATTEMPTS
    assert run(database, organisation, "select status from campaigns") == "completed"


def test_a_server_that_is_away_loses_nothing(
    database: Database, organisation: UUID, identity: Identity, smtp: MailServer
) -> None:
    add_customers(database, organisation, addresses(5))
    launched(database, identity)
    away = {"smtp": SmtpTransport(SmtpServer("127.0.0.1", 1))}
    with pytest.raises(RetryLater, match="cannot be used"):
        courier(database, organisation, transports=away).run()  # type: ignore[arg-type]
    assert statuses(database, organisation) == {"pending": 5}
    assert "cannot be used" in run(database, organisation, "select max(reason) from messages")
    assert run(database, organisation, "select max(attempts) from messages") == 0
    with pytest.raises(RetryLater, match="Messages wait for the mail server"):
        courier(database, organisation).run()
    assert courier(database, organisation, smtp).run()["sent"] == 5


def test_scheduled_messages_wait_for_their_time(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    at = utc_now() + timedelta(hours=3)
    launched(database, identity, send_at=at.isoformat())
    assert courier(database, organisation).run() == {}
    assert run(database, organisation, "select status from campaigns") == "scheduled"
    assert courier(database, organisation, clock=lambda: at).run() == {"sent": 2}
    assert run(database, organisation, "select status from campaigns") == "completed"


class Watching:
    """A sandbox that calls back at every message, before and after handing over."""

    def __init__(self, before: Callable[[int], None], after: Callable[[int], None]) -> None:
        self.before, self.after, self.count = before, after, 0

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        self.count += 1
        self.before(self.count)
        before_handover()
        self.after(self.count)
        return Receipt("sandbox", str(message.id))

    def reconcile(self, attempt: Attempt) -> None:
        """Says nothing."""

    def close(self) -> None:
        """Nothing is held."""


def nothing(_count: int) -> None:
    """Do nothing."""


def test_told_to_stop_it_finishes_the_message_in_hand_and_puts_the_rest_back(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(30))
    launched(database, identity)
    stop = threading.Event()
    channel = Watching(nothing, lambda count: stop.set() if count == 7 else None)
    assert courier(database, organisation, transports={"sandbox": channel}, stop=stop).run() == {"sent": 7}
    assert statuses(database, organisation) == {"sent": 7, "pending": 23}
    assert courier(database, organisation).run() == {"sent": 23}


def break_connections(database: Database, organisation: UUID) -> None:
    """What happens when PostgreSQL is restarted under a courier: its session, and the lock with it, is gone."""
    found = run(
        database,
        organisation,
        """select count(pg_terminate_backend(pid)) from pg_locks
           where locktype = 'advisory' and pid <> pg_backend_pid()""",
    )
    assert found >= 1


def test_a_courier_that_lost_its_session_hands_nothing_over(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    """Otherwise another courier, which sees the lock free, would send the same message too."""
    add_customers(database, organisation, addresses(5))
    launched(database, identity)
    handed_over: list[int] = []

    def cut(count: int) -> None:
        if count == 3:
            wait_until(lambda: statuses(database, organisation)["sent"] == 2, "the second is written down")
            break_connections(database, organisation)
            assert courier(database, organisation).run()["sent"] == 3  # the other courier does the rest

    with pytest.raises(OperationalError):
        courier(database, organisation, transports={"sandbox": Watching(cut, handed_over.append)}).run()
    assert handed_over == [1, 2]
    assert statuses(database, organisation) == {"sent": 5}
    assert run(database, organisation, "select count(*) from sandbox_mailbox") == 5


def test_a_delivery_is_kept_though_the_session_is_lost_right_after_it(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(5))
    launched(database, identity)

    def cut(count: int) -> None:
        if count == 3:
            break_connections(database, organisation)

    with pytest.raises(OperationalError):
        courier(database, organisation, transports={"sandbox": Watching(nothing, cut)}).run()
    left = statuses(database, organisation)
    assert (left.pop("sent"), sum(left.values()), left.keys() <= {"claimed", "pending"}) == (3, 2, True)
    assert courier(database, organisation).run() == {"sent": 2, "recovered": left["claimed"]}


def test_what_a_dead_courier_left_is_recovered(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(6))
    launched(database, identity)
    set_state = "update messages set status = :to, claimed_by = 42, provider = :provider where address = any(:who)"
    run(database, organisation, set_state, to="claimed", provider="sandbox", who=["c0@example.com", "c1@example.com"])
    run(database, organisation, set_state, to="handing_over", provider="sandbox", who=["c2@example.com"])
    run(database, organisation, set_state, to="handing_over", provider="smtp", who=["c3@example.com"])
    with database.transaction(organisation) as connection:
        assert outbox.due(connection, utc_now() - timedelta(days=1))
    tally = courier(database, organisation).run()
    assert tally == {"recovered": 3, "unknown": 1, "sent": 5}  # the sandbox can be asked, an SMTP server cannot
    assert run(database, organisation, "select address from messages where status = 'unknown'") == "c3@example.com"
    assert run(database, organisation, "select count(*) from alerts") == 1


def test_what_a_living_courier_holds_is_left_alone(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(4))
    launched(database, identity)
    run(
        database,
        organisation,
        "update messages set status = 'claimed', claimed_by = 43 where address = 'c0@example.com'",
    )
    with database.engine.connect() as holder:
        outbox.hold_claim(holder, 43)
        holder.commit()
        assert courier(database, organisation).run() == {"sent": 3}
        holder.invalidate()
    assert courier(database, organisation).run() == {"sent": 1, "recovered": 1}


def test_couriers_of_one_organisation_take_turns(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(40))
    launched(database, identity)
    tallies: list[dict[str, int]] = []
    threads = [threading.Thread(target=lambda: tallies.append(courier(database, organisation).run())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tally.get("sent", 0) for tally in tallies) == 40
    assert run(database, organisation, "select count(*) from sandbox_mailbox") == 40


def test_unsubscribing_by_the_link_stops_everything_later(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(2))
    launched(database, identity)
    courier(database, organisation).run()
    link = run(database, organisation, "select headers ->> 'List-Unsubscribe' from sandbox_mailbox order by recipient")
    token = link.split(">")[0].rpartition("/")[2]
    gone = unsubscribe(database, LINKS.key, token)
    assert (gone.address, gone.already) == ("c0@example.com", False)
    assert unsubscribe(database, LINKS.key, token).already
    audience = proposed(database, identity).audience
    assert (audience.suppressed, audience.reachable) == (1, 1)
    with pytest.raises(FixArguments):
        unsubscribe(database, b"another key", token)
    with pytest.raises(NotFound):
        unsubscribe(database, LINKS.key, unsubscribe_token(LINKS.key, organisation, UUID(int=1)))
