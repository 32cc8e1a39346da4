"""Journeys as people go through them: entering, waiting, being asked, written to and leaving, over the real database."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cli.engines import Engines
from core.errors import AskPerson, FixArguments
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context, put_customer
from tests.conftest import person
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


def test_the_database_itself_refuses_what_no_person_approved(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    pending = proposed(database, identity, EVERYONE, now)
    journey = started(database, identity, {**CART}, now)
    stray = "insert into messages (campaign_id, customer_id, channel, address, provider, due_at) values (:c, :id, 'email', 'a@example.com', 'sandbox', now())"
    begun = "insert into journey_versions (journey_id, version, proposal_id, started_at, entries_from) values (:j, 1, :p, now(), now())"
    with database.transaction(organisation) as connection:
        mine = connection.execute(
            text("select proposal_id from journey_versions where journey_id = :j"), {"j": journey}
        ).scalar()
    for statement, values in (
        (stray, {"c": f"{pending.id}:hello", "id": customer}),
        (stray, {"c": f"{mine}:mail", "id": customer}),  # approved, and not inside
        (stray, {"c": f"{mine}:nonsense", "id": customer}),
        (begun, {"j": pending.journey["id"], "p": pending.id}),
        (begun, {"j": pending.journey["id"], "p": mine}),
    ):
        with pytest.raises(IntegrityError), database.transaction(organisation) as connection:
            connection.execute(text(statement), values)


@pytest.mark.parametrize("change_", ["content", "rule", "entry"])
def test_what_was_changed_after_the_approval_stands_still(
    change_: str, database: Database, engines: Engines, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 1)
    proposal = proposed(database, identity, EVERYONE, now)
    journey = approved(database, identity, proposal, now).journey_id
    path, value = {
        "content": ("{sends,hello,content,body_text}", '"Buy now!"'),
        "rule": ("{definition,entry,rule}", '{"field": "country", "operator": "not_null"}'),
        "entry": ("{definition,entry}", '{"event": "cart"}'),
    }[change_]
    changed = text(
        "update proposals set payload = jsonb_set(payload, cast(:path as text[]), cast(:value as jsonb)) where id = :id"
    )
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction(organisation) as connection:
        connection.execute(changed, {"path": path, "value": value, "id": proposal.id})
    owner = create_engine(engines.owner_url)  # somebody who can do anything to the database
    with owner.begin() as connection:
        connection.execute(changed, {"path": path, "value": value, "id": proposal.id})
    owner.dispose()
    found = round_at(database, organisation, now + HOUR)
    assert (found.entered, found.steps, found.messages) == (0, 0, 0)
    assert found.troubles == {"Everyone": "its content is not what was approved"}
    assert round_at(database, organisation, now + 2 * HOUR).troubles
    with database.transaction(organisation) as connection:
        alerts = connection.execute(text("select count(*) from alerts where kind = 'journey'")).scalar()
    assert alerts == 1, "it is told once"
    assert status(database, identity, journey, now).inside == 0


def test_a_changed_draft_is_another_proposal_and_the_earlier_one_cannot_be_approved(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 1)
    first = proposed(database, identity, EVERYONE, now)
    second = proposed(database, identity, {**EVERYONE, "nodes": [send("hello", "end"), END]}, now, journey="Everyone")
    assert second.replaces == first.id
    assert second.content_hash != first.content_hash
    with pytest.raises(FixArguments, match="replaced by a newer one"):
        approved(database, identity, first, now)
    assert status(database, identity, "Everyone", now).status == "draft"


def test_a_segment_that_was_changed_since_makes_the_approval_void_and_what_runs_keeps_its_rule(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 2)
    saved = {"name": "Mine", "rule": {"field": "country", "operator": "is_null"}}
    CATALOGUE.call("save_segment", saved, context(database, identity, now=now))
    definition = {**EVERYONE, "entry": {"segment": "Mine"}}
    proposal = proposed(database, identity, definition, now)
    other = saved | {"rule": {"field": "country", "operator": "not_null"}}
    CATALOGUE.call("save_segment", other, context(database, identity, now=now))
    with pytest.raises(FixArguments, match="another rule than was shown"):
        approved(database, identity, proposal, now)
    CATALOGUE.call("save_segment", saved, context(database, identity, now=now))
    approved(database, identity, proposal, now)
    CATALOGUE.call("save_segment", other, context(database, identity, now=now))
    assert round_at(database, organisation, now + HOUR).entered == 2
    assert any("was changed since" in note for note in status(database, identity, "Everyone", now).notes)


def test_only_a_person_starts_pauses_resumes_or_ends(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    from dataclasses import replace

    people(database, organisation, 1)
    proposal = proposed(database, identity, EVERYONE, now)
    machine = replace(identity, person=False, door="mcp")
    with pytest.raises(AskPerson):
        approved(database, machine, proposal, now)
    with pytest.raises(AskPerson):
        approved(database, person(organisation, "analyst"), proposal, now)
    approved(database, identity, proposal, now)
    for tool in ("pause_journey", "resume_journey", "end_journey"):
        for who in (machine, person(organisation, "analyst"), person(organisation, "viewer")):
            with pytest.raises(AskPerson):
                change(database, who, tool, "Everyone", now)
    assert change(database, person(organisation, "manager"), "pause_journey", "Everyone", now).status == "paused"


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
