"""Everyday questions about figures of which a word was once passed over, or taken for something else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import read_question, scene


def _asked(question: str, **values: list[str]) -> dict[str, Any]:
    calls = [call for reading in read_question(question, scene(**values)) for call in reading.calls]
    assert [call.tool for call in calls] == ["query_metrics"]
    return calls[0].arguments


def test_a_channel_called_app_is_no_percentage_point() -> None:
    asked = _asked("orders from the app, day over day change, this week", channel=["app", "web"])
    assert asked["filters"] == [{"dimension": "channel", "operator": "eq", "value": "app"}]


def test_weekends_that_are_out_are_left_out() -> None:
    asked = _asked("orders by hour of day, weekends out, last 6 weeks")
    assert asked["filters"] == [{"dimension": "weekend", "operator": "eq", "value": "weekday"}]


@pytest.mark.parametrize(
    ("question", "metrics"),
    [
        ("opens by hour last week", ["email_opens"]),
        ("impressions, click-through and cost per click last month", ["cpc", "impressions", "ctr"]),
        ("average order value per weekday last month", ["average_order_value"]),
        ("average sale per weekday last month", ["average_order_value"]),
        ("have we sold any garden things in Germany this month", ["units"]),
        ("repeat customers in Germany per year", ["ordering_customers"]),
    ],
)
def test_the_figure_that_is_named_is_told(question: str, metrics: list[str]) -> None:
    assert _asked(question, category=["Garden things"])["metrics"] == metrics


def test_new_customers_only_are_whom_the_figure_is_of() -> None:
    asked = _asked("sales in Germany, new customers only, last month")
    assert asked["metrics"] == ["revenue"]
    assert {"dimension": "customer_type", "operator": "eq", "value": "new"} in asked["filters"]


@pytest.mark.parametrize(
    "question",
    [
        "average orders per weekday",  # of all days, or of each weekday's own
        "orders in the first 90 days",  # of what
        "orders via click and collect last week",  # a channel the shop does not have, and no click in an email
    ],
)
def test_what_may_be_two_things_is_not_answered(question: str) -> None:
    assert not any(reading.calls for reading in read_question(question, scene()))


def test_a_list_of_people_is_no_campaign_and_nothing_to_be_kept() -> None:
    for question in (
        "Give me the people in Germany who spent over 500, I want to invite them to the tasting",
        "which customers haven't bought for nine months, please",
    ):
        tools = {call.tool for reading in read_question(question, scene()) for call in reading.calls}
        assert tools <= {"find_customers"}
