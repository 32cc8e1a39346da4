"""What narrows a question has an effect on what is asked of the tools, or the question is not answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.offline_scene import calls, read_question, scene


@pytest.mark.parametrize(
    "question",
    [
        "how many orders with only one little thing in it in 2011",
        "how many people talked about us in 2011 in a good way",
        "CAGR of revenue 2010-2011",
        "ATC to checkout daily in May 2011",
        "mails opens clicks daily in May 2011 in one table thx",
        "compare the average basket of those who opened at least one mail with those who opened none",
        "orders 2010 to end-October",
        "what is the reason that orders went to pieces with mugs, the third week of the flood",
    ],
)
def test_a_question_of_which_a_part_would_be_left_out_is_not_answered(question: str) -> None:
    assert calls(question) == []


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("revenue of Germany versus France from May to August 2011", "2011-05-01", "2011-08-31"),
        ("Germany vs France, turnover between May and August 2011", "2011-05-01", "2011-08-31"),
    ],
)
def test_places_that_are_compared_share_their_time(question: str, start: str, end: str) -> None:
    ((_, arguments),) = calls(question)
    assert (arguments["start"], arguments["end"], arguments.get("compare_start")) == (start, end, None)


def test_a_second_time_is_of_the_same_product() -> None:
    assert not calls("how many mugs did we sell in November 2011 and how many in December 2011")  # no such product
    readings = read_question(
        "how many mugs did we sell in November 2011 and how many in December 2011",
        replace(scene(), product_words=frozenset({"mug"})),
    )
    found = [call.arguments for reading in readings for call in reading.calls]
    assert found
    assert all("mug" in str(arguments.get("filters")) for arguments in found)


def test_orders_of_some_amount_keep_their_country() -> None:
    ((_, arguments),) = calls("what % of orders over 50 pounds came from Germany in May 2011, roughly")
    assert {one["dimension"] for one in arguments["filters"]} == {"order_value", "country"}


def test_a_number_of_rows_is_no_day() -> None:
    ((_, arguments),) = calls("countries by revenue, bottom 3 Jul 2011")
    assert (arguments["limit"], arguments["start"], arguments["end"]) == (3, "2011-07-01", "2011-07-31")


def test_each_of_the_last_quarters_is_told() -> None:
    ((_, arguments),) = calls("revenue for each of the last four quarters")
    assert arguments["grain"] == "quarter"


def test_customers_are_ordered_by_what_was_said() -> None:
    ((tool, arguments),) = calls("top 30 customers by orders who are still active")
    assert (tool, arguments["sort_by"], arguments["limit"]) == ("find_customers", "orders_all", 30)


def test_a_number_of_orders_is_no_amount() -> None:
    ((tool, arguments),) = calls("top 30 customers by orders with at least 2 orders")
    assert tool == "find_customers"
    assert arguments["rule"] == {"field": "orders_all", "operator": "ge", "value": 2}


def test_the_worst_by_returns_have_the_most() -> None:
    ((_, arguments),) = calls("hello there, for the board: the worst 3 categories by refund rate, 2011, thx")
    assert arguments.get("descending", True) is True
