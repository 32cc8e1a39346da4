"""A report of some days and what to do next: against plain SQL, and each action drafted by what it says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from agent.offline.reading import Reader
from core.errors import FixArguments, NoSuchData
from database.engine import Database
from language.scene import scene_of_data
from tests.integration.asking import ask
from tools.catalogue import catalogue
from tools.views import Chart, shown

REVENUE = """
    select coalesce(sum(revenue), 0)::float8 from orders
    where (ordered_at at time zone (select time_zone from organisations))::date between :start and :end
"""


def revenue(database: Database, org_id: UUID, start: date, end: date) -> float:
    with database.transaction(org_id) as connection:
        return float(connection.execute(text(REVENUE), {"start": start, "end": end}).scalar_one())


def worded(tool: str, result: dict[str, Any]) -> str:
    known = catalogue()
    return known.get(tool).worded(known.outcome(tool, result["evidence"]["arguments"], result))


def test_a_weekly_report_is_about_the_last_seven_whole_days(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "period_report")
    start, end = date.fromisoformat(result["start"]), date.fromisoformat(result["end"])
    week = timedelta(days=7)
    assert end - start == week - timedelta(days=1)
    assert result["compare_start"] == (start - week).isoformat()
    first = result["figures"][0]
    assert first["metric"] == "revenue"
    assert first["now"] == pytest.approx(revenue(database, demo, start, end), abs=0.01)
    assert first["before"] == pytest.approx(revenue(database, demo, start - week, end - week), abs=0.01)
    assert sum(day["now"] or 0 for day in result["days"]) == pytest.approx(first["now"], abs=0.01)
    assert all(one["change"] > 0 for one in result["grew"])
    assert all(one["change"] < 0 for one in result["fell"])
    words = worded("period_report", result)
    assert words.startswith("**Revenue was ")
    assert "**Winners:**" in words
    assert "**Losers:**" in words
    known = catalogue()
    (chart,) = shown(known.get("period_report"), known.outcome("period_report", {}, result))
    assert isinstance(chart, Chart)
    assert [series.name for series in chart.series] == ["These days", "The days before"]


def test_a_report_of_days_that_are_said(database: Database, demo: UUID) -> None:
    end = date.fromisoformat(ask(database, demo, "period_report")["end"]).replace(day=1) - timedelta(days=1)
    month = {"start": end.replace(day=1).isoformat(), "end": end.isoformat()}
    result = ask(database, demo, "period_report", **month)
    assert result["figures"][0]["now"] == pytest.approx(revenue(database, demo, end.replace(day=1), end), abs=0.01)
    with pytest.raises(FixArguments, match="go together"):
        ask(database, demo, "period_report", start=month["start"])
    with pytest.raises(NoSuchData):
        ask(database, demo, "period_report", start="1999-01-01", end="1999-01-31")


def test_actions_are_ranked_by_money_and_each_is_drafted_by_what_it_says(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "next_actions")
    stakes = [action["at_stake"] for action in result["actions"]]
    assert len(stakes) == 3
    assert stakes == sorted(stakes, reverse=True)
    risk = ask(database, demo, "at_risk_segments")["rows"]
    assert stakes[0] >= risk[0]["value_at_risk"]
    scene = scene_of_data(ask(database, demo, "describe_data", product_words=True))
    reader = Reader(catalogue())
    for action in result["actions"]:
        (reading,) = reader.read_question(action["request"], scene)
        assert [call.tool for call in reading.calls] == ["propose_campaign"], action["request"]
    words = worded("next_actions", result)
    assert words.startswith("**Begin with this: ")
    assert "eward" not in words


def test_questions_lead_to_the_report_and_to_the_actions(database: Database, demo: UUID) -> None:
    scene = scene_of_data(ask(database, demo, "describe_data", product_words=True))
    reader = Reader(catalogue())
    asked = {
        "Give me a weekly report": ("period_report", {}),
        "How are we doing?": ("period_report", {"days": 28}),
        "What should I do next?": ("next_actions", {}),
    }
    for question, call in asked.items():
        (reading,) = reader.read_question(question, scene)
        assert [(made.tool, made.arguments) for made in reading.calls] == [call], question
