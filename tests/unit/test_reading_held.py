"""The last look before a call: what no argument holds is named, and no other question is answered in its place."""

from __future__ import annotations

import json

import pytest

from language.slots import read_slots
from tests.unit.offline_scene import calls, read_question, scene
from tools.churn.questions import who

CUT = [("start", "2011-07-01"), ("compare_start", "2011-04-01")]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("countries with no orders since august", "no"),
        ("which countries did not buy anything in May", "not"),
        ("write to the hibernating customers, but not those under 100", "not those under 100"),
        ("biggest order in October, and who placed it", "placed it"),
        ("our mailbox: the latest 3", "3"),
    ],
)
def test_what_nothing_took_is_named(question: str, named: str) -> None:
    readings = read_question(question, scene())

    assert any(f"“{named}" in (reading.said or "") for reading in readings), readings
    assert not any(call.tool.startswith("propose") for reading in readings for call in reading.calls)


@pytest.mark.parametrize(
    "question",
    [
        "how many countries bought something in January and nothing in February",
        "biggest refund ever, which customer",
        "what was our worst month and why",
        "what would happen if we lost our best customer",
        "how many guests versus known customers in 2011",
        "how many different products did the average customer buy",
        "revenue in May against 2010",
    ],
)
def test_what_no_figure_says_is_no_other_figure(question: str) -> None:
    assert calls(question) == []


def test_a_ranking_is_no_group_of_customers() -> None:
    first, second = read_question("top 3 countries without the UK, and what part of the whole are they", scene())

    assert first.calls
    assert not second.calls
    assert "rows before" in (second.said or "")


@pytest.mark.parametrize(
    "question",
    [
        "which countries bought less in Q3 than in Q2",
        "countries where revenue dropped from Q2 to Q3",
        "countries that sold less in Q3 than in Q2",
    ],
)
def test_only_the_rows_that_moved_that_way_are_shown(question: str) -> None:
    [(tool, asked)] = calls(question)

    assert tool == "query_metrics"
    assert asked["having"] == [{"metric": "revenue_change", "operator": "lt", "value": 0}]
    assert [(name, asked[name]) for name, _ in CUT] == CUT


def test_both_kinds_there_are_cut_a_figure() -> None:
    for question, dimension in (
        ("revenue by weekend or weekday", "weekend"),
        ("average basket of guests vs registered", "known_customer"),
        ("orders of new and returning customers", "customer_type"),
    ):
        [(_, asked)] = calls(question)
        assert asked["dimensions"] == [dimension], question
        assert "filters" not in asked, question


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Germany Q3, France Q3, Spain Q2", ["Germany", "France", "Spain", "2011-04-01"]),
        ("Two things: revenue of Germany, and how many customers are there?", ["revenue", "customers"]),
        ("sales in the first week of November vs the last week", ["2011-11-24", "2011-11-01"]),
        ("revenue before 9 in the morning", ["hour", "lt"]),
        ("who spent more than 500 in one order", ["order_value"]),
        ("median order value UK vs non UK", ["eq", "ne"]),
        ("revenue of Kitchen and Garden, separately", ["dimensions", "category"]),
        ("best category by country", ["best_per"]),
        ("12415 - which country", ["12415"]),
        ("what did customer 14646 buy most", ["14646", "product", "query_metrics"]),
        ("orders without Garden", ["with_category"]),
        ("growth Q1 to Q2 to Q3", ["steps", "2011-01-01", "2011-09-30"]),
        ("revenue of the last 6 full months", ["2011-06-01", "2011-11-30"]),
        ("% who ordered only once in 2011", ["among", "2011-01-01"]),
        ("how many customers per country, top ten", ["customers", "country"]),
        ("how many customers never came back after January", ["2011-01-31", "2011-02-01"]),
        ("revenue per visit by channel", ["visits", "ratio"]),
    ],
)
def test_what_was_said_is_in_the_calls(question: str, holds: list[str]) -> None:
    made = json.dumps(calls(question))

    assert [each for each in holds if each not in made] == [], made


def test_who_is_at_risk_somewhere_is_meant_once() -> None:
    [counted, _] = who(read_slots("our German customers at risk", scene()), scene())

    assert counted.arguments["rule"]["all"] == [
        {"field": "churn_60", "operator": "ge", "value": 0.5},
        {"field": "country", "operator": "eq", "value": "Germany"},
    ]
