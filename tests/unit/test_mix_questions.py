"""What a clause says of the mix and the budget becomes arguments."""

from __future__ import annotations

from typing import Any

import pytest

from language.scene import Scene
from language.slots import read_slots
from tools.budget.questions import plan, scenarios
from tools.mix.questions import curves, fit, report

SCENE = Scene(values={"spend_channel": ["video", "paid_search"]})


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("how should we distribute 10,000 a month over the channels", {"total": 10_000.0, "per": "month"}),
        ("best allocation of 50k per quarter", {"total": 50_000.0, "per": "quarter"}),
        ("how to spend 20% more", {"change": 0.2}),
        ("where would you cut if we had 10% less", {"change": -0.1}),
        ("if we raise the budget by 30%, where should it go", {"change": 0.3}),
        ("how much can we spend at a ROAS of 3", {"target_roas": 3.0}),
        ("optimal weekly spend", {"per": "week"}),
        ("optimise the budget across channels", {}),
    ],
)
def test_amounts_of_a_budget(said: str, arguments: dict[str, Any]) -> None:
    (call,) = plan(read_slots(said, SCENE), SCENE)
    assert (call.tool, call.arguments) == ("budget_plan", arguments)


def test_budgets_to_compare() -> None:
    (call,) = scenarios(read_slots("compare 20% less with 20% more budget", SCENE), SCENE)
    assert 0.0 in call.arguments["changes"]
    assert 0.2 in call.arguments["changes"]


def test_margin_break_even_channel_and_curve() -> None:
    assert report(read_slots("which channels pay off at a margin of 40%", SCENE), SCENE)[0].arguments == {"margin": 0.4}
    said = read_slots("which channels pay at break even 2.5", SCENE)
    assert report(said, SCENE)[0].arguments == {"break_even": 2.5}
    assert curves(read_slots("response curve for video", SCENE), SCENE)[0].arguments == {"channel": "video"}
    assert curves(read_slots("response curves", SCENE), SCENE)[0].arguments == {}
    assert fit(read_slots("fit the mix model with logistic saturation", SCENE), SCENE)[0].arguments == {
        "saturation": "logistic"
    }
