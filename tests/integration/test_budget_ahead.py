"""Weeks ahead by the mix model: the budget laid over weeks, and the forecast with a change of spend and without it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from core.errors import FixArguments, NoSuchData, NotFound
from core.identity import Identity
from database.engine import Database
from tests.conftest import person
from tests.mix_shop import NOW, a_shop, keep_fit
from tools.catalogue import catalogue
from tools.mix.wording import called
from tools.runtime import Runtime
from tools.views import Chart, Table, shown

Call = Callable[..., Any]
LAST_SUNDAY = date(2025, 12, 28)  # of papilon's market


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), clock=lambda: NOW)


@pytest.fixture(scope="module")
def shop(database: Database) -> UUID:
    org_id = a_shop(database)
    keep_fit(database, org_id)
    return org_id


@pytest.fixture
def call(runtime: Runtime, shop: UUID) -> Call:
    def made(tool: str, arguments: dict[str, Any] | None = None, *, by: Identity | None = None) -> Any:
        return runtime.call(tool, arguments or {}, by or person(shop))

    return made


def cents(value: float) -> Decimal:
    return Decimal(str(value))


@pytest.mark.parametrize("pattern", ["even", "front-loaded", "pulsed", "best found"])
def test_the_weeks_sum_to_the_budget_to_the_cent(call: Call, pattern: str) -> None:
    found = call("budget_flighting", {"weeks": 6, "total": 1000.57, "pattern": pattern, "most_a_week": 3})
    assert found.shown == pattern
    assert sum(cents(week.total) for week in found.weeks) == Decimal("1000.57")
    assert all(sum(cents(part.spend) for part in week.split) == cents(week.total) for week in found.weeks)
    assert sum(cents(one.total) for one in found.channels) == Decimal("1000.57")
    assert [week.week for week in found.weeks] == [LAST_SUNDAY + timedelta(days=1 + 7 * n) for n in range(6)]


def test_patterns_stand_side_by_side_and_no_week_exceeds_all_ever_spent(call: Call, runtime: Runtime) -> None:
    found = call("budget_flighting", {"weeks": 8})
    assert found.total == pytest.approx(found.total_now, abs=0.02)
    patterns = {one.pattern: one for one in found.patterns}
    assert set(patterns) == {"even", "front-loaded", "pulsed", "best found"}
    assert patterns["even"].against_even == 0
    assert patterns["best found"].against_even == max(one.against_even for one in found.patterns)
    assert found.recommended in ("even", "best found")
    highest = {curve.channel: max(p.spend for p in curve.points if not p.beyond) for curve in call("mix_curves").curves}
    assert set(highest) == {one.channel for one in found.channels}
    outcome = runtime.catalogue.outcome("budget_flighting", {"weeks": 8}, found)
    views = shown(runtime.catalogue.get("budget_flighting"), outcome)
    charts = [view for view in views if isinstance(view, Chart)]
    assert all(len(chart.note.split()) > 5 for chart in charts)
    weeks = next(view for view in views if isinstance(view, Table))
    assert [column.unit for column in weeks.columns] == ["day", *["USD"] * 5]
    assert len(weeks.rows) == 8
    said = runtime.catalogue.get("budget_flighting").worded(outcome)
    assert said.startswith("**")
    assert "sum to the budget to the cent" in said


def test_the_bounds_of_a_week_hold(call: Call) -> None:
    bound = {"channel": "display", "at_least": 5.0, "at_most": 9.5}
    found = call("budget_flighting", {"weeks": 6, "bounds": [bound], "pattern": "pulsed"})
    spent = [part.spend for week in found.weeks for part in week.split if part.channel == "display"]
    assert min(spent) >= 5.0
    assert max(spent) <= 9.5


@pytest.mark.parametrize(
    ("tool", "arguments", "error", "words"),
    [
        ("budget_flighting", {"total": 0}, FixArguments, "greater than 0"),
        ("budget_flighting", {"total": -5}, FixArguments, "greater than 0"),
        ("budget_flighting", {"total": 1e9}, FixArguments, "add up to between"),
        ("budget_flighting", {"total": 5, "change": 0.1}, FixArguments, "one of total"),
        ("budget_flighting", {"weeks": 1}, FixArguments, "greater than or equal to 2"),
        ("budget_flighting", {"bounds": [{"channel": "nobody", "at_most": 1}]}, NotFound, "display"),
        (
            "budget_flighting",
            {"bounds": [{"channel": "display", "at_least": 9, "at_most": 3}]},
            FixArguments,
            "cannot hold",
        ),
        ("budget_plan", {"total": 0}, FixArguments, "greater than 0"),
        ("planned_forecast", {"changes": [{"channel": "tiktok", "change": 0.2}]}, NotFound, "search"),
        ("planned_forecast", {"changes": [{"channel": "search"}]}, FixArguments, "exactly one"),
        (
            "planned_forecast",
            {"changes": [{"channel": "search", "change": 0.2}], "start": "2025-12-01", "end": "2025-12-20"},
            FixArguments,
            "ask what it was",
        ),
        ("planned_forecast", {"total_change": -2}, FixArguments, "-1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    call: Call, tool: str, arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call(tool, arguments)


def test_a_change_of_spend_is_told_with_the_plan_and_without(call: Call, runtime: Runtime) -> None:
    asked = {"changes": [{"channel": "search", "change": 0.2}], "start": "2025-12-29", "end": "2026-01-25"}
    found = call("planned_forecast", asked)
    alone = call("forecast", {"start": asked["start"], "end": asked["end"]})
    assert found.without == alone.total.expected
    assert (found.without_low, found.without_high) == (alone.total.low, alone.total.high)
    assert found.expected == pytest.approx(found.without + found.difference, abs=0.02)
    assert found.difference_low < found.difference < found.difference_high
    assert found.low < found.without_low + found.difference
    (channel,) = found.channels
    assert channel.planned == pytest.approx(1.2 * channel.now, abs=0.02)
    assert channel.difference == pytest.approx(found.difference, abs=0.02)
    assert found.extra_spend == pytest.approx(4 * 0.2 * channel.now, rel=1e-3)
    assert sum(part.expected for part in found.periods) == pytest.approx(found.expected, rel=0.02)
    assert any("go on as in the last 13 weeks" in one for one in found.assumptions)
    outcome = runtime.catalogue.outcome("planned_forecast", asked, found)
    said = runtime.catalogue.get("planned_forecast").worded(outcome)
    assert said.startswith("**With 20% more on Search, revenue will be about $")
    chart = next(view for view in shown(runtime.catalogue.get("planned_forecast"), outcome) if isinstance(view, Chart))
    assert chart.series[0].low
    assert len(chart.note.split()) > 5


def test_less_spend_brings_less_and_all_alike_is_each(call: Call) -> None:
    less = call("planned_forecast", {"total_change": -0.5})
    assert less.difference < 0
    assert less.likely_more < 0.05
    assert less.extra_spend < 0
    each = call("planned_forecast", {"changes": [{"channel": "all", "change": -0.5}]})
    assert (each.difference, each.plan) == (less.difference, "50% less on all channels")
    weekly = call("planned_forecast", {"changes": [{"channel": "search", "spend": 0}]}).channels[0]
    assert weekly.planned == 0
    more = call("planned_forecast", {"changes": [{"channel": "video", "extra": 10}], "per": "week"}).channels[0]
    assert more.planned == pytest.approx(more.now + 10, abs=0.02)


def test_the_budget_kept_last_is_the_plan_where_none_is_said(call: Call) -> None:
    with pytest.raises(NoSuchData, match="No spend is planned"):
        call("planned_forecast")
    first = call("propose_budget", {"title": "More of it", "change": 0.1}).plan
    waiting = call("planned_forecast")
    assert waiting.plan == "the pending budget “More of it”"
    weeks = 365.25 / 12 / 7
    planned = {line.channel: line.planned / weeks for line in first.lines}
    assert {one.channel: one.planned for one in waiting.channels} == pytest.approx(planned, abs=0.02)
    call("approve_budget_plan", {"plan_id": str(first.id), "content_hash": first.content_hash})
    call("propose_budget", {"title": "Another", "change": -0.1})
    assert call("planned_forecast").plan == "the approved budget “More of it”"


def test_the_report_is_two_pages_of_the_same_figures(call: Call, runtime: Runtime) -> None:
    short = call("media_report", {"change": 0.1})
    assert short.pdf is None, "a file is no reading for a model"
    whole = call("media_report", {"change": 0.1, "with_file": True})
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(base64.b64decode(whole.pdf))).pages]
    assert len(pages) == whole.pages == 2
    report, plan = call("mix_report"), call("budget_plan", {"change": 0.1})
    assert f"About {report.brought_share:.1%} of sales" in pages[0]
    assert all(called(channel.channel) in pages[0] for channel in report.channels)
    assert f"{plan.likely_better:.1%}" in pages[1]
    assert (whole.gain, whole.total) == (plan.gain, plan.total)
    assert "29 December 2025" not in pages[1], "the last week begins on the 22nd"
    assert "22 December 2025" in pages[1]
    assert "made-up" not in pages[0]
    said = runtime.catalogue.get("media_report").worded(runtime.catalogue.outcome("media_report", {}, short))
    assert said.startswith("**The report is ready")
    with pytest.raises(FixArguments, match="add up to between"):
        call("media_report", {"total": 1e9})


def test_without_a_model_it_is_said_what_is_missing(runtime: Runtime, database: Database) -> None:
    org_id = a_shop(database, 60)
    change = {"changes": [{"channel": "a", "change": 0.2}]}
    with pytest.raises(NoSuchData, match=r"Only a marketing mix model can say .* fitted yet"):
        runtime.call("planned_forecast", change, person(org_id))
    with pytest.raises(NoSuchData, match="fitted yet"):
        runtime.call("budget_flighting", {}, person(org_id))
    with pytest.raises(NoSuchData, match="fitted yet"):
        runtime.call("media_report", {"with_file": True}, person(org_id))
    keep_fit(database, org_id, failed="The chains have not met.")
    with pytest.raises(NoSuchData, match=r"failed its checks\. The chains have not met\. The forecast without"):
        runtime.call("planned_forecast", change, person(org_id))
    with pytest.raises(NoSuchData, match=r"No budget advice: .* The chains have not met"):
        runtime.call("budget_flighting", {}, person(org_id))
    with pytest.raises(NoSuchData, match=r"The chains have not met"):
        runtime.call("media_report", {"with_file": True}, person(org_id))


def test_another_organisation_sees_none_of_it(runtime: Runtime, database: Database, call: Call) -> None:
    assert call("budget_flighting").channels
    other = person(a_shop(database, 60))
    for tool in ("budget_flighting", "planned_forecast", "media_report"):
        with pytest.raises(NoSuchData):
            runtime.call(tool, {}, other)


def test_eight_weeks_of_revenue_are_refused_with_what_is_missing(runtime: Runtime, database: Database) -> None:
    org_id = a_shop(database, 8)
    with pytest.raises(NoSuchData, match="needs about"):
        runtime.call("forecast", {}, person(org_id))
    with pytest.raises(NoSuchData, match="fitted yet"):
        runtime.call("planned_forecast", {"total_change": 0.2}, person(org_id))
