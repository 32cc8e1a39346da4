"""The marketing mix and the budget: from loaded orders and spend to a split that a person decides on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import polars as pl
import pytest

from analytics.mix.sampler import Sampling
from core.errors import AskPerson, FixArguments, NoSuchData, NotAllowed, NotFound
from core.identity import Identity
from database.engine import Database
from database.queries import model_runs
from tests.conftest import make_organisation, person
from tests.mix_shop import NOW, a_shop
from tests.unit.mix_scenes import papilon
from tools.catalogue import catalogue
from tools.imports.load import load_frames
from tools.mix.fit import FitMixArguments, fit_and_keep
from tools.runtime import Runtime
from tools.views import shown

QUICK = Sampling(chains=2, tune=300, draws=300)
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), clock=lambda: NOW)


@pytest.fixture(scope="module")
def shop(database: Database) -> UUID:
    """A shop with a fit that passed its checks."""
    org_id = a_shop(database)
    arguments = FitMixArguments(adstock="geometric", saturation="hill", use_lift_tests=False)
    done = fit_and_keep(database, person(org_id), NOW, lambda *_: None, arguments, sampling=QUICK)
    assert done.status == "ok", done.reason
    return org_id


@pytest.fixture
def call(runtime: Runtime, shop: UUID) -> Call:
    def called(tool: str, arguments: dict[str, Any] | None = None, *, by: Identity | None = None) -> Any:
        return runtime.call(tool, arguments or {}, by or person(shop))

    return called


def test_the_weeks_are_the_shop_s_own(database: Database, shop: UUID) -> None:
    from tools.mix.figures import weekly_series

    series, _truth = papilon()
    with database.transaction(shop) as connection:
        found, end = weekly_series(connection, NOW)
    assert list(found.weeks) == list(series.weeks)
    assert found.sales == pytest.approx(series.sales, abs=0.01)
    places = [list(found.channels).index(name) for name in series.channels]
    assert found.spend[:, places] == pytest.approx(series.spend, abs=0.01)
    assert end == datetime(2025, 12, 29, tzinfo=UTC)


def test_what_is_kept_says_what_was_fitted(database: Database, shop: UUID, call: Call) -> None:
    report = call("mix_report")
    with database.transaction(shop) as connection:
        run = model_runs.latest(connection, "mix")
    assert run is not None
    assert not report.preview
    for channel in report.channels:
        kept = (run.backtest or {})["roi"][channel.channel]
        assert channel.roi == pytest.approx(kept[0], rel=0.03)
        assert channel.roi_low < channel.roi < channel.roi_high
    brought = sum(channel.brought for channel in report.channels)
    assert brought == pytest.approx(report.brought, rel=1e-4)
    assert brought + report.baseline == pytest.approx(report.sales, rel=1e-6)
    assert sum(channel.spend_share for channel in report.channels) == pytest.approx(1.0, abs=1e-4)
    assert call("model_report", {"model": "mix"}).report.champion == "geometric adstock, Hill saturation"


def test_from_another_break_even_other_channels_pay(call: Call) -> None:
    assert {c.verdict for c in call("mix_report", {"break_even": 50}).channels} == {"loses"}
    assert "pays" in {c.verdict for c in call("mix_report", {"break_even": 0.1}).channels}
    assert call("mix_report", {"margin": 0.4}).break_even == 2.5


def test_each_chart_says_what_to_do_next_and_adds_up(runtime: Runtime, call: Call) -> None:
    for tool in ("mix_report", "mix_curves", "budget_plan", "budget_scenarios"):
        outcome = runtime.catalogue.outcome(tool, {}, call(tool))
        charts = [view for view in shown(runtime.catalogue.get(tool), outcome) if view.kind == "chart"]
        assert charts
        assert all(len(chart.note.split()) > 5 for chart in charts), tool
        assert runtime.catalogue.get(tool).worded(outcome).startswith("**")
    report = runtime.catalogue.outcome("mix_report", {}, call("mix_report"))
    (waterfall,) = shown(runtime.catalogue.get("mix_report"), report)[0].series  # type: ignore[union-attr]
    assert waterfall.values[-2] == pytest.approx(report.result.sales, rel=1e-6), "the last channel ends at all sales"


def test_curves_rise_and_mark_today(call: Call) -> None:
    for curve in call("mix_curves").curves:
        brought = [point.brought for point in curve.points]
        assert brought == sorted(brought)
        assert brought[0] == 0
        (today,) = [point for point in curve.points if point.today]
        assert today.spend == pytest.approx(curve.today, abs=0.01)
    assert [c.channel for c in call("mix_curves", {"channel": "display"}).curves] == ["display"]
    with pytest.raises(NotFound, match="paid_search"):
        call("mix_curves", {"channel": "telepathy"})


def test_a_budget_keeps_to_its_total_and_bounds(call: Call) -> None:
    plan = call("budget_plan", {"move_at_most": 0.3, "per": "week"})
    assert plan.total == pytest.approx(plan.total_now, rel=1e-4)
    assert all(abs(line.planned - line.now) <= 0.3 * line.now + 0.02 for line in plan.lines)
    assert plan.gain > 0
    month = call("budget_plan", {"move_at_most": 0.3, "per": "month"})
    assert month.total == pytest.approx(plan.total * 365.25 / 12 / 7, rel=1e-3)
    more = call("budget_plan", {"change": 0.2})
    assert more.total == pytest.approx(1.2 * more.total_now, rel=1e-4)
    bound = {"channel": "display", "at_most": 30.0}
    least = call("budget_plan", {"bounds": [bound], "per": "month"})
    assert next(line for line in least.lines if line.channel == "display").planned <= 30.01


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"total": 1.0}, "add up to between"),
        ({"total": 500.0, "change": 0.1}, "one of total"),
        ({"target_roas": 900.0}, "out of reach"),
        ({"bounds": [{"channel": "nobody", "at_most": 1}]}, "no channel"),
    ],
)
def test_budgets_that_cannot_be_are_refused(call: Call, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(FixArguments, match=words):
        call("budget_plan", arguments)


def test_more_budget_brings_more_sales_and_less_return(call: Call) -> None:
    found = call("budget_scenarios").scenarios
    assert [s.total for s in found] == sorted(s.total for s in found)
    assert [s.sales for s in found] == sorted(s.sales for s in found)
    assert [s.roas for s in found] == sorted((s.roas for s in found), reverse=True)


def test_a_person_decides_once_about_exactly_what_was_shown(call: Call, shop: UUID) -> None:
    made = call("propose_budget", {"title": "First"}).plan
    second = call("propose_budget", {"title": "Second"}).plan
    assert call("list_budget_plans", {"plan_id": str(made.id)}).plans[0].status == "superseded"
    with pytest.raises(FixArguments, match="hash"):
        call("approve_budget_plan", {"plan_id": str(second.id), "content_hash": "0" * 64})
    key = Identity(shop, "key:all", person(shop).scopes, "mcp")
    with pytest.raises(AskPerson):
        call("approve_budget_plan", {"plan_id": str(second.id), "content_hash": second.content_hash}, by=key)
    with pytest.raises(NotAllowed):
        call(
            "approve_budget_plan", {"plan_id": str(second.id), "content_hash": second.content_hash},
            by=person(shop, "analyst"),
        )  # fmt: skip
    done = call("approve_budget_plan", {"plan_id": str(second.id), "content_hash": second.content_hash}).plan
    assert (done.status, done.decided_by) == ("approved", "admin@example.com")
    with pytest.raises(FixArguments, match="already"):
        call("reject_budget_plan", {"plan_id": str(second.id)})
    third = call("propose_budget").plan
    assert call("reject_budget_plan", {"plan_id": str(third.id), "note": "Not now"}).plan.note == "Not now"


def test_another_organisation_sees_none_of_it(runtime: Runtime, database: Database, call: Call) -> None:
    made = call("propose_budget").plan
    other = person(make_organisation(database))
    assert runtime.call("list_budget_plans", {}, other).total == 0
    assert runtime.call("list_lift_tests", {}, other).lift_tests == []
    with pytest.raises(NotFound):
        runtime.call("approve_budget_plan", {"plan_id": str(made.id), "content_hash": made.content_hash}, other)
    for tool in ("mix_report", "mix_curves", "budget_plan"):
        with pytest.raises(NoSuchData):
            runtime.call(tool, {}, other)


def test_ten_weeks_are_refused_with_what_is_missing_and_the_refusal_is_kept(
    runtime: Runtime, database: Database
) -> None:
    org_id = a_shop(database, 10)
    with pytest.raises(NoSuchData, match=r"There are 10 weeks.*42 more weeks are missing"):
        runtime.call("mix_report", {}, person(org_id))
    done = fit_and_keep(database, person(org_id), NOW, lambda *_: None, FitMixArguments())
    assert done.status == "not_enough_data"
    for tool in ("budget_plan", "mix_curves", "mix_sensitivity", "mix_changes", "check_mix_sensitivity"):
        with pytest.raises(NoSuchData, match="42 more weeks"):
            runtime.call(tool, {}, person(org_id))


def test_before_the_first_fit_there_is_a_preview_and_no_advice(runtime: Runtime, database: Database) -> None:
    org_id = a_shop(database, 60)
    report = runtime.call("mix_report", {}, person(org_id))
    assert report.preview
    assert report.verdict == "failed"
    with pytest.raises(NoSuchData, match="No marketing mix model has been fitted yet"):
        runtime.call("budget_plan", {}, person(org_id))


def test_a_gate_that_fails_blocks_the_advice_with_the_reason(runtime: Runtime, database: Database) -> None:
    org_id = a_shop(database)
    one_draw = Sampling(chains=2, tune=10, draws=12)  # chains that have not met
    arguments = FitMixArguments(adstock="geometric", saturation="hill")
    done = fit_and_keep(database, person(org_id), NOW, lambda *_: None, arguments, sampling=one_draw)
    assert done.status == "rejected"
    for tool in ("budget_plan", "budget_scenarios", "propose_budget"):
        with pytest.raises(NoSuchData, match="No budget advice"):
            runtime.call(tool, {}, person(org_id))


def test_experiments_are_kept_checked_and_taken_away(call: Call) -> None:
    kept = call(
        "save_lift_test", {"channel": "display", "spend": 20, "change": -20, "lift": -30, "low": -40, "high": -20}
    ).lift_test
    assert kept.error == pytest.approx(20 / 3.92, abs=0.01)
    assert [t.id for t in call("list_lift_tests").lift_tests] == [kept.id]
    for wrong, words in (
        ({"channel": "telepathy", "spend": 1, "change": 1, "lift": 1, "error": 1}, "display"),
        ({"channel": "display", "spend": 1, "change": -2, "lift": 1, "error": 1}, "below zero"),
        ({"channel": "display", "spend": 1, "change": 1, "lift": 1}, "standard error"),
    ):
        with pytest.raises(FixArguments, match=words):
            call("save_lift_test", wrong)
    call("remove_lift_test", {"lift_test_id": str(kept.id)})
    assert call("list_lift_tests").lift_tests == []
    with pytest.raises(NotFound):
        call("remove_lift_test", {"lift_test_id": str(kept.id)})


@pytest.mark.slow
@pytest.mark.parametrize("customers", [2_000, 5_000])
def test_the_planted_effects_of_the_demo_shop_lie_in_their_intervals(
    database: Database, runtime: Runtime, customers: int
) -> None:
    from connectors.sources.demo.shop import DemoShop

    demo = DemoShop(customers=customers, end=NOW)
    org_id = make_organisation(database)
    load_frames(database, person(org_id), demo.tables(), now=NOW)
    done = fit_and_keep(database, person(org_id), NOW, lambda *_: None, FitMixArguments())
    assert done.status == "ok", done.reason
    report = runtime.call("mix_report", {}, person(org_id))
    true = planted(demo, report.first_week, report.last_week)
    for channel in report.channels:
        assert channel.brought_low <= true[channel.channel] <= channel.brought_high, channel.channel


def planted(demo: Any, first: Any, last: Any) -> dict[str, float]:
    """What each channel drove, by the demo shop's own truth: its share of each day's demand of that day's sales."""
    orders = pl.concat([frame for name, frame in demo.tables() if name == "orders"])
    sold = orders.filter(~pl.col("is_refund")).group_by(pl.col("ordered_at").dt.date().alias("day"))
    daily = sold.agg(pl.col("revenue").cast(pl.Float64).sum())
    inside = (pl.col("day") >= first) & (pl.col("day") < last + timedelta(days=7))
    joined = demo.channel_truth().join(daily, on="day").filter(inside)
    shares = joined.group_by("channel").agg((pl.col("share") * pl.col("revenue")).sum().alias("brought"))
    return {channel: float(np.float64(brought)) for channel, brought in shares.iter_rows()}
