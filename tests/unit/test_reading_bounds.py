"""Bounds said behind a number, feasts of another year, ranks said in other words, and what a lost part may change."""

from __future__ import annotations

from typing import Any

import pytest

from language.comparisons import bounds_first
from language.places import with_countries_spelled_out
from tests.unit.offline_scene import calls, converse, read_question, scene

NEW = {"dimension": "customer_type", "operator": "eq", "value": "new"}
NOT_GERMANY = {"dimension": "country", "operator": "ne", "value": "Germany"}


def only(question: str) -> dict[str, Any]:
    ((_, arguments),) = calls(question)
    return arguments


def purchases(operator: str, value: Any) -> dict[str, Any]:
    return {"purchase": "orders", "operator": operator, "value": value, "start": "2011-01-01", "end": "2011-12-31"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3 times or more", "at least 3 times"),
        ("50+ units", "at least 50 units"),
        ("4 orders max", "at most 4 orders"),
        ("5 items or less", "at most 5 items"),
        ("300 and up", "at least 300"),
        ("20 % or more", "at least 20 %"),
        ("at least 3 or more orders", "at least 3 or more orders"),
        ("20 min", "20 min"),
        ("2 or 3 times", "between 2 and 3 times"),
        ("2 or 5 times", "2 or 5 times"),
        ("c++ 3", "c++ 3"),
    ],
)
def test_a_bound_behind_the_number_is_the_bound_before_it(said: str, meant: str) -> None:
    assert bounds_first(said) == meant


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("how many people bought 3 times or more in 2011", purchases("ge", 3)),
        ("customers with 3 orders or more in 2011", purchases("ge", 3)),
        ("people with 4 orders max in 2011", purchases("le", 4)),
        ("customers who bought 5 times or less in 2011", purchases("le", 5)),
        ("who ordered 2 or 3 times in 2011", purchases("between", [2, 3])),
        ("customers who bought three times or more", {"field": "orders_all", "operator": "ge", "value": 3}),
        ("customers silent for 60 days or more", {"field": "recency_days", "operator": "ge", "value": 60}),
        ("customers without a purchase for 90 days", {"field": "recency_days", "operator": "ge", "value": 90}),
        (
            "customers who never paid full price",
            {"field": "discounted_order_share", "operator": "ge", "value": 1},
        ),
    ],
)
def test_so_many_or_more_is_no_exact_number(question: str, rule: dict[str, Any]) -> None:
    assert only(question)["rule"] == rule


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("revenue on black friday last year", ("2010-11-26", "2010-11-26")),
        ("revenue last year's black friday", ("2010-11-26", "2010-11-26")),
        ("black friday revenue in germany last year", ("2010-11-26", "2010-11-26")),
        ("cyber monday orders last year", ("2010-11-29", "2010-11-29")),
        ("revenue on cyber monday", ("2011-11-28", "2011-11-28")),
        ("revenue in black friday week last year", ("2010-11-22", "2010-11-28")),
        ("bfcm revenue", ("2011-11-25", "2011-11-28")),
        ("revenue in summer 10", ("2010-06-01", "2010-08-31")),
        ("orders on thanksgiving", ("2011-11-24", "2011-11-24")),
    ],
)
def test_a_feast_of_another_year_is_that_day_and_not_that_year(question: str, days: tuple[str, str]) -> None:
    arguments = only(question)
    assert (arguments["start"], arguments["end"]) == days
    assert "compare_start" not in arguments


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("black friday revenue vs last year", ("2010-11-26", "2010-11-26")),
        ("revenue over easter vs last year", ("2010-04-02", "2010-04-05")),
        ("revenue over the black friday weekend last year vs this year", ("2010-11-26", "2010-11-29")),
        ("revenue this summer compared to last year", ("2010-06-01", "2010-08-31")),
    ],
)
def test_a_feast_against_last_year_is_against_that_of_last_year(question: str, before: tuple[str, str]) -> None:
    arguments = only(question)
    assert (arguments["compare_start"], arguments["compare_end"]) == before


def test_who_came_back_on_the_same_feast() -> None:
    arguments = only("of those who bought on Black Friday last year: how many were back this Black Friday")
    assert arguments["among"] == {
        "purchase": "orders",
        "operator": "ge",
        "value": 1,
        "start": "2010-11-26",
        "end": "2010-11-26",
    }


