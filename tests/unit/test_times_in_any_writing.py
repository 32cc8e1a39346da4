# ruff: noqa: E501  (one case a line)
"""Times as people write them: days of the week and hours, years of their own kind, times beside others, added up."""

from __future__ import annotations

from typing import Any

import pytest

from language.hours_and_days import days_by_name
from tests.unit.offline_scene import calls, converse

TUESDAYS = {"dimension": "weekday", "operator": "in", "value": ["Tuesday", "Thursday"]}
WEEKEND = {"dimension": "weekday", "operator": "in", "value": ["Saturday", "Sunday"]}


def asked(question: str) -> dict[str, Any]:
    """The arguments of the one call that answers a question about figures."""
    [(tool, arguments)] = calls(question)
    assert tool == "query_metrics"
    return arguments


def days(question: str) -> tuple[Any, ...]:
    """The days a question is asked of, and those it is compared with."""
    arguments = asked(question)
    return tuple(arguments[name] for name in ("start", "end", "compare_start", "compare_end") if name in arguments)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("orders tue + thu in may 2011", [TUESDAYS]),
        ("how many invoices on tue & thu in may 2011", [TUESDAYS]),
        ("revenue sat and sun in 2011", [WEEKEND]),
        ("revenue on mon, wed and fri in 2011", [{**WEEKEND, "value": ["Monday", "Wednesday", "Friday"]}]),
        (
            "orders on sunday evenings from 7 on, may 2011",
            [
                {"dimension": "hour", "operator": "ge", "value": 19},
                {"dimension": "daypart", "operator": "eq", "value": "evening"},
                {"dimension": "weekday", "operator": "eq", "value": "Sunday"},
            ],
        ),
        (
            "revenue of weekday mornings (Mon-Fri, before 10) in may 2011",
            [
                {"dimension": "hour", "operator": "lt", "value": 10},
                {"dimension": "daypart", "operator": "eq", "value": "morning"},
                {"dimension": "weekend", "operator": "eq", "value": "weekday"},
            ],
        ),
        ("orders at night between 21:00 and 23:00", [{"dimension": "hour", "operator": "between", "value": [21, 22]}]),
        (
            "orders on thursday afternoons between 1 and 4",
            [
                {"dimension": "hour", "operator": "between", "value": [13, 15]},
                {"dimension": "weekday", "operator": "eq", "value": "Thursday"},
            ],
        ),
    ],
)
def test_days_of_the_week_and_hours(question: str, filters: list[dict[str, Any]]) -> None:
    assert asked(question)["filters"] == filters


@pytest.mark.parametrize("text", ["sun hats in may", "20% discount on sun hats", "sat 3 dec", "a wed or dead rose"])
def test_what_is_no_day_stays(text: str) -> None:
    assert days_by_name(text) == text


@pytest.mark.parametrize("question", ["orders before 11 customers in the morning", "orders after 3 in may 2011"])
def test_a_number_without_a_part_of_the_day_is_no_hour(question: str) -> None:
    assert not any("hour" in str(arguments) for _, arguments in calls(question))


def test_hours_of_the_day_are_ranked_and_not_days() -> None:
    best = asked("four weakest hours of the day by orders in may 2011")
    assert (best["dimensions"], best["limit"], best["descending"]) == (["hour"], 4, False)
    assert "grain" not in best


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Our financial year begins on 1st May. Orders in the first six months of FY 2010/11?", ("2010-05-01", "2010-10-31")),
        ("our business year starts in may. orders in the second half of the year that began may 2010", ("2010-11-01", "2011-04-30")),
        ("our books run june through may. orders of the year that ended 31/5/2011", ("2010-06-01", "2011-05-31")),
        ("Our book year starts with june. Orders of the last one that is closed?", ("2010-06-01", "2011-05-31")),
        ("Our financial year runs from July to June. Orders in the last quarter of the last complete one", ("2011-04-01", "2011-06-30")),
        ("we close our books in march. orders of the last full year", ("2010-04-01", "2011-03-31")),
        ("orders in the first half of the year that ended march 2011", ("2010-04-01", "2010-09-30")),
        ("orders in the last full year", ("2010-01-01", "2010-12-31")),
    ],
)  # fmt: skip
def test_years_of_their_own_kind(question: str, expected: tuple[str, ...]) -> None:
    assert days(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "our fiscal year starts in july. revenue of the year that began april 2011",
        "our fiscal year starts in april. revenue last year",
    ],
)
def test_a_year_that_may_be_another_is_asked_about(question: str) -> None:
    assert calls(question) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("orders 11 may 2011 - no wait, the whole week that day is in, mon to sun", ("2011-05-09", "2011-05-15")),
        ("orders in the week of last year's valentine's day, monday to sunday", ("2010-02-08", "2010-02-14")),
        ("orders in the week of last year's black friday, mon to sun", ("2010-11-22", "2010-11-28")),
        ("units: may 2011 against the march before it, in %", ("2011-05-01", "2011-05-31", "2011-03-01", "2011-03-31")),
        ("units: may 2011 against the june before it", ("2011-05-01", "2011-05-31", "2010-06-01", "2010-06-30")),
        ("revenue in the second half of last month, so 16th till the end", ("2011-11-16", "2011-11-30")),
        ("orders over the 2 weeks 3 oct - 16 oct 2011", ("2011-10-03", "2011-10-16")),
        ("refunds from july to august 2011, is it less and how much % less", ("2011-08-01", "2011-08-31", "2011-07-01", "2011-07-31")),
        ("orders 2-8 may 2011 next to 3-9 may 2010", ("2011-05-02", "2011-05-08", "2010-05-03", "2010-05-09")),
        ("revenue of Germany and Spain, the two together, from may 2011 to the end of what we have", ("2011-05-01",)),
    ],
)  # fmt: skip
def test_times_said_beside_others(question: str, expected: tuple[str, ...]) -> None:
    assert days(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "revenue in the first half of last month, so 1st to 20th",
        "orders over the 3 weeks 3 oct - 16 oct 2011",
        "revenue of Germany and Spain, the three together, in 2011",
    ],
)
def test_what_does_not_agree_is_not_left_out(question: str) -> None:
    assert calls(question) == []


def test_a_day_after_the_days_before() -> None:
    after = converse("black friday last year, orders?", "and the tuesday after it")[-1][0]
    before = converse("orders on 4 may 2011", "and the friday before?")[-1][0]
    assert [call.arguments["start"] for call in (*after.calls, *before.calls)] == ["2010-11-30", "2011-04-29"]


def test_several_times_are_added_up() -> None:
    summed = asked("orders in the first ten days of may, 2010 and 2011 added up")
    assert summed["filters"] == [
        {"dimension": "days", "operator": "in", "value": ["2010-05-01/2010-05-10", "2011-05-01/2011-05-10"]}
    ]
    assert (summed["start"], summed["end"]) == ("2010-05-01", "2011-05-10")
    assert len(calls("orders in may 2010 and may 2011")) == 2
    assert calls("average order value in may 2010 and may 2011 together") == []


def test_an_average_over_the_days_with_orders() -> None:
    question = "orders per day in may 2011, but only count days on which we were open (on saturdays nothing happens)"
    assert asked(question) == {
        "metrics": ["orders"], "per": "day", "statistic": "mean", "only_active": True,
        "start": "2011-05-01", "end": "2011-05-31",
    }  # fmt: skip
    assert "only_active" not in asked("average orders per day in may 2011")
    assert calls("average orders per day in may 2011 in germany, only counting days we were open") == []
