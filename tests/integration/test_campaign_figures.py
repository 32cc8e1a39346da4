"""What a campaign's figures say of its messages: they agree with each other, with the lists, and with the words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.clock import utc_now
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, launched
from tests.integration.reporting import apply, event
from tests.integration.test_outbox import courier, run

TOLD = {  # events of the messages to c0 … c9; c10 and c11: nothing yet
    0: ("delivered",),
    1: ("opened",),
    2: ("opened", "clicked"),
    3: ("clicked",),
    4: ("delivered", "machine"),
    5: ("machine", "opened"),
    6: ("bounced",),
    7: ("rejected",),
    8: ("deferred",),
    9: ("opened", "unsubscribed"),
    10: ("accepted",),
}
FATES = {
    "delivered": 7, "opened": 5, "opened_by_machine": 1, "clicked": 2, "bounced": 1, "refused": 1, "delayed": 1,
    "silent": 2, "unsubscribed": 1, "complained": 0, "failed": 0, "skipped": 0, "unknown": 0, "waiting": 0, "bought": 2,
}  # fmt: skip


@pytest.fixture
def campaign(database: Database, organisation: UUID, identity: Identity) -> None:
    """Twelve messages that were sent, and what was told of them; two customers ordered after."""
    add_customers(database, organisation, addresses(12))
    launched(database, identity)
    assert courier(database, organisation).run()["sent"] == 12
    run(database, organisation, "update messages set provider = 'sendgrid'")
    now = utc_now()
    for number, kinds in TOLD.items():
        one = run(database, organisation, "select id from messages where address = :a", a=f"c{number}@example.com")
        for kind in kinds:
            machine, kind = kind == "machine", "opened" if kind == "machine" else kind
            apply(database, organisation, event(kind, one, now, machine=machine, detail=f"because {kind}"))
    ordered = {0: (1, 1), 2: (2, 6), 6: (-1, 8)}  # days after the message
    with database.transaction(organisation) as connection:
        for number, days in ordered.items():
            for place, day in enumerate(days):
                buy(connection, f"c{number}@example.com", f"o{number}-{place}", timedelta(days=day))


def buy(connection: Any, address: str, order_id: str, after: timedelta) -> None:
    added = """insert into orders (order_id, ordered_at, customer_id, revenue)
               select :id, sent_at + cast(:after as interval), customer_id, 10 from messages where address = :address"""
    connection.execute(text(added), {"id": order_id, "after": after, "address": address})


def status(database: Database, identity: Identity, **arguments: Any) -> Any:
    return CATALOGUE.call("campaign_status", arguments, context(database, identity))


def worded(result: Any, **arguments: Any) -> str:
    form = result.model_dump(mode="json")
    return CATALOGUE.get("campaign_status").worded(CATALOGUE.outcome("campaign_status", arguments, form))


def test_the_figures_agree_with_each_other_and_with_the_lists(
    database: Database, identity: Identity, campaign: None
) -> None:
    figures = status(database, identity).deliveries
    assert {name: getattr(figures, name) for name in FATES if hasattr(figures, name)} == {
        name: number for name, number in FATES.items() if hasattr(figures, name)
    }
    assert (
        figures.sent
        == 12
        == sum(getattr(figures, fate) for fate in ("delivered", "bounced", "refused", "delayed", "silent"))
    )
    assert (figures.buyers, figures.orders, figures.revenue) == (2, 4, 40)
    assert figures.reasons == {"because bounced": 1, "because rejected": 1, "because deferred": 1}
    for fate, number in FATES.items():
        listed = status(database, identity, who=fate)
        assert (listed.recipients_total, len(listed.recipients)) == (number, number), fate
        page = status(database, identity, who=fate, limit=1, offset=1)
        assert [row.recipient for row in page.recipients] == [row.recipient for row in listed.recipients[1:2]]


def test_people_and_reasons_are_listed_in_words(database: Database, identity: Identity, campaign: None) -> None:
    (bounced,) = status(database, identity, who="bounced").recipients
    assert (bounced.recipient, bounced.fate, bounced.reason) == ("c6@example.com", "bounced", "because bounced")
    assert bounced.orders == 0  # before the message, and more than a week after it
    assert [row.fate for row in status(database, identity, who="opened").recipients] == [
        "opened", "clicked", "clicked", "opened", "unsubscribed",
    ]  # fmt: skip
    assert [row.orders for row in status(database, identity, who="bought").recipients] == [2, 2]
    assert worded(status(database, identity, who="clicked"), who="clicked").startswith(
        "**2 recipients of “Win back” clicked"
    )
    assert "No recipient of" in worded(status(database, identity, who="complained"), who="complained")


def test_the_answer_says_what_became_of_them(
    database: Database, organisation: UUID, identity: Identity, campaign: None
) -> None:
    result = status(database, identity)
    assert "What became of" not in worded(result)  # the sandbox: nothing left this machine
    said = worded(result.model_copy(update={"provider": "sendgrid", "carrier": "SendGrid"}))
    assert "delivered: 7 of 12 (58.3%)" in said
    assert "opened by people: 5; by programs only (Apple Mail, scanners): 1" in said
    assert "because bounced: 1" in said
    assert "2 recipients ordered within 7 days of their message: 4 orders, £40" in said
    assert "Some would have without it" in said
    quiet = result.deliveries.model_copy(update={"told": False})
    silent = result.model_copy(update={"provider": "smtp", "carrier": "the mail server", "deliveries": quiet})
    assert "The mail server does not tell what became of them." in worded(silent)


def test_what_is_stuck_says_what_to_do(
    database: Database, organisation: UUID, identity: Identity, campaign: None
) -> None:
    run(database, organisation, "update messages set status = 'unknown' where address = 'c10@example.com'")
    run(database, organisation, "update messages set status = 'failed', reason = 'x' where address = 'c11@example.com'")
    said = worded(status(database, identity))
    assert "Of 1 message nobody knows" in said
    assert "1 message could not be sent" in said
