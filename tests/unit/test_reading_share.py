"""Shares: which side is the part and which the whole, whatever words stand between them."""

from __future__ import annotations

from typing import Any

import pytest

from language.shares import share_in
from language.words import plain
from tests.unit.offline_scene import calls

YEAR = {"start": "2011-01-01", "end": "2011-12-31"}


def country(name: str, operator: str = "eq") -> dict[str, Any]:
    return {"dimension": "country", "operator": operator, "value": name}


@pytest.mark.parametrize(
    ("question", "part", "whole"),
    [
        ("portion of baskets that are web orders", "web orders", "baskets"),
        ("of the 2023 turnover, what percent was tea", "tea", "the 2023 turnover"),
        ("tea as a percentage of all sales", "tea", "all sales"),
        ("what proportion of sales do regulars bring in", "regulars", "sales"),
        ("how much of the revenue goes to refunds", "to refunds", "the revenue"),
        ("Tea's share of sales", "tea", "sales"),
        ("ratio of refunds to orders", "refunds", "orders"),
        ("share of tea in spring sales", "tea", "spring sales"),
        ("guests out of all buyers in %", "guests", "all buyers"),
    ],
)
def test_the_part_is_told_from_the_whole(question: str, part: str, whole: str) -> None:
    found = share_in(plain(question))
    assert found is not None
    assert (found.part, found.whole) == (part, whole)


@pytest.mark.parametrize(
    "question", ["what is our market share", "20 % off everything", "orders by country", "share price"]
)
def test_other_percents_are_no_shares(question: str) -> None:
    assert share_in(plain(question)) is None


@pytest.mark.parametrize(
    ("question", "metrics", "more"),
    [
        ("portion of invoices that are cancellations", ["refund_orders", "orders"], {}),
        ("what percent of orders got cancelled in 2011", ["refund_orders", "orders"], YEAR),
        ("cancellations as % of orders in 2011", ["refund_orders", "orders"], YEAR),
        ("which share of gross sales in 2011 was refunded", ["refunds", "gross_sales"], YEAR),
        ("what fraction of the 2011 buyers were new", ["new_customers", "ordering_customers"], YEAR),
        ("refunds out of gross sales by month, in percent", ["refunds", "gross_sales"], {"grain": "month"}),
        ("share of orders with more than one product", ["multi_product_orders", "orders"], {}),
    ],
)
def test_one_figure_as_a_share_of_another(question: str, metrics: list[str], more: dict[str, Any]) -> None:
    ((tool, arguments),) = calls(question)
    assert tool == "query_metrics"
    assert arguments == {"metrics": metrics, "ratio": True, **more}


@pytest.mark.parametrize(
    ("question", "metric", "filters", "more"),
    [
        ("what share of 2011 orders went to France", "orders", [country("France")], YEAR),
        ("Germany as a percentage of 2011 revenue", "revenue", [country("Germany")], YEAR),
        ("foreign share of revenue in 2011 (everything but the UK), %", "revenue",
         [country("United Kingdom", "ne")], YEAR),
        ("uk vs rest: share of orders uk, 2011", "orders", [country("United Kingdom")], YEAR),
        ("how much of 2011 revenue do first-time customers make up, %", "revenue",
         [{"dimension": "customer_type", "operator": "eq", "value": "new"}], YEAR),
        ("what percentage of 2011 orders fell on a monday", "orders",
         [{"dimension": "weekday", "operator": "eq", "value": "Monday"}], YEAR),
        ("share of revenue from orders above 300", "revenue",
         [{"dimension": "order_value", "operator": "gt", "value": 300.0}], {}),
        ("within Germany, what share of 2011 revenue is Kitchen", "revenue",
         [country("Germany"), {"dimension": "category", "operator": "eq", "value": "Kitchen"}],
         YEAR | {"share_within": ["country"]}),
        ("Kitchen's share of German revenue", "revenue",
         [country("Germany"), {"dimension": "category", "operator": "eq", "value": "Kitchen"}],
         {"share_within": ["country"]}),
    ],
)  # fmt: skip
def test_a_part_of_a_figure(question: str, metric: str, filters: list[dict[str, Any]], more: dict[str, Any]) -> None:
    ((tool, arguments),) = calls(question)
    assert tool == "query_metrics"
    assert arguments == {"metrics": [metric], "share": True, "filters": filters, **more}


@pytest.mark.parametrize(
    ("question", "inner", "outer"),
    [
        ("What proportion of Q4 2010 sales was December?", ("2010-12-01", "2010-12-31"), ("2010-10-01", "2010-12-31")),
        ("of 2011's revenue how many percent was november", ("2011-11-01", "2011-11-30"), ("2011-01-01", "2011-12-31")),
        ("share of q1 in 2011 revenue", ("2011-01-01", "2011-03-31"), ("2011-01-01", "2011-12-31")),
        (
            "how many percent of 2011 sales did may and june make",
            ("2011-05-01", "2011-06-30"),
            ("2011-01-01", "2011-12-31"),
        ),
        ("what share of our revenue does december 2010 make up", ("2010-12-01", "2010-12-31"), (None, "2011-12-09")),
    ],
)
def test_some_days_of_more(question: str, inner: tuple[str, str], outer: tuple[str | None, str]) -> None:
    ((_, arguments),) = calls(question)
    assert (arguments["share"], arguments["start"], arguments["end"]) == (True, *inner)
    assert (arguments.get("whole_start"), arguments["whole_end"]) == outer


def test_days_outside_the_whole_are_no_part_of_it() -> None:
    assert calls("what share of 2011 revenue was december 2010") == []


def test_what_a_rate_means_said_with_it_is_no_condition() -> None:
    ((_, arguments),) = calls("repeat rate: customers with 2+ orders out of all that ever bought")
    assert arguments["metrics"] == ["repeat_rate"]
    assert "rule" not in arguments
