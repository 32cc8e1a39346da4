"""Random sound journeys, random people, and statements that are cut off: nobody is lost, nothing is done twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from database.queries import journey_moves, journey_news
from tests.conftest import make_organisation, person
from tests.journey_graphs import graphs
from tests.journey_scene import did, people, round_at, started
from tools.journeys.checks import faults, on_circles
from tools.journeys.definition import Journey, ways_out

HOUR = timedelta(hours=1)
STATEMENTS = ((journey_moves, "move"), (journey_news, "admit_by_event"), (journey_news, "admit_members"),
              (journey_news, "reach_goal"), (journey_news, "wake"))  # fmt: skip


class Killed(Exception):
    """The process ends here."""


@contextmanager
def killing(draw: random.Random, share: float) -> Iterator[None]:
    """Cut a share of the statements off, before or after they have run, and before anything is committed."""
    before = [(module, name, getattr(module, name)) for module, name in STATEMENTS]

    def cut(function: Callable[..., Any]) -> Callable[..., Any]:
        def cut_off(*arguments: Any, **more: Any) -> Any:
            if draw.random() < share / 2:
                raise Killed
            result = function(*arguments, **more)
            if draw.random() < share / 2:
                raise Killed
            return result

        return cut_off

    for module, name, function in before:
        setattr(module, name, cut(function))
    try:
        yield
    finally:
        for module, name, function in before:
            setattr(module, name, function)


def rows(database: Database, org_id: UUID, query: str) -> list[Any]:
    with database.transaction(org_id) as connection:
        return list(connection.execute(text(query)).all())


def check(database: Database, org_id: UUID, journey: Journey, entered: set[tuple[int, int]]) -> None:
    """What has to hold at every moment."""
    ids = {node.id for node in journey.nodes}
    found = rows(database, org_id, "select customer_id, entry, state, node, outcome from journey_people")
    assert entered <= {(row.customer_id, row.entry) for row in found}, "somebody who entered is gone"
    entered |= {(row.customer_id, row.entry) for row in found}
    for row in found:
        assert (row.node in ids) if row.state == "in" else (row.node is None and row.outcome)
    assert max(Counter(row.customer_id for row in found if row.state == "in").values(), default=1) == 1
    steps = rows(database, org_id, "select customer_id, entry, node, way, visits from journey_steps")
    circles, sends = on_circles(journey), {node.id for node in journey.sends}
    assert all(step.visits == 1 for step in steps if step.node not in circles)
    messages = rows(
        database, org_id, "select customer_id, entry, split_part(campaign_id, ':', 2) as node from messages"
    )
    sent = [(step.customer_id, step.entry, step.node) for step in steps if step.node in sends and step.way == "sent"]
    assert Counter((row.customer_id, row.entry, row.node) for row in messages) == Counter(sent)
    if journey.goal is None and not circles:
        _nobody_leaps(journey, found, steps)


def _nobody_leaps(journey: Journey, found: list[Any], steps: list[Any]) -> None:
    """Each came to where they are by every step of a way: from the first node on, each leads to the next."""
    leads = {node.id: dict(ways_out(node)) for node in journey.nodes}
    taken: dict[tuple[int, int], dict[str, str]] = {}
    for step in steps:
        taken.setdefault((step.customer_id, step.entry), {})[step.node] = step.way
    for row in found:
        at, path = journey.first.id, dict(taken.get((row.customer_id, row.entry), {}))
        while (way := path.pop(at, None)) is not None:
            if way in ("end", "left", "too long"):
                assert row.state == "out"
                break
            at = leads[at].get(way) or leads[at]["done"]
        else:
            assert row.node == at
        assert path == {}, "a step that is on no way of theirs"


def play(database: Database, definition: dict[str, Any], seed: int, now: datetime) -> None:
    draw = random.Random(seed)
    journey = Journey.model_validate(definition)
    assert faults(journey) == []
    org_id = make_organisation(database)
    identity = person(org_id)
    customers = people(database, org_id, 6) + people(database, org_id, 1, consent=None)
    with database.transaction(org_id) as connection:
        connection.execute(text("update customers set country = 'France' where id % 2 = 0"))
    started(database, identity, definition, now)
    entered: set[tuple[int, int]] = set()
    for hours in (1, 5, 20, 60, 110):
        at = now + hours * HOUR
        for customer in customers:
            if draw.random() < 0.5:
                event = draw.choice(["cart", "cart", "visit", "order"])
                did(database, org_id, customer, event, at - draw.randint(0, 50) * timedelta(minutes=1))
        for _ in range(2):
            with killing(draw, 0.3), suppress(Killed):
                round_at(database, org_id, at, batch=draw.choice([1, 3, 100]))
            check(database, org_id, journey, entered)
        round_at(database, org_id, at)
        check(database, org_id, journey, entered)
    round_at(database, org_id, now + timedelta(days=60))
    for days in (62, 64):  # nothing lets anybody in any more, and waits of all lengths are over
        round_at(database, org_id, now + timedelta(days=days))
    check(database, org_id, journey, entered)
    inside = rows(database, org_id, "select count(*) from journey_people where state = 'in'")[0][0]
    assert inside == 0, "everybody who entered is out in the end"


@pytest.mark.parametrize("examples", [5, pytest.param(150, marks=pytest.mark.slow)])
def test_nobody_is_lost_and_nothing_is_done_twice(
    examples: int, database: Database, identity: Identity, now: datetime
) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(definition=graphs(), seed=st.integers(0, 2**32))
    def holds(definition: dict[str, Any], seed: int) -> None:
        play(database, definition, seed, now)

    holds()


@pytest.mark.parametrize("examples", [3, pytest.param(80, marks=pytest.mark.slow)])
def test_nobody_skips_a_step(examples: int, database: Database, identity: Identity, now: datetime) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(definition=graphs(goal=False), seed=st.integers(0, 2**32))
    def holds(definition: dict[str, Any], seed: int) -> None:
        play(database, definition, seed, now)

    holds()
