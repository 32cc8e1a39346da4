"""The last look before a call: what no argument holds is named, and no other question is answered in its place."""

from __future__ import annotations

import json

import pytest

from language.held import not_held, other_days
from language.scene import Call
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
        ("revenue per visit by country", ["visits", "ratio"]),
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


@pytest.mark.parametrize(
    ("question", "call", "left"),
    [
        # a condition on what people did has no field
        ("what to do for customers who opened an email", Call("recommend_interventions", {"limit": 10}), "opened"),
        # neither the number of a day nor a default is the number that was said
        ("churn of those with 12 points", Call("churn_summary", {"start": "2011-12-01", "horizon_days": 60}), "12"),
        ("value of customers with 5 orders", Call("query_metrics", {"metrics": ["orders"], "limit": 5}), "5 orders"),
        # "and" is no part of Ireland, "day" none of horizon_days
        ("risk of people silent for 90 days", Call("churn_summary", {"horizon_days": 90}), "silent"),
        # two times, and one of them in the call
        ("report of May 2011 and June 2011", Call("period_report", {"start": "2011-05-01"}), "june 2011"),
        ("what did C0000012 spend by month", Call("customer_profile", {"customer": "C0000012"}), "by month"),
    ],
)
def test_what_a_call_only_seems_to_hold_is_named(question: str, call: Call, left: str) -> None:
    found = not_held(read_slots(question, scene()), [call], by_words=True)

    assert any(left in part for part in found), found


def test_words_of_several_phrasings_make_no_request() -> None:
    said = read_slots("which channel do champions come through", scene())
    call = Call("segment_detail", {"segment": "Champions"})

    assert not_held(said, [call], ["which channel for the loyal ones", "what do champions come for"])
    assert not not_held(said, [call], ["through which channel do champions come"])


def test_days_ahead_that_nobody_foresees_are_told() -> None:
    asked = read_slots("who will leave in the next 10 days", scene())

    assert "30 days ahead, the nearest to the 10" in other_days(asked, [Call("churn_summary", {"horizon_days": 30})])
    assert other_days(asked, [Call("churn_summary", {"horizon_days": 10})]) == ""
    (reading,) = read_question("who will leave in the next 10 days", scene())
    assert reading.calls
    assert "nearest to the 10" in reading.note


@pytest.mark.parametrize(
    ("question", "tool", "holds"),
    [
        ("top 5 products by number of customers", "query_metrics", ["customers", "product", "5"]),
        ("which channel do champions come through", "query_metrics", ["channel", "Champions"]),
        (
            "of the people who first ordered in June 2011, how many returned",
            "count_segment",
            ["2011-06-01", "orders_all"],
        ),
        ("do first-time buyers ever come back", "cohort_retention", []),
    ],
)
def test_it_is_asked_as_it_was_meant(question: str, tool: str, holds: list[str]) -> None:
    asked = calls(question)

    assert [name for name, _ in asked] == [tool]
    assert [each for each in holds if each not in json.dumps(asked)] == []


@pytest.mark.parametrize(
    "question",
    [
        "how many customers will be gone by new year",
        "what will our revenue be by then",
        "remove a customer from the segment",
        "remove C0000012 from the loyal segment",
        "add C0000012 to the champions segment",
        "23203 is what",
        "what share of customers do our top 3 countries have",
    ],
)
def test_it_is_rather_refused_than_answered_as_another_question(question: str) -> None:
    asked = calls(question)

    assert not {"query_metrics", "cohort_retention", "customer_profile", "concentration"} & {name for name, _ in asked}


def test_a_message_to_everybody_speaks_of_no_silence_and_is_for_its_own_channel() -> None:
    for question, consent in (
        ("write an email to all customers", "consent_email"),
        ("write an sms to everybody", "consent_sms"),
    ):
        [(_, asked)] = calls(question)
        assert (asked["kind"], asked["name"], asked["rule"]["field"]) == ("news", "News: everybody", consent)
        assert "a while" not in asked["body_text"]


def test_what_is_said_of_a_message_is_in_it_or_told() -> None:
    [(_, offered)] = calls("write an email to the loyal customers with a 5 euro voucher")
    [(_, held_back)] = calls("draft a mail to customers in France with a 20% control group")
    (later,) = read_question("draft an email to the champions tomorrow", scene())

    assert (offered["kind"], "5 euro voucher" in offered["body_text"]) == ("discount", True)
    assert held_back["holdout_share"] == 0.2
    assert later.calls
    assert "no time" in later.note


@pytest.mark.parametrize("question", ["which new customers are likely to leave", "how well do we keep new customers"])
def test_new_customers_are_not_all_of_them(question: str) -> None:
    (reading,) = read_question(question, scene())
    assert not reading.calls
    assert "new customers" in (reading.said or "")
