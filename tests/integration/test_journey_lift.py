"""What a journey changed, told by those kept out at random: planted effects, too few, a split that is not chance's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context
from tests.conftest import person
from tests.integration.asking import rows
from tests.journey_scene import EVERYONE, people, round_at, started, status
from tools.catalogue import catalogue
from tools.outcome import Outcome

DAY = timedelta(days=1)
WELCOME = {**EVERYONE, "name": "Welcome", "holdout_percent": 40}


@pytest.fixture
def identity(organisation: UUID) -> Identity:
    return person(organisation)


@pytest.fixture
def now() -> datetime:
    return datetime.fromisoformat("2026-03-02T09:00:00+00:00")


def run(
    database: Database, identity: Identity, now: datetime, count: int, let_in: float, kept_out: float, **more: Any
) -> UUID:
    """A journey that everybody entered or was kept out of, and after a week so many of both did what it is for."""
    people(database, identity.org_id, count)
    journey = started(database, identity, {**WELCOME, **more}, now)
    round_at(database, identity.org_id, now + timedelta(minutes=1))
    found = rows(
        database, identity.org_id, "select customer_id, outcome is not null from journey_people order by customer_id"
    )
    _keep_the_split(database, identity.org_id, found)
    found = rows(
        database, identity.org_id, "select customer_id, outcome is not null from journey_people order by customer_id"
    )
    arms = [(let_in, [c for c, held in found if not held]), (kept_out, [c for c, held in found if held])]
    did = [customer for part, arm in arms for customer in arm[: round(part * len(arm))]]
    _did(database, identity.org_id, did, now + 7 * DAY, more.get("goal", {}).get("event", "order"))
    return journey


def _keep_the_split(database: Database, org_id: UUID, drawn: list[Any]) -> None:
    """As many of both as keep the planned split exactly, so that chance decides nothing here."""
    inside, held = ([c for c, out in drawn if out is which] for which in (False, True))
    tenth = min(len(inside) // 3, len(held) // 2)
    gone = [*inside[3 * tenth :], *held[2 * tenth :]]
    with database.transaction(org_id) as connection:
        connection.execute(text("delete from journey_people where customer_id = any(:ids)"), {"ids": gone})


def _did(database: Database, org_id: UUID, customers: list[int], at: datetime, event: str) -> None:
    with database.transaction(org_id) as connection:
        for table in ("orders", "events"):
            connection.execute(text("select ensure_month_partitions(:t, :at, :at)"), {"t": table, "at": at})
        made = (
            "insert into orders (order_id, ordered_at, customer_id, revenue) select 'o' || id, :at, id, 20"
            if event == "order"
            else "insert into events (event_id, occurred_at, customer_id, kind) select 'e' || id, :at, id, 'visit'"
        )
        connection.execute(text(f"{made} from unnest(cast(:ids as bigint[])) id"), {"at": at, "ids": customers})


def lift(database: Database, identity: Identity, journey: UUID, at: datetime) -> Any:
    return status(database, identity, journey, at).compared


def said(database: Database, identity: Identity, journey: UUID, at: datetime) -> str:
    tool = catalogue().get("journey_status")
    arguments = tool.arguments(journey=str(journey), about="effect")
    result = CATALOGUE.call("journey_status", arguments.model_dump(), context(database, identity, now=at))
    return tool.worded(Outcome(arguments, result))


def listed(database: Database, identity: Identity, at: datetime) -> list[str | None]:
    """The effects that the list of journeys names."""
    found: Any = CATALOGUE.call("list_journeys", {}, context(database, identity, now=at))
    return [one.effect for one in found.journeys]


def effects(database: Database, identity: Identity, at: datetime, **arguments: Any) -> list[Any]:
    """What is listed as measured with a control group."""
    found: Any = CATALOGUE.call("experiment_effect", arguments, context(database, identity, now=at))
    return list(found.campaigns)


def test_a_planted_effect_is_found_and_listed(database: Database, identity: Identity, now: datetime) -> None:
    journey = run(database, identity, now, 300, let_in=0.5, kept_out=0.15, goal={"event": "order"})
    assert lift(database, identity, journey, now + 20 * DAY).verdict == "not enough data", "nobody has had 30 days"
    later = now + 40 * DAY
    found = lift(database, identity, journey, later)
    assert (found.verdict, found.waiting, found.let_in * 2) == ("lift shown", 0, found.kept_out * 3)
    main = found.lifts[0]
    assert main.low < 0.35 < main.high
    treated, control = found.let_in_reached / found.let_in, found.kept_out_reached / found.kept_out
    assert main.lift == pytest.approx(treated - control, abs=1e-6)
    assert found.split_p_value == pytest.approx(1)
    revenue = next(one for one in found.lifts if one.outcome == "revenue")
    assert revenue.lift == pytest.approx(20 * main.lift, abs=0.01)
    words = said(database, identity, journey, later)
    assert words.startswith("**Welcome: lift shown.** The journey caused more customers to buy")
    assert listed(database, identity, later) == ["lift shown"]
    measured = effects(database, identity, later)
    assert [(one.name, one.kind, one.verdict, one.treated) for one in measured] == [
        ("Welcome", "journey", "lift shown", found.let_in)
    ]
    assert measured[0].lifts[0].lift == main.lift
    assert len(effects(database, identity, later, campaign_id=str(journey))) == 1


def test_a_goal_other_than_an_order_is_what_is_counted(database: Database, identity: Identity, now: datetime) -> None:
    journey = run(database, identity, now, 200, let_in=0.6, kept_out=0.2, goal={"event": "visit"})
    found = lift(database, identity, journey, now + 40 * DAY)
    assert (found.goal, found.lifts[0].outcome, found.verdict) == ("visit", "reached", "lift shown")
    assert [one.lift for one in found.lifts[1:]] == [0, 0], "nobody bought"


def test_no_effect_is_no_lift(database: Database, identity: Identity, now: datetime) -> None:
    journey = run(database, identity, now, 200, let_in=0.3, kept_out=0.3)
    found = lift(database, identity, journey, now + 40 * DAY)
    assert found.verdict == "no lift shown"
    assert listed(database, identity, now + 40 * DAY) == ["no lift shown"]
    assert found.lifts[0].low < 0 < found.lifts[0].high


def test_too_few_are_no_evidence_yet(database: Database, identity: Identity, now: datetime) -> None:
    journey = run(database, identity, now, 40, let_in=0.9, kept_out=0.1)
    found = lift(database, identity, journey, now + 40 * DAY)
    assert (found.verdict, found.lifts, found.extra) == ("not enough data", [], None)
    assert "each arm needs 30 customers" in found.reason
    assert "no evidence yet" in said(database, identity, journey, now + 40 * DAY)


def test_arms_that_chance_has_not_drawn_tell_nothing(database: Database, identity: Identity, now: datetime) -> None:
    journey = run(database, identity, now, 200, let_in=0.5, kept_out=0.1)
    with database.transaction(identity.org_id) as connection:
        connection.execute(
            text(
                "delete from journey_people where outcome = 'held out' and customer_id in (select customer_id from"
                " journey_people where outcome = 'held out' order by customer_id offset 30)"
            )
        )
    found = lift(database, identity, journey, now + 40 * DAY)
    assert (found.verdict, found.lifts) == ("not enough data", [])
    assert found.split_p_value < 0.001
    assert "something other than chance" in found.reason
    assert listed(database, identity, now + 40 * DAY) == ["no evidence yet"]


def test_who_entered_while_nobody_was_kept_out_is_not_compared(
    database: Database, identity: Identity, organisation: UUID, now: datetime
) -> None:
    people(database, organisation, 60)
    journey = started(database, identity, {**WELCOME, "holdout_percent": 0}, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    assert lift(database, identity, journey, now + 40 * DAY) is None
    assert listed(database, identity, now + 40 * DAY) == [None]
    assert "nobody is kept out" in said(database, identity, journey, now + 40 * DAY)
    started(database, identity, WELCOME, now + DAY, journey=str(journey))
    people(database, organisation, 90)
    round_at(database, organisation, now + 2 * DAY)
    found = lift(database, identity, journey, now + 40 * DAY)
    assert found.let_in + found.kept_out == 90
    assert len(effects(database, identity, now + 40 * DAY)) == 1
