"""What providers tell of messages adds up to the same, in whatever order and however often it comes; what follows."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.clock import utc_now
from core.identity import Identity
from database.engine import Database
from database.queries import events as queries
from database.tables.actions import DELIVERY_STATES
from tests.campaign_scene import add_customers, addresses, launched
from tests.integration.reporting import apply, event, message, suppressed
from tests.integration.test_outbox import courier, run

KINDS = (*DELIVERY_STATES, "opened", "clicked", "resubscribed")
LOOK = """select delivery, delivery_reason, opened_at, machine_opened_at, clicked_at,
                 (select s.reason from suppressions s where s.address = lower(m.address)),
                 (select count(*) from message_events e where e.message_id = m.id and e.provider is not null)
          from messages m where id = :id"""
happenings = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.booleans(), st.booleans()), min_size=1, max_size=7
)


def look(database: Database, org_id: UUID, message_id: UUID) -> tuple[Any, ...]:
    with database.transaction(org_id) as connection:
        return tuple(connection.execute(text(LOOK), {"id": message_id}).one())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings, st.integers(0, 2**32))
def test_order_and_repetition_change_nothing(
    database: Database, organisation: UUID, happened: list[tuple[str, int, bool, bool]], seed: int
) -> None:
    """Once in a batch in the order of time; then one by one, shuffled, some of them several times."""
    start = utc_now() - timedelta(hours=1)
    seen = []
    for shuffled in (False, True):
        run(database, organisation, "delete from suppressions")
        sent = message(database, organisation, f"{uuid4().hex}@example.com")
        told = [
            event(
                kind,
                sent,
                start + timedelta(minutes=minute),
                event_id=f"{sent} {place}",  # where two have one weight and one time, it decides whose reason is told
                detail=f"{kind} {place}",
                permanent=hard,
                machine=machine,
            )
            for place, (kind, minute, hard, machine) in enumerate(happened)
        ]
        if shuffled:
            again = [*told, *told, *told[:2]]
            random.Random(seed).shuffle(again)
            for one in again:
                apply(database, organisation, one)
        else:
            apply(database, organisation, *sorted(told, key=lambda one: one.at))
        seen.append(look(database, organisation, sent))
    assert seen[0] == seen[1]
    kinds = {kind for kind, *_ in happened}
    heaviest = [
        state for state in DELIVERY_STATES if state in kinds or (state == "delivered" and kinds & {"opened", "clicked"})
    ]
    assert seen[0][0] == (heaviest[-1] if heaviest else None)
    assert seen[0][6] == len(happened)
    if "complained" in kinds:
        assert seen[0][5] == "complained"


def test_two_calls_at_once_lose_nothing(database: Database, organisation: UUID) -> None:
    now = utc_now()
    for _ in range(10):
        sent = message(database, organisation, f"{uuid4().hex}@example.com")
        told_of = [event(kind, sent, now) for kind in ("delivered", "opened", "clicked", "complained")]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: apply(database, organisation, one), told_of))
        row = "select (delivery, opened_at is not null, clicked_at is not null)::text from messages where id = :id"
        assert run(database, organisation, row, id=sent) == "(complained,t,t)"


def test_bounces_complaints_and_wishes_keep_what_waits_from_going_out(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    now = utc_now()
    add_customers(database, organisation, addresses(6))
    launched(database, identity)  # waits
    sent = {n: message(database, organisation, f"C{n}@example.com") for n in range(6)}
    apply(
        database,
        organisation,
        event("bounced", sent[0], now, permanent=True, detail="no such user"),
        event("complained", sent[1], now),
        event("unsubscribed", sent[2], now),
        event("bounced", sent[3], now),  # it may exist
        event("opened", sent[4], now),
        event("bounced", None, now, address="c5@example.com", permanent=True),
    )
    tally = courier(database, organisation).run()
    assert (tally["sent"], tally["skipped"]) == (2, 4)
    reasons = [suppressed(database, organisation, f"c{n}@example.com") for n in range(6)]
    assert reasons == ["bounced", "complained", "unsubscribed at sendgrid", None, None, "bounced"]


def test_an_address_that_keeps_bouncing_is_left_alone(database: Database, organisation: UUID) -> None:
    now, last = utc_now(), queries.SOFT_BOUNCES - 1
    for number in range(last):
        apply(database, organisation, event("bounced", message(database, organisation), now))
        assert suppressed(database, organisation, "ada@example.com") is None, number
    apply(database, organisation, event("delivered", message(database, organisation), now))  # a new run begins
    for _ in range(last):
        apply(database, organisation, event("bounced", message(database, organisation), now))
    assert suppressed(database, organisation, "ada@example.com") is None
    again = event("bounced", message(database, organisation), now)
    apply(database, organisation, again)
    assert suppressed(database, organisation, "ada@example.com") == "bounced"


def test_a_courier_that_died_is_answered_by_what_came_meanwhile(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(2))
    launched(database, identity)
    run(database, organisation, "update messages set status = 'handing_over', claimed_by = 42, provider = 'sendgrid'")
    first = run(database, organisation, "select id from messages where address = 'c0@example.com'")
    apply(database, organisation, event("accepted", first, utc_now()))
    assert courier(database, organisation).run() == {"recovered": 1, "unknown": 1}
    named = "select detail ->> 'message_ids' from alerts where kind = 'delivery_unknown'"
    assert str(first) not in json.dumps(run(database, organisation, named))
