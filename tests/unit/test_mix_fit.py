"""The fit recovers truths that others made, predicts better than the simplest rule, and is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.budget.optimiser import Bounds, best_for_total
from analytics.budget.response import Response
from analytics.mix.effects import channel_effects
from analytics.mix.fit import Fit, MixResult, fit_mix, preview_mix
from analytics.mix.health import gates
from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Draws, Sampling, laplace, sample
from analytics.mix.series import Series
from tests.unit.mix_scenes import lift_of, papilon, steady, true_curves, true_roas


@pytest.fixture(scope="module")
def market() -> MixResult:
    """papilon's default market, fitted as a shop's data are."""
    series, _truth = papilon()
    return fit_mix(series, curve="hill", sampling=Sampling(tune=700, draws=1_000))


@pytest.fixture(scope="module")
def found(market: MixResult) -> Fit:
    assert market.fit is not None
    return market.fit


def test_the_true_returns_of_papilon_lie_in_the_intervals_and_near_the_means(found: Fit) -> None:
    truth = true_roas(papilon()[1])
    assert [e.roi.low <= t <= e.roi.high for e, t in zip(found.effects, truth, strict=True)] == [True] * 4
    assert np.abs([e.roi.mean for e in found.effects] - truth).mean() < 0.33


def test_the_delay_is_found_on_the_channel_that_has_one(found: Fit) -> None:
    assert found.posterior.design.shape.delayed == (False, False, True, False)
    assert found.effects[2].half_life.low > 1.5


def test_weeks_not_seen_are_predicted_better_than_by_the_simplest_rule(found: Fit) -> None:
    assert found.holdout.error < 0.6 * found.holdout.naive_error
    assert found.holdout.coverage >= 0.8


def test_all_gates_hold_and_advice_may_be_given(found: Fit) -> None:
    assert found.health.failed == []
    assert found.posterior.draws.divergences == 0
    assert float(found.posterior.draws.ess or 0) >= 400


def test_what_the_data_said_little_about_is_said(found: Fit) -> None:
    search, _social, video, _display = found.effects
    assert search.silent
    assert video.learnt > 0.8


def test_the_split_is_within_three_per_cent_of_the_best_by_the_true_curves(found: Fit) -> None:
    series, truth = papilon()
    ours = Response.of(found.posterior.curves.thinned(400), series.spend, recent=13)
    true = Response.of(true_curves(truth, found.posterior.design.spend_scale), series.spend, recent=13)
    total = float(ours.today.sum())
    for move in (0.3, 0.5, 1.0):
        bounds = Bounds.around(ours.today, move, move)
        chosen, best = best_for_total(ours, total, bounds), best_for_total(true, total, bounds)
        reached, most, now = (float(true.sales(level).sum()) for level in (chosen, best, ours.today))
        assert reached >= 0.97 * most
        assert reached > now, "better than today's split"


@pytest.mark.parametrize(
    ("spoilt", "gate"),
    [
        ({"divergences": 3}, "chains agree"),
        ({"r_hat": 1.2}, "chains agree"),
        ({"ess": 20.0}, "effective sample size"),
    ],
)
def test_chains_that_do_not_agree_fail_the_fit(found: Fit, spoilt: dict[str, float], gate: str) -> None:
    posterior = Posterior(found.posterior.design, replace(found.posterior.draws, **spoilt))  # type: ignore[arg-type]
    judged = gates(posterior, found.holdout, found.effects)
    assert [g.name for g in judged.failed] == [gate]


def test_a_holdout_that_was_missed_and_a_baseline_below_zero_fail_the_fit(found: Fit) -> None:
    missed = gates(found.posterior, replace(found.holdout, coverage=0.4), found.effects)
    assert [g.name for g in missed.failed] == ["coverage of the weeks held out"]
    theta = found.posterior.draws.theta.copy()
    theta[:, [6, 11, 16, 21]] += 5.0  # returns so high that media bring more than all sales
    absurd = Posterior(found.posterior.design, Draws(theta, "nuts", 0, 1.0, 1000.0))
    assert "baseline" in {g.name for g in gates(absurd, found.holdout, channel_effects(absurd)).failed}


def test_a_preview_takes_the_same_data_and_is_never_a_base_for_advice() -> None:
    series, truth = papilon()
    fit = preview_mix(series).fit
    assert fit is not None
    assert fit.health.verdict == "failed"
    assert "preview" in fit.health.failed[0].words
    assert fit.effects[2].roi.mean == pytest.approx(true_roas(truth)[2], rel=0.6)


def test_two_fits_are_the_same() -> None:
    design = Design.of(steady(60), Shape.alike(2))
    one, other = (sample(design, Sampling(chains=1, tune=200, draws=100, seed=4)) for _ in range(2))
    assert np.array_equal(one.theta, other.theta)


def test_noise_that_grows_with_sales_is_noticed() -> None:
    series = steady(156)
    growth = np.linspace(0.2, 2.0, 156)
    louder = Series(
        series.weeks,
        growth * 1000 * (1 + 0.08 * np.random.default_rng(3).standard_normal(156)),
        series.spend,
        series.channels,
    )
    result = fit_mix(louder, sampling=Sampling(chains=1, tune=200, draws=200))
    assert result.fit is not None
    assert result.fit.posterior.design.shape.growth > 0


def test_the_approximation_is_near_the_posterior() -> None:
    design = Design.of(papilon()[0], Shape((False, False, True, False), (True,) * 4))
    quick = Posterior(design, laplace(design).draws(2000, 0)).curves.contributions(design.series.spend).sum(axis=1)
    full = (
        Posterior(design, sample(design, Sampling(tune=300, draws=300)))
        .curves.contributions(design.series.spend)
        .sum(axis=1)
    )
    assert (np.abs(quick.mean(axis=0) - full.mean(axis=0)) / full.std(axis=0)).max() < 1.0


def test_an_experiment_each_on_two_channels_brings_both_within_a_fifth() -> None:
    series, truth = papilon()
    lifts = [lift_of(truth, series, name) for name in ("paid_search", "paid_social")]
    sampling = Sampling(tune=300, draws=300)
    fit = fit_mix(series, lifts=lifts, adstock="geometric", curve="hill", sampling=sampling).fit
    assert fit is not None
    for effect, true in zip(fit.effects[:2], true_roas(truth)[:2], strict=True):
        assert effect.roi.mean == pytest.approx(true, rel=0.2)
        assert effect.roi.low <= true <= effect.roi.high


def recovery(folder: Path, name: str) -> Iterator[tuple[Series, np.ndarray]]:
    """The markets of pymc-labs/mmm-param-recovery, region by region, with the true shares of the effect."""
    frame, truth = pd.read_csv(folder / f"{name}.csv"), json.loads((folder / f"{name}.truth.json").read_text())
    for region, rows in frame.groupby("geo"):
        channels = [c for c in rows.columns if c.startswith("x")]
        shares = truth["attribution_percentages"][region]
        weeks = [date.fromisoformat(day) for day in rows["date"]]
        series = Series.of(weeks, rows["y"], {c: rows[c] for c in channels}, {c: rows[c] for c in ("c1", "c2")})
        yield series, np.array([shares[c.split("_", 1)[1]] for c in channels])


@pytest.mark.slow
def test_left_to_itself_the_fit_finds_the_curve_and_the_delay() -> None:
    series, truth = papilon()
    fit = fit_mix(series).fit
    assert fit is not None
    assert fit.posterior.design.shape == Shape((False, False, True, False), (True,) * 4)
    assert np.abs([e.roi.mean for e in fit.effects] - true_roas(truth)).mean() < 0.33


@pytest.mark.slow
def test_the_markets_of_the_recovery_generator_are_recovered(shared_data: Path) -> None:
    inside = []
    for name in ("small_business", "growing_business"):
        for series, true in recovery(shared_data / "mmm_recovery", name):
            for seed in range(3):
                fit = fit_mix(series, sampling=Sampling(seed=seed)).fit
                assert fit is not None
                shares = np.array([100 * e.effect_share.mean for e in fit.effects])
                assert np.abs(shares - true).mean() < 5
                inside += [
                    100 * e.effect_share.low <= t <= 100 * e.effect_share.high
                    for e, t in zip(fit.effects, true, strict=True)
                ]
    assert np.mean(inside) >= 0.8


@pytest.mark.slow
def test_the_example_of_pymc_marketing_is_recovered(shared_data: Path) -> None:
    frame = pd.read_csv(shared_data / "mmm" / "mmm_example.csv")
    weeks = [date.fromisoformat(day) for day in frame["date_week"]]
    series = Series.of(
        weeks, frame["y"], {c: frame[c] for c in ("x1", "x2")}, {c: frame[c] for c in ("event_1", "event_2")}
    )
    fit = fit_mix(series).fit
    assert fit is not None
    for effect, true in zip(fit.effects, (0.291, 0.070), strict=True):
        assert effect.contribution.low <= true * series.sales.sum() <= effect.contribution.high


@pytest.mark.slow
def test_the_confounded_example_warns_of_the_channel_that_is(shared_data: Path) -> None:
    frame = pd.read_csv(shared_data / "mmm" / "mmm_roas_observed.csv")
    weeks = [date.fromisoformat(day) for day in frame["date"]]
    result = fit_mix(Series.of(weeks, frame["y"], {c: frame[c] for c in ("x1", "x2")}))
    assert [f.channel for f in result.findings if f.code == "follows_demand"] == ["x1"]
    assert result.fit is not None
    assert result.fit.health.verdict != "passed"
