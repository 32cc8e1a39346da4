"""Messages of unknown outcome: a person says what became of them, and one that did not arrive goes out once more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.errors import FixArguments, NotAllowed
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, launched
from tests.conftest import make_organisation, person
from tests.integration.test_outbox import courier, run


@pytest.fixture
def unknown(database: Database, organisation: UUID, identity: Identity) -> list[Any]:
    """Two messages of a finished campaign of five of which nobody knows whether they arrived."""
    add_customers(database, organisation, addresses(5))
    launched(database, identity)
    assert courier(database, organisation).run()["sent"] == 5
    lost = """update messages set status = 'unknown', reason = 'the courier died', sent_at = null
              where address in ('c0@example.com', 'c1@example.com')"""
    run(database, organisation, lost)
    run(database, organisation, "delete from sandbox_mailbox where recipient in ('c0@example.com', 'c1@example.com')")
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (status.status, status.counts) == ("completed", {"sent": 3, "unknown": 2})
    assert sorted(message.recipient for message in status.unknown) == ["c0@example.com", "c1@example.com"]
    return sorted(status.unknown, key=lambda message: message.recipient)


def settled(database: Database, identity: Identity, message: Any, *, delivered: bool) -> Any:
    arguments = {"message_id": str(message.message_id), "delivered": delivered}
    return CATALOGUE.call("settle_delivery", arguments, context(database, identity))


def test_what_arrived_is_sent_and_what_did_not_goes_out_once_more(
    database: Database, organisation: UUID, identity: Identity, unknown: list[Any]
) -> None:
    found: Any = CATALOGUE.call("list_proposals", {"status": "unsettled"}, context(database, identity))
    assert found.total == len(found.proposals) == 1
    assert settled(database, identity, unknown[0], delivered=True).status == "sent"
    again = settled(database, identity, unknown[1], delivered=False)
    assert (again.status, again.job_id is not None) == ("pending", True)
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (status.status, status.done, status.unknown) == ("active", False, [])
    assert courier(database, organisation).run() == {"sent": 1}
    mailed = run(
        database, organisation, "select string_agg(recipient, ' ') from sandbox_mailbox where recipient < 'c2'"
    )
    assert mailed == "c1@example.com"
    last: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (last.status, last.counts) == ("completed", {"sent": 5})
    left: Any = CATALOGUE.call("list_proposals", {"status": "unsettled"}, context(database, identity))
    assert left.total == 0
    for message in unknown:
        with pytest.raises(FixArguments, match="Nothing was changed"):
            settled(database, identity, message, delivered=False)
    assert courier(database, organisation).run() == {}
    told = "select string_agg(detail, ',') from message_events where kind in ('delivered', 'not_delivered')"
    assert run(database, organisation, told).count("said by admin@example.com") == 2


def test_only_who_may_approve_settles(database: Database, organisation: UUID, unknown: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        settled(database, person(organisation, "analyst"), unknown[0], delivered=False)
    assert run(database, organisation, "select count(*) from messages where status = 'unknown'") == 2


def test_another_organisation_s_message_is_not_there(database: Database, unknown: list[Any]) -> None:
    stranger = person(make_organisation(database))
    with pytest.raises(FixArguments, match="Nothing was changed"):
        settled(database, stranger, unknown[0], delivered=False)


def test_what_failed_is_sent_again_when_a_person_says_so(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(4))
    launched(database, identity)
    assert courier(database, organisation).run()["sent"] == 4
    failed = """update messages set status = 'failed', attempts = 8, reason = 'gave up', sent_at = null
                where address in ('c0@example.com', 'c1@example.com')"""
    run(database, organisation, failed)
    run(database, organisation, "delete from sandbox_mailbox where recipient in ('c0@example.com', 'c1@example.com')")
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    asked = {"campaign_id": status.campaign_id}
    with pytest.raises(NotAllowed):
        CATALOGUE.call("resend_failed", asked, context(database, person(organisation, "analyst")))
    stranger = person(make_organisation(database))
    with pytest.raises(FixArguments, match="has failed"):
        CATALOGUE.call("resend_failed", asked, context(database, stranger))
    consent = """update consents set granted = false where customer_id =
                 (select customer_id from messages where address = 'c1@example.com')"""
    run(database, organisation, consent)
    again: Any = CATALOGUE.call("resend_failed", asked, context(database, identity))
    assert again.messages == 2
    assert courier(database, organisation).run() == {"sent": 1, "skipped": 1}  # who has refused meanwhile gets nothing
    last: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (last.status, last.counts) == ("completed", {"sent": 3, "skipped": 1})
    with pytest.raises(FixArguments, match="has failed"):
        CATALOGUE.call("resend_failed", asked, context(database, identity))
