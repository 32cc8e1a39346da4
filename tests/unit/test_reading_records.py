"""Orders one by one, figures of one customer, facts of a product, days with orders: read to the last word, or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from language.scene import PastCall, Scene
from tests.unit.offline_scene import READER, scene

GOODS = frozenset("kettle gooseneck grinder hand teapot china decaf blend".split())  # noqa: SIM905


def told(question: str, *before: PastCall) -> list[tuple[str, dict[str, Any]]] | None:
    """The calls that a grammar of its own reads out of a question; None where none explains every word."""
    known: Scene = replace(scene(), product_words=GOODS, past=list(before))
    reading = READER._read_exactly(question, known)
    return None if reading is None else [(call.tool, call.arguments) for call in reading.calls]


YEAR = {"start": "2011-01-01", "end": "2011-12-31"}
OF = {"dimension": "customer", "operator": "eq"}
ORDERS: list[tuple[str, dict[str, Any]]] = [
    ("T777: when was their first purchase and how much was it", {"customer": "T777", "sort": "oldest", "limit": 1}),
    ("13089 is on the phone: when did they last order?", {"customer": "13089", "sort": "newest", "limit": 1}),
    ("largest order of customer 14911, which date", {"customer": "14911", "sort": "largest", "limit": 1}),
    ("the biggest order of 2011: which customer and how much", {"sort": "largest", "limit": 1, **YEAR}),
    ("the 3 largest orders of 2011 with customer and day", {"sort": "largest", "limit": 3, **YEAR}),
    ("list the orders over 250 with number and customer", {"above": 250.0, "sort": "largest"}),
    ("show me T777's orders of 2011 with date and amount", {"customer": "T777", "sort": "oldest", **YEAR}),
    ("refunds of 2011 with date and customer id", {"kind": "refunds", "sort": "oldest", **YEAR}),
    ("largest order in Germany and who placed it", {"country": "Germany", "sort": "largest", "limit": 1}),
    ("what was in order 536365", {"order": "536365", "lines": True}),
    ("what was in T777's last order", {"customer": "T777", "sort": "newest", "limit": 1, "lines": True}),
]


@pytest.mark.parametrize(("question", "asked"), ORDERS)
def test_orders_are_asked_for_one_by_one(question: str, asked: dict[str, Any]) -> None:
    kind = {} if "order" in asked else {"kind": "orders"}
    assert told(question) == [("list_orders", kind | asked)]


OTHERS = [
    "largest order by customer",
    "orders over 300 in may",
    "how many orders over 300",
    "revenue of T777's orders by day",
    "how much are T777's orders in 2011",
    "which day had the biggest orders",
    "last order of each customer with date",
    "list the credit notes without customer number",
    "orders from Germany over 300 not in May with date",
    "largest web order, which customer",
    "orders with the teapot, date and amount",
    "when was order 536365 shipped",
    "when is the next order of T777",
    "on how many days did we sell teapots",
    "how many days had more than 10 orders",
    "how many working days without an order in 2011",
    "on how many days did 14606 order",
    "what is the price of a stamp",
    "what is the average price of 22423",
    "price of the kettle in Germany",
    "what does a customer cost",
    "what is the value of T777",
    "what is the revenue of the teapot in May",
    "how often did they order",
    "how many were opened",
    "how many units of 22423 did 14606 buy",
    "revenue on the last day of the data",
    "and the date?",
]


@pytest.mark.parametrize("question", OTHERS)
def test_what_says_more_or_something_else_is_left_to_others(question: str) -> None:
    assert told(question) is None


FACTS: list[tuple[str, str, dict[str, Any]]] = [
    ("what does a kettle cost", "kettle", {"about": ["price"]}),
    ("what do we charge for the hand grinder", "hand grinder", {"about": ["price"]}),
    ("highest and lowest price of 22423 in 2011", "22423", {"about": ["lowest_price", "highest_price"], **YEAR}),
    ("since when do we sell teapots", "teapot", {"about": ["first_sold"]}),
    ("22197 - what is it and how many pcs did we sell in 2011", "22197", {"about": ["units", "name"], **YEAR}),
]


@pytest.mark.parametrize(("question", "product", "asked"), FACTS)
def test_a_product_is_known_by_its_code_or_by_one_word(question: str, product: str, asked: dict[str, Any]) -> None:
    assert told(question) == [("product_facts", {"product": product} | asked)]


DAYS: list[tuple[str, dict[str, Any]]] = [
    ("on how many days of 2011 did we sell something", YEAR),
    ("for how many days of 2011 was there no order", {**YEAR, "without": True}),
    ("how many days without an order were there in 2011", {**YEAR, "without": True}),
    ("on how many Sundays of 2011 was there an order", {**YEAR, "weekday": "Sunday"}),
]


@pytest.mark.parametrize(("question", "asked"), DAYS)
def test_days_with_and_without_orders_are_counted(question: str, asked: dict[str, Any]) -> None:
    assert told(question) == [("order_days", asked)]


FIGURES: list[tuple[str, dict[str, Any]]] = [
    ("every how many days does 14606 order, on average", {"metrics": ["days_between_orders"]}),
    ("what has 12971 spent with us", {"metrics": ["revenue"]}),
    ("14606: how often did they order in 2011", {"metrics": ["orders"], **YEAR}),
    ("how many mails did C0000120 get and how many did they open", {"metrics": ["emails_sent", "email_opens"]}),
]


@pytest.mark.parametrize(("question", "asked"), FIGURES)
def test_a_figure_of_one_customer_needs_no_word_for_customer(question: str, asked: dict[str, Any]) -> None:
    (call,) = told(question) or [("", {})]
    filters = call[1].pop("filters")
    assert call == ("query_metrics", asked)
    assert [f["dimension"] for f in filters] == ["customer"]


def test_pieces_of_a_product_that_one_customer_bought() -> None:
    goods = {"dimension": "product", "operator": "contains", "value": "kettle"}
    asked = {"metrics": ["units"], "filters": [OF | {"value": "T777"}, goods]}
    assert told("how many kettles did T777 buy") == [("query_metrics", asked)]


def test_they_are_the_customer_asked_about_before() -> None:
    profile = PastCall("customer_profile", {"customer": "T777"})
    asked = {"metrics": ["orders"], "filters": [OF | {"value": "T777"}]}
    assert told("how often have they ordered", profile) == [("query_metrics", asked)]
    last = {"kind": "orders", "sort": "newest", "limit": 1, "customer": "T777"}
    assert told("and when was the last time?", profile) == [("list_orders", last)]
    assert told("when was the largest order?", profile) is None  # theirs, or the shop's


def test_those_that_were_opened_are_of_the_mails_before() -> None:
    asked = {"metrics": ["emails_sent"], "filters": [OF | {"value": "T777"}]}
    opened = [("query_metrics", asked | {"metrics": ["email_opens"]})]
    assert told("and how many of those were opened?", PastCall("query_metrics", asked)) == opened
    assert told("and how many of those were opened?", PastCall("query_metrics", {"metrics": ["orders"]})) is None


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("first and last day of the order data", ["first_day", "last_day"]),
        ("up to what day do we have data", ["last_day"]),
        ("since when do the order data go back? day of the very first one", ["first_day"]),
    ],
)
def test_the_ends_of_the_data_are_days_asked_for(question: str, about: list[str]) -> None:
    assert told(question) == [("describe_data", {"about": about, "tables": ["orders"]})]


def test_the_best_day_of_a_weekday_with_its_date() -> None:
    asked = {"metrics": ["orders"], "filters": [{"dimension": "weekday", "operator": "eq", "value": "Sunday"}]}
    expected = [("query_metrics", {**asked, "grain": "day", "order_by": "orders", "limit": 1})]
    assert told("best sunday we ever had by orders, which date was it") == expected
    assert told("best sunday") is None


def test_lines_that_cost_nothing_are_counted() -> None:
    readings = READER.read_question("how many rows of the file have a price of zero", scene())
    assert [call.arguments["metrics"] for reading in readings for call in reading.calls] == [["free_lines"]]


def test_the_last_day_of_the_data_is_no_time_of_the_figure_beside_it() -> None:
    said = "how many orders have no customer number, and which is the latest day in the file?"
    assert [c.arguments.get("start") for r in READER.read_question(said, scene()) for c in r.calls] == [None, None]
