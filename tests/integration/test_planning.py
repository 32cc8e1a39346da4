"""Ideas and weekly plans on the demo shop: what each names, what holds, and what is proposed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from core.errors import FixArguments, NoSuchData
from core.quiet_hours import QuietHours
from database.engine import Database
from database.queries import segments, sending_rules
from database.queries.sending_rules import Cap, Rules
from tests.campaign_scene import CATALOGUE, context
from tests.conftest import make_organisation, person
from tests.integration.test_offers import offer
from tools.audience.facts import Facts
from tools.audience.rule import Rule
from tools.campaigns.types import TYPES
from tools.planning.crowd import crowd_of


@pytest.fixture
def call(database: Database, demo: UUID, now: datetime) -> Any:
    """A call of a tool in the demo shop, at the end of its data; what it leaves is taken away again."""
    who = person(demo)
    yield lambda name, **told: CATALOGUE.call(name, told, context(database, who, now=now))
    with database.transaction(demo) as connection:
        for table in ("week_actions", "week_plans", "sending_rules"):
            connection.execute(text(f"delete from {table}"))
        connection.execute(text("delete from messages"))
        launched = "select campaign_id from campaigns where proposal_id is not null"
        connection.execute(text(f"delete from assignments where campaign_id in ({launched})"))
        connection.execute(text("delete from campaigns where proposal_id is not null"))
        connection.execute(text("delete from proposals"))
        connection.execute(text("update offers set withdrawn_at = now() where withdrawn_at is null"))


@pytest.fixture
def shop(database: Database, demo: UUID, call: Any) -> Any:
    """The demo shop with an offer of each kind."""
    who = person(demo)
    for kind, value in (("percent", 10), ("amount", 5), ("cashback", 4), ("points", 200)):
        offer(database, who, name=f"Demo {kind}", kind=kind, value=value, codes="none", prefix=None)
    return call


def test_who_is_meant_is_the_same_by_arrays_and_by_the_rule(database: Database, demo: UUID, now: datetime) -> None:
    with database.transaction(demo) as connection:
        crowd = crowd_of(context(database, person(demo), now=now), connection, ["email"])
        facts = Facts.about(connection, now)
        for kind, tree in crowd.rules.items():
            condition, values = facts.where(Rule.model_validate(tree))
            query = f"select f.customer_id from customer_facts f where {condition} and f.features_as_of is not null"
            by_rule = set(connection.execute(text(query), values).scalars())
            by_arrays = set(crowd.people.filter(crowd.strength[kind].is_not_null())["customer_id"].to_list())
            assert by_rule == by_arrays, kind
    assert set(crowd.rules) == set(TYPES)
    assert segments.EVERYBODY


def test_each_idea_says_what_its_return_rests_on(shop: Any) -> None:
    ideas = {idea.kind: idea for idea in shop("campaign_ideas").ideas}
    assert set(ideas) == set(TYPES)
    won = ideas["re_engagement"].expected
    assert (won.basis, won.campaigns) == ("measured", 1)
    assert 0 < won.lift < 0.08, "the planted lift, shrunk"
    assert won.lift_low < won.lift < won.lift_high
    assert "measured in 1 own campaign" in won.words
    assumed = ideas["category_promotion"].expected
    assert assumed.basis == "assumption"
    assert "not measured here" in assumed.words
    for kind in set(ideas) - {"re_engagement", "category_promotion"}:
        unknown = ideas[kind].expected
        assert unknown.basis == "no evidence"
        assert (unknown.lift, unknown.buyers, unknown.revenue, unknown.given_away) == (None,) * 4
        assert unknown.words.startswith("No evidence yet")


def test_a_type_that_needs_an_offer_waits_for_one(call: Any, database: Database, demo: UUID) -> None:
    before = {idea.kind: idea for idea in call("campaign_ideas").ideas}
    assert before["cashback"].missing == "it needs an offer (cashback): make one first"
    assert before["cashback"].offer == "no offer"
    offer(database, person(demo), name="Back", kind="cashback", value=3, codes="none", prefix=None)
    after = {idea.kind: idea for idea in call("campaign_ideas").ideas}
    assert after["cashback"].missing is None
    assert after["cashback"].offer == "£3.00 back"


def test_ideas_are_proposed_for_a_person(shop: Any, database: Database, demo: UUID) -> None:
    made = shop("propose_ideas", kinds=["re_engagement", "vip", "cashback"])
    assert [one.status for one in made.proposals] == ["pending"] * 3
    won = next(one for one in made.proposals if one.campaign_kind == "re_engagement")
    assert "measured in 1 own campaign" in won.expected
    assert won.offer is None
    assert won.audience.held_out == round(0.1 * won.audience.reachable)
    back = next(one for one in made.proposals if one.campaign_kind == "cashback")
    assert back.expected.startswith("No evidence yet")
    assert back.offer.words == "£4.00 back"
    assert "you get £4.00 back" in back.sample.text
    assert back.budget == pytest.approx(4 * back.audience.to_send)
    with pytest.raises(FixArguments, match="No type of campaign: nonsense"):
        shop("propose_ideas", kinds=["nonsense"])
    count = "select count(*) from messages"
    with database.transaction(demo) as connection:
        assert connection.execute(text(count)).scalar_one() == 0, "nothing is sent"


def test_every_action_names_its_score_reason_offer_channel_and_window(shop: Any) -> None:
    plan = shop("plan_week", budget=800)
    assert plan.actions > 900
    assert plan.cost <= 800
    rows = [
        row for offset in range(0, plan.rows_total, 200) for row in shop("week_plan", limit=200, offset=offset).rows
    ]
    assert len(rows) == plan.actions
    for row in rows:
        assert 0 < row.score <= 100
        assert len(row.reason) > 10
        assert row.offer
        assert row.channel == "email"
        assert row.window[:2] < row.window[9:11]
        assert row.message
    assert sum(row.cost or 0 for row in rows) == pytest.approx(plan.cost, abs=0.05)
    assert Counter(row.customer for row in rows).most_common(1)[0][1] == 1
    assert len({row.day for row in rows}) >= 4, "a week is not one day"
    for kind in plan.kinds:
        assert kind.expected.basis in ("measured", "assumption", "no evidence")
        assert kind.expected.words


@pytest.mark.parametrize("seed", range(3))
def test_cap_quiet_hours_consent_and_budget_hold_in_the_demo_shop(
    shop: Any, database: Database, demo: UUID, now: datetime, seed: int
) -> None:
    """Random rules, and messages that some had before: each planned customer is looked up again by plain SQL."""
    chance = np.random.default_rng(seed)
    cap = Cap(int(chance.integers(1, 3)), int(chance.choice([2, 7, 14])))
    quiet = QuietHours(*(time(hour) for hour in ((20, 9), (12, 14), (22, 6))[seed]))
    had = {}
    with database.transaction(demo) as connection:
        sending_rules.put(connection, Rules(quiet, cap), "test")
        for customer in chance.choice(np.arange(1, 400), 60, replace=False):
            had[int(customer)] = int(chance.integers(1, 3))
        ids = connection.execute(text("select id from customers order by id limit 400")).scalars().all()
        had = {ids[place]: number for place, number in had.items()}
        for customer, number in had.items():
            for turn in range(number):
                connection.execute(
                    text(
                        "insert into messages (campaign_id, customer_id, channel, address, provider, due_at, status,"
                        " sent_at) values (:c, :id, 'email', 'x', 'sandbox', :at, 'sent', :at)"
                    ),
                    {"c": f"before-{turn}", "id": customer, "at": now - timedelta(hours=1)},
                )
    try:
        budget = float(chance.uniform(50, 400))
        plan = shop("plan_week", budget=budget, most_per_customer=3)
        with database.transaction(demo) as connection:
            rows = connection.execute(text("select * from week_actions order by customer_id, day")).mappings().all()
            willing = set(
                connection.execute(
                    text("select customer_id from consents where channel = 'email' and granted")
                ).scalars()
            )
    finally:
        with database.transaction(demo) as connection:
            connection.execute(text("delete from messages"))
    assert len(rows) == plan.actions > 100
    assert sum(row["cost"] or 0 for row in rows) <= budget + 0.01
    assert {row["customer_id"] for row in rows} <= willing
    today = now.date()
    for customer in {row["customer_id"] for row in rows}:
        days = [(row["day"] - today).days for row in rows if row["customer_id"] == customer]
        sent = [0] * had.get(customer, 0) + days
        for last in days:
            assert len([at for at in sent if last - cap.days < at <= last]) <= cap.messages, (customer, sent, cap)
    for row in rows:
        for hour in range(row["hour_from"], row["hour_until"]):
            assert not quiet.holds(datetime(2026, 6, 22, hour, 30, tzinfo=now.tzinfo), "UTC")


def test_a_plan_is_proposed_part_by_part_once_and_sends_nothing(shop: Any, database: Database, demo: UUID) -> None:
    plan = shop("plan_week", kinds=["vip", "spending_milestone"])
    made = shop("propose_week")
    assert made.left_out == []
    assert made.made == len(plan.groups) == len(made.proposals)
    assert sum(one.audience.reachable for one in made.proposals) == plan.actions
    again = shop("propose_week")
    assert again.made == 0
    assert {one.id for one in again.proposals} == {one.id for one in made.proposals}
    first = made.proposals[0]
    assert first.plan.id == plan.plan_id
    assert first.send_at.date() == first.plan.day
    changed: Any = shop("revise_proposal", proposal_id=str(first.id), subject="Another subject").proposal
    assert changed.plan == first.plan
    assert changed.audience.audience_hash == first.audience.audience_hash
    with database.transaction(demo) as connection:
        assert connection.execute(text("select count(*) from messages")).scalar_one() == 0
    told = {"proposal_id": str(changed.id), "content_hash": changed.content_hash}
    approved = shop("approve_proposal", **told)
    assert (approved.status, approved.messages) == ("scheduled", changed.audience.to_send)
    with database.transaction(demo) as connection:
        listed = set(connection.execute(text("select customer_id from messages")).scalars())
        planned = set(connection.execute(text("select customer_id from week_actions")).scalars())
    assert listed <= planned


def test_a_plan_made_again_takes_the_place_of_the_one_before(shop: Any, now: datetime) -> None:
    first = shop("plan_week", kinds=["vip"])
    second = shop("plan_week", kinds=["loyalty"])
    assert first.week == second.week
    assert shop("week_plan").plan_id == second.plan_id
    assert {group.kind for group in shop("week_plan").groups} == {"loyalty"}
    this = shop("plan_week", week=now.date().isoformat())
    assert min(group.day for group in this.groups) > now.date(), "from tomorrow on"
    with pytest.raises(FixArguments, match="is over"):
        shop("plan_week", week="2026-05-01")
    with pytest.raises(FixArguments, match="two months"):
        shop("plan_week", week="2027-05-01")


def test_a_plan_is_exported_whole(shop: Any, database: Database, demo: UUID, now: datetime) -> None:
    plan = shop("plan_week")
    file = shop("export_week")
    rows = list(csv.DictReader(io.StringIO(file.csv)))
    assert len(rows) == file.rows == file.total == plan.actions
    assert {"Day", "Customer", "Channel", "Window", "Offer", "Message", "Hint", "Reason", "Score"} <= set(rows[0])
    assert any(row["Name"] for row in rows)
    viewer = CATALOGUE.call("export_week", {}, context(database, person(demo, "viewer"), now=now))
    assert not any(row["Name"] for row in csv.DictReader(io.StringIO(viewer.csv)))  # type: ignore[attr-defined]


def test_without_data_or_a_plan_that_is_said(database: Database, now: datetime) -> None:
    nobody = context(database, person(make_organisation(database)), now=now)
    with pytest.raises(NoSuchData, match="no orders have been loaded"):
        CATALOGUE.call("plan_week", {}, nobody)
    with pytest.raises(NoSuchData, match="no weekly plan yet"):
        CATALOGUE.call("week_plan", {}, nobody)
