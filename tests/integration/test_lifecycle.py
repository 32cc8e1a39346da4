"""The steps of campaigns: only legal ones happen, refused ones name the legal ones, and the outbox goes by them."""

from __future__ import annotations

import itertools
import random
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.clock import utc_now
from core.errors import AimaError, AskPerson, FixArguments, NotFound
from core.identity import SCOPES, Identity
from database.engine import Database
from database.queries import lifecycle, outbox
from database.queries.lifecycle import LEGAL, STATES
from tests.campaign_scene import (
    CATALOGUE,
    add_customers,
    addresses,
    approve,
    context,
    launched,
    proposed,
    statuses,
)
from tests.conftest import make_organisation, person
from tests.integration.test_outbox import courier
from workers.courier import Courier

STEPS = ("pause", "resume", "end", "archive")


def take(database: Database, identity: Identity, step: str, campaign: str, **more: Any) -> Any:
    return CATALOGUE.call(f"{step}_campaign", {"campaign": campaign, **more}, context(database, identity))


def status_of(database: Database, org_id: UUID, campaign: str) -> str:
    with database.transaction(org_id) as connection:
        query = text("select status from campaigns where campaign_id = :id")
        return str(connection.execute(query, {"id": campaign}).scalar_one())


def close(database: Database, org_id: UUID, after: timedelta = timedelta(0)) -> int:
    with database.transaction(org_id) as connection:
        return lifecycle.close(connection, utc_now() + after)


def test_the_database_holds_the_very_steps_that_are_declared() -> None:
    sql = (Path(__file__).parents[2] / "database/migrations/sql/0050_lifecycle.sql").read_text()
    held = set(re.findall(r"\('(\w+)', '(\w+)'\)", sql))
    declared = {(was, new) for was, steps in LEGAL.items() for becomes in steps.values() for new in becomes}
    assert held == declared
    assert set(LEGAL) == set(STATES)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_tried_only_legal_steps_happen(
    database: Database, organisation: UUID, identity: Identity, seed: int
) -> None:
    """Random steps of people, the clock and the courier; the model beside it says what may happen."""
    chance = random.Random(seed)
    add_customers(database, organisation, addresses(3))
    later = (utc_now() + timedelta(days=2)).isoformat() if seed % 2 else None
    campaign = launched(database, identity, send_at=later).campaign_id
    known = "scheduled" if later else "active"
    for _ in range(14):
        step = chance.choice((*STEPS, "send"))
        if step == "send":
            courier(database, organisation).run()
            known = "completed" if known == "active" else known
        else:
            legal = lifecycle.legal_steps(known)
            if step in legal:
                known = take(database, identity, step, campaign).status
            else:
                with pytest.raises(FixArguments, match=f"is {known}") as refused:
                    take(database, identity, step, campaign)
                assert all(name in refused.value.message for name in legal)
            if step == "resume" and known == "active" and not statuses(database, organisation).get("pending"):
                known = "completed"
        assert status_of(database, organisation, campaign) == known
    with database.transaction(organisation) as connection:
        steps = lifecycle.history(connection, campaign)
    assert steps[0].was == "draft"
    pairs = [(one.was, one.status) for one in steps[1:]]
    assert all(new in {s for to in LEGAL[was].values() for s in to} for was, new in pairs)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(pairs)), "no step is missing"


@pytest.mark.parametrize("new", STATES)
def test_the_database_refuses_an_illegal_step_whoever_writes_it(
    database: Database, organisation: UUID, identity: Identity, new: str
) -> None:
    add_customers(database, organisation, addresses(1))
    campaign = launched(database, identity).campaign_id
    legal = {s for to in LEGAL["active"].values() for s in to} | {"active"}
    change = text("update campaigns set status = :new where campaign_id = :id")
    if new in legal:
        with database.transaction(organisation) as connection:
            connection.execute(change, {"new": new, "id": campaign})
    else:
        with pytest.raises(IntegrityError, match="does not become"), database.transaction(organisation) as connection:
            connection.execute(change, {"new": new, "id": campaign})


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_pause_stops_within_what_couriers_hold_and_the_rest_goes_once(
    database: Database, organisation: UUID, identity: Identity, whole: bool
) -> None:
    """200 or 500 messages, paused in the middle by another person; resumed, everybody has exactly one."""
    people = 500 if whole else 200
    add_customers(database, organisation, addresses(people))
    campaign = launched(database, identity).campaign_id
    paused, counted = threading.Event(), list[int]()

    def report(done: int, _total: int, _what: str) -> None:
        if done >= people // 5 and not paused.is_set():
            take(database, identity, "pause", campaign, note="a typo")
            counted.append(statuses(database, organisation)["sent"])
            paused.set()

    sending: Any = courier(database, organisation)
    sending.report = report
    sending.run()
    assert paused.is_set()
    left = statuses(database, organisation)
    in_hand = max(route.at_once for route in sending.routes)
    assert left["sent"] <= counted[0] + in_hand, "no more than what was being handed over"
    assert left == {"sent": left["sent"], "pending": people - left["sent"]}
    with database.transaction(organisation) as connection:
        assert not outbox.due(connection, utc_now()), "nobody asks for what is paused"
    assert courier(database, organisation).run() == {}
    assert take(database, identity, "resume", campaign).status == "active"
    courier(database, organisation).run()
    assert statuses(database, organisation) == {"sent": people}
    query = "select count(*), count(distinct recipient) from sandbox_mailbox"
    with database.transaction(organisation) as connection:
        assert tuple(connection.execute(text(query)).one()) == (people, people)
    assert status_of(database, organisation, campaign) == "completed"


