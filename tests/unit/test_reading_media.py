"""Changes of spend, budgets and the last campaigns, as people say them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import read_question, scene

CHANNELS = ["paid_search", "paid_social", "display"]


def only(question: str) -> tuple[str, dict[str, Any]]:
    told = scene(spend_channel=CHANNELS, channel=[*CHANNELS, "email", "organic"])
    ((call,),) = [reading.calls for reading in read_question(question, told)]
    return call.tool, call.arguments


@pytest.mark.parametrize(
    ("question", "tool", "arguments"),
    [
        (
            "what if we spend 20% more on search",
            "planned_forecast",
            {"changes": [{"change": 0.2, "channel": "paid_search"}]},
        ),
        ("what happens if we cut the budget by 30%", "planned_forecast", {"total_change": -0.3}),
        (
            "what would happen if we stopped display",
            "planned_forecast",
            {"changes": [{"change": -1.0, "channel": "display"}]},
        ),
        ("where should i spend 5000 next month", "budget_plan", {"per": "month", "total": 5000.0}),
        ("i have 20k for december, how would you split it", "budget_plan", {"per": "month", "total": 20000.0}),
        ("how would you split 2000 for december", "budget_plan", {"per": "month", "total": 2000.0}),
        ("best campaign by revenue", "campaign_results", {"order_by": "revenue"}),
        ("optimise 9000 over 4 weeks", "budget_flighting", {"weeks": 4, "total": 9000.0}),
        ("my budget was cut by 30%, where do i cut first", "budget_plan", {"change": -0.3}),
        ("where is the saturation point of search", "mix_curves", {"channel": "paid_search"}),
        ("adstock half life by channel", "mix_report", {}),
        ("open rate of the last 5 campaigns", "campaign_results", {"last": 5, "channel": "email"}),
        ("how did the last newsletter do", "campaign_results", {"last": 1, "channel": "email"}),
        ("compare the last two campaigns", "campaign_results", {"last": 2}),
        (
            "open rate for our last 5 email blasts, worst one on top",
            "campaign_results",
            {"last": 5, "channel": "email", "order_by": "open_rate", "descending": False},
        ),
        (
            "lowest unsubscribe rate of the last 5 campaigns",
            "campaign_results",
            {"last": 5, "order_by": "unsubscribe_rate", "descending": False},
        ),
        (
            "highest unsubscribe rate of the last 5 campaigns",
            "campaign_results",
            {"last": 5, "order_by": "unsubscribe_rate"},
        ),
        (
            "worst unsubscribe rate of the last 5 campaigns",
            "campaign_results",
            {"last": 5, "order_by": "unsubscribe_rate"},
        ),
        ("which campaigns had no control group", "campaign_results", {"control_group": False}),
        ("which campaign made the most money", "campaign_results", {"order_by": "revenue"}),
        ("lift of the last campaign", "experiment_effect", {}),
        ("what is the status of the last campaign", "campaign_status", {}),
        ("list the campaigns", "list_campaigns", {}),
    ],
)
def test_it_is_read_as_what_it_asks(question: str, tool: str, arguments: dict[str, Any]) -> None:
    assert only(question) == (tool, arguments)


@pytest.mark.parametrize("question", ["what if we raise prices by 10%", "what if we lose our best customer"])
def test_what_no_model_tells_is_refused_by_name(question: str) -> None:
    (reading,) = read_question(question, scene(spend_channel=CHANNELS))
    assert reading.calls == []
    assert "what would happen" in (reading.said or "")


def test_the_best_of_the_last_campaigns_is_asked_by_what() -> None:
    (reading,) = read_question("which of the last 5 campaigns was best", scene())
    assert reading.calls == []
    assert "By what" in (reading.said or "")


def test_a_number_is_never_cut_short() -> None:
    readings = read_question("where do i put 1000 more a month", scene(spend_channel=CHANNELS))
    assert all(call.arguments.get("total") in (None, 1000.0) for reading in readings for call in reading.calls)
