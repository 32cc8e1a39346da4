"""A fit anew against the one before: the same weeks, what moved beyond its range, and what changed in the data."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Sampling, sample
from analytics.mix.series import Series
from analytics.mix.stability import compared
from tests.unit.mix_scenes import mondays, steady

HOW = Sampling(chains=2, tune=250, draws=250)


def fitted(series: Series, seed: int = 0) -> Posterior:
    design = Design.of(series, Shape.alike(len(series.channels)))
    return Posterior(design, sample(design, Sampling(HOW.chains, HOW.tune, HOW.draws, seed=seed)))


def changed(series: Series, *, sales: object = None, spend: object = None) -> Series:
    return Series(
        series.weeks, series.sales if sales is None else np.asarray(sales),
        series.spend if spend is None else np.asarray(spend), series.channels,
    )  # fmt: skip


@pytest.fixture(scope="module")
def before() -> Posterior:
    return fitted(steady(130).before(26))


def test_more_weeks_of_the_same_market_are_stable_and_counted(before: Posterior) -> None:
    found = compared(before, fitted(steady(130), seed=1))
    assert found is not None
    assert (found.weeks, found.data.weeks_added, found.data.weeks_gone, found.data.restated) == (104, 26, 0, [])
    assert found.verdict in ("stable", "within")
    assert all(change.agree for change in found.channels)


def test_the_same_weeks_again_are_stable_whatever_the_seed(before: Posterior) -> None:
    found = compared(before, fitted(steady(130).before(26), seed=9))
    assert found is not None
    assert found.verdict == "stable"


def test_each_figure_is_that_of_the_fit_over_the_weeks_in_common(before: Posterior) -> None:
    after = fitted(steady(130), seed=1)
    found = compared(before, after)
    assert found is not None
    for c, change in enumerate(found.channels):
        for posterior, roi, brought in (
            (before, change.roi_before, change.brought_before),
            (after, change.roi_after, change.brought_after),
        ):
            series = posterior.design.series
            sales = posterior.curves.contributions(series.spend)[:, :104, c].sum(axis=1)
            assert brought.mean == pytest.approx(sales.mean())
            assert roi.mean == pytest.approx(sales.mean() / series.spend[:104, c].sum())
            assert [roi.low, roi.high] == pytest.approx(np.quantile(sales, [0.05, 0.95]) / series.spend[:104, c].sum())


def test_a_channel_that_brings_three_times_as_much_in_restated_weeks_has_moved_beyond_its_range(
    before: Posterior,
) -> None:
    series = steady(130).before(26)
    x = series.spend[:, 0]
    louder = changed(series, sales=series.sales + 400 * x / (x + 90))
    found = compared(before, fitted(louder))
    assert found is not None
    assert found.channels[0].verdict == "beyond"
    assert found.verdict == "beyond"
    assert not found.channels[0].agree
    assert {one.what for one in found.data.restated} == {"sales"}
    assert len(found.data.restated) == 104


def test_restated_spend_and_channels_that_come_and_go_are_named(before: Posterior) -> None:
    series = steady(130)
    spend = series.spend.copy()
    spend[7, 1] *= 1.5
    spend[9, 0] *= 1.0005  # less than a thousandth
    other = Series(series.weeks, series.sales, spend, ["channel 1", "channel 2"])
    found = compared(before, fitted(other))
    assert found is not None
    (one,) = found.data.restated
    assert (one.week, one.what) == (series.weeks[7], "channel 2")
    assert one.after == pytest.approx(1.5 * one.before)
    renamed = compared(before, fitted(Series(series.weeks, series.sales, series.spend, ["channel 1", "radio"])))
    assert renamed is not None
    assert (renamed.data.channels_added, renamed.data.channels_gone) == (["radio"], ["channel 2"])
    assert [change.channel for change in renamed.channels] == ["channel 1"]


def test_too_few_weeks_in_common_cannot_be_compared(before: Posterior) -> None:
    late = [week + timedelta(weeks=80) for week in mondays(60)]
    series = steady(60)
    assert compared(before, fitted(Series(late, series.sales, series.spend, series.channels))) is None
