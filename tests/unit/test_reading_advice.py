"""Advice rests on figures of what it was asked about, and says what they cannot tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from language.requests import Noted
from language.scene import Scene
from language.slots import read_slots
from tests.unit.offline_scene import READER, scene
from tools.audience.advice import advised


def _advised(question: str, *, spend: bool = False) -> Any:
    told = scene(spend_channel=["video", "paid_search"]) if spend else scene()
    told = replace(told, metrics={"spend": spend})
    return advised(read_slots(question, told), told)


@pytest.mark.parametrize("question", [
    "we got 700 more for ads, where to",
    "should we end the video ads",
    "what should I do with 300 extra in december",
    "is advertising worth it",
])  # fmt: skip
def test_money_is_advised_on_by_what_each_ad_channel_brought(question: str) -> None:
    given = _advised(question, spend=True)
    assert isinstance(given, Noted)
    (call,) = given.calls
    assert (call.tool, call.arguments["dimensions"]) == ("query_metrics", ["spend_channel"])
    assert "roas" in call.arguments["metrics"]
    assert given.note.startswith("I cannot say what a change would bring")


def test_without_ad_spend_money_is_answered_with_the_value_at_risk_and_what_is_missing() -> None:
    given = _advised("where would 300 extra do most good")
    assert isinstance(given, Noted)
    assert [call.tool for call in given.calls] == ["at_risk_segments"]
    assert given.note.startswith("I have no data on ad spend")


def test_the_channel_spoken_of_is_among_those_compared_and_the_answer_has_its_note() -> None:
    told = replace(scene(spend_channel=["video", "paid_search"]), metrics={"spend": True})
    (reading,) = READER.read_question("should we end the video ads", told)
    assert [call.tool for call in reading.calls] == ["query_metrics"]
    assert reading.note.startswith("I cannot say what a change would bring")


def test_money_for_a_place_alone_is_not_answered_for_all_places() -> None:
    given = _advised("where to put 500 more for ads in Germany", spend=True)
    assert isinstance(given, str)
    assert "not for some places" in given


def test_two_places_are_set_side_by_side() -> None:
    given = _advised("France or Spain, where should we put our effort")
    assert isinstance(given, Noted)
    (call,) = given.calls
    assert call.arguments["dimensions"] == ["country"]
    assert sorted(call.arguments["filters"][0]["value"]) == ["France", "Spain"]


@pytest.mark.parametrize(("question", "whom"), [
    ("what would you try with customers who bought only once",
     {"rule": {"field": "orders_all", "operator": "eq", "value": 1}}),
    ("tips for the champions", {"segment": "Champions"}),
    ("how do we get french customers to come more often",
     {"rule": {"field": "country", "operator": "eq", "value": "France"}}),
    ("how do I keep customers from leaving", {"risk": "high"}),
])  # fmt: skip
def test_customers_are_advised_on_by_what_the_playbook_and_trials_say_of_them(
    question: str, whom: dict[str, Any]
) -> None:
    (call,) = _advised(question)
    assert call.tool == "recommend_interventions"
    assert {name: value for name, value in call.arguments.items() if name != "limit"} == whom


def test_nothing_named_is_left_to_the_priorities() -> None:
    assert _advised("what should I do next") is None


def test_a_scene_without_metrics_has_no_spend() -> None:
    given = advised(read_slots("is advertising worth it", Scene()), Scene())
    assert isinstance(given, Noted)
    assert "no data on ad spend" in given.note
