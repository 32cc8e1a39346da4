"""Changes of spend and weeks of a budget against curves that are known: six markets of papilon's generator (seeds 1 to
11, Apache-2.0), none of them ours. Run with -s to see them; minutes long.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from analytics.budget.ahead import Ahead
from analytics.budget.change import change_of_spend
from analytics.budget.flighting import BEST, EVEN, WeekBounds, flights
from analytics.mix.effects import Interval
from analytics.mix.fit import fit_mix
from analytics.mix.sampler import Sampling
from analytics.mix.series import Series
from tests.unit.mix_scenes import DATA, mondays, true_curves

MARKETS: dict[str, Any] = json.loads((DATA / "papilon_markets.json").read_text())
RECENT, MORE, WEEKS = 13, 1.2, 13


def both(market: dict[str, Any]) -> tuple[Series, Ahead, Ahead]:
    """The weeks, what lies ahead by the fit, and by the truth."""
    series = Series.of(mondays(len(market["sales"])), market["sales"], market["spend"], market["controls"])
    fit = fit_mix(series, sampling=Sampling(chains=2, tune=400, draws=400)).fit
    assert fit is not None
    curves = fit.posterior.curves.thinned(400)
    truth = true_curves(market, curves.spend_scale)
    return series, *(Ahead.of(each, series.spend, recent=RECENT) for each in (curves, truth))  # type: ignore[return-value]


def in_four_weeks(series: Series, ahead: Ahead, level: np.ndarray) -> Interval:
    first = series.weeks[-1] + timedelta(days=7)
    until = first + timedelta(days=27)
    change = change_of_spend(ahead, series.spend, series.weeks, level, recent=RECENT, begins=first, until=until)
    return change.total(first, until)


@pytest.mark.slow
def test_nine_in_ten_ranges_of_a_change_hold_its_true_effect_and_weeks_lose_next_to_nothing() -> None:
    held, whole, kept = [], [], []
    for seed, market in MARKETS.items():
        series, fitted, truth = both(market)
        for place, channel in enumerate(series.channels):
            level = fitted.now * np.where(np.arange(len(fitted.now)) == place, MORE, 1.0)
            told, true = in_four_weeks(series, fitted, level), in_four_weeks(series, truth, level).mean
            held.append(told.low <= true <= told.high)
            print(f"{seed} {channel}: {told.mean:.1f} ({told.low:.1f} to {told.high:.1f}), true {true:.1f}")  # noqa: T201
        told, true = (in_four_weeks(series, each, fitted.now * MORE) for each in (fitted, truth))
        whole.append(told.low <= true.mean <= told.high)
        totals, limits = np.round(fitted.now * WEEKS, 2), WeekBounds(np.zeros(4), series.spend.max(axis=0))
        laid = {one.pattern: one.spend for one in flights(fitted, totals, WEEKS, limits, tuple(series.channels))}
        best = {one.pattern: one.spend for one in flights(truth, totals, WEEKS, limits, tuple(series.channels))}[BEST]
        found, even, most = (float(truth.whole_effect(each).sum()) for each in (laid[BEST], laid[EVEN], best))
        kept.append(found / most)
        assert found >= even, "the simplest rule"
        print(f"{seed} weeks found {found / most:.5f} of the best, even {even / most:.5f}")  # noqa: T201
    print(f"{sum(held)} of {len(held)} channels, {sum(whole)} of {len(whole)} in all")  # noqa: T201
    assert sum(held) >= 0.8 * len(held)
    assert sum(whole) >= 5
    assert min(kept) >= 0.99
