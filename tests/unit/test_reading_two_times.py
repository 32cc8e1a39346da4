"""Times that another time of the message makes clear, days named twice, and figures that are easily lost in a list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.offline_scene import calls, read_question, scene

TIMES: list[tuple[str, list[dict[str, str]]]] = [
    ("is revenue higher this summer than last", [{"start": "2011-06-01", "compare_start": "2010-06-01"}]),
    ("more orders this winter than last?", [{"start": "2011-12-01", "compare_start": "2010-12-01"}]),
    ("did Kitchen earn more this spring or last spring", [{"start": "2011-03-01", "compare_start": "2010-03-01"}]),
    ("sales this month last year", [{"start": "2010-12-01", "end": "2010-12-31"}]),
    ("growth of revenue h1 on h1 last year", [{"start": "2011-01-01", "compare_start": "2010-01-01"}]),
    ("revenue q1 against q4", [{"start": "2011-01-01", "compare_start": "2010-10-01"}]),
    ("sales aug 11 aug 10", [{"start": "2011-08-01", "end": "2011-08-31"}, {"start": "2010-08-01"}]),
    ("turnover sat 3 dec", [{"start": "2011-12-03", "end": "2011-12-03"}]),
    ("orders tuesday 12 oct", [{"start": "2010-10-12", "end": "2010-10-12"}]),
    ("revenue w/c 4 oct", [{"start": "2010-10-04", "end": "2010-10-10"}]),
    ("how much did we take on saturday", [{"start": "2011-12-03", "end": "2011-12-03"}]),
    ("revenue monthly from January through to September", [{"start": "2011-01-01", "end": "2011-09-30"}]),
    ("orders since launch in march", [{"start": "2011-03-01"}]),
    ("orders since 30/6", [{"start": "2011-06-30"}]),
    ("units 20110401-20110430", [{"start": "2011-04-01", "end": "2011-04-30"}]),
    ("orders weekends may share", [{"start": "2011-05-01", "end": "2011-05-31"}]),
    ("this week up or down on last? revenue", [{"start": "2011-12-05", "compare_start": "2011-11-28"}]),
]
ASKED = ["orders since 1/9"]
BOTH = [
    ("revenue nov 10", ["2011-11-10", "2010-11-01"]),
    ("day with most refunds feb 11", ["2011-02-11", "2011-02-01"]),
    ("orders Germany feb 11", ["2011-02-11", "2011-02-01"]),
    ("units by channel, may to oct 11", ["2011-05-01", "2011-05-01"]),
]
FIGURES: list[tuple[str, dict[str, Any]]] = [
    ("pieces and value in june", {"metrics": ["units", "revenue"]}),
    ("yesterday: number of invoices, pieces, value", {"metrics": ["orders", "units", "revenue"]}),
    ("difference gross - net may", {"metrics": ["gross_sales", "revenue"], "start": "2011-05-01"}),
    ("count of refunds in june", {"metrics": ["refund_orders"]}),
    ("Kitchen returned q1", {"metrics": ["units_returned"]}),
    ("how many pcs came back from Spain last week", {"metrics": ["units_returned"]}),
    ("sales in units and returns in june", {"metrics": ["units", "refunds"]}),
    ("% refunded Kitchen in june", {"metrics": ["refund_rate"]}),
    ("orders/cust 2011 vs 2010", {"metrics": ["orders_per_customer"]}),
    ("opens/sent monthly 2011", {"metrics": ["open_rate"]}),
    ("which ad platform gives the cheapest clicks", {"metrics": ["cpc"], "descending": False}),
    ("value of orders with more than 50 lines", {"metrics": ["revenue"]}),
    (
        "order value by channel side by side in november",
        {"metrics": ["average_order_value"], "dimensions": ["channel"]},
    ),
    ("mean invoice by quarter 2011", {"metrics": ["average_order_value"], "grain": "quarter"}),
    ("how big was the average order on friday evenings", {"metrics": ["average_order_value"]}),
    ("share new customers revenue june", {"metrics": ["revenue"], "share": True}),
    ("share of total turnover from orders with one item", {"metrics": ["revenue"], "share": True}),
    ("avg basket only orders with 2 or more articles", {"metrics": ["average_order_value"]}),
    ("average order new customers vs regulars", {"metrics": ["average_order_value"], "dimensions": ["customer_type"]}),
    ("new customers' basket in may", {"metrics": ["average_order_value"], "start": "2011-05-01"}),
    ("do evening shoppers spend more per order than morning ones", {"dimensions": ["daypart"]}),
    ("average daily sales weekend weekdays this year", {"dimensions": ["weekend"]}),
    ("spain orders q2 rank among countries", {"place_of": "Spain"}),
    ("visits wow last 6 weeks", {"metrics": ["visits"], "steps": True}),
    ("how much did we invoice in Spain last month", {"metrics": ["revenue"]}),
    ("orders above 10 pieces in may", {"filters": [{"dimension": "order_units", "operator": "gt", "value": 10}]}),
    ("mails sent in september to people with no purchase since june", {"metrics": ["emails_sent"]}),
    ("customers last week, up or down?", {"start": "2011-11-28", "compare_start": "2011-11-21"}),
]
NOT_SO = [
    "share of average price by category in h1",
    "rolling 7 day average revenue in may",
    "revenue of Kitchen in q4 as % of the year",
    "which products sold in every single month of 2011",
    "best month of each year for revenue",
    "revenue mon-wed this week vs thu-sat last week",
    "more orders in the evening or at noon",
    "basket value in Spain relative to the overall average",
    "how many customers with an average invoice of at least 400",
    "orders with code SPRING15 in may",
]


@pytest.mark.parametrize(("question", "times"), TIMES)
def test_a_time_is_the_one_that_was_meant(question: str, times: list[dict[str, str]]) -> None:
    made = [arguments for _, arguments in calls(question)]
    assert made, read_question(question, scene())[0].said
    for arguments, wanted in zip(made, times, strict=False):
        assert wanted.items() <= arguments.items()


@pytest.mark.parametrize("question", ASKED)
def test_a_time_that_may_be_two_is_asked_for(question: str) -> None:
    (reading,) = read_question(question, scene())
    assert not reading.calls
    assert "can be" in (reading.said or "")


@pytest.mark.parametrize(("question", "starts"), BOTH)
def test_a_month_of_a_year_that_may_be_a_day_is_told_as_both(question: str, starts: list[str]) -> None:
    readings = read_question(question, scene())
    assert [call.arguments["start"] for reading in readings for call in reading.calls] == starts
    assert "here are both" in readings[-1].note


@pytest.mark.parametrize(("question", "wanted"), FIGURES)
def test_the_figure_asked_for_is_told_and_none_is_lost(question: str, wanted: dict[str, Any]) -> None:
    (tool, arguments) = calls(question)[0]
    assert tool == "query_metrics"
    assert wanted.items() <= arguments.items()


@pytest.mark.parametrize(
    ("question", "product"),
    [
        ("nail polish sales in may", "nail polish"),
        ("china teapot orders", "china teapot"),
        ("how many walking poles did we sell in june", "walking poles"),
        ("return rate of climbing roses", "climbing roses"),
        ("units of usb cable 2m per week", "usb cable 2m"),
    ],
)
def test_the_name_of_a_product_is_no_place_and_no_move(question: str, product: str) -> None:
    words = frozenset("nail polish china teapot walking poles climbing roses usb cable 2m".split())  # noqa: SIM905
    (reading,) = read_question(question, replace(scene(), product_words=words))
    (call,) = reading.calls
    assert call.arguments["filters"] == [{"dimension": "product", "operator": "contains", "value": product}]


@pytest.mark.parametrize("question", NOT_SO)
def test_what_no_figure_says_is_not_answered_with_another(question: str) -> None:
    assert not calls(question)
