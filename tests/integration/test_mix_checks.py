"""How sensitive the marketing mix is, and what a fit anew changed: kept after each fit, told, drawn, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest

from analytics.mix.sampler import Sampling
from analytics.mix.sensitivity import checked
from core.errors import NoSuchData
from database.engine import Database
from tests.conftest import make_organisation, person
from tests.integration.test_mix import QUICK
from tests.mix_shop import NOW, weekly_frames
from tools.catalogue import catalogue
from tools.imports.load import load_frames
from tools.mix.fit import FitMixArguments, fit_and_keep
from tools.mix.sensitivity import check_and_keep
from tools.mix.stored import kept_fit
from tools.runtime import Runtime
from tools.views import shown

Call = Callable[..., Any]
FIT = FitMixArguments(adstock="geometric", saturation="hill")
HOW = Sampling(chains=2, tune=60, draws=60)
WEEKS = 104


def load(database: Database, org_id: UUID, weeks: int | None = None) -> None:
    """papilon's first weeks."""
    loaded = weekly_frames()
    if weeks is not None:
        first = datetime(2023, 1, 2, 12, tzinfo=NOW.tzinfo)
        until = first + timedelta(weeks=weeks) - timedelta(hours=12)
        loaded = [
            (name, _before(frame, until)) if name in ("orders", "channel_spend") else (name, frame)
            for name, frame in loaded
        ]
    load_frames(database, person(org_id), loaded, now=NOW)


def _before(frame: pl.DataFrame, until: datetime) -> pl.DataFrame:
    column = "ordered_at" if "ordered_at" in frame.columns else "day"
    return frame.filter(pl.col(column) < (until if column == "ordered_at" else until.date()))


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), clock=lambda: NOW)


@pytest.fixture(scope="module")
def shop(database: Database) -> UUID:
    """A shop fitted on two years, then on a third that restates a week, and checked."""
    org_id = make_organisation(database, currency="EUR")
    load(database, org_id, WEEKS)
    fit(database, org_id)
    load(database, org_id)
    restated = pl.DataFrame({"day": [date(2023, 5, 1)], "channel": ["display"], "spend": [500.0]})
    load_frames(database, person(org_id), [("channel_spend", restated)], now=NOW)
    fit(database, org_id)
    check_and_keep(database, person(org_id), lambda *_: None, how=HOW)
    return org_id


def fit(database: Database, org_id: UUID) -> None:
    done = fit_and_keep(database, person(org_id), NOW, lambda *_: None, FIT, sampling=QUICK)
    assert done.status == "ok", done.reason


@pytest.fixture
def call(runtime: Runtime, shop: UUID) -> Call:
    def called(tool: str, arguments: dict[str, Any] | None = None) -> Any:
        return runtime.call(tool, arguments or {}, person(shop))

    return called


def test_what_is_told_names_the_choices_of_a_shops_own_weeks(call: Call) -> None:
    told = call("mix_sensitivity")
    assert {"without “late November”", "without a season", "with a wider prior"} <= {v.variant for v in told.variants}
    assert len(told.variants) == told.choices * len(told.channels) == (told.fits - 1) * 4
    for one in told.channels:
        rows = [row for row in told.variants if row.channel == one.channel and row.settled]
        assert one.depends_on == [row.variant for row in rows if not row.holds]
        assert all(row.moved_by == pytest.approx(row.roi - one.roi, abs=2e-4) for row in rows)


@pytest.mark.slow
def test_what_is_told_is_the_check_of_the_fit_that_is_kept(call: Call, database: Database, shop: UUID) -> None:
    with database.transaction(shop) as connection:
        kept = kept_fit(connection)
    assert kept is not None
    by_hand = checked(kept.posterior, kept.lifts, how=HOW)
    told = call("mix_sensitivity")
    assert {(v.channel, v.variant): v.roi for v in told.variants} == {
        (m.channel, m.variant.words): round(m.roi.mean, 4) for m in by_hand.moves
    }
    assert (told.fits, told.draws) == (by_hand.fits, 120)
    for one in told.channels:
        assert one.depends_on == [move.variant.words for move in by_hand.depends(one.channel)]
        assert one.lowest <= one.highest


