"""People are described first and counted last; what they did, may and have not done is said in everyday words."""

from __future__ import annotations

import pytest

from language.asked_last import asked_first, asks_for_their_number
from tests.unit.offline_scene import read_question, scene

COUNTED: list[tuple[str, list[str]]] = [
    ("who ordered exactly twice, from the uk, over the whole time? only the count pls", ["'orders_all'", "'eq'", "2"]),
    ("Customer with minimum three orders, how many of this kind exist", ["'orders_all'", "'ge'", "3"]),
    ("germans we are allowed to e-mail: how many contacts is that?", ["consent_email", "Germany"]),
    ("those who ordered for the very first time in june last year, how many of them have ordered again since then",
     ["2010-06-01", "2010-06-30", "'orders_all'"]),
    ("Those that made their first purchase in the 2nd quarter of last year, how many of them have ordered something "
     "this year?", ["2010-04-01", "2010-06-30", "2011-01-01"]),
    ("Accounts who in first quarter 2011 bought for more as 500 pound and in third quarter same year nothing at all. "
     "Quantity of such accounts?", ["'revenue'", "500", "2011-03-31", "2011-07-01"]),
    ("customers outside the United Kingdom who spent more than 2,000 in 2011. How many gifts do I have to order?",
     ["'ne'", "United Kingdom", "2000"]),
    ("Clicked in one of our mails during the last 30 days yet didn't order anything in those 30 days. Number of "
     "customers?", ["email_click", "'orders', 'operator': 'eq', 'value': 0, 'within_days': 30"]),
    ("german customers, since 1 january 2011 without any order, how many", ["2011-01-01", "Germany"]),
    ("how many customers without orders", ["is_null"]),
    ("how many customers with 3 or more orders containing kitchen", ["'value': 3, 'category': 'Kitchen'"]),
]  # fmt: skip
AS_THEY_ARE = [
    "revenue of those who ordered twice, number of customers",
    "how much did we make, count please",
    "for may i need revenue, number of orders, number of buyers",
]


@pytest.mark.parametrize(("question", "held"), COUNTED)
def test_those_described_before_are_counted(question: str, held: list[str]) -> None:
    (call,) = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert call.tool == "count_segment"
    assert [part for part in held if part not in str(call.arguments["rule"])] == []


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_figures_in_a_list_are_no_people_to_count(text: str) -> None:
    assert asked_first(text) == text


def test_a_question_of_its_own_is_not_of_those_before() -> None:
    assert asks_for_their_number("count please", "customers who bought only once")
    assert not asks_for_their_number("how many customers do we have?", "revenue in May 2011")


@pytest.mark.parametrize(
    "question",
    [
        "Customers that got one time credit note but later all the same ordered again: the number, please",
        "how many customers had a refund and ordered again later",
        "how many customers bought in march and ordered again later",
        "how many of them agreed to e-mails",
    ],
)
def test_what_no_condition_says_is_not_counted(question: str) -> None:
    assert not any(reading.calls for reading in read_question(question, scene()))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("save a segment called Mug fans: german customers with no order since 1 january 2011", "Mug fans"),
        ("put everyone from germany with more than 2 orders on a list please, call it German pals", "German pals"),
    ],
)
def test_a_group_is_kept_by_its_whole_name(question: str, name: str) -> None:
    (call,) = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert (call.tool, call.arguments["name"]) == ("save_segment", name)


def test_a_list_is_shown_and_not_saved() -> None:
    readings = read_question("make me a list of german customers", scene())
    assert {call.tool for reading in readings for call in reading.calls} == {"find_customers"}


def test_nothing_is_drafted_that_nobody_asked_for() -> None:
    readings = read_question("the fees are high, so I'd like to pull those german buyers over to our own shop", scene())
    assert "propose_campaign" not in {call.tool for reading in readings for call in reading.calls}


def test_a_share_of_buyers_is_of_those_who_bought() -> None:
    question = "how big, percentagewise, is the part of our buyers that has let 12 months go by without an order?"
    (call,) = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert call.arguments["rule"] == {"field": "recency_days", "operator": "ge", "value": 365}
    assert call.arguments["among"] == {"field": "orders_all", "operator": "ge", "value": 1}


NARROWED: list[tuple[str, str, str]] = [
    ("customers with 3 or more discounted orders", "find_customers", "'ge', 'value': 3, 'discounted'"),
    ("for Germany we need the head count: 10 orders or more", "count_segment", "Germany"),
    ("customers who spent between 20 and 30 last month", "find_customers", "'between', 'value': [20, 30]"),
    ("orders in May 2011. I mean customers, not orders", "query_metrics", "'customers'"),
    ("returns in % of orders in 2011", "query_metrics", "refund_rate"),
]


@pytest.mark.parametrize(("question", "tool", "held"), NARROWED)
def test_a_plainer_turn_drops_nothing(question: str, tool: str, held: str) -> None:
    (call,) = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert call.tool == tool
    assert held in str(call.arguments)


@pytest.mark.parametrize(
    "question",
    [
        "customers who signed up in june and clicked an email in those 30 days",
        "revenue since the delivery problems began",
        "top 10 customers of 2010: which share of this year's revenue do they bring",
        "revenue in march 2011 from 10 to 12",
        "how much items cost on average",
        "incident report of the data centre",
        "draft campaigns for whoever is at risk or new",
        "what happened after the order",
    ],
)
def test_what_a_plainer_turn_would_change_is_refused(question: str) -> None:
    assert not any(reading.calls for reading in read_question(question, scene()))