def test_who_paused_and_why_is_kept_and_shown(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(3))
    campaign = launched(database, identity, name="Spring").campaign_id
    take(database, identity, "pause", "spring", note="a typo")
    shown: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (shown.status, shown.steps) == ("paused", ["resume", "end"])
    assert [(s.was, s.status, s.actor, s.note) for s in shown.history] == [
        ("draft", "active", identity.actor, None),
        ("active", "paused", identity.actor, "a typo"),
    ]
    listed: Any = CATALOGUE.call("list_campaigns", {"status": "paused"}, context(database, identity))
    assert [one.campaign_id for one in listed.campaigns] == [campaign]
    ready: Any = CATALOGUE.call("prepare_step", {"campaign": "Spri", "step": "resume"}, context(database, identity))
    assert ready.proposal.campaign_id == campaign
    assert status_of(database, organisation, campaign) == "paused", "making it ready does nothing"
    with pytest.raises(FixArguments, match=r"is paused, so it cannot be archived\. Possible now: resume, end"):
        CATALOGUE.call("prepare_step", {"campaign": campaign, "step": "archive"}, context(database, identity))


def test_an_ended_campaign_leaves_the_rest_out(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(5))
    campaign = launched(database, identity).campaign_id
    ended = take(database, identity, "end", campaign)
    assert (ended.status, ended.skipped) == ("completed", 5)
    assert courier(database, organisation).run() == {}
    assert statuses(database, organisation) == {"skipped": 5}
    assert take(database, identity, "archive", campaign).status == "archived"
    assert CATALOGUE.call("list_campaigns", {}, context(database, identity)).total == 0  # type: ignore[attr-defined]
    with pytest.raises(FixArguments, match="Nothing more can be done"):
        take(database, identity, "pause", campaign)


def test_what_is_not_sent_by_the_end_is_left_out(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(4))
    ends = utc_now() + timedelta(hours=2)
    campaign = launched(database, identity, ends_at=ends.isoformat()).campaign_id
    assert courier(database, organisation, clock=lambda: ends + timedelta(seconds=1)).run() == {}
    assert status_of(database, organisation, campaign) == "expired"
    assert statuses(database, organisation) == {"skipped": 4}
    with pytest.raises(FixArguments, match=r"Possible now: archive"):
        take(database, identity, "resume", campaign)


def test_a_pause_does_not_hold_its_end_up(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(4))
    ends = utc_now() + timedelta(hours=2)
    campaign = launched(database, identity, ends_at=ends.isoformat()).campaign_id
    take(database, identity, "pause", campaign)
    assert close(database, organisation) == 0
    assert close(database, organisation, timedelta(hours=3)) == 1
    assert status_of(database, organisation, campaign) == "expired"
    assert statuses(database, organisation) == {"skipped": 4}


def test_a_proposal_expires(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    assert timedelta(days=13) < proposal.expires_at - utc_now() < timedelta(days=15)
    late = context(database, identity, now=utc_now() + timedelta(days=15))
    told = {"proposal_id": str(proposal.id), "content_hash": proposal.content_hash}
    with pytest.raises(FixArguments, match="expired on"):
        CATALOGUE.call("approve_proposal", told, late)
    with pytest.raises(FixArguments, match="expired on"):
        CATALOGUE.call("revise_proposal", {"proposal_id": str(proposal.id), "subject": "x"}, late)
    assert close(database, organisation, timedelta(days=15)) == 1
    with pytest.raises(FixArguments, match="has expired"):
        approve(database, identity, proposal)
    shown: Any = CATALOGUE.call("list_proposals", {"status": "expired"}, context(database, identity))
    assert [one.id for one in shown.proposals] == [proposal.id]
    assert statuses(database, organisation) == {}


def test_only_a_person_with_the_right_takes_a_step(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    campaign = launched(database, identity).campaign_id
    key = Identity(organisation, "key", frozenset(SCOPES), "mcp")
    for step in STEPS:
        entry: Any = CATALOGUE.get(f"{step}_campaign")
        with pytest.raises(AskPerson):
            take(database, key, step, campaign)
        with pytest.raises(AskPerson):  # also when the catalogue is passed by
            entry.run(context(database, key), entry.arguments(campaign=campaign))
        with pytest.raises(AimaError, match="scope 'approve'"):
            take(database, person(organisation, "analyst"), step, campaign)
        with pytest.raises(NotFound):
            take(database, person(make_organisation(database)), step, campaign)
    assert status_of(database, organisation, campaign) == "active"


def test_words_that_could_be_several_campaigns_are_asked_about(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(1))
    for name in ("Spring north", "Spring south"):
        launched(database, identity, name=name)
    with pytest.raises(FixArguments, match=r"could be 2 campaigns.*Spring north.*Spring south|Spring south.*north"):
        take(database, identity, "pause", "spring")
    assert take(database, identity, "pause", "spring north").name == "Spring north"


def test_a_message_in_hand_when_its_campaign_ends_is_not_handed_over(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    """Claimed before the end, asked about after it: the check at the moment of handing over holds it back."""
    add_customers(database, organisation, addresses(3))
    campaign = launched(database, identity).campaign_id
    sending: Courier = courier(database, organisation)
    claimed = sending.ledger.claim

    def claim_then_end(*told: Any) -> Any:
        parcels = claimed(*told)
        if parcels[0]:
            with database.transaction(organisation) as connection:
                connection.execute(
                    text("update campaigns set status = 'paused' where campaign_id = :id"), {"id": campaign}
                )
        return parcels

    sending.ledger.claim = claim_then_end  # type: ignore[method-assign]
    assert sending.run() == {}
    assert statuses(database, organisation) == {"pending": 3}
