"""Two channels together: found where it was planted and weeks not seen bear it, and never where there is nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from analytics.mix.effects import channel_effects
from analytics.mix.fit import fit_mix
from analytics.mix.interaction import FALSE_ALARM, strongest, together, with_product
from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Sampling, sample
from analytics.mix.series import Series
from tests.unit.mix_scenes import paired, papilon, steady
from tools.mix import views, wording
from tools.mix.report import MixReportArguments, _report
from tools.outcome import Outcome
from tools.views import Chart

HOW = Sampling(chains=2, tune=300, draws=250)


def unseen(series: Series) -> Posterior:
    design = Design.of(series, Shape.alike(len(series.channels)), held_out=13)
    return Posterior(design, sample(design, HOW))


def test_a_pair_that_was_planted_is_found_and_used() -> None:
    series, true = paired(2, 600.0)
    richer, pair, posterior = with_product(series, unseen(series), [], HOW)
    assert pair is not None
    assert (pair.first, pair.second) == ("channel 1", "channel 2")
    assert pair.used
    assert list(richer.controls) == ["channel 1 × channel 2"]
    assert posterior.design.series is richer
    assert together(posterior, pair.name).mean() == pytest.approx(true, rel=0.35)


def test_where_nothing_was_planted_the_series_stays_as_it_is() -> None:
    series, _true = paired(1, 0.0)
    before = unseen(series)
    richer, pair, posterior = with_product(series, before, [], HOW)
    assert pair is not None
    assert not pair.used
    assert richer is series
    assert posterior is before


def test_a_pair_that_fits_the_known_weeks_and_not_those_held_out_stays_out() -> None:
    """An effect that ends where the weeks held out begin."""
    series, _true = paired(2, 600.0)
    plain, _none = paired(2, 0.0)
    ended = Series(series.weeks, np.concatenate([series.sales[:-13], plain.sales[-13:]]), series.spend, series.channels)
    richer, pair, _posterior = with_product(ended, unseen(ended), [], HOW)
    assert pair is not None
    assert pair.p_value < FALSE_ALARM
    assert pair.gain is not None
    assert pair.gain < 0
    assert richer is ended


def test_one_channel_has_no_pair() -> None:
    series = steady(60)
    alone = series.only(["channel 1"])
    assert strongest(unseen(alone)) is None


@pytest.mark.slow
def test_on_markets_without_an_interaction_none_is_used() -> None:
    used, looked = 0, 0
    for seed in range(20):
        series, _true = paired(seed, 0.0)
        _series, pair, _posterior = with_product(series, unseen(series), [], HOW)
        assert pair is not None
        used += pair.used
        looked += pair.gain is not None
    assert used <= 1
    assert looked <= 4
    papilons = fit_mix(papilon()[0], curve="hill", sampling=HOW).fit
    assert papilons is not None
    assert not (papilons.interaction and papilons.interaction.used)


@pytest.mark.slow
def test_on_markets_with_one_the_right_pair_is_used_and_what_it_brings_is_recovered() -> None:
    used, near = 0, []
    for seed in range(10):
        series, true = paired(seed, 600.0)
        _series, pair, posterior = with_product(series, unseen(series), [], HOW)
        assert pair is not None
        assert (pair.first, pair.second) == ("channel 1", "channel 2")
        if pair.used:
            used += 1
            low, high = np.quantile(together(posterior, pair.name), [0.01, 0.99])
            near.append(low <= true <= high)
    assert used >= 5
    assert np.mean(near) >= 0.6


@pytest.mark.slow
def test_a_whole_fit_uses_the_pair_and_brings_the_channels_nearer_to_the_truth() -> None:
    series, true = paired(2, 600.0)
    fit = fit_mix(series, curve="hill", adstock="geometric", sampling=Sampling(tune=600, draws=600)).fit
    assert fit is not None
    assert fit.interaction is not None
    assert fit.interaction.used
    assert fit.health.failed == []
    brought = together(fit.posterior, fit.interaction.name)
    assert brought.mean() == pytest.approx(true, rel=0.35)


def test_the_report_tells_of_the_pair_and_the_waterfall_still_ends_at_all_sales() -> None:
    series, _true = paired(2, 600.0)
    richer, pair, posterior = with_product(series, unseen(series), [], HOW)
    about: dict[str, Any] = {"pair": pair, "gates": [], "findings": [], "moved": [], "holdout": {}, "tests": []}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    report = _report(posterior, channel_effects(posterior), {**about, "at": now}, 1.0, "USD", now)
    assert report.together is not None
    assert report.together.brought_low < report.together.brought < report.together.brought_high
    brought = sum(channel.brought for channel in report.channels) + report.together.brought
    assert brought == pytest.approx(report.brought, rel=1e-3)
    outcome = Outcome(arguments=MixReportArguments(), result=report, question="", tools=("mix_report",))
    assert "Channel 1 and Channel 2 work together" in wording.report(outcome)
    waterfall = next(view for view in views.report(outcome))
    assert isinstance(waterfall, Chart)
    assert "Channel 1 with Channel 2" in waterfall.x
    assert waterfall.series[0].values[-2] == pytest.approx(richer.sales.sum(), rel=1e-3)
