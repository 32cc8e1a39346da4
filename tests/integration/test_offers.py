"""Offers and their voucher codes: one for each customer, no code twice, whatever is killed or comes at once."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cli.engines import Engines
from connectors.channels.contract import Message
from connectors.channels.sandbox import SandboxTransport
from core.clock import utc_now
from core.errors import AskPerson, FixArguments, NotFound, RetryLater
from core.identity import SCOPES, Identity
from database.engine import Database
from database.queries import voucher_codes
from tests.campaign_scene import CATALOGUE, add_customers, addresses, approve, context, launched, proposed, statuses
from tests.celery_worker import wait_until
from tests.conftest import make_organisation, person
from tests.integration.test_lifecycle import take
from tests.integration.test_outbox import courier, run
from tools.imports.load import import_file

BODY = "Hello {first_name|there},\n\n{offer} for you. Your code: {offer_code}"


def offer(database: Database, identity: Identity, **told: Any) -> Any:
    base = {"name": "Spring", "kind": "percent", "value": 10, "codes": "unique", "prefix": "SPRING"}
    arguments = {name: value for name, value in (base | told).items() if value is not None}
    return CATALOGUE.call("create_offer", arguments, context(database, identity)).offer  # type: ignore[attr-defined]


def put_in(database: Database, identity: Identity, codes: Sequence[str], name: str = "Spring") -> Any:
    told = {"offer": name, "codes": list(codes)}
    return CATALOGUE.call("add_offer_codes", told, context(database, identity))


def code_of_each(database: Database, org_id: UUID) -> dict[str, str]:
    """The code that stands in the mail of each recipient."""
    with database.transaction(org_id) as connection:
        mails = connection.execute(text("select recipient, body_text from sandbox_mailbox")).all()
    return {who: re.search(r"Your code: (\S+)", said)[1] for who, said in mails}  # type: ignore[index]


def test_each_customer_gets_a_code_of_their_own(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(30))
    made = offer(database, identity, minimum=40)
    assert made.words == "10% off orders from £40.00"
    proposal = proposed(database, identity, holdout_share=0, offer="spring", body_text=BODY)
    assert "Your code: SPRING-EXAMPLE" in proposal.sample.text
    assert "10% off orders from £40.00 for you" in proposal.sample.text
    assert approve(database, identity, proposal).messages == 30
    courier(database, organisation).run()
    codes = code_of_each(database, organisation)
    assert len(set(codes.values())) == len(codes) == 30
    assert all(re.fullmatch(r"SPRING-[A-HJ-NP-Z2-9]{8}", code) for code in codes.values())
    (line,) = CATALOGUE.call("list_offers", {}, context(database, identity)).offers  # type: ignore[attr-defined]
    assert (line.given, line.free) == (30, 0)


@pytest.mark.parametrize("source", ["generated", "imported"])
def test_couriers_at_once_after_one_that_broke_off(
    database: Database, organisation: UUID, identity: Identity, source: str
) -> None:
    """The first courier breaks off in the middle; then eight come at once: each customer has exactly one code."""
    people = 150
    campaign = promised(database, identity, people, source)
    with pytest.raises(RuntimeError, match="killed"):
        courier(database, organisation, transports={"sandbox": Broken(40)}).run()
    before = given(database, organisation, campaign)
    assert 0 < len(before) < people

    def send(_number: int) -> None:
        with suppress(RetryLater):
            courier(database, organisation).run()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    each_has_one(database, organisation, campaign, before, people)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["generated", "imported"])
def test_twenty_couriers_after_a_kill_and_two_thousand_customers(
    database: Database, organisation: UUID, identity: Identity, engines: Engines, source: str
) -> None:
    """Processes of their own: the first is killed (-9) in the middle, then twenty are started at once."""
    people = 2_000
    campaign = promised(database, identity, people, source)
    env = {**os.environ, "AIMA_APP_DATABASE_URL": engines.app_url, "AIMA_SECRET_KEY": "a key of this test"}
    command = [sys.executable, "-m", "workers.courier", str(organisation)]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    first = start()
    wait_until(lambda: statuses(database, organisation).get("sent", 0) > 200, "the first messages are sent")
    first.send_signal(signal.SIGKILL)
    ended(first)
    before = given(database, organisation, campaign)
    assert 200 < len(before) < people
    twenty = [start() for _ in range(20)]
    assert {ended(process) for process in twenty} <= {0, RetryLater.exit_code}
    courier(database, organisation).run()
    each_has_one(database, organisation, campaign, before, people)


def ended(process: subprocess.Popen[bytes]) -> int:
    """How a courier ended; only then is its standard input closed, which tells it to stop."""
    code = process.wait(300)
    assert process.stdin is not None
    process.stdin.close()
    return code


def promised(database: Database, identity: Identity, people: int, source: str) -> str:
    """A campaign under way that gives each of so many people a code."""
    add_customers(database, identity.org_id, addresses(people))
    offer(database, identity, prefix="SPRING" if source == "generated" else None)
    if source == "imported":
        put_in(database, identity, [f"own-{n:05d}" for n in range(people)])
    return str(launched(database, identity, offer="Spring", body_text=BODY).campaign_id)


def each_has_one(database: Database, org_id: UUID, campaign: str, before: dict[int, str], people: int) -> None:
    after = given(database, org_id, campaign)
    assert statuses(database, org_id) == {"sent": people}
    assert len(after) == len(set(after.values())) == people
    assert before.items() <= after.items(), "who had one keeps it"
    assert sorted(code_of_each(database, org_id).values()) == sorted(after.values())


class Broken(SandboxTransport):
    """A courier that dies after some messages: everything it holds stays as it is."""

    def __init__(self, left: int) -> None:
        self.left = left

    def deliver(self, message: Message, before_handover: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise RuntimeError("killed")
        return super().deliver(message, before_handover)


def given(database: Database, org_id: UUID, campaign: str) -> dict[int, str]:
    with database.transaction(org_id) as connection:
        query = """select a.customer_id, k.code from code_assignments a join offer_codes k using (org_id, code_key)
                   where a.campaign_id = :campaign"""
        return {row[0]: row[1] for row in connection.execute(text(query), {"campaign": campaign})}


def test_twenty_at_once_ask_for_the_same_customers(database: Database, organisation: UUID, identity: Identity) -> None:
    """Straight at the query, without the turn that couriers take: the same customers get the same codes."""
    made = offer(database, identity, prefix=None)
    put_in(database, identity, [f"own-{n:04d}" for n in range(400)])

    def ask(seed: int) -> dict[int, str]:
        wanted = random.Random(seed).sample(range(1, 301), 200)
        with database.transaction(organisation) as connection:
            return voucher_codes.assign(connection, "campaign", UUID(made.id), wanted, utc_now())

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(20)))
    assert all(len(answer) == 200 for answer in answers)
    known: dict[int, str] = {}
    for answer in answers:
        assert all(known.setdefault(customer, code) == code for customer, code in answer.items())
    assert len(set(known.values())) == len(known)


def test_a_code_that_was_given_is_never_free_again(database: Database, organisation: UUID, identity: Identity) -> None:
    made = offer(database, identity, prefix=None)
    put_in(database, identity, ["own-1"])
    with database.transaction(organisation) as connection:
        voucher_codes.assign(connection, "campaign", UUID(made.id), [1], utc_now())
    with pytest.raises(IntegrityError, match="not free again"):
        run(database, organisation, "update offer_codes set taken_at = null returning 1")
    run(database, organisation, "delete from code_assignments returning 1")  # as when a person is erased
    with database.transaction(organisation) as connection:
        assert voucher_codes.assign(connection, "another", UUID(made.id), [2], utc_now()) == {}


def test_codes_of_the_shop_are_put_in_once(database: Database, organisation: UUID, identity: Identity) -> None:
    offer(database, identity, prefix=None)
    first = put_in(database, identity, ["own-1", " OWN-1 ", "own-2"])
    assert (first.added, first.known, first.free) == (2, 1, 2)
    assert put_in(database, identity, ["own-2", "own-3"]).added == 1
    with pytest.raises(FixArguments, match="no codes, such as “a b”"):
        put_in(database, identity, ["own-4", "a b"])
    offer(database, identity, name="Made here")
    with pytest.raises(FixArguments, match="generated as they are given"):
        put_in(database, identity, ["own-5"], "Made here")
    with pytest.raises(NotFound, match="no offer"):
        put_in(database, person(make_organisation(database)), ["own-6"])


def test_too_few_codes_are_told_before_anybody_approves(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(10))
    offer(database, identity, prefix=None)
    put_in(database, identity, [f"own-{n}" for n in range(15)])
    first = proposed(database, identity, holdout_share=0, offer="Spring", body_text=BODY)
    second = proposed(database, identity, holdout_share=0, offer="Spring", body_text=BODY)
    approve(database, identity, first)
    with pytest.raises(FixArguments, match="5 codes left for 10 recipients"):
        approve(database, identity, second)
    with pytest.raises(FixArguments, match="5 codes left for 10 recipients"):
        proposed(database, identity, holdout_share=0, offer="Spring", body_text=BODY)
    courier(database, organisation).run()
    assert len(set(code_of_each(database, organisation).values())) == 10


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("price", "was withdrawn or changed since"),
        ("withdrawn", "was withdrawn or changed since"),
        ("content", "replaced by a newer one"),
        ("audience", "replaced by a newer one"),
    ],
)
def test_an_approval_is_void_where_what_was_shown_has_changed(
    database: Database, organisation: UUID, identity: Identity, change: str, told: str
) -> None:
    add_customers(database, organisation, addresses(3))
    offer(database, identity)
    proposal = proposed(database, identity, offer="Spring", body_text=BODY, holdout_share=0)
    if change == "price":
        offer(database, identity, value=5, replaces="Spring")
    elif change == "withdrawn":
        CATALOGUE.call("withdraw_offer", {"offer": "Spring"}, context(database, identity))
    else:
        few = {"rule": {"field": "email", "operator": "eq", "value": "c1@example.com"}}
        changes = {"subject": "Another"} if change == "content" else few
        CATALOGUE.call("revise_proposal", {"proposal_id": str(proposal.id), **changes}, context(database, identity))
    with pytest.raises(FixArguments, match=told):
        approve(database, identity, proposal)
    assert statuses(database, organisation) == {}


def test_what_customers_were_promised_is_not_withdrawn_under_them(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(3))
    offer(database, identity)
    campaign = launched(database, identity, name="Easter", offer="Spring", body_text=BODY).campaign_id
    for again in (
        lambda: CATALOGUE.call("withdraw_offer", {"offer": "Spring"}, context(database, identity)),
        lambda: offer(database, identity, value=5, replaces="Spring"),
    ):
        with pytest.raises(FixArguments, match="“Easter” were promised"):
            again()
    take(database, identity, "end", campaign)
    CATALOGUE.call("withdraw_offer", {"offer": "Spring"}, context(database, identity))
    key = Identity(organisation, "key", frozenset(SCOPES), "mcp")
    with pytest.raises(AskPerson):
        CATALOGUE.call("withdraw_offer", {"offer": "Spring"}, context(database, key))


def test_the_budget_of_an_offer_is_not_promised_twice(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(10))
    offer(database, identity, kind="amount", value=5, budget=80, codes="none", prefix=None)
    hello = {"holdout_share": 0, "offer": "Spring", "body_text": "{offer} for you"}
    with pytest.raises(FixArguments, match=r"£50\.00 in all, more than the budget of £40\.00"):
        proposed(database, identity, budget=40, **hello)
    both = [proposed(database, identity, name=name, **hello) for name in ("one", "two")]
    assert both[0].budget == 50
    approve(database, identity, both[0])
    with pytest.raises(FixArguments, match=r"£30\.00 of its budget left"):
        approve(database, identity, both[1])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "percent", "value": 120}, "More than 100"),
        ({"kind": "free_item", "value": None}, "says what is free"),
        ({"kind": "amount", "value": None}, "what the offer is worth"),
        ({"codes": "shared", "prefix": None}, "the one code that all get"),
        ({"codes": "none"}, "goes with unique codes alone"),
        ({"valid_until": "2020-01-01T00:00"}, "has ended already"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(
    database: Database, identity: Identity, told: dict[str, Any], said: str
) -> None:
    with pytest.raises(FixArguments, match=said):
        offer(database, identity, **told)


def test_words_about_an_offer_need_one(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    with pytest.raises(FixArguments, match=r"\{offer\}, \{offer_code\} says what the offer is, and there is none"):
        proposed(database, identity, body_text=BODY)
    offer(database, identity, codes="none", prefix=None)
    with pytest.raises(FixArguments, match="has no codes"):
        proposed(database, identity, body_text=BODY, offer="Spring")
    with pytest.raises(FixArguments, match="called “spring” already"):
        offer(database, identity, name="spring")


def test_an_offer_ends_with_its_campaign_before_it(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    until = utc_now() + timedelta(days=3)
    offer(database, identity, valid_until=until.isoformat())
    proposal = proposed(database, identity, offer="Spring", body_text=BODY + " until {offer_until}")
    assert proposal.ends_at == until
    later = (utc_now() + timedelta(days=4)).isoformat()
    with pytest.raises(FixArguments, match="end, or its offer would"):
        proposed(database, identity, offer="Spring", body_text=BODY, send_at=later)


def test_codes_are_seen_again_in_orders(
    database: Database, organisation: UUID, identity: Identity, tmp_path: Path
) -> None:
    add_customers(database, organisation, addresses(4))
    offer(database, identity)
    campaign = launched(database, identity, offer="Spring", body_text=BODY).campaign_id
    courier(database, organisation).run()
    codes = sorted(given(database, organisation, campaign).values())
    rows = [f"{n},2026-06-0{n},{20 + n}.00,2.00,{code.lower()}" for n, code in enumerate(codes[:2], start=1)]
    rows.append("3,2026-06-03,50.00,0,ANOTHER-CODE")
    (tmp_path / "orders.csv").write_text("\n".join(["order_id,order_date,total,discount,Discount Code", *rows]) + "\n")
    import_file(database, identity, tmp_path / "orders.csv")
    shown: Any = CATALOGUE.call("campaign_status", {"campaign_id": campaign}, context(database, identity))
    assert (shown.codes_given, shown.redeemed, shown.redeemed_revenue) == (4, 2, 43.0)
    (line,) = CATALOGUE.call("list_offers", {}, context(database, identity)).offers  # type: ignore[attr-defined]
    assert (line.redeemed, line.discount) == (2, 4.0)