@pytest.mark.parametrize("and_not", ["but not", "and not", "but never", "but did not order"])
def test_bought_then_and_not_later_is_of_customers(and_not: str) -> None:
    rule = only(f"how many people bought on 24 december 2010 {and_not} on 25 november 2011")["rule"]
    assert [(one["operator"], one["value"], one["start"]) for one in rule["all"]] == [
        ("ge", 1, "2010-12-24"),
        ("eq", 0, "2011-11-25"),
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("orders last week day by day", {"metrics": ["orders"], "grain": "day"}),
        ("revenue week by week since september", {"grain": "week"}),
        ("MER ytd", {"metrics": ["revenue", "spend"], "ratio": True}),
        ("blended cac last quarter", {"metrics": ["spend", "new_customers"], "ratio": True}),
        ("how much do we pay for a new customer", {"metrics": ["spend", "new_customers"], "ratio": True}),
        ("unsub rate last month", {"metrics": ["unsubscribe_rate"]}),
        ("click to open rate by campaign", {"metrics": ["click_to_open_rate"], "dimensions": ["campaign"]}),
        ("average days between first and second order", {"metrics": ["days_to_second_order"]}),
        ("how long does it take until somebody buys a second time", {"metrics": ["days_to_second_order"]}),
        ("how many days had no orders this year", {"without": True, "start": "2011-01-01"}),
        ("top 3 products per category", {"best_per": "category", "best_of": 3}),
        (
            "return rate per product with at least 30 sold",
            {"having": [{"metric": "units", "operator": "ge", "value": 30.0}]},
        ),
        (
            "of the orders above 150 bucks how many had a discount on them",
            {
                "metrics": ["discounted_orders"],
                "filters": [{"dimension": "order_value", "operator": "gt", "value": 150.0}],
            },
        ),
        ("average discount per discounted order", {"metrics": ["discounts", "discounted_orders"], "ratio": True}),
        ("revenue of first orders in october", {"filters": [NEW]}),
        ("how many days in 2011 so far had fewer than 5 orders", {"grain": "day", "metrics": ["orders"]}),
        ("how much do we make on weekends vs weekdays", {"metrics": ["revenue"], "dimensions": ["weekend"]}),
        ("are we selling more than this time last year?", {"compare_end": "2010-12-09"}),
        ("how does this December compare to last December?", {"compare_end": "2010-12-09"}),
        ("at what time do people usually order?", {"metrics": ["orders"], "dimensions": ["hour"]}),
        ("website conversion rate last month", {"metrics": ["orders", "visits"], "ratio": True}),
        ("NC% per month", {"metrics": ["new_customers", "customers"], "ratio": True, "grain": "month"}),
        ("revenue by country without DE", {"filters": [NOT_GERMANY]}),
        (
            "revenue in DE and ES",
            {"filters": [{"dimension": "country", "operator": "in", "value": ["Germany", "Spain"]}]},
        ),
    ],
)  # fmt: skip
def test_the_trades_own_words(question: str, expected: dict[str, Any]) -> None:
    arguments = only(question)
    assert {name: arguments.get(name) for name in expected} == expected


def test_codes_of_countries_are_read_only_where_a_place_stands() -> None:
    assert read_question("IS REVENUE UP", scene())[0].calls == read_question("is revenue up", scene())[0].calls
    assert with_countries_spelled_out("revenue AT all times, IT IS") == "revenue AT all times, IT IS"


def test_whose_order_it_was_is_told_and_what_was_in_it_is_refused_by_name() -> None:
    who, rest = read_question("the single biggest order ever: who, when, what was in it, was it refunded?", scene())
    assert [(call.tool, call.arguments["sort"]) for call in who.calls] == [("list_orders", "largest")]
    assert not rest.calls
    assert "was in it" in (rest.said or "")


@pytest.mark.parametrize(
    "message",
    [
        "what sells the most and what nobody wants, 3 and 3 please, only this autumn so from september",
        "draft a winback mail to our lapsed customers in Spain. 15 % voucher, warm, no exclamation marks.",
        "revenue, but only of the gizmo people and in May, and orders of frogs",
        "I spended in october on all the ads together how much, and per day, and which day was the most",
        "returns. which product people send back the most, percent not pieces, leave out if sold less then 30",
        "suppose we get 1 in 10 of the lapsed ones back. what's that worth over the next 12 months?",
    ],
)
def test_what_a_lost_part_may_be_about_is_not_answered(message: str) -> None:
    readings = read_question(message, scene())
    assert [call for reading in readings for call in reading.calls] == []


