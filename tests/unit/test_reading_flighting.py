"""What a clause says of a budget over weeks becomes arguments."""

from __future__ import annotations

from typing import Any

import pytest

from language.scene import Scene
from language.slots import read_slots
from tools.budget.questions import flighting, plan
from tools.media_report.questions import report

SCENE = Scene(values={"spend_channel": ["video", "paid_search"]})


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("lay the budget over the next 8 weeks", {"weeks": 8}),
        ("how to spread 50,000 over 8 weeks", {"weeks": 8, "total": 50_000.0}),
        ("weekly media plan for next quarter", {"weeks": 13}),
        ("lay 2000 a week over 6 weeks", {"weeks": 6, "total": 12_000.0}),
        ("lay 20% more budget over the quarter", {"weeks": 13, "change": 0.2}),
        ("should we pulse the ads or spread them evenly", {}),
        ("spread the budget evenly over 12 weeks", {"weeks": 12, "pattern": "even"}),
        ("show the plan pulsed", {"pattern": "pulsed"}),
        ("flighting for the next 3 months", {"weeks": 13}),
        ("media plan for the whole year", {"weeks": 52}),
    ],
)
def test_a_budget_over_weeks(said: str, arguments: dict[str, Any]) -> None:
    (call,) = flighting(read_slots(said, SCENE), SCENE)
    assert (call.tool, call.arguments) == ("budget_flighting", arguments)


def test_a_plan_by_week_is_one_over_weeks() -> None:
    (call,) = plan(read_slots("budget plan by week for next quarter", SCENE), SCENE)
    assert (call.tool, call.arguments) == ("budget_flighting", {"weeks": 13})


def test_the_report_is_of_the_budget_that_is_named() -> None:
    (call,) = report(read_slots("pdf report of the budget with 10% more", SCENE), SCENE)
    assert (call.tool, call.arguments) == ("media_report", {"change": 0.1})
    (call,) = report(read_slots("give me the report as a PDF", SCENE), SCENE)
    assert call.arguments == {}
