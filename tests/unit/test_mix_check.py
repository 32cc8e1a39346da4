"""What makes a fit hopeless or doubtful is found before it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.mix.calendar import year_end
from analytics.mix.check import examined, usable
from analytics.mix.fit import fit_mix, preview_mix
from analytics.mix.series import Series
from core.errors import FixArguments
from tests.unit.mix_scenes import mondays, papilon, steady


def test_ten_weeks_are_refused_with_what_is_missing() -> None:
    for fitted in (fit_mix, preview_mix):
        result = fitted(steady(10))
        assert result.fit is None
        assert "There are 10 weeks" in str(result.refusal)
        assert "42 more weeks are missing" in str(result.refusal)


def test_a_year_with_four_controls_that_say_the_same_is_refused() -> None:
    result = fit_mix(steady(52, 3, controls=4, alike=1e-3))
    assert result.fit is None
    assert "cannot be told apart" in str(result.refusal)


def test_too_many_unknowns_for_the_weeks_are_refused() -> None:
    (finding,) = [f for f in examined(steady(52, 6)) if f.weight == "stop"]
    assert finding.code == "few_points"
    assert "Merge channels" in finding.words


def test_channels_that_always_move_together_are_refused() -> None:
    series = steady(104)
    twins = np.column_stack([series.spend[:, 0], 2 * series.spend[:, 0] + 0.01 * series.spend[:, 1]])
    codes = {f.code for f in examined(Series(series.weeks, series.sales, twins, series.channels))}
    assert "inseparable" in codes


def test_spend_that_hardly_varies_and_spend_that_follows_the_season_are_said() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(120)
    season = 100 + 60 * np.sin(2 * np.pi * t / 52.18)
    spend = {"flat": 50 + 0.5 * rng.standard_normal(120), "seasonal": season + rng.normal(0, 5, 120)}
    found = examined(Series.of(mondays(120), 1000 + rng.normal(0, 30, 120), spend))
    assert {(f.code, f.channel) for f in found} >= {("constant_spend", "flat"), ("follows_season", "seasonal")}


def test_spend_that_moves_with_sales_is_said_to_perhaps_follow_demand() -> None:
    rng = np.random.default_rng(2)
    demand = rng.gamma(4, 25, 120)
    series = Series.of(
        mondays(120), 500 + 4 * demand + rng.normal(0, 40, 120), {"search": demand, "other": rng.gamma(3, 9, 120)}
    )
    assert [f.channel for f in examined(series) if f.code == "follows_demand"] == ["search"]


def test_sound_data_are_not_complained_of() -> None:
    series, _truth = papilon()
    assert examined(series) == []


def test_the_peaks_of_the_year_are_those_of_the_calendar() -> None:
    shares = year_end([date(2025, 11, 17), date(2025, 11, 24), date(2025, 12, 1), date(2025, 12, 22)])
    assert shares["late November"].tolist() == pytest.approx([2 / 7, 1.0, 2 / 7, 0.0])
    assert shares["before Christmas"].tolist() == pytest.approx([0.0, 0.0, 1 / 7, 3 / 7])
    assert year_end([date(2025, 6, 2)]) == {}


def test_channels_without_enough_spend_are_left_out_and_said_to_be() -> None:
    series = steady(60)
    spend = np.column_stack([series.spend, np.zeros(60), np.r_[np.ones(5), np.zeros(55)]])
    kept, found = usable(Series(series.weeks, series.sales, spend, [*series.channels, "never", "rarely"]))
    assert list(kept.channels) == list(series.channels)
    assert [f.channel for f in found] == ["never", "rarely"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sales": [1.0] * 59}, "59 figures for 60 weeks"),
        ({"spend": {"a": [-1.0] * 60}}, "negative"),
        ({"spend": {"a": [float("nan")] * 60}}, "gaps"),
        ({"weeks": [*mondays(59), mondays(60)[-1] + timedelta(7)]}, "not consecutive"),
    ],
)
def test_series_that_cannot_be_read_are_refused(change: dict[str, object], words: str) -> None:
    given = {"weeks": mondays(60), "sales": np.ones(60), "spend": {"a": np.ones(60)}} | change
    with pytest.raises(FixArguments, match=words):
        Series.of(**given)  # type: ignore[arg-type]
