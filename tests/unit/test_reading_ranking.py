"""Rankings: of what, by what, in which order, how many rows or which one, and which rows are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from language.ranking import take_rank
from language.slots import read_slots
from language.thresholds import take_limits
from language.words import Draft
from tests.unit.offline_scene import READER, called, calls, scene
from tools.concentration.questions import concentrated
from tools.metrics.figures import figures

ASKED: list[tuple[str, dict[str, Any]]] = [
    # which place
    ("2nd best country by orders", {"dimensions": ["country"], "metrics": ["orders"], "position": 2, "limit": 1}),
    ("runner-up among channels by revenue", {"dimensions": ["channel"], "position": 2}),
    (
        "third worst category by units in 2011",
        {"dimensions": ["category"], "descending": False, "position": 3, "start": "2011-01-01"},
    ),
    ("which product is in fifth place by units", {"dimensions": ["product"], "position": 5, "metrics": ["units"]}),
    ("fourth strongest week of 2011 by revenue", {"grain": "week", "order_by": "revenue", "position": 4, "limit": 1}),
    # days, weeks, months as rows
    ("busiest day in october 2011", {"grain": "day", "order_by": "orders", "limit": 1}),
    ("quietest hour by orders", {"dimensions": ["hour"], "descending": False}),
    (
        "the 4 best days of november 2011 by revenue",
        {"grain": "day", "limit": 4, "descending": True, "start": "2011-11-01"},
    ),
    ("3 weakest weeks of 2011", {"grain": "week", "limit": 3, "descending": False}),
    (
        "months of 2011 by orders, lowest first",
        {"grain": "month", "order_by": "orders", "descending": False, "limit": 500},
    ),
    (
        "worst friday by turnover in march 2011",
        {
            "grain": "day",
            "order_by": "revenue",
            "descending": False,
            "limit": 1,
            "filters": [{"dimension": "weekday", "operator": "eq", "value": "Friday"}],
        },
    ),
    ("which monday of 2011 had the most orders", {"grain": "day", "order_by": "orders", "limit": 1}),
    (
        "slowest week of 2011 for orders",
        {"grain": "week", "descending": False, "start": "2011-01-01", "end": "2011-12-31"},
    ),
    ("rank weekdays by average order value", {"dimensions": ["weekday"], "metrics": ["average_order_value"]}),
    (
        "quarters of 2011 by number of new customers, best first",
        {"metrics": ["new_customers"], "grain": "quarter", "limit": 500},
    ),
    ("countries by new customers", {"metrics": ["new_customers"], "dimensions": ["country"]}),
    (
        "revenue by new customers in 2011",
        {"metrics": ["revenue"], "filters": [{"dimension": "customer_type", "operator": "eq", "value": "new"}]},
    ),
    ("which 10 products sold most", {"dimensions": ["product"], "limit": 10}),
    ("who bought the most in november 2011", {"dimensions": ["customer"], "start": "2011-11-01"}),
    ("best quarter of 2011 by orders", {"grain": "quarter", "limit": 1, "start": "2011-01-01"}),
    # in what it is counted
    ("most returned product by pieces", {"metrics": ["units_returned"], "dimensions": ["product"]}),
    ("most cancelled product by value", {"metrics": ["refunds"]}),
    ("which product came back most often", {"metrics": ["refund_orders"]}),
    ("most popular product", {"metrics": ["units"]}),
    ("most expensive product", {"metrics": ["average_unit_price"]}),
    # which rows
    (
        "countries with over 1000 orders",
        {"dimensions": ["country"], "having": [{"metric": "orders", "operator": "gt", "value": 1000.0}]},
    ),
    (
        "channels that made more than 5k",
        {"dimensions": ["channel"], "having": [{"metric": "revenue", "operator": "gt", "value": 5000.0}]},
    ),
    (
        "hour with the highest average order value, at least 50 orders",
        {"metrics": ["average_order_value"], "having": [{"metric": "orders", "operator": "ge", "value": 50.0}]},
    ),
    (
        "which products were never sent back",
        {"metrics": ["refund_orders"], "having": [{"metric": "refund_orders", "operator": "le", "value": 0}]},
    ),
    ("days with over 200 orders", {"grain": "day", "having": [{"metric": "orders", "operator": "gt", "value": 200.0}]}),
    ("how many countries had more than 10 orders", {"dimensions": ["country"], "limit": 500}),
    ("how many categories did we sell", {"metrics": ["categories_sold"]}),
    # of each
    ("best category of every month in 2011", {"grain": "month", "dimensions": ["category"], "best_per": "time"}),
    ("best product in each country", {"best_per": "country"}),
    # customers who are known
    (
        "our 4 biggest clients by spend",
        {"dimensions": ["customer"], "filters": [{"dimension": "known_customer", "operator": "eq", "value": "known"}]},
    ),
]


@pytest.mark.parametrize(("question", "expected"), ASKED)
def test_a_ranking_is_read_as_it_is_asked(question: str, expected: dict[str, Any]) -> None:
    made = figures(read_slots(question, scene()), scene())
    assert not isinstance(made, str), made
    asked = made[0].arguments
    assert {name: asked.get(name) for name in expected} == expected


FEW = [
    ("how many products make 80 % of revenue", {"dimension": "product", "share": 0.8}),
    (
        "how many customers bring half of our orders in 2011",
        {"dimension": "customer", "share": 0.5, "metric": "orders", "start": "2011-01-01", "end": "2011-12-31"},
    ),
    ("what share of turnover do the 10 biggest clients make", {"dimension": "customer", "top": 10}),
    ("revenue share of the top 5 % of countries", {"dimension": "country", "top_share": 0.05}),
]


@pytest.mark.parametrize(("question", "expected"), FEW)
def test_how_few_make_how_much_is_read(question: str, expected: dict[str, Any]) -> None:
    made = concentrated(read_slots(question, scene()), scene())
    assert not isinstance(made, str), made
    assert made[0].arguments == expected


@pytest.mark.parametrize(
    "text", ["at most 5 orders", "customers with a second order", "the second half", "most recent order"]
)
def test_words_that_only_sound_like_a_ranking_are_none(text: str) -> None:
    assert not take_rank(Draft(text)).top


def test_a_limit_says_which_figure_it_is_on() -> None:
    draft = Draft("top channels by revenue with no fewer than 30 orders")
    assert [(limit.metric, limit.operator, limit.value) for limit in take_limits(draft)] == [("orders", "ge", 30.0)]
    assert "<having>" in draft.text


TOGETHER: list[tuple[str, list[str], list[tuple[str, str, str]]]] = [
    (
        "what is sold together with the hanging heart",
        ["product"],
        [("with_product", "contains", "hanging heart"), ("product", "not_contains", "hanging heart")],
    ),
    (
        "which category goes well with hanging heart",
        ["category"],
        [("with_product", "contains", "hanging heart"), ("product", "not_contains", "hanging heart")],
    ),
    (
        "how often were hanging heart and cakestand in the same basket",
        [],
        [("with_product", "contains", "hanging heart"), ("with_product", "contains", "cakestand")],
    ),
    (
        "orders with kitchen and garden in one order",
        [],
        [("with_category", "eq", "Garden"), ("with_category", "eq", "Kitchen")],
    ),
]


@pytest.mark.parametrize(("question", "dimensions", "filters"), TOGETHER)
def test_what_is_bought_in_one_order(question: str, dimensions: list[str], filters: list[tuple[str, str, str]]) -> None:
    goods = replace(scene(), product_words=frozenset({"hanging", "heart", "cakestand", "regency"}))
    made = figures(read_slots(question, goods), goods)
    assert not isinstance(made, str), made
    asked = made[0].arguments
    assert (asked["metrics"], asked.get("dimensions", [])) == (["orders"], dimensions)
    assert [(f["dimension"], f["operator"], f["value"]) for f in asked["filters"]] == filters


def test_one_product_alone_is_in_no_order_with_another() -> None:
    goods = replace(scene(), product_words=frozenset({"cakestand"}))
    assert isinstance(figures(read_slots("how many orders hold a cakestand together with", goods), goods), str)


LEFT_OUT = [
    ("weakest month of 2011 by sales, leaving december out", "2011-01-01", "2011-11-30"),
    ("orders in 2011 without january", "2011-02-01", "2011-12-31"),
    ("best week of 2011, q4 not counted", "2011-01-01", "2011-09-30"),
    ("worst month of 2011, december aside since it is not finished", "2011-01-01", "2011-11-30"),
]


@pytest.mark.parametrize(("question", "start", "end"), LEFT_OUT)
def test_an_end_of_a_period_that_is_left_out_shortens_it(question: str, start: str, end: str) -> None:
    made = figures(read_slots(question, scene()), scene())
    assert not isinstance(made, str), made
    assert (made[0].arguments["start"], made[0].arguments["end"]) == (start, end)


def test_a_middle_of_a_period_that_is_left_out_is_said_and_not_counted() -> None:
    assert isinstance(figures(read_slots("orders in 2011 without june", scene()), scene()), str)


def test_days_without_orders_are_no_days_of_a_ranking() -> None:
    made = figures(read_slots("worst day of may 2011 by takings, days without orders don't count", scene()), scene())
    assert not isinstance(made, str), made
    assert made[0].arguments["grain"] == "day"


def test_a_product_named_by_its_code_is_what_the_next_part_is_of() -> None:
    made = calls("what is 85123A called and how many have we sold in 2011")
    assert [arguments["filters"] for _, arguments in made] == 2 * [
        [{"dimension": "sku", "operator": "eq", "value": "85123A"}]
    ]
    assert made[1][1]["metrics"] == ["units"]


def test_the_second_of_rows_told_is_the_second() -> None:
    rows = {"rows": [["MUG", 30.0], ["VASE", 20.0]], "columns": [{"name": "product"}, {"name": "revenue"}]}
    told = scene()
    (first,) = READER.read_question("top products in 2011", told)
    told.past.append(called(first.calls[0], rows))
    (second,) = READER.read_question("and number two?", told)
    assert second.calls[0].arguments | {"position": 2, "limit": 1} == second.calls[0].arguments


@pytest.mark.parametrize(
    "said", ["with 20 orders or more", "with 20 orders min", ", minimum 20 orders", "? only ones with 20 orders min"]
)
def test_a_limit_said_after_its_number_is_one_on_the_rows(said: str) -> None:
    ((_, arguments),) = calls(f"which country has the highest AOV {said}")
    assert arguments["having"] == [{"metric": "orders", "operator": "ge", "value": 20}]
    assert "rule" not in arguments
