"""Lists of people without orders can be asked about; what needs orders says so. One-time buyers have no rhythm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agent.conversation import Conversation
from agent.memory import open_memory
from cli.engines import Engines
from core.errors import AimaError
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import person
from tests.integration.field_shops import FieldShop, case, shop
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.runtime import Runtime
from tools.scoring.organisation import score_organisation

__all__ = ["shop"]


def test_churn_where_nobody_has_bought_twice_is_not_guessed(shop: FieldShop) -> None:
    shop.bring(case("47-one-time-buyers") / "orders.csv")
    score_organisation(shop.database, person(shop.org_id), datetime(2025, 1, 1, tzinfo=UTC), lambda _s, _w: None)
    (run,) = shop.rows("select status, reason from model_runs where model = 'churn'")
    assert run["status"] == "not_enough_data"
    assert "Nobody has bought on two different days" in run["reason"]
    assert not shop.rows("select from churn_scores where p60 is not null or status is not null")
    with pytest.raises(AimaError, match=r"(?i)two different days|not enough|no churn"):
        shop.ask("churn_summary")


@pytest.fixture
async def conversation(database: Database, engines: Engines) -> AsyncIterator[Conversation]:
    toolbox = InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))
    async with open_memory(engines.app_url) as memory:
        yield Conversation(offline_graph(toolbox, memory))


ASKED = [
    ("How many customers do we have?", "**3 people** are known"),
    ("How many people can we e-mail?", "**2** can get emails"),
    ("How many subscribers are there?", "**2** can get emails"),
    ("How many people are in our list?", "**3 people** are known"),
    ("Show me all customers", "3 customers"),
    ("What was our revenue in 2024?", "no orders have been loaded"),
    ("Which customers spent more than 100?", "No orders have been loaded"),
    ("Are there duplicate customers?", "**No two customers** look like one person"),
]


async def test_a_list_without_orders_can_be_asked(shop: FieldShop, conversation: Conversation) -> None:
    shop.bring(case("85-list-only") / "list.csv")
    wrong = {}
    for question, part in ASKED:
        answer = await conversation.answer(question, person(shop.org_id), str(uuid4()))
        if part.lower() not in answer.text.lower():
            wrong[question] = answer.text
    assert wrong == {}


def test_people_are_counted_by_what_may_be_sent_to_them(shop: FieldShop) -> None:
    shop.bring(
        shop.write("Email,Name,Newsletter\na@x.com,A,yes\nb@x.com,B,no\nc@x.com,C,yes\nd@x.com,D,\nbroken,E,yes\n"),
        shop.write("Email,Name\nc@x.com,C\n", "unsubscribed.csv"),
        shop.write("order_id,email,order_date,total\n1,z@x.com,2024-02-01,5\n", "orders.csv"),
    )
    found = shop.ask("count_people", channel="email")
    (email,) = found["channels"]
    assert found["people"] == 5
    assert shop.reports[0].rejected == 1
    assert (email["with_address"], email["agreed"], email["refused"], email["suppressed"], email["reachable"]) == (
        5, 1, 2, 1, 1,
    )  # fmt: skip


def test_doubtful_pairs_are_listed_and_told_on_import(shop: FieldShop) -> None:
    folder = case("49-leading-zero-ids")
    shop.bring(folder / "customers.csv", folder / "orders.csv")
    found = shop.ask("doubtful_customers")
    assert {(p["first"], p["second"], p["why"]) for p in found["pairs"]} == {
        ("00456", "456", "the same number but for leading zeros"),
        ("00123", "123", "the same number but for leading zeros"),
    }
    assert "leading zeros" in shop.said()


def test_what_people_share_makes_doubtful_pairs(shop: FieldShop) -> None:
    shop.bring(
        shop.write(
            "customer_id,name,city,phone,email\n1,Ann Ash,Bonn,+491701234567,a@x.com\n2,ann ash,BONN,,b@x.com\n"
            "3,Cy,Ulm,0049 170 1234567,c@x.com\nab1,Dee,Ulm,,\nAB1,Eve,Kiel,,\n"
        )
    )
    pairs = {(p["first"], p["second"]): p["why"] for p in shop.ask("doubtful_customers")["pairs"]}
    assert pairs == {
        ("1", "2"): "the same name and city",
        ("1", "3"): "the same telephone number",
        ("ab1", "AB1"): "the same number but for its letters' case",
    } or pairs.keys() == {("1", "2"), ("1", "3"), ("AB1", "ab1")}
