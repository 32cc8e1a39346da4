# ruff: noqa: E501  (a table of conversations)
"""Follow-ups read offline: the call before changes as the clause says, or is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import PROPOSAL, converse

ONCE = {"field": "orders_all", "operator": "eq", "value": 1}


def only(name: str, value: Any, op: str = "eq") -> dict[str, Any]:
    return {"dimension": name, "operator": op, "value": value}


def field(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": name, "operator": op, "value": value}


CONVERSATIONS: list[tuple[list[str], str, dict[str, Any]]] = [
    (["revenue in November 2011", "and in October?"], "query_metrics", {"metrics": ["revenue"], "start": "2011-10-01", "end": "2011-10-31"}),
    (["revenue in November 2011", "only Germany"], "query_metrics", {"filters": [only("country", "Germany")], "start": "2011-11-01"}),
    (["revenue in November 2011", "what about France?", "and Spain?"], "query_metrics", {"filters": [only("country", "Spain")], "start": "2011-11-01"}),
    (["revenue in November 2011", "only Germany", "by country"], "query_metrics", {"dimensions": ["country"], "filters": None}),
    (["revenue in November 2011", "by country", "top 3"], "query_metrics", {"dimensions": ["country"], "limit": 3}),
    (["revenue in 2011", "by month"], "query_metrics", {"grain": "month", "start": "2011-01-01"}),
    (["revenue in 2011", "and orders?"], "query_metrics", {"metrics": ["orders"], "start": "2011-01-01"}),
    (["orders in the past 30 days", "14"], "query_metrics", {"start": "2011-11-26", "end": "2011-12-09"}),
    (["average order value in 2011", "nope, median one"], "query_metrics", {"metrics": ["median_order_value"]}),
    (["ad spend in May", "per channel"], "query_metrics", {"metrics": ["spend"], "dimensions": ["spend_channel"]}),
    (["tell me about customer 12347", "number of orders in 2011 only"], "query_metrics", {"filters": [only("customer", "12347")]}),
    (["tell me about customer 12347", "how many orders did we get in 2011"], "query_metrics", {"filters": None}),
    (["revenue in May of Germany", "of France", "which of both has the bigger avg order?"], "query_metrics", {"metrics": ["average_order_value"], "dimensions": ["country"]}),
    (["best countries", "without the UK"], "query_metrics", {"filters": [only("country", "United Kingdom", "ne")]}),
    (["revenue in November 2011", "why?"], "explain_change", {"metric": "revenue", "start": "2011-11-01", "compare_start": "2011-10-01"}),
    (["compare Germany and France", "revenue by month"], "query_metrics", {"grain": "month", "filters": None}),
    (["customers who bought only once", "only from Germany"], "find_customers", {"rule": {"all": [ONCE, field("country", "eq", "Germany")]}}),
    (["customers who bought only once", "how many of them are from France?"], "count_segment", {"rule": {"all": [ONCE, field("country", "eq", "France")]}}),
    (["how many customers bought only once", "show them"], "find_customers", {"rule": ONCE}),
    (["how many customers bought only once", "who are they?"], "find_customers", {"rule": ONCE}),
    (["customers who bought only once", "save them as One-timers"], "save_segment", {"name": "One-timers", "rule": ONCE}),
    (["customers who bought only once", "write them an email"], "propose_campaign", {"rule": ONCE}),
    (["who is likely to leave in the next 60 days?", "and in the next 30?"], "churn_table", {"horizon_days": 30}),
    (["who is likely to leave in the next 60 days?", "why?"], "churn_summary", {"horizon_days": 60}),
    (["who is likely to leave in the next 30 days?", "launch a campaign at them"], "propose_campaign", {"rule": field("churn_30", "ge", 0.5)}),
    (["the December 2010 cohort after one month", "and after 3 months?"], "cohort_retention", {"cohort": "2010-12", "months_after": 3}),
    (["write an email to the champions", "change the subject to 'Hello again'"], "revise_proposal", {"proposal_id": PROPOSAL, "subject": "Hello again"}),
    (["who is likely to leave in the next 30 days?", "what should I do for them?"], "recommend_interventions", {"rule": field("churn_30", "ge", 0.5)}),
    (["customers who bought only once", "find others like them"], "lookalike_segment", {"rule": ONCE}),
    (["tell me about customer 17850", "who else is like them?"], "similar_customers", {"customer": "17850"}),
    (["tell me about customer 17850", "what will they buy next?"], "next_best_product", {"customer": "17850"}),
    (["what should I do for the champions", "write them an email"], "propose_campaign", {"rule": field("rfm_segment", "eq", "Champions")}),
    (["what should I do for the high risk customers", "why?"], "experiment_effect", {}),
    (["revenue by month in 2011", "cumulated please"], "query_metrics", {"metrics": ["revenue"], "cumulative": True, "start": "2011-01-01"}),
    (["revenue in July 2011", "and the month after?"], "query_metrics", {"metrics": ["revenue"], "start": "2011-08-01", "end": "2011-08-31"}),
    (["ad spend in May 2011", "how much was that in dollars"], "query_metrics", {"metrics": ["spend"], "start": "2011-05-01"}),
    (["orders in May 2011", "how much was that in euros"], "query_metrics", {"metrics": ["revenue"], "start": "2011-05-01"}),
    (["orders in July 2011", "oh sorry, the money i meant"], "query_metrics", {"metrics": ["revenue"], "start": "2011-07-01"}),
    (["revenue in August 2011", "sorry, i wanted july plus august"], "query_metrics", {"start": "2011-07-01", "end": "2011-08-31"}),
    (["revenue by month in 2011", "as a chart please"], "query_metrics", {"grain": "month", "start": "2011-01-01"}),
    (["top 5 products in 2011", "and the worst 5"], "query_metrics", {"dimensions": ["product"], "limit": 5, "descending": False}),
    (["revenue in 2011", "is that more than last year"], "query_metrics", {"metrics": ["revenue"], "compare_start": "2010-01-01"}),
    (["revenue in May 2011", "how much of it came from germany"], "query_metrics", {"filters": [only("country", "Germany")], "start": "2011-05-01"}),
    (["how many customers bought in May 2011", "how much did they spend"], "query_metrics", {"metrics": ["revenue"], "start": "2011-05-01", "end": "2011-05-31"}),
    (["revenue 2011", "and the year before?"], "query_metrics", {"metrics": ["revenue"], "start": "2010-01-01", "end": "2010-12-31"}),
    (["orders in January 2011", "and the one before"], "query_metrics", {"start": "2010-12-01", "end": "2010-12-31"}),
    (["orders in November 2011", "what about the year before?"], "query_metrics", {"start": "2010-11-01", "end": "2010-11-30"}),
    (["revenue in May 2011", "how does that compare with the month before?"], "query_metrics", {"start": "2011-05-01", "compare_start": "2011-04-01", "compare_end": "2011-04-30"}),
    (["revenue in May 2011", "compare with April"], "query_metrics", {"start": "2011-05-01", "compare_start": "2011-04-01", "compare_end": "2011-04-30"}),
    (["revenue this year", "compare with the same period last year"], "query_metrics", {"end": "2011-12-09", "compare_start": "2010-01-01", "compare_end": "2010-12-09"}),
    (["revenue in May 2011", "and the same month last year?"], "query_metrics", {"start": "2010-05-01", "end": "2010-05-31"}),
    (["revenue in November 2011", "on weekends"], "query_metrics", {"filters": [only("weekend", "weekend")], "start": "2011-11-01"}),
    (["revenue in November 2011 vs October 2011", "and in May 2011?"], "query_metrics", {"start": "2011-05-01", "compare_start": None}),
    (["orders last week", "and the week before"], "query_metrics", {"start": "2011-11-21", "end": "2011-11-27"}),
    (["sales in February 2011", "gross i mean, not net"], "query_metrics", {"metrics": ["gross_sales"], "start": "2011-02-01"}),
    (["sales in February 2011", "not net, gross"], "query_metrics", {"metrics": ["gross_sales"], "start": "2011-02-01"}),
    (["revenue in May 2011", "no i want the number of customers"], "query_metrics", {"metrics": ["customers"], "start": "2011-05-01"}),
    (["revenue by country in 2011", "no i meant by month"], "query_metrics", {"grain": "month", "start": "2011-01-01"}),
    (["tell me about customer 17850", "and customer 14646?"], "customer_profile", {"customer": "14646"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("questions", "tool", "expected"), CONVERSATIONS, ids=[" / ".join(q) for q, _, _ in CONVERSATIONS]
)
def test_a_follow_up_builds_on_the_call_before(questions: list[str], tool: str, expected: dict[str, Any]) -> None:
    made = [call for reading in converse(*questions)[-1] for call in reading.calls]
    by_name = {call.tool: call.arguments for call in made}
    assert tool in by_name, made
    assert {k: by_name[tool].get(k) for k in expected} == expected


@pytest.mark.parametrize(
    "questions",
    [
        ("revenue", "and the year before?"),
        ("orders in November 2011", "and the quarter before?"),
        ("revenue in November 2011", "and for 'CANDLE'?"),
        ("revenue in Q4 2011", "and the next quarter"),
        ("revenue in November 2011", "and per customer?"),
        ("revenue in November 2011 in Germany", "and overall?"),
        ("retention of the March 2011 cohort", "in France"),
        ("revenue in May 2011", "how does that compare with the week before?"),
    ],
)
def test_a_follow_up_that_does_not_fit_the_figures_before_asks_back(questions: tuple[str, str]) -> None:
    readings = converse(*questions)[-1]
    assert all(not reading.calls and reading.said for reading in readings)
