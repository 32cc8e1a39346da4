"""Times set against each other, what orders hold, and words that turn a question: heard, and not dropped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import calls, read_question, scene

MANY = {"dimension": "order_products", "operator": "gt", "value": 50}
BEFORE = {"dimension": "customer_type", "operator": "eq", "value": "returning"}
FELL = {"metric": "revenue_change", "operator": "lt", "value": 0}
NOVEMBER = {"start": "2011-11-01", "end": "2011-11-30"}
LINES_1 = {"dimension": "order_lines", "operator": "eq", "value": 1}
BACK = {"dimension": "kind", "operator": "eq", "value": "refund"}
THIS_YEAR = {"start": "2011-01-01", "end": "2011-12-09", "compare_start": "2010-01-01", "compare_end": "2010-12-09"}


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("how many invoices have just one line", {"metrics": ["orders"], "filters": [LINES_1]}),
        ("orders with more than 50 different products", {"filters": [MANY]}),
        ("orders of 10 pieces or more", {"filters": [{"dimension": "order_units", "operator": "ge", "value": 10}]}),
        ("orders under 20: number of orders and revenue", {"metrics": ["orders", "revenue"]}),
        ("revenue compared to last year", {"metrics": ["revenue"], **THIS_YEAR}),
        ("are we ahead of last year", {"metrics": ["revenue"], **THIS_YEAR}),
        ("orders versus 2010", {"metrics": ["orders"], **THIS_YEAR}),
        ("how was last month compared to the same month last year", {**NOVEMBER, "compare_start": "2010-11-01"}),
        ("compare easter 2010 with easter 2011", {"start": "2011-04-22", "compare_start": "2010-04-02"}),
        ("what time do people open our mails", {"metrics": ["email_opens"], "dimensions": ["hour"]}),
        ("how many emails were opened last month", {"metrics": ["email_opens"], **NOVEMBER}),
        ("which channel brings the best customers", {"metrics": ["revenue_per_customer"], "dimensions": ["channel"]}),
        ("average time from first to second order", {"metrics": ["days_to_second_order"]}),
        ("customers who spent less in november 2011 than in october 2011", {"having": [FELL]}),
        ("orders before noon vs after noon", {"filters": [{"dimension": "hour", "operator": "lt", "value": 12}]}),
        ("share of november 2011 revenue from customers who had bought before", {"filters": [BEFORE]}),
    ],
)  # fmt: skip
def test_what_is_asked_of_orders_and_of_two_times_is_in_the_call(question: str, arguments: dict[str, Any]) -> None:
    (reading,) = read_question(question, scene())

    call = reading.calls[0]
    assert call.tool == "query_metrics", reading.said
    assert {name: call.arguments.get(name) for name in arguments} == arguments


def test_one_time_set_against_another_that_is_not_said_is_asked_about() -> None:
    (reading,) = read_question("revenue compared to november", scene())

    assert not reading.calls
    assert "two periods" in (reading.said or "")


TWO = {"dimension": "customer", "operator": "in", "value": ["T119", "T242"]}
LEFT = {"field": "churn_status", "operator": "eq", "value": "left"}
LAST_YEAR_TO_DATE = {"compare_start": "2010-01-01", "compare_end": "2010-12-09"}


@pytest.mark.parametrize(
    ("question", "tool", "arguments"),
    [
        ("how many inactive customers", "count_segment", {"rule": LEFT}),
        ("how many customers are active", "count_segment", {"rule": {**LEFT, "value": "active"}}),
        ("top 5 customers in germany in 2011", "query_metrics", {"dimensions": ["customer"], "limit": 5}),
        ("which countries are shrinking", "query_metrics", {"having": [FELL], **LAST_YEAR_TO_DATE}),
        ("ytd vs last ytd by country", "query_metrics", {"dimensions": ["country"], **LAST_YEAR_TO_DATE}),
        ("last 12 months vs previous 12 months", "query_metrics", {"compare_end": "2010-12-09"}),
        ("what do champions buy", "query_metrics", {"dimensions": ["product"]}),
        ("customers like my best customers", "lookalike_segment", {"segment": "Champions"}),
        ("which channel has most repeat customers", "query_metrics", {"metrics": ["customers"]}),
        ("cac this year", "query_metrics", {"metrics": ["spend", "new_customers"], "ratio": True}),
        ("which country has the best retention", "query_metrics", {"metrics": ["repeat_rate"]}),
        ("how many days in november 2011 had revenue over 50k", "query_metrics", {"grain": "day"}),
        ("which customers return the most", "query_metrics", {"metrics": ["refunds"], "dimensions": ["customer"]}),
        ("is 12346 still a customer", "customer_profile", {"customer": "12346"}),
        ("how is australia doing", "query_metrics", {"metrics": ["revenue"]}),
    ],
)
def test_a_word_that_turns_the_question_is_heard(question: str, tool: str, arguments: dict[str, Any]) -> None:
    (reading,) = read_question(question, scene())

    call = reading.calls[0]
    assert call.tool == tool, reading.said
    assert {name: call.arguments.get(name) for name in arguments} == arguments


def test_customers_acquired_in_a_year_bring_what_they_bring() -> None:
    (call,) = read_question("how much revenue did customers acquired in 2011 bring", scene())[0].calls

    assert call.arguments["metrics"] == ["revenue"]
    assert [part["value"] for part in call.arguments["rule"]["all"]] == [0, 1]


def test_two_groups_are_told_each_by_itself() -> None:
    (reading,) = read_question("how much do repeat customers spend compared to one-time customers", scene())

    assert [call.arguments["rule"]["operator"] for call in reading.calls] == ["eq", "ge"]
    assert all(call.arguments["metrics"] == ["revenue"] for call in reading.calls)


@pytest.mark.parametrize("question", ["customers who stopped buying candles", "who gets too many emails"])
def test_what_no_list_can_hold_makes_none(question: str) -> None:
    (reading,) = read_question(question, scene())

    assert not reading.calls


def test_a_figure_is_not_cut_by_what_it_is_not_known_by() -> None:
    (reading,) = read_question("average rating by category", scene())

    assert not reading.calls
    assert "not known by category" in (reading.said or "")


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("compare weekdays by average order value", {"dimensions": ["weekday"], "compare_start": None}),
        ("lost revenue from cancellations by month", {"metrics": ["refunds"], "grain": "month"}),
        ("average basket in lines and pieces", {"metrics": ["lines_per_order", "units_per_order"]}),
        ("what is the total of all invoices for customer 12748 in november", {"metrics": ["orders", "revenue"]}),
        ("compare this september to last september", {"start": "2011-09-01", "compare_start": "2010-09-01"}),
        ("bounced mails last month", {"metrics": ["email_bounces"], **NOVEMBER}),
        ("email performance last month", {"metrics": ["emails_sent", "open_rate", "click_rate", "unsubscribe_rate"]}),
        ("who was our first customer ever", {"sort_by": "days_since_first_order"}),
        ("who is our newest customer", {"sort_by": "days_since_first_order", "descending": False}),
        ("customers with average order above 500", {"sort_by": "avg_order_value"}),
        ("revenue of T119 vs T242", {"dimensions": ["customer"], "filters": [TWO]}),
        ("compare customers 14911 and 12415", {"metrics": ["revenue"], "dimensions": ["customer"]}),
    ],
)  # fmt: skip
def test_words_beside_the_figure_are_of_it(question: str, arguments: dict[str, Any]) -> None:
    (call,) = read_question(question, scene())[0].calls

    assert {name: call.arguments.get(name) for name in arguments} == arguments


@pytest.mark.parametrize("question", ["products sold only in december 2010", "orders in the first hour of the day"])
def test_what_no_figure_can_be_limited_to_is_not_dropped(question: str) -> None:
    (reading,) = read_question(question, scene(category=["Kitchen"]))

    assert not reading.calls


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("what do customers in france buy most on mondays", {"dimensions": ["product"], "grain": None}),
        ("top 10 products bought by first-time customers", {"metrics": ["revenue"], "dimensions": ["product"]}),
        ("how many orders are between 100 and 200 pounds", {"metrics": ["orders"], "rule": None}),
        ("number of customers by number of orders", {"dimensions": ["customer_orders"]}),
        ("did october beat september in orders", {"metrics": ["orders"], "compare_start": "2011-09-01"}),
        ("best customers for kitchen", {"metrics": ["revenue"], "dimensions": ["customer"]}),
        (
            "what share of last month's buyers were new",
            {"metrics": ["new_customers", "ordering_customers"], "ratio": True},
        ),
    ],
)
def test_who_and_what_is_counted(question: str, arguments: dict[str, Any]) -> None:
    (call,) = read_question(question, scene())[0].calls

    assert {name: call.arguments.get(name) for name in arguments} == arguments


@pytest.mark.parametrize(
    "question",
    [
        "orders in november compared to the average month",
        "how many customers used both channels",
        "how much do web customers spend per order compared to store",
    ],
)
def test_what_cannot_be_set_side_by_side_is_asked_about(question: str) -> None:
    (reading,) = read_question(question, scene())

    assert not reading.calls


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("who opened an email last month", {"event": "email_open", "did": True, **NOVEMBER}),
        ("customers who visited in november 2011", {"event": "visit", "did": True, **NOVEMBER}),
        ("who clicked in the last 30 days", {"event": "email_click", "did": True, "within_days": 30}),
    ],
)  # fmt: skip
def test_days_of_the_calendar_are_those_and_not_counted_back(question: str, rule: dict[str, Any]) -> None:
    (call,) = read_question(question, scene())[0].calls

    assert call.arguments["rule"] == rule


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("are orders up on last year", {"metrics": ["orders"], **THIS_YEAR}),
        ("is the refund rate above last year", {"metrics": ["refund_rate"], **THIS_YEAR}),
        ("how many opens last month", {"metrics": ["email_opens"], **NOVEMBER}),
        ("how many bounces last month", {"metrics": ["email_bounces"], **NOVEMBER}),
        ("our open rate last month", {"metrics": ["open_rate"], **NOVEMBER}),
        ("which orders were refunded last month", {"metrics": ["refunds"], "filters": [BACK]}),
    ],
)
def test_no_other_figure_is_put_in(question: str, arguments: dict[str, Any]) -> None:
    (call,) = read_question(question, scene())[0].calls

    assert {name: call.arguments.get(name) for name in arguments} == arguments


@pytest.mark.parametrize("question", ["15056 vs 16054", "do you like tea or coffee", "was the spring campaign good"])
def test_what_may_be_something_else_is_not_taken_for_it(question: str) -> None:
    (reading,) = read_question(question, scene())

    assert not reading.calls


def test_to_search_is_no_channel() -> None:
    told = scene(channel=["Paid search", "Direct"], spend_channel=["paid_search"])
    (cost,) = read_question("cpc of search", told)[0].calls

    assert "search" not in str(read_question("search for customers in Spain", told)[0].calls)
    assert cost.arguments["filters"][0]["value"] == "Paid search"


@pytest.mark.parametrize(
    ("question", "sort", "limit"),
    [("the ten biggest orders", "largest", 10), ("the three smallest invoices of 2011", "smallest", 3)],
)
def test_so_many_orders_are_a_list_of_them(question: str, sort: str, limit: int) -> None:
    ((tool, asked),) = calls(question)
    assert (tool, asked["sort"], asked["limit"]) == ("list_orders", sort, limit)
