# ruff: noqa: E501  (one request a line)
"""Customers asked about offline: nothing that was said of them is dropped, and what they are compared by is shown apart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import calls, converse, read_question, scene

MONEY = {"field": "monetary_value", "operator": "gt", "value": 500}
RFM = [{"field": "rfm_segment", "operator": "eq", "value": name} for name in ("Champions", "Loyal", "At Risk")]
NIGHT = {"field": "night_share", "operator": "ge", "value": 0.5}
WEEKEND = {"field": "weekend_share", "operator": "ge", "value": 0.7}
GERMANY = {"field": "country", "operator": "eq", "value": "Germany"}
MAY = {"start": "2011-05-01", "end": "2011-05-31"}


@pytest.mark.parametrize(
    ("said", "tool", "arguments"),
    [
        ("night shoppers?", "find_customers", {"rule": NIGHT}),
        ("who mostly buys on weekends", "find_customers", {"rule": WEEKEND}),
        ("who are our regulars", "find_customers", {"rule": {"field": "orders_all", "operator": "ge", "value": 2}}),
        ("customers in Germany, over 500", "find_customers", {"rule": {"all": [MONEY, GERMANY]}}),
        ("who placed the biggest single order", "list_orders", {"sort": "largest", "limit": 1}),
        ("lowest health score in Germany, 5 of them", "find_customers", {"sort_by": "customer_health_score", "descending": False, "limit": 5, "rule": GERMANY}),
        ("email addresses of our 10 best customers", "find_customers", {"fields": ["email"], "limit": 10}),
        ("how many in champions, loyal and at risk each", "query_metrics", {"metrics": ["customers"], "dimensions": ["rfm_segment"], "rule": {"any": RFM}}),
        ("compare champions and loyal customers by revenue", "query_metrics", {"metrics": ["revenue"], "dimensions": ["rfm_segment"], "rule": {"any": RFM[:2]}}),
        ("list the champions and the loyal customers", "find_customers", {"rule": {"any": RFM[:2]}}),
        ("one-time buyers from Germany: count and their total spend", "query_metrics", {"metrics": ["customers", "revenue"]}),
        ("what did customer 12583 buy in may 2011", "query_metrics", {"dimensions": ["product"], "filters": [{"dimension": "customer", "operator": "eq", "value": "12583"}], **MAY}),
        ("write an sms to the champions", "propose_campaign", {"channel": "sms", "segment": "Champions"}),
        ("which product would C0077 love", "next_best_product", {"customer": "C0077"}),
        ("difference between hibernating and lost?", "define_terms", {"terms": ["Hibernating", "Lost"]}),
        ("what is a champion in your segmentation", "define_terms", {"terms": ["Champions", "segment"]}),
    ],
)  # fmt: skip
def test_what_is_said_of_customers_is_in_the_call(said: str, tool: str, arguments: dict[str, Any]) -> None:
    ((called, made),) = calls(said)
    assert called == tool
    assert {name: made.get(name) for name in arguments} == arguments


@pytest.mark.parametrize(
    "said",
    [
        "who are the new ones", "people living in Lyon", "inactive clients over 180 days", "dormant accounts",
        "which accounts turn over more than 5000", "who left something in the basket and did not check out",
        "which customers order through the app", "who are the purple ones",
    ],
)  # fmt: skip
def test_words_that_pick_nobody_never_list_everybody(said: str) -> None:
    listed = [made for tool, made in calls(said) if tool == "find_customers"]
    assert not listed or all("rule" in made for made in listed)


def test_each_customer_who_is_named_is_answered_about() -> None:
    assert [made["customer"] for _, made in calls("customer C0042 and C0043: who is worth more")] == ["C0042", "C0043"]


def test_those_taken_out_are_not_those_left() -> None:
    *_, (reading,) = converse("customers in Germany", "drop those with less than 3 orders")
    fewer = {"field": "orders_all", "operator": "lt", "value": 3}
    assert reading.calls[0].arguments["rule"] == {"all": [GERMANY, {"not": fewer}]}


def test_a_name_said_after_the_description_is_the_name() -> None:
    ((tool, made),) = calls("save customers in Germany as a segment. call it Northern Lights")
    assert (tool, made["name"], made["rule"]) == ("save_segment", "Northern Lights", GERMANY)


@pytest.mark.parametrize(
    "said",
    [
        "did the invoice go out", "how do I drop a table", "what day is it today", "which products should we stop selling",
        "changes in the market", "products like this one", "do customers like our products",
    ],
)  # fmt: skip
def test_a_word_that_names_a_figure_makes_no_question_of_it(said: str) -> None:
    assert not any(reading.calls for reading in read_question(said, scene()))


@pytest.mark.parametrize(
    "said",
    ["what time is it", "how much do champions bring compared to everybody"],
)  # fmt: skip
def test_what_there_is_no_answer_to_gets_none(said: str) -> None:
    assert not any(reading.calls for reading in read_question(said, scene()))


def test_a_condition_said_first_is_counted() -> None:
    ((tool, made),) = calls("exactly two orders, how many people")
    assert (tool, made["rule"]) == ("count_segment", {"field": "orders_all", "operator": "eq", "value": 2})


def test_the_names_alone_are_of_those_before() -> None:
    *_, (reading,) = converse("customers in Germany", "just the names")
    assert (reading.calls[0].arguments["rule"], reading.calls[0].arguments["fields"]) == (GERMANY, ["name"])


def test_those_of_a_short_ranking_are_those_in_it() -> None:
    from tools.catalogue import catalogue

    find = catalogue().get("find_customers")
    made = {"total": 50, "total_value": 1.0, "columns": [], "rows": [["A1"], ["A2"]], "currency": "EUR"}
    evidence = {
        "tool": "find_customers",
        "arguments": {},
        "rows": 2,
        "as_of": "2026-01-01T00:00:00Z",
        "data_until": None,
        "sources": [],
        "definitions": [],
    }
    result = find.result.model_validate(made | {"evidence": evidence})
    ranked, some = find.arguments(limit=2), find.arguments(rule=GERMANY)
    assert find.audience(ranked, result) == {"field": "customer_id", "operator": "in", "value": ["A1", "A2"]}
    assert find.audience(some, result) == GERMANY
