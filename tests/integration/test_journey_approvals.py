"""What runs is what a person approved: the database sees to it, whatever was changed since, and by whom."""

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
from tests.campaign_scene import CATALOGUE, context
from tests.conftest import person
from tests.journey_scene import (
    CART,
    END,
    EVERYONE,
    approved,
    change,
    people,
    proposed,
    round_at,
    send,
    started,
    status,
)

HOUR = timedelta(hours=1)


def test_the_database_itself_refuses_what_no_person_approved(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    [customer] = people(database, organisation, 1)
    pending = proposed(database, identity, EVERYONE, now)
    journey = started(database, identity, {**CART}, now)
    stray = (
        "insert into messages (campaign_id, customer_id, channel, address, provider, due_at)"
        " values (:c, :id, 'email', 'a@example.com', 'sandbox', now())"
    )
    begun = (
        "insert into journey_versions (journey_id, version, proposal_id, started_at, entries_from)"
        " values (:j, 1, :p, now(), now())"
    )
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
