"""Quiet hours and the frequency cap: what waits, what is left out, and what is said of it before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cli.main import main
from core.errors import FixArguments, NotAllowed
from core.identity import Identity
from core.settings import Settings
from database.engine import Database
from tests.campaign_scene import CATALOGUE, CONTENT, add_customers, addresses, context, launched, put_customer, statuses
from tests.conftest import make_organisation, person
from tests.integration.test_outbox import courier, run
from tests.mail_server import MailServer
from tools.channels.rules import change_rules, rules_in_words, rules_of

NOW = datetime(2026, 6, 15, 21, 30, tzinfo=UTC)  # 23:30 in Berlin, 22:30 in London, 17:30 in New York
PLACES = {
    "berlin@example.com": {"country": "Germany"},
    "london@example.com": {"country": "United Kingdom"},
    "newyork@example.com": {"country": "USA", "city": "New York"},
    "tokyo@example.com": {"country": "Spain", "time_zone": "Asia/Tokyo"},
    "somewhere@example.com": {},
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log")
    yield server
    server.stop()


@pytest.fixture
def organisation(database: Database) -> UUID:
    return make_organisation(database, time_zone="America/Chicago")


def set_rules(database: Database, identity: Identity, **told: Any) -> Any:
    return change_rules(database, identity, Settings(public_url="https://aima.example.com"), NOW, **told)


def put_people(database: Database, org_id: UUID) -> None:
    with database.transaction(org_id) as connection:
        for address, place in PLACES.items():
            customer = put_customer(connection, address, address)
            for column, value in place.items():
                connection.execute(
                    text(f"update customers set {column} = :value where id = :id"), {"value": value, "id": customer}
                )


def proposed(database: Database, identity: Identity, now: datetime, **changes: Any) -> Any:
    arguments = CONTENT | {"holdout_share": 0} | changes
    result: Any = CATALOGUE.call("propose_campaign", arguments, context(database, identity, now=now))
    return result.proposal


def launch_at(database: Database, identity: Identity, now: datetime, **changes: Any) -> Any:
    return approved_at(database, identity, now, proposed(database, identity, now, **changes))


def approved_at(database: Database, identity: Identity, now: datetime, proposal: Any) -> Any:
    arguments = {"proposal_id": str(proposal.id), "content_hash": proposal.content_hash}
    return CATALOGUE.call("approve_proposal", arguments, context(database, identity, now=now))


def send(database: Database, org_id: UUID, at: datetime) -> dict[str, int]:
    return dict(+courier(database, org_id, clock=lambda: at).run())


def sent_to(database: Database, org_id: UUID) -> list[str]:
    return sorted(run(database, org_id, "select array_agg(address) from messages where status = 'sent'") or [])


def test_messages_wait_for_the_morning_of_each_customer(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    put_people(database, organisation)
    set_rules(database, identity, quiet="21:00-08:00")
    launch_at(database, identity, NOW)
    assert send(database, organisation, NOW) == {"sent": 2, "postponed": 3}
    assert sent_to(database, organisation) == ["newyork@example.com", "somewhere@example.com"]  # 16:30 in the shop
    found = "select json_object_agg(address, json_build_array(due_at, reason)) from messages where status = 'pending'"
    waiting = run(database, organisation, found)
    due = {address: datetime.fromisoformat(at) for address, (at, _reason) in waiting.items()}
    assert due == {
        "berlin@example.com": datetime(2026, 6, 16, 6, tzinfo=UTC),
        "london@example.com": datetime(2026, 6, 16, 7, tzinfo=UTC),
        "tokyo@example.com": datetime(2026, 6, 15, 23, tzinfo=UTC),
    }
    assert waiting["berlin@example.com"][1] == (
        "quiet hours (21:00 to 08:00) in Europe/Berlin, known by the customer's country: waits until they are over"
    )
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (status.status, status.done, status.counts) == ("active", False, {"sent": 2, "pending": 3})
    assert len(status.reasons) == 3
    # A minute before nothing goes out; at the minute each does, once.
    assert send(database, organisation, due["tokyo@example.com"] - timedelta(minutes=1)) == {}
    for address in ("tokyo@example.com", "berlin@example.com", "london@example.com"):
        assert send(database, organisation, due[address]) == {"sent": 1}
        assert address in sent_to(database, organisation)
    assert statuses(database, organisation) == {"sent": 5}
    assert send(database, organisation, NOW + timedelta(days=2)) == {}


def test_where_it_is_not_known_the_shop_s_clocks_count(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    put_people(database, organisation)
    set_rules(database, identity, quiet="16:00-17:00")  # 16:30 in Chicago
    launch_at(database, identity, NOW)
    assert send(database, organisation, NOW) == {"sent": 4, "postponed": 1}
    assert "America/Chicago, your own time zone, as the customer's is not known" in run(
        database, organisation, "select reason from messages where status = 'pending'"
    )


@pytest.mark.parametrize(
    ("night", "shop_opens", "berlin_opens"),
    [
        # Clocks go forward in Berlin on 29 March, in Chicago on 8 March; back on 25 October and on 1 November.
        ("2026-03-07T23:00Z", "2026-03-08T14:00Z", "2026-03-08T08:00Z"),
        ("2026-03-28T22:00Z", "2026-03-29T14:00Z", "2026-03-29T07:00Z"),
        ("2026-10-24T21:00Z", "2026-10-25T14:00Z", "2026-10-25T08:00Z"),
        ("2026-10-31T22:00Z", "2026-11-01T15:00Z", "2026-11-01T08:00Z"),
    ],
)
def test_the_nights_when_clocks_are_changed(
    database: Database,
    organisation: UUID,
    identity: Identity,
    night: str,
    shop_opens: str,
    berlin_opens: str,
) -> None:
    """09:00 in Berlin and in Chicago (where the shop is), in UTC."""
    at = datetime.fromisoformat(night)
    with database.transaction(organisation) as connection:
        customer = put_customer(connection, "b", "berlin@example.com")
        connection.execute(text("update customers set country = 'DE' where id = :id"), {"id": customer})
        put_customer(connection, "s", "shop@example.com")
    set_rules(database, identity, quiet="16:00-09:00")
    launch_at(database, identity, at)
    assert send(database, organisation, at) == {"postponed": 2}
    found = "select due_at from messages where address = :a"
    assert run(database, organisation, found, a="berlin@example.com") == datetime.fromisoformat(berlin_opens)
    assert run(database, organisation, found, a="shop@example.com") == datetime.fromisoformat(shop_opens)


def test_rules_that_change_are_asked_again(database: Database, organisation: UUID, identity: Identity) -> None:
    put_people(database, organisation)
    set_rules(database, identity, quiet="21:00-08:00")
    launch_at(database, identity, NOW)
    launch_at(database, identity, NOW, send_at=(NOW + timedelta(days=1)).isoformat(), name="Later")
    assert send(database, organisation, NOW)["postponed"] == 3
    set_rules(database, identity, quiet="off")
    assert send(database, organisation, NOW) == {"sent": 3}
    assert statuses(database, organisation) == {"sent": 5, "pending": 5}  # what has its own time keeps it


def test_nobody_gets_more_than_the_cap_over_all_campaigns_and_channels(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    with database.transaction(organisation) as connection:
        both = put_customer(connection, "both", "both@example.com")
        for statement in (
            "insert into contact_points (customer_id, kind, address) values (:id, 'phone', '+4915112345678')",
            "insert into consents (customer_id, channel, granted, source) values (:id, 'sms', true, 'test')",
        ):
            connection.execute(text(statement), {"id": both})
        put_customer(connection, "one", "one@example.com")
    set_rules(database, identity, most="2/7")
    for number, (channel, expected) in enumerate([("email", {"sent": 2}), ("sms", {"sent": 1})]):
        launch_at(database, identity, NOW + timedelta(days=number), channel=channel, name=f"Number {number}")
        assert send(database, organisation, NOW + timedelta(days=number)) == expected
    third = NOW + timedelta(days=2)
    proposal = proposed(database, identity, third, name="Number 2")
    said = "1 customer has had 2 messages in 7 days already"
    assert [warning for warning in proposal.warnings if said in warning]
    approved_at(database, identity, third, proposal)
    assert send(database, organisation, third) == {"sent": 1, "skipped": 1}
    status: Any = CATALOGUE.call("campaign_status", {"who": "skipped"}, context(database, identity))
    assert status.reasons == {"frequency cap: the customer has had 2 messages in 7 days already": 1}
    assert [one.recipient for one in status.recipients] == ["both@example.com"]
    # The first two were sent more than seven days ago: there is room again.
    later = NOW + timedelta(days=8, minutes=1)
    assert not [w for w in proposed(database, identity, later).warnings if "frequency cap" in w]
    launch_at(database, identity, later, name="Number 3")
    assert send(database, organisation, later) == {"sent": 2}


def test_two_campaigns_at_once_do_not_pass_the_cap_together(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(10))
    set_rules(database, identity, most="1/1")
    for name in ("A", "B", "C"):
        launch_at(database, identity, NOW, name=name)
    for minutes in (0, 2):
        send(database, organisation, NOW + timedelta(minutes=minutes))
    assert statuses(database, organisation) == {"sent": 10, "skipped": 20}


def test_what_stayed_in_the_sandbox_counts_for_nobody_outside(
    database: Database, organisation: UUID, identity: Identity, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_customers(database, organisation, addresses(3))
    set_rules(database, identity, most="1/30")
    with monkeypatch.context() as without:
        without.delenv("AIMA_SMTP_URL")
        launched(database, identity, name="Tried out")
        assert courier(database, organisation).run()["sent"] == 3
    launched(database, identity, name="For real")
    assert courier(database, organisation, smtp).run()["sent"] == 3
    assert smtp.recipients() == dict.fromkeys(addresses(3), 1)


def test_a_proposal_says_for_whom_it_is_night(database: Database, organisation: UUID, identity: Identity) -> None:
    put_people(database, organisation)
    set_rules(database, identity, quiet="21:00-08:00")
    now = [w for w in proposed(database, identity, NOW).warnings if "quiet hours" in w]
    assert now == [
        "It is in your quiet hours (21:00 to 08:00) for 3 of 5 recipients now: their messages wait until these are over"
        " where they are (of 1 it is not known where they are: your own time zone counts)."
    ]
    noon = datetime(2026, 6, 16, 17, tzinfo=UTC)
    later = [w for w in proposed(database, identity, NOW, send_at=noon.isoformat()).warnings if "quiet hours" in w]
    assert len(later) == 1
    assert "for 1 of 5 recipients then" in later[0]  # Tokyo


def test_who_may_and_what_can_be_set(database: Database, organisation: UUID, identity: Identity) -> None:
    settings = Settings(public_url="https://aima.example.com")
    with pytest.raises(NotAllowed):
        change_rules(database, person(organisation, "manager"), settings, NOW, quiet="21:00-08:00")
    for told, said in (
        ({"quiet": "9 to 5"}, "21:00-08:00"),
        ({"quiet": "25:00-08:00"}, "21:00-08:00"),
        ({"quiet": "08:00-08:00"}, "no time to send"),
        ({"most": "lots"}, "3/7"),
        ({"most": "0/7"}, "1 to 1,000"),
    ):
        with pytest.raises(FixArguments, match=said):
            change_rules(database, identity, settings, NOW, **told)  # type: ignore[arg-type]
    with pytest.raises(FixArguments, match="AIMA_PUBLIC_URL"):
        change_rules(database, identity, Settings(public_url=None), NOW, follows=True)
    set_rules(database, identity, quiet="21:00-08:00", most="3/7", follows=True)
    set_rules(database, identity, most="4 in 7 days")
    rules = rules_of(database, person(organisation, "viewer"))
    assert (str(rules.quiet), str(rules.cap), rules.follows) == ("21:00 to 08:00", "4 messages in 7 days", True)
    assert "at most 4 messages in 7 days" in rules_in_words(rules)[1]
    logged = "select count(*) from audit_log where action = 'sending_rules' and actor = :actor"
    assert run(database, organisation, logged, actor=identity.actor) == 2


def test_rules_are_of_one_organisation(database: Database, organisation: UUID, identity: Identity) -> None:
    set_rules(database, identity, quiet="00:00-23:59", most="1/365")
    other = make_organisation(database)
    add_customers(database, other, addresses(2))
    for name in ("A", "B"):
        launch_at(database, person(other), NOW, name=name)
    assert send(database, other, NOW) == {"sent": 4}
    assert rules_of(database, person(other)).quiet is None


def test_at_the_shell(
    database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def opened(_home: Path | None = None) -> Iterator[Any]:
        yield SimpleNamespace(database=database, settings=Settings(public_url=None))

    monkeypatch.setattr("cli.session.opened", opened)
    monkeypatch.setattr("cli.session.organisation", lambda *_: organisation)

    def aima(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["sending", *words])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    assert aima("set", "--quiet", "21:00-08:00", "--most", "3/7")[0] == 0
    code, said = aima()
    assert (code, "Quiet hours: 21:00 to 08:00" in said, "at most 3 messages in 7 days" in said) == (0, True, True)
    assert aima("set", "--quiet", "late")[0] == 2
    assert "public address" in aima("set", "--follow")[1]
    assert "Say --quiet" in aima("set")[1]
    assert "Quiet hours: none" in aima("set", "--quiet", "off")[1]


def test_a_region_in_what_the_file_said_besides_is_read(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    """Of exports that name a state beside the country; where the country has one zone only, none is looked for."""
    with database.transaction(organisation) as connection:
        for name, country, raw in (
            ("us@example.com", "United States", '{"Default Address Province Code": "CA"}'),
            ("de@example.com", "Germany", '{"State": "CA"}'),
            ("no@example.com", "United States", '"CA"'),
        ):
            customer = put_customer(connection, name, name)
            put = "update customers set country = :country, raw = cast(:raw as jsonb) where id = :id"
            connection.execute(text(put), {"id": customer, "country": country, "raw": raw})
    set_rules(database, identity, quiet="00:00-23:59")
    launch_at(database, identity, NOW)
    assert send(database, organisation, NOW) == {"postponed": 3}
    reasons = run(database, organisation, "select json_object_agg(address, reason) from messages")
    assert "America/Los_Angeles, known by the customer's region" in reasons["us@example.com"]
    assert "Europe/Berlin, known by the customer's country" in reasons["de@example.com"]
    assert "America/Chicago, your own time zone" in reasons["no@example.com"]
