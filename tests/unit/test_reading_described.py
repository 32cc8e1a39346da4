"""Customers described in several steps: what follows "and are" is one more condition, and a place is one too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import calls, converse

SPENT = {"field": "monetary_value", "operator": "gt", "value": 500}
GERMAN = {"field": "country", "operator": "eq", "value": "Germany"}
AT_RISK = {"field": "rfm_segment", "operator": "eq", "value": "At Risk"}


def rules(question: str) -> list[Any]:
    return [arguments.get("rule") for _, arguments in calls(question)]


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("which customers spent more than 500 and are at risk", AT_RISK),
        ("which customers spent over 500 and are in Germany", GERMAN),
        ("customers who are in Germany and spent over 500", GERMAN),
        ("customers who spent over 500 and are based in Germany", GERMAN),
        ("customers who live in Germany and spent more than 500", GERMAN),
    ],
)
def test_both_conditions_are_of_one_list(question: str, more: dict[str, Any]) -> None:
    assert rules(question) == [{"all": [SPENT, more]}]


def test_a_question_after_and_is_one_of_its_own() -> None:
    assert [tool for tool, _ in calls("which products sell best and are there any alerts")] == [
        "query_metrics",
        "list_alerts",
    ]
    assert len(calls("which customers bought in May and did revenue fall")) == 2


def test_those_of_a_list_who_are_somewhere_and_did_not() -> None:
    *_, last = converse("customers who spent more than 500", "which of them are in Germany and did not order this year")
    (call,) = [call for reading in last for call in reading.calls]
    conditions = call.arguments["rule"]["all"]
    assert SPENT in conditions
    assert GERMAN in conditions
    assert {"purchase": "orders", "operator": "eq", "value": 0} in [
        {k: v for k, v in c.items() if k not in ("start", "end")} for c in conditions
    ]


@pytest.mark.parametrize("place", ["in trouble", "in debt", "from marketing", "outside of the norm"])
def test_what_is_no_place_is_not_dropped(place: str) -> None:
    assert calls(f"customers who spent over 500 and are {place}") == []
