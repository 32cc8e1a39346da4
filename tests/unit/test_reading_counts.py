"""Figures said in other words: in one order, at the median, by heads and documents; campaigns and products by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.offline_scene import read_question, scene


def asked(question: str) -> list[dict[str, Any]]:
    """The arguments of the calls a question leads to, in a shop that sells mugs, vases and lamps."""
    told = replace(scene(), product_words=frozenset({"mug", "vase", "lamp", "postage", "manual"}))
    readings = read_question(question, told)
    return [call.arguments for reading in readings for call in reading.calls]


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("how many different items are in one basket on average", "products_per_order"),
        ("how many articles do usually lie in an order? over all orders", "products_per_order"),
        ("with web orders, how many pieces go into an order in average", "units_per_order"),
        ("how many lines are in a typical invoice", "lines_per_order"),
        ("what does a German usually spend on one order? median, not the mean", "median_order_value"),
        ("typical basket in Spain? median, the average is distorted by a few large ones", "median_order_value"),
        ("median order in Spain, the mean gets blown up by big ones", "median_order_value"),
        ("how many times was an item added to the basket in May", "carts"),
        ("invoices per month in 2011, counts", "orders"),
        ("number of credit notes in May. the number of papers, not the value", "refund_orders"),
        ("average discount as % off the list price", "discount_rate"),
        ("which campaign ate the most budget last year", "spend"),
    ],
)
def test_a_figure_in_other_words(question: str, metric: str) -> None:
    calls = asked(question)
    assert [call["metrics"] for call in calls] == [[metric]], calls


def test_average_and_median_are_told_apart() -> None:
    assert asked("average order in Spain")[0]["metrics"] == ["average_order_value"]
    assert asked("mean and median order value in Spain")[0]["metrics"] == ["average_order_value", "median_order_value"]


def test_a_verb_orders_rows_by_one_figure_alone() -> None:
    [call] = asked("order the channels by average order value, best on top")
    assert (call["metrics"], call["dimensions"]) == (["average_order_value"], ["channel"])
    assert "orders" in asked("order value and orders by channel")[0]["metrics"]


@pytest.mark.parametrize(("said", "rows"), [("the 4 hours of the day", 4), ("the 2 weekdays", 2)])
def test_the_busiest_first_keeps_how_many_are_wanted(said: str, rows: int) -> None:
    [call] = asked(f"{said} with the most orders, busiest first")
    assert (call["metrics"], call["limit"]) == (["orders"], rows)
    assert "grain" not in call


def test_rows_are_ranked_by_heads_without_what_does_not_belong() -> None:
    [call] = asked("top 4 products by how many different people bought them, postage and manual do not belong in there")
    assert (call["metrics"], call["limit"]) == (["ordering_customers"], 4)
    assert [(f["operator"], f["value"]) for f in call["filters"]] == [
        ("not_contains", "postage"),
        ("not_contains", "manual"),
    ]


def test_of_a_hundred_and_of_what_somebody_paid_are_shares() -> None:
    assert asked("how many out of 100 of our customers are not french")[0]["share"] is True
    [call] = asked("postage as a part of what Spain paid us in 2011")
    assert call["share_within"] == ["country"]
    assert {f["value"] for f in call["filters"]} == {"Spain", "postage"}


def test_customer_numbers_are_a_list() -> None:
    [call] = asked("give me the customer numbers of all French and Spanish clients")
    assert call["rule"] == {"field": "country", "operator": "in", "value": ["France", "Spain"]}


def test_several_products_are_one_sum_only_where_that_is_said() -> None:
    [call] = asked("units of the mugs, the vases and the lamps together in 2011")
    assert call["filters"][0]["value"] == ["mug", "vase", "lamp"]
    each = asked("units of the mugs, the vases and the lamps in 2011")
    assert [call["filters"][0]["value"] for call in each] == ["mug", "vase", "lamp"]


@pytest.mark.parametrize(
    ("question", "names", "order"),
    [
        ("Mailing 12 - how much revenue is booked on it in the campaign figures?", ["mailing 12"], None),
        ("to how many people did text 3 go, the half price one", ["text 3 half price"], None),
        (
            "did mailing 5 get a better click rate than mailing 4? give me both rates",
            ["mailing 5", "mailing 4"],
            "click",
        ),
        ("mailing 5 or 4: which had the higher click rate", ["mailing 5", "mailing 4"], None),
        ("open rates of mailings 7, 8 and 9", ["mailing 7", "mailing 8", "mailing 9"], None),
        ("open rate of the win-back mail", ["winback mail"], None),
    ],
)
def test_results_of_campaigns_by_their_names(question: str, names: list[str], order: str | None) -> None:
    [call] = asked(question)
    assert call["names"] == names
    assert call.get("order_by") == (f"{order}_rate" if order else None)


@pytest.mark.parametrize(
    "question",
    [
        "which customers opened mailing 12",
        "send mailing 12 again",
        "open rate of the last 3 mailings",
        "click rate of the best mailing",
        "did mailing 12 have an effect on revenue",
        "results of the March mailing",
    ],
)
def test_people_acts_and_other_questions_name_no_campaign(question: str) -> None:
    assert all("names" not in call for call in asked(question))
