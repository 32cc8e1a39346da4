"""Steps of campaigns, plans and offers asked for in words: which tool, with which arguments; nothing acts by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import CATALOGUE, calls
from tools.declaration import Effect


@pytest.mark.parametrize(
    ("question", "tool", "arguments"),
    [
        ("pause the spring campaign", "prepare_step", {"campaign": "spring", "step": "pause"}),
        ("resume the spring campaign", "prepare_step", {"campaign": "spring", "step": "resume"}),
        ("end the summer mailing", "prepare_step", {"campaign": "summer", "step": "end"}),
        ("archive the win-back campaign", "prepare_step", {"campaign": "win-back", "step": "archive"}),
        ("which campaigns are running", "list_campaigns", {"status": "active"}),
        ("what offers do we have", "list_offers", {}),
        ("which types of campaign are there", "campaign_types", {}),
        ("propose campaigns", "propose_ideas", {}),
        ("propose a loyalty and a vip campaign", "propose_ideas", {"kinds": ["vip", "loyalty"]}),
        ("which campaigns should we run", "campaign_ideas", {}),
        ("plan next week", "plan_week", {}),
        ("show the weekly plan", "week_plan", {}),
        ("propose the weekly plan", "propose_week", {}),
        ("export the weekly plan", "export_week", {}),
    ],
)
def test_what_is_asked_for(question: str, tool: str, arguments: dict[str, Any]) -> None:
    assert calls(question) == [(tool, arguments)]
    assert CATALOGUE.get(tool).effect is not Effect.OPERATE


@pytest.mark.parametrize("question", ["draft a campaign to the champions", "propose a campaign to customers in France"])
def test_a_campaign_that_is_told_is_not_one_to_be_found(question: str) -> None:
    assert [tool for tool, _ in calls(question)] == ["propose_campaign"]