def test_a_fit_anew_is_told_against_the_one_before(call: Call) -> None:
    found = call("mix_changes")
    assert (found.weeks, found.weeks_added, found.weeks_gone) == (WEEKS, 156 - WEEKS, 0)
    assert [(str(one.week), one.what) for one in found.restated] == [("2023-05-01", "display")]
    assert found.restated_total == 1
    assert {one.channel for one in found.channels} == {c.channel for c in call("mix_report").channels}
    ranks = [abs(one.roi_after - one.roi_before) / (one.before_high - one.before_low) for one in found.channels]
    assert ranks == sorted(ranks, reverse=True)


def test_charts_and_words_lead_with_the_meaning_and_say_what_is_next(runtime: Runtime, call: Call) -> None:
    for tool in ("mix_sensitivity", "mix_changes"):
        outcome = runtime.catalogue.outcome(tool, {}, call(tool))
        charts = [view for view in shown(runtime.catalogue.get(tool), outcome) if view.kind == "chart"]
        assert charts
        assert all(len(chart.note.split()) > 5 for chart in charts), tool
        words = runtime.catalogue.get(tool).worded(outcome)
        assert words.startswith("**")
        assert "per € spent" in words
        tables = [view for view in shown(runtime.catalogue.get(tool), outcome) if view.kind == "table"]
        assert any("€" in column.title for column in tables[0].columns)
        assert not any("unit" in column.title for column in tables[0].columns)


def test_money_is_told_in_the_shops_own_currency(runtime: Runtime, call: Call) -> None:
    for tool in ("mix_report", "mix_curves"):
        outcome = runtime.catalogue.outcome(tool, {}, call(tool))
        words = runtime.catalogue.get(tool).worded(outcome)
        assert "€" in words
        assert " unit" not in words
        for view in shown(runtime.catalogue.get(tool), outcome):
            assert "unit" not in view.model_dump_json(exclude={"unit", "x_unit", "columns", "series"}), view


def test_without_a_fit_or_a_second_one_it_says_so(runtime: Runtime, database: Database) -> None:
    org_id = make_organisation(database)
    for tool in ("mix_sensitivity", "mix_changes", "check_mix_sensitivity"):
        with pytest.raises(NoSuchData, match="No marketing mix model has been fitted yet"):
            runtime.call(tool, {}, person(org_id))
    assert check_and_keep(database, person(org_id), lambda *_: None).fits == 0
    load(database, org_id, WEEKS)
    fit(database, org_id)
    with pytest.raises(NoSuchData, match="no earlier fit to compare with"):
        runtime.call("mix_changes", {}, person(org_id))
    with pytest.raises(NoSuchData, match="not been checked yet"):
        runtime.call("mix_sensitivity", {}, person(org_id))


def test_each_fit_is_followed_by_its_check() -> None:
    jobs = catalogue().jobs
    assert jobs["fit_mix"].then(FIT) == ("check_mix", {})
    assert "check_mix" in jobs


def test_a_verdict_that_turns_with_the_choice_is_said(runtime: Runtime, call: Call) -> None:
    found = call("mix_sensitivity")
    for one in found.channels:
        rows = [row for row in found.variants if row.channel == one.channel and row.settled]
        assert one.turns_under == [row.variant for row in rows if row.verdict != one.verdict]
        assert one.verdict == ("pays" if one.roi_low > 1 else "loses" if one.roi_high < 1 else "unsure")
    words = runtime.catalogue.get("mix_sensitivity").worded(
        runtime.catalogue.outcome("mix_sensitivity", {}, call("mix_sensitivity"))
    )
    for one in found.channels:
        for variant in one.turns_under:
            assert variant in words


def test_a_budget_made_on_the_fit_before_is_named(call: Call, database: Database, shop: UUID) -> None:
    plan = call("propose_budget", {"title": "Before the refit"}).plan
    assert "Before the refit" not in call("mix_changes").plans
    fit(database, shop)
    assert call("mix_changes").plans == [plan.title]
    with pytest.raises(NoSuchData, match="not been checked yet"):  # the check was of the fit before
        call("mix_sensitivity")