def test_a_question_of_its_own_is_answered_beside_one_that_is_not_understood() -> None:
    known, unknown = read_question("how many customers do we have? and what was the weather in may?", scene())
    assert known.calls
    assert "weather" in (unknown.said or "")


def test_what_is_meant_by_a_question_is_a_part_of_it() -> None:
    assert (
        calls("we growing or no? i mean honest, not the black friday week, take it out, this year against last") == []
    )
    asked = only("what share of our revenue comes from the top 10 % of customers? last 12 months, net of refunds")
    assert (asked["top_share"], asked["start"]) == (0.1, "2010-12-10")


@pytest.mark.parametrize(
    ("turns", "rule"),
    [
        (
            ("people who bought only once", "without those from the last 30 days"),
            {
                "all": [
                    {"field": "orders_all", "operator": "eq", "value": 1},
                    {
                        "purchase": "orders",
                        "operator": "eq",
                        "value": 0,
                        "start": "2011-11-10",
                        "end": "2011-12-09",
                    },
                ]
            },
        ),
    ],
)
def test_without_those_of_a_time_leaves_them_out(turns: tuple[str, ...], rule: dict[str, Any]) -> None:
    assert converse(*turns)[-1][0].calls[0].arguments["rule"] == rule


def test_the_worst_after_the_second_best_is_the_first_from_below() -> None:
    last = converse("Second best country?", "and worst")[-1][0].calls[0].arguments
    assert (last["descending"], last["limit"], last.get("position")) == (False, 1, None)


@pytest.mark.parametrize(
    ("question", "tool", "start"),
    [
        ("I need 20000 until the end of the year from today on, is this possible", "target_pace", "2011-12-10"),
        ("our december target was 45k", "target_pace", "2011-12-01"),
        ("set a target of 50000 for december", "set_target", "2011-12-01"),
        ("our goal for december is 40k", "set_target", "2011-12-01"),
    ],
)
def test_a_target_is_kept_only_where_it_is_told_to_be(question: str, tool: str, start: str) -> None:
    ((named, arguments),) = calls(question)
    assert (named, arguments["start"]) == (tool, start)


def test_a_mail_to_new_customers_is_not_to_all() -> None:
    rule = only("create a welcome mail for new customers in Germany")["rule"]
    assert rule["all"][0] == {"field": "days_since_first_order", "operator": "le", "value": 30}


def test_a_cart_without_an_order_this_week_is_a_cart_of_this_week() -> None:
    rule = only("who put something in the cart but didn't order this week?")["rule"]
    assert [one["start"] for one in rule["all"]] == ["2011-12-05", "2011-12-05"]


def test_new_customers_of_a_month_who_came_back_are_its_cohort() -> None:
    assert calls("how many first-time buyers from January came back?") == [("cohort_retention", {"cohort": "2011-01"})]


def test_a_forecast_is_not_set_against_another_months_change() -> None:
    (reading,) = converse("forecast revenue for december", "how does that compare to last december?")[-1]
    assert reading.calls == []


def test_what_somebody_lost_is_no_segment() -> None:
    assert "Lost" not in str(calls("the money I lost on cancelled orders this year"))
    assert "Lost" in str(calls("how many lost customers are in Germany"))


def test_the_same_for_the_year_before_is_the_year_before() -> None:
    last = converse("repeat rate 2011", "same for the year before")[-1][0].calls[0].arguments
    assert (last["start"], last["end"]) == ("2010-01-01", "2010-12-31")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("make me 500 single use codes, 10 off, min spend 50, valid till xmas eve", "makes no offer"),
        ("want to test 10% off against free shipping on need attention", "two versions"),
        ("can you run a split test on subject lines", "two versions"),
        ("this customer Smith he wants his data deleted because of the law", "Erase this person"),
        ("compare the friday only, with the friday of last year black friday", "which two periods"),
        ("resubscribe the 40 people who unsubscribed last week", "consent"),
        ("which of my employes sold more in october", "staff"),
        ("what were people typing in the search box last week", "search"),
        ("how much tax i must pay for the third quarter", "books"),
        ("revenue this year converted to euro", "economy"),
        ("what is the impression share of our ads", "ads one by one"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(question: str, named: str) -> None:
    readings = read_question(question, scene())
    assert [call for reading in readings for call in reading.calls] == []
    assert any(named in (reading.said or "") for reading in readings)
