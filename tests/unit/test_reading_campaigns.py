"""Steps of campaigns, plans and offers asked for in words: which tool, with which arguments; nothing acts by itself."""

from __future__ import annotations

from typing import Any

import pytest

from language.slots import read_slots
from tests.unit.offline_scene import CATALOGUE, calls, scene
from tools.campaigns.steps_questions import campaigns
from tools.declaration import Effect
from tools.journeys.questions import status


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


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("list the campaigns", {}),
        ("which campaigns were imported", {"origin": "imported"}),
        ("show the campaigns of Mailchimp", {"origin": "imported"}),
        ("paused campaigns sent by journeys", {"status": "paused", "origin": "journey"}),
        ("campaigns sent by AIMA", {"origin": "here"}),
    ],
)
def test_where_campaigns_come_from(question: str, arguments: dict[str, Any]) -> None:
    (call,) = campaigns(read_slots(question, scene()), scene())
    assert (call.tool, call.arguments) == ("list_campaigns", arguments)


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("did the welcome journey work", {"journey": "welcome", "about": "effect"}),
        ("lift of the abandoned cart journey", {"journey": "abandoned cart", "about": "effect"}),
        ("does the welcome series make any difference", {"journey": "welcome", "about": "effect"}),
        ("what did the journey change", {"about": "effect"}),
        ("how is the welcome journey doing", {"journey": "welcome"}),
        ("how many people are in the welcome series", {"journey": "welcome"}),
    ],
)
def test_whether_a_journey_works(question: str, arguments: dict[str, Any]) -> None:
    (call,) = status(read_slots(question, scene()), scene())
    assert (call.tool, call.arguments) == ("journey_status", arguments)
