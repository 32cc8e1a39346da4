"""Averages: over days and weeks, over days of one kind, over orders and customers, and what is no average yet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import calls, read_question, scene

YEAR = {"start": "2011-01-01", "end": "2011-12-31"}
MONDAY = {"dimension": "weekday", "operator": "eq", "value": "Monday"}


@pytest.mark.parametrize(
    ("question", "metric", "per", "statistic", "filters"),
    [
        ("what does an average day bring in, 2011", "revenue", "day", "mean", []),
        ("avg orders/week in 2011", "orders", "week", "mean", []),
        ("median monthly turnover 2011", "revenue", "month", "median", []),
        ("how many orders a day did we get in 2011", "orders", "day", "mean", []),
        ("average number of new customers per month in 2011", "new_customers", "month", "mean", []),
        ("how much do we make on an average Monday, 2011", "revenue", "day", "mean", [MONDAY]),
        ("average number of orders on a monday in 2011", "orders", "day", "mean", [MONDAY]),
        ("orders per working day in 2011", "orders", "day", "mean",
         [{"dimension": "weekend", "operator": "eq", "value": "weekday"}]),
    ],
)  # fmt: skip
def test_over_time(question: str, metric: str, per: str, statistic: str, filters: list[dict[str, Any]]) -> None:
    ((tool, arguments),) = calls(question)
    assert tool == "query_metrics"
    wanted = {"metrics": [metric], "per": per, "statistic": statistic, **YEAR}
    assert arguments == wanted | ({"filters": filters} if filters else {})


@pytest.mark.parametrize(
    ("question", "metrics"),
    [
        ("revenue per invoice 2011", ["average_order_value"]),
        ("typical order size in pounds 2011", ["average_order_value"]),
        ("how many different products does an order hold on average, 2011", ["products_per_order"]),
        ("distinct skus per invoice, 2011", ["products_per_order"]),
        ("average number of articles in a basket, 2011", ["products_per_order"]),
        ("average quantity per order 2011", ["units_per_order"]),
        ("revenue per buyer 2011", ["revenue_per_customer"]),
        ("orders per customer 2011", ["orders_per_customer"]),
        ("average price of an item 2011", ["average_unit_price"]),
        ("mean days between two orders of the same client 2011", ["days_between_orders"]),
        ("mean time between orders per customer 2011, days", ["days_between_orders"]),
        ("average spend of a French customer in 2011", ["revenue_per_customer"]),
        ("aov of orders over 20 in 2011", ["average_order_value"]),
    ],
)
def test_a_figure_of_its_own(question: str, metrics: list[str]) -> None:
    ((tool, arguments),) = calls(question)
    assert tool == "query_metrics"
    assert (arguments["metrics"], arguments.get("ratio"), arguments["start"]) == (metrics, None, "2011-01-01")


@pytest.mark.parametrize(
    ("question", "metrics"),
    [
        ("average amount refunded per refund 2011", ["refunds", "refund_orders"]),
        ("pieces per customer 2011", ["units", "customers"]),
        ("revenue per order line 2011", ["revenue", "lines"]),
        ("visits per order 2011", ["visits", "orders"]),
        ("cost per new customer 2011", ["spend", "new_customers"]),
    ],
)
def test_one_figure_over_another(question: str, metrics: list[str]) -> None:
    ((_, arguments),) = calls(question)
    assert arguments == {"metrics": metrics, "ratio": True, **YEAR}


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("what is the average refund, 2011", "average_refund"),
        ("average credit note by country, 2011", "average_refund"),
        ("biggest refund per country 2011", "largest_refund"),
        ("average return rate by country in 2011", "refund_rate"),
    ],
)
def test_refunds_one_by_one_on_average_and_the_largest(question: str, metric: str) -> None:
    ((_, arguments),) = calls(question)
    assert arguments["metrics"] == [metric]
    assert YEAR.items() <= arguments.items()


def test_an_average_of_nothing_is_asked_about() -> None:
    (reading,) = read_question("average orders in 2011", scene())
    assert reading.calls == []
    assert "per what" in (reading.said or "")


def test_per_weekday_is_each_weekday_and_per_working_day_an_average() -> None:
    ((_, each),) = calls("orders per weekday in November 2011")
    ((_, mean),) = calls("orders per working day in November 2011")
    assert each["dimensions"] == ["weekday"]
    assert (mean["per"], mean["statistic"]) == ("day", "mean")


def test_a_size_that_is_called_average_is_no_average_over_months() -> None:
    ((_, arguments),) = calls("average order value in Germany by month")
    assert (arguments["metrics"], arguments["grain"]) == (["average_order_value"], "month")
    assert "per" not in arguments
