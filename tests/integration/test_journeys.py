"""Journeys as people go through them: they enter, wait, are asked and written to, and leave, in the real database."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import FixArguments
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context, put_customer
from tests.integration.test_outbox import courier
from tests.journey_scene import (
    CART,
    END,
    EVERYBODY,
    EVERYONE,
    approved,
    change,
    did,
    people,
    proposed,
    round_at,
    send,
    sent_to,
    started,
    status,
    wait,
    where,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_cart_that_is_left_gets_an_email_and_one_that_is_bought_gets_none(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    left, bought, idle = people(database, organisation, 3)
    journey = started(database, identity, CART, now)
    for customer in (left, bought):
        did(database, organisation, customer, "cart", now + HOUR)
    assert round_at(database, organisation, now + 2 * HOUR).entered == 2
    did(database, organisation, bought, "order", now + 3 * HOUR)
    assert round_at(database, organisation, now + 4 * HOUR).goals == 1
    assert round_at(database, organisation, now + 6 * HOUR).messages == 1

    assert where(database, organisation, left) == [("in", "bought")]
    assert where(database, organisation, bought) == [("out", "goal")]
    assert where(database, organisation, idle) == []
    assert [sent_to(database, organisation, one) for one in (left, bought, idle)] == [["mail"], [], []]
    assert courier(database, organisation).run()["sent"] == 1
    found = status(database, identity, journey, now + 6 * HOUR)
    assert (found.entered, found.inside, found.outcomes) == (2, 1, {"goal": 1})
    mail = next(node for node in found.nodes if node.node == "mail")
    assert (mail.passed, mail.messages, mail.sent, mail.ways) == (1, 1, 1, {"sent": 1})


def test_who_comes_back_goes_on_at_once_and_who_does_not_after_the_time(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    back, gone = people(database, organisation, 2)
    started(database, identity, CART, now)
    for customer in (back, gone):
        did(database, organisation, customer, "cart", now)
    for customer in (back, gone):
        did(database, organisation, customer, "cart", now + HOUR)
    round_at(database, organisation, now + HOUR)
    round_at(database, organisation, now + 6 * HOUR)
    did(database, organisation, back, "visit", now + 7 * HOUR)
    assert round_at(database, organisation, now + 8 * HOUR).woken == 1
    assert where(database, organisation, back) == [("out", "end")]
    assert where(database, organisation, gone) == [("in", "bought")]
    round_at(database, organisation, now + 3 * DAY)
    assert where(database, organisation, gone) == [("out", "end")]
    assert sent_to(database, organisation, gone) == ["mail"], "no telephone number: no SMS, and that is kept"
    with database.transaction(organisation) as connection:
        found = connection.execute(text("select way from journey_steps where node = 'sms'")).scalars()
        assert list(found) == ["no address"]


def test_an_order_whose_data_come_late_still_keeps_the_message_back(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    started(database, identity, CART, now)
    did(database, organisation, customer, "cart", now + HOUR)
    round_at(database, organisation, now + HOUR)
    with database.transaction(organisation) as connection:  # not a load that anybody is told of
        at = now + 2 * HOUR
        connection.execute(text("select ensure_month_partitions('orders', :at, :at)"), {"at": at})
        connection.execute(
            text("insert into orders (order_id, ordered_at, customer_id, revenue) values ('late', :at, :id, 5)"),
            {"at": at, "id": customer},
        )
        connection.execute(text("update journey_versions set news_at = :at"), {"at": now + 5 * HOUR})
    round_at(database, organisation, now + 5 * HOUR + timedelta(minutes=1))
    assert where(database, organisation, customer) == [("out", "goal")]
    assert sent_to(database, organisation, customer) == []


@pytest.mark.parametrize(
    ("again", "entries"),
    [({"again": "never"}, 1), ({"again": "after", "again_after_days": 3}, 2), ({"again": "always"}, 3)],
)
def test_who_enters_again(
    again: dict[str, object], entries: int, database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    definition = {
        **CART,
        "entry": {"event": "cart", **again},
        "nodes": [wait("pause", "mail", 1), send("mail", "end"), END],
    }
    started(database, identity, definition, now)
    for days in (1, 2, 5):
        did(database, organisation, customer, "cart", now + days * DAY)
        did(database, organisation, customer, "cart", now + days * DAY + timedelta(minutes=30))  # while inside
        round_at(database, organisation, now + days * DAY + timedelta(minutes=40))
        round_at(database, organisation, now + days * DAY + 2 * HOUR)
    assert where(database, organisation, customer) == [("out", "end")] * entries
    assert sent_to(database, organisation, customer) == ["mail"] * entries


def test_what_happened_before_it_began_lets_nobody_in(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    did(database, organisation, customer, "cart", now - HOUR)
    started(database, identity, CART, now)
    assert round_at(database, organisation, now + HOUR).entered == 0


def test_everybody_of_a_rule_enters_once_and_newcomers_at_the_next_look(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    customers = people(database, organisation, 3)
    started(database, identity, EVERYONE, now)
    assert round_at(database, organisation, now + timedelta(minutes=1)).entered == 3
    assert round_at(database, organisation, now + HOUR).entered == 0
    customers += people(database, organisation, 1)
    assert round_at(database, organisation, now + 2 * HOUR).entered == 1
    round_at(database, organisation, now + 2 * DAY)
    assert {tuple(sent_to(database, organisation, one)) for one in customers} == {("hello", "more")}
    assert {tuple(where(database, organisation, one)) for one in customers} == {(("out", "end"),)}


def test_nobody_is_written_to_without_consent_and_they_go_on(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1, consent=None)
    started(database, identity, EVERYONE, now)
    found = round_at(database, organisation, now + timedelta(minutes=1))
    assert (found.entered, found.messages) == (1, 0)
    assert where(database, organisation, customer) == [("in", "pause")]


def test_consent_withdrawn_after_the_step_is_heeded_when_it_is_sent(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 2)
    started(database, identity, EVERYONE, now)
    assert round_at(database, organisation, now + timedelta(minutes=1)).messages == 2
    with database.transaction(organisation) as connection:
        connection.execute(
            text("update consents set granted = false where customer_id = (select min(customer_id) from consents)")
        )
    assert dict(courier(database, organisation).run()) == {"sent": 1, "skipped": 1}


def test_a_branch_a_split_and_a_tag(database: Database, identity: Identity, organisation: UUID, now: datetime) -> None:
    customers = people(database, organisation, 60)
    with database.transaction(organisation) as connection:
        connection.execute(text("update customers set country = 'France' where id = :id"), {"id": customers[0]})
    definition = {
        "name": "Ways",
        "entry": {"rule": EVERYBODY},
        "nodes": [
            {"id": "french", "type": "branch", "otherwise": "halves", "ways": [
                {"when": {"rule": {"field": "country", "operator": "eq", "value": "France"}}, "next": "note"}]},
            {"id": "note", "type": "update", "tag": "french", "next": "again"},
            {"id": "again", "type": "branch", "otherwise": "end",
             "ways": [{"when": {"tag": "french"}, "next": "hello"}]},
            send("hello", "end"),
            {"id": "halves", "type": "split", "ways": [{"percent": 50, "next": "a"}, {"percent": 50, "next": "b"}]},
            {"id": "a", "type": "update", "tag": "half", "value": "a", "next": "end"},
            {"id": "b", "type": "update", "tag": "half", "value": "b", "next": "end"},
            END,
        ],
    }  # fmt: skip
    started(database, identity, definition, now)
    round_at(database, organisation, now + HOUR)
    assert sent_to(database, organisation, customers[0]) == ["hello"]
    with database.transaction(organisation) as connection:
        tags = dict(
            connection.execute(text("select value, count(*) from customer_tags where name = 'half' group by 1")).all()
        )
        assert connection.execute(text("select count(*) from journey_people where state = 'in'")).scalar() == 0
    assert sum(tags.values()) == 59
    assert min(tags.values()) > 15


def test_a_paused_journey_stands_still_and_sends_nothing(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    customers = people(database, organisation, 2)
    journey = started(database, identity, EVERYONE, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    assert change(database, identity, "pause_journey", journey, now + HOUR).status == "paused"
    assert dict(courier(database, organisation).run()) == {}
    people(database, organisation, 1)
    assert round_at(database, organisation, now + 2 * DAY).steps == 0
    assert where(database, organisation, customers[0]) == [("in", "pause")]
    assert change(database, identity, "resume_journey", journey, now + 3 * DAY).status == "running"
    assert courier(database, organisation).run()["sent"] == 2
    assert round_at(database, organisation, now + 3 * DAY).entered == 1
    assert where(database, organisation, customers[0]) == [("out", "end")]


def test_what_people_did_during_a_pause_lets_nobody_in(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    journey = started(database, identity, CART, now)
    change(database, identity, "pause_journey", journey, now)
    did(database, organisation, customer, "cart", now + HOUR)
    change(database, identity, "resume_journey", journey, now + DAY)
    assert round_at(database, organisation, now + DAY + HOUR).entered == 0


def test_a_closed_journey_lets_its_people_finish_and_ends(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 1)
    journey = started(database, identity, EVERYONE, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    assert change(database, identity, "end_journey", journey, now + HOUR).status == "closing"
    people(database, organisation, 1)
    assert round_at(database, organisation, now + 2 * HOUR).entered == 0
    assert round_at(database, organisation, now + 2 * DAY).messages == 1
    found = status(database, identity, journey, now + 2 * DAY)
    assert (found.status, found.inside, found.done) == ("ended", 0, True)
    with pytest.raises(FixArguments, match="is ended"):
        change(database, identity, "resume_journey", journey, now + 2 * DAY)


@pytest.mark.parametrize("on_change", ["finish", "move"])
def test_a_new_version_while_people_are_inside(
    on_change: str, database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [old] = people(database, organisation, 1)
    journey = started(database, identity, EVERYONE, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    second = {
        **EVERYONE,
        "on_change": on_change,
        "nodes": [send("hello", "pause"), wait("pause", "hello_again", 1, "days"), send("hello_again", "end"), END],
    }
    proposal = proposed(database, identity, second, now + HOUR, journey=str(journey))
    assert any("inside" in warning for warning in proposal.warnings)
    approved(database, identity, proposal, now + HOUR)
    [new] = people(database, organisation, 1)
    round_at(database, organisation, now + 2 * HOUR)
    found = status(database, identity, journey, now + 2 * HOUR)
    assert found.versions == ({1: 1, 2: 1} if on_change == "finish" else {2: 2})
    assert any("still inside on version 1" in note for note in found.notes) == (on_change == "finish")
    round_at(database, organisation, now + 3 * DAY)
    assert sent_to(database, organisation, new) == ["hello", "hello_again"]
    assert sent_to(database, organisation, old) == ["hello", "more" if on_change == "finish" else "hello_again"]


def test_kept_out_at_random(database: Database, identity: Identity, organisation: UUID, now: datetime) -> None:
    people(database, organisation, 80)
    journey = started(database, identity, {**EVERYONE, "goal": {"event": "order"}, "holdout_percent": 25}, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    round_at(database, organisation, now + DAY * 40)
    found = status(database, identity, journey, now + DAY * 40)
    assert 8 <= found.held_out <= 35
    assert found.entered + found.held_out == 80
    assert found.outcomes["held out"] == found.held_out


def test_who_is_inside_for_too_long_leaves(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    loop = {
        "name": "Loop",
        "entry": {"rule": EVERYBODY},
        "most_days": 5,
        "nodes": [
            wait("pause", "asked", 1, "days"),
            {"id": "asked", "type": "branch", "otherwise": "pause", "ways": [{"when": {"tag": "vip"}, "next": "end"}]},
            END,
        ],
    }
    started(database, identity, loop, now)
    for days in range(8):
        round_at(database, organisation, now + days * DAY + HOUR)
    assert where(database, organisation, customer) == [("out", "too long")]


def test_a_dry_run_tells_what_would_have_been_and_writes_nothing(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    left, bought, back = people(database, organisation, 3)
    for customer in (left, bought, back):
        did(database, organisation, customer, "cart", now - 5 * DAY)
    did(database, organisation, bought, "order", now - 5 * DAY + HOUR)
    did(database, organisation, back, "visit", now - 4 * DAY)
    found = CATALOGUE.call("dry_run_journey", {"definition": CART}, context(database, identity, now=now))
    assert (found.entered, found.messages, found.inside) == (3, 2, 0)  # type: ignore[attr-defined]
    assert found.outcomes == {"goal": 1, "end": 2}  # type: ignore[attr-defined]
    ways = {node.node: node.ways for node in found.nodes}  # type: ignore[attr-defined]
    assert ways["bought"] == {"happened": 1, "in vain": 1}
    assert ways["sms"] == {"no address": 1}
    with database.transaction(organisation) as connection:
        for table in ("messages", "journeys", "journey_people", "journey_steps", "campaigns"):
            assert connection.execute(text(f"select count(*) from {table}")).scalar() == 0


def test_one_customer_of_two_who_turn_out_to_be_one_goes_on(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    with database.transaction(organisation) as connection:
        one = put_customer(connection, "one", "one@example.com")
        two = put_customer(connection, "two", "two@example.com")
    started(database, identity, EVERYONE, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    CATALOGUE.call("merge_customers", {"first": "one", "second": "two"}, context(database, identity, now=now))
    round_at(database, organisation, now + 2 * DAY)
    assert where(database, organisation, one) == [("out", "end")]
    assert where(database, organisation, two) == []


def test_a_question_about_opens_that_nobody_follows_is_told_of(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 1)
    asked = {"id": "seen", "type": "branch", "otherwise": "end", "ways": [{"when": {"opened": "hello"}, "next": "end"}]}
    definition = {**EVERYONE, "nodes": [send("hello", "pause"), wait("pause", "seen", 1, "days"), asked, END]}
    warnings = proposed(database, identity, definition, now).warnings
    assert any("way 1 of node 'seen'" in one and "not followed" in one for one in warnings)
