"""Conditions on how customers began, came back and shop, in other words than the grammar's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from language.scene import Scene
from tests.unit.offline_scene import calls, converse, read_question, scene

Node = dict[str, Any]


def shop() -> Scene:
    return replace(scene(channel=["web", "store", "paid_social"]), product_words=frozenset(["mug", "lamp", "red"]))


def counted(question: str) -> Node:
    """The arguments of the one count that a question leads to."""
    made = [call for reading in read_question(question, shop()) for call in reading.calls]
    assert [call.tool for call in made] == ["count_segment"]
    return made[0].arguments


def orders(operator: str = "ge", value: Any = 1, **more: Any) -> Node:
    return {"purchase": "orders", "operator": operator, "value": value} | more


def began(start: str, before: str, end: str) -> Node:
    return {"all": [orders("eq", 0, end=before), orders(start=start, end=end)]}


MAY = began("2011-05-01", "2011-04-30", "2011-05-31")
ALONE: list[tuple[str, Node]] = [
    ("how many customers have used at least two channels", {"purchase": "channels", "operator": "ge", "value": 2}),
    (
        "how many people came over more than one channel, for example once web once store",
        {"purchase": "channels", "operator": "gt", "value": 1},
    ),
    (
        "how many customers bought from at least two of our nine categories",
        {"field": "distinct_categories", "operator": "ge", "value": 2},
    ),
    (
        "are there customers who shop exclusively on saturdays? how many",
        {"all": [orders(weekdays=[6]), orders("eq", 0, weekdays=[1, 2, 3, 4, 5, 7])]},
    ),
    (
        "how many customers ordered only at weekends",
        {"all": [orders(weekdays=[6, 7]), orders("eq", 0, weekdays=[1, 2, 3, 4, 5])]},
    ),
    ("how many customers placed their first order through the web", orders(channel="web", which="first")),
    ("customers whose very first purchase had a rebate, how many", orders(discounted=True, which="first")),
    (
        "how many customers had their first order via paid social and later came back over web or store",
        {"all": [orders(channel="paid_social", which="first"), orders(channel=["web", "store"], which="later")]},
    ),
    (
        "how many people bought both by web and in the store",
        {"all": [orders(channel="web"), orders(channel="store")]},
    ),
    (
        "whose last order lies between 2 and 4 months back, count",
        {"field": "recency_days", "operator": "between", "value": [60, 120]},
    ),
    (
        "how many customers put things in the basket in may 2011 but then bought nothing that month",
        {
            "all": [
                {"event": "cart", "did": True, "start": "2011-05-01", "end": "2011-05-31"},
                orders("eq", 0, start="2011-05-01", end="2011-05-31"),
            ]
        },
    ),
    (
        "how many customers got 4 mails or more in may 2011 and opened none of them",
        {
            "all": [
                {"event": "email_sent", "did": True, "at_least": 4, "start": "2011-05-01", "end": "2011-05-31"},
                {"event": "email_open", "did": False, "start": "2011-05-01", "end": "2011-05-31"},
            ]
        },
    ),
    ("how many people said no to text messages", {"not": {"field": "consent_sms", "operator": "eq", "value": True}}),
    ("how many customers may we not mail", {"not": {"field": "consent_email", "operator": "eq", "value": True}}),
    (
        "how many customers ordered twice, three or four times in may 2011",
        orders("between", [2, 4], start="2011-05-01", end="2011-05-31"),
    ),
]


@pytest.mark.parametrize(("question", "rule"), ALONE)
def test_a_condition_is_counted(question: str, rule: Node) -> None:
    assert counted(question)["rule"] == rule


AMONG: list[tuple[str, Node, Node]] = [
    (
        "first-timers of may 2011: how many of them put in a second order inside 60 days",
        orders("ge", 2, within_days_of_first=60),
        MAY,
    ),
    (
        "of the first-time buyers in may 2011, how many never ordered again",
        {"not": {"field": "orders_all", "operator": "ge", "value": 2}},
        MAY,
    ),
    (
        "people who came to us first in may 2011, what percentage showed up again in q3 2011",
        {"all": [orders(start="2011-07-01", end="2011-09-30"), orders("ge", 2, end="2011-09-30")]},
        MAY,
    ),
    (
        "accounts opened in may 2011 - what share said yes to e-mail",
        {"field": "consent_email", "operator": "eq", "value": True},
        {
            "all": [
                {"field": "created_at", "operator": "ge", "value": "2011-05-01"},
                {"field": "created_at", "operator": "lt", "value": "2011-06-01"},
            ]
        },
    ),
    (
        "what percent of those who bought kitchen also bought garden",
        orders(category="Garden"),
        orders(category="Kitchen"),
    ),
    (
        "old hands = first purchase before 2011. how many of the old hands ordered in may 2011",
        orders(start="2011-05-01", end="2011-05-31"),
        orders(end="2010-12-31"),
    ),
]


@pytest.mark.parametrize(("question", "rule", "among"), AMONG)
def test_a_part_of_a_cohort_is_counted(question: str, rule: Node, among: Node) -> None:
    assert counted(question) == {"rule": rule, "among": among}


def test_a_month_without_a_year_follows_the_cohort() -> None:
    rule = counted("those who first bought in november 2009, what percent ordered again in may")["rule"]
    assert rule["all"][0] == orders(start="2010-05-01", end="2010-05-31")


def test_coming_back_after_newcomers_is_asked_of_them() -> None:
    (reading,) = converse("new customers in q3 2010", "how many were back in q4 then")[-1]
    (call,) = reading.calls
    assert call.arguments["among"] == began("2010-07-01", "2010-06-30", "2010-09-30")
    assert call.arguments["rule"]["all"][0] == orders(start="2010-10-01", end="2010-12-31")


@pytest.mark.parametrize(
    "question",
    [
        "how many customers opened a text message",
        "how many customers took part in the raffle",
        "how many customers bought once, three or four times",
        "how many customers bought only via web or store",
        "how many customers had a lot of patience",
        "big fish: spent more than 500 in 2010. revenue of the big fish in 2011",
        "which country has the highest share of customers with email consent",
    ],
)
def test_what_cannot_be_held_is_not_counted_without_it(question: str) -> None:
    assert not [call for reading in read_question(question, shop()) for call in reading.calls]


def test_days_of_orders_stay_a_filter_of_figures() -> None:
    ((tool, arguments),) = calls("how many orders came only on sundays")
    assert (tool, arguments["filters"][0]["value"]) == ("query_metrics", "Sunday")
