"""Everyday turns: said in passing, and meant as plainly as the trade's own words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import read_question, scene

MEANT: list[tuple[str, dict[str, Any]]] = [
    ("refunds country wise in 2011", {"metrics": ["refunds"], "dimensions": ["country"], "start": "2011-01-01"}),
    ("orders month-wise for 2011", {"metrics": ["orders"], "grain": "month", "start": "2011-01-01"}),
    ("top product quantity wise in 2011", {"metrics": ["units"], "dimensions": ["product"]}),
    ("best country orderwise in 2011", {"metrics": ["orders"], "dimensions": ["country"]}),
    ("revenue last 30d", {"start": "2011-11-10", "end": "2011-12-09"}),
    ("revenue rolling 12m", {"start": "2010-12-10", "end": "2011-12-09"}),
    ("new customers in the first semester 2011", {"start": "2011-01-01", "end": "2011-06-30"}),
    ("second best month in the history of the shop by orders", {"grain": "month", "position": 2}),
    ("what was the cheapest order in 2011", {"metrics": ["smallest_order"]}),
    ("our biggest single order in 2011", {"metrics": ["largest_order"]}),
    ("what is the cheapest item we sold in 2011", {"metrics": ["average_unit_price"], "descending": False}),
    ("emails per customer in November", {"metrics": ["emails_sent", "customers"], "ratio": True}),
    ("price of one piece in the garden category", {"metrics": ["average_unit_price"]}),
    ("weekly active buyers in 2011", {"metrics": ["customers"], "grain": "week"}),
    ("customers by country as of 31 October 2011", {"end": "2011-10-31"}),
    ("difference between gross and net in May", {"metrics": ["gross_sales", "revenue"]}),
    ("cost a click by channel", {"metrics": ["cpc"], "dimensions": ["spend_channel"]}),
    ("conv rate in November day by day", {"metrics": ["orders", "visits"], "ratio": True, "grain": "day"}),
    ("gap between two purchases in Germany", {"metrics": ["days_between_orders"]}),
    ("revenue a year ago", {"start": "2010-01-01", "end": "2010-12-31"}),
    (
        "is revenue up on a year ago",
        {"start": "2011-01-01", "compare_start": "2010-01-01", "compare_end": "2010-12-09"},
    ),
    ("revenue in the 2nd quarter of last year", {"start": "2010-04-01", "end": "2010-06-30"}),
    ("May 2011, between the 3rd and the 9th - how many orders", {"start": "2011-05-03", "end": "2011-05-09"}),
    ("revenue in the second half of march 2011 (16 till 31)", {"start": "2011-03-16", "end": "2011-03-31"}),
    ("ad spend from 3rd until 9th of previous month", {"start": "2011-11-03", "end": "2011-11-09"}),
    ("first-time buyers sept 11 vs sept 10?", {"start": "2011-09-01", "compare_start": "2010-09-01"}),
    ("What takings in the week before Easter Sunday 2011 (24 april)?", {"start": "2011-04-17", "filters": None}),
    ("revenue since the end of june 2011", {"start": "2011-07-01"}),
    ("sales channels by average order value", {"metrics": ["average_order_value"], "dimensions": ["channel"]}),
    (
        "how many customers, how many orders, and revenue per customer in 2011",
        {"metrics": ["revenue_per_customer", "customers", "orders"]},
    ),
    (
        "last year in one line: turnover, orders, average order, refunded sum",
        {"metrics": ["revenue", "orders", "average_order_value", "refunds"]},
    ),
    ("ad cost to turnover ratio last month", {"metrics": ["spend", "revenue"], "ratio": True}),
    ("which city is second in revenue", {"dimensions": ["city"], "position": 2, "limit": 1}),
    ("who ordered the second most in 2011", {"metrics": ["orders"], "dimensions": ["customer"], "position": 2}),
    ("germany 2011 the median of order value, the one in middle, not the mean", {"metrics": ["median_order_value"]}),
    ("From all units of 2011 how many procent is gone to foreign", {"metrics": ["units"], "share": True}),
    ("orders july 2011 compared to june 2011, plus or minus how many percents?", {"compare_start": "2011-06-01"}),
    ("active buyers last quarter against the same quarter a year before", {"metrics": ["ordering_customers"]}),
    ("of all the emails we sent out this year how many bounced", {"metrics": ["email_bounces"]}),
    ("ad spend so far this month, all channels", {"metrics": ["spend"], "dimensions": None}),
    ("last month, orders where we knocked some money off, how many were there", {"metrics": ["discounted_orders"]}),
    ("where do most of my customers live? just the top 3 towns", {"dimensions": ["city"], "limit": 3}),
    ("revenue after midnight", {"filters": [{"dimension": "hour", "operator": "between", "value": [0, 5]}]}),
]
PEOPLE: list[tuple[str, str, str]] = [
    ("german customers with minimum three orders", "find_customers", "'orders_all', 'operator': 'ge', 'value': 3"),
    ("which German customers first ordered in the last 60 days and have already come back", "find_customers",
     "'orders_all', 'operator': 'ge', 'value': 2"),
    ("those who bought in November 2010 but this December nothing yet, how many is that", "count_segment",
     "'operator': 'eq', 'value': 0, 'start': '2011-12-01'"),
    ("people who bought kitchen stuff but never garden, how many customers would that be roughly", "count_segment",
     "'operator': 'eq', 'value': 0, 'category': 'Garden'"),
    ("customers who bought from kitchen and also from garden", "find_customers", "'category': 'Garden'"),
]  # fmt: skip
REFUSED = [
    ("orders from Germany last month, but business customers only", "companies"),
    ("how many people silent for 120 days, by segment", "segment"),
    ("what if we drop free returns, how much revenue goes", "what if"),
]


@pytest.mark.parametrize(("question", "expected"), MEANT)
def test_an_everyday_turn_means_the_plain_one(question: str, expected: dict[str, Any]) -> None:
    (call,) = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert {name: call.arguments.get(name) for name in expected} == expected


@pytest.mark.parametrize(("question", "tool", "held"), PEOPLE)
def test_people_are_described_in_everyday_words(question: str, tool: str, held: str) -> None:
    (call,) = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert call.tool == tool
    assert held in str(call.arguments["rule"])


@pytest.mark.parametrize(("question", "named"), REFUSED)
def test_what_would_widen_the_question_is_refused_by_name(question: str, named: str) -> None:
    readings = read_question(question, scene())
    assert not any(reading.calls for reading in readings)
    assert named in " ".join(reading.said or "" for reading in readings)


def test_the_place_of_a_slide_is_the_place_asked_about() -> None:
    question = (
        "For my Germany slide I need three things for the whole of 2011: turnover, orders and how many customers."
    )
    calls = [call for reading in read_question(question, scene()) for call in reading.calls]
    assert calls
    assert all("Germany" in str(call.arguments) for call in calls)


def test_a_part_of_the_day_in_a_products_name_is_none() -> None:
    from dataclasses import replace

    shop = replace(scene(), product_words=frozenset({"rabbit", "night", "light"}))
    (call,) = [call for reading in read_question("rabbit night light sold in May 2011", shop) for call in reading.calls]
    assert call.arguments["filters"] == [
        {"dimension": "product", "operator": "contains", "value": "rabbit night light"}
    ]


def test_a_rank_of_nothing_is_asked_back() -> None:
    readings = read_question("number two by orders in Germany", scene())
    assert not any(reading.calls for reading in readings)


def test_the_most_clicks_are_a_number_and_no_rate() -> None:
    (call,) = [
        call
        for reading in read_question("which of this year's mailings was clicked most often", scene())
        for call in reading.calls
    ]
    assert call.arguments["order_by"] == "clicked"


def test_since_the_launch_of_something_else_is_not_all_of_the_time() -> None:
    readings = read_question("revenue since the launch of the spring range", scene())
    assert not any(reading.calls for reading in readings)


def test_a_time_set_against_another_is_never_left_out() -> None:
    for question in ("revenue a year ago", "revenue in May against a year ago", "orders than a year before"):
        for reading in read_question(question, scene()):
            assert all({"start", "compare_start", "grain"} & call.arguments.keys() for call in reading.calls), question


def test_more_segments_than_one_way_of_saying_them() -> None:
    (call,) = read_question("which group of customers buys most", scene())[0].calls
    assert call.arguments["dimensions"] == ["rfm_segment"]
