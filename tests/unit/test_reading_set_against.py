"""What is set against what: one and the rest, rows by how they moved, one bucket after the other, and who acts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import calls, converse, read_question, scene

UK = {"dimension": "country", "operator": "eq", "value": "United Kingdom"}
NOT_UK = {"dimension": "country", "operator": "ne", "value": "United Kingdom"}
NEW = {"dimension": "customer_type", "operator": "eq", "value": "new"}
OLD = {"dimension": "customer_type", "operator": "eq", "value": "returning"}

TWO_SIDES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("UK against everyone else, orders 2011", UK, NOT_UK),
    ("turnover of the uk compared to the rest of the world in 2011", UK, NOT_UK),
    ("how much came from new customers in Q3 2011 versus existing ones", NEW, OLD),
    ("revenue in october 2011 from returning customers, not the rest", OLD, NEW),
]
ASKED: list[tuple[str, dict[str, Any]]] = [
    # rows by how they moved
    (
        "which country grew most from Q2 to Q3 2011",
        {"order_by": "revenue_change", "descending": True, "compare_start": "2011-04-01", "dimensions": ["country"]},
    ),
    (
        "steepest drop in orders by category, october to november 2011",
        {"order_by": "orders_growth", "descending": False, "metrics": ["orders"], "dimensions": ["category"]},
    ),
    (
        "which category lost the most sales in november 2011 against october",
        {"order_by": "revenue_change", "descending": False},
    ),
    # one bucket after the other
    ("orders by week in october 2011 and the change", {"grain": "week", "steps": True, "metrics": ["orders"]}),
    ("month over month growth of revenue in 2011", {"grain": "month", "steps": True}),
    ("which month of 2011 had the biggest increase in orders", {"order_by": "orders_change", "steps": True}),
    # the worst of what nobody wants is the most of it
    ("worst country for refunds", {"metrics": ["refunds"], "descending": None}),
    ("best countries by refund rate", {"metrics": ["refund_rate"], "descending": False}),
    ("worst 3 months by orders", {"descending": False, "limit": 3}),
    # who acts is not what is ranked
    ("which weekday do customers order most", {"dimensions": ["weekday"], "metrics": ["orders"], "filters": None}),
    ("what do people in Spain buy most", {"dimensions": ["product"]}),
    ("top 3 categories in every country", {"best_per": "country", "best_of": 3}),
    ("best two products of each month in 2011", {"best_per": "time", "best_of": 2}),
    ("all countries with their orders", {"limit": 100}),
    ("the 2 largest countries behind the UK", {"filters": [NOT_UK], "limit": 2}),
    # no figure is named
    ("germany and spain together in 2011", {"metrics": ["revenue"], "start": "2011-01-01"}),
    ("total without the uk, 2011", {"metrics": ["revenue"], "filters": [NOT_UK]}),
    # orders of one product
    ("how many orders contained only one product in 2011", {"metrics": ["single_product_orders"]}),
    ("share of orders with a single item", {"metrics": ["single_product_orders", "orders"], "ratio": True}),
    # times
    ("revenue in the week before christmas 2010", {"start": "2010-12-18", "end": "2010-12-24"}),
    ("orders in the 3 days after easter 2011", {"start": "2011-04-26", "end": "2011-04-28"}),
    ("sales in the two weeks leading up to black friday 2011", {"start": "2011-11-11", "end": "2011-11-24"}),
    ("black friday weekend 2011 takings", {"start": "2011-11-25", "end": "2011-11-28"}),
    ("orders on saturdays 2011", {"filters": [{"dimension": "weekday", "operator": "eq", "value": "Saturday"}]}),
    # shares of customers
    ("what share of october 2011 buyers were new", {"metrics": ["new_customers", "ordering_customers"], "ratio": True}),
    ("sum of credit notes in may 2011", {"metrics": ["refunds"]}),
    ("how much do we spend a day on ads on average", {"metrics": ["spend"], "per": "day"}),
    ("average discount per order in 2011", {"metrics": ["discounts", "orders"], "ratio": True}),
    ("US sales in may 2011", {"filters": [{"dimension": "country", "operator": "eq", "value": "USA"}]}),
    ("show us revenue by month", {"filters": None, "grain": "month"}),
    ("AOV in Germany and France next to each other", {"dimensions": ["country"], "compare_start": None}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "one", "other"), TWO_SIDES)
def test_one_is_set_against_the_rest(question: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    found = calls(question)
    assert [arguments["filters"] for _, arguments in found] == [[one], [other]]
    assert len({(a.get("start"), a.get("end"), *a["metrics"]) for _, a in found}) == 1


@pytest.mark.parametrize(("question", "expected"), ASKED)
def test_it_is_read_as_it_is_meant(question: str, expected: dict[str, Any]) -> None:
    ((tool, arguments),) = calls(question)
    assert tool == "query_metrics"
    assert {name: arguments.get(name) for name in expected} == expected


def test_the_figure_said_once_is_that_of_both_parts() -> None:
    (_, first), (_, second) = calls("how many orders came from the web in 2011 and how many from the store")
    assert first["metrics"] == second["metrics"] == ["orders"]
    assert (first["start"], second["filters"][0]["value"]) == ("2011-01-01", "store")


def test_a_share_of_the_total_before_keeps_its_days() -> None:
    *_, (reading,) = converse("revenue per country in 2011 without the UK", "as a share of the total, what has Spain")
    assert reading.calls[0].arguments | {"start": "2011-01-01", "share": True} == reading.calls[0].arguments


@pytest.mark.parametrize(
    "question", ["customers in both Germany and France", "how many people bought in both Spain and France"]
)
def test_nobody_is_of_two_countries(question: str) -> None:
    (reading,) = read_question(question, scene())
    assert not reading.calls
    assert "both" in str(reading.said)


def test_growth_where_no_time_is_said_is_of_this_year() -> None:
    ((tool, arguments),) = calls("fastest growing country")
    assert (tool, arguments["start"], arguments["end"]) == ("query_metrics", "2011-01-01", "2011-12-09")
    assert (arguments["compare_start"], arguments["compare_end"]) == ("2010-01-01", "2010-12-09")
    assert arguments["order_by"] == "revenue_growth"


def test_those_who_bought_again_are_a_part_of_those_who_were_new() -> None:
    ((tool, arguments),) = calls("within 90 days of their first order, what % of 2011's new customers ordered again")
    assert (tool, arguments["rule"]["within_days_of_first"]) == ("count_segment", 90)
    assert [part["value"] for part in arguments["among"]["all"]] == [0, 1]
