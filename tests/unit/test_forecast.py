"""Forecasting: each part against another implementation, a planted truth, or arithmetic by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.forecast.candidates import LAST_YEAR, MEAN, NAIVE, History, paths
from analytics.forecast.damped import damped_forecast, smoothed
from analytics.forecast.outlook import furthest, needed_history, outlook
from analytics.forecast.rolling import Span, chance_of, interval, past_forecasts
from analytics.forecast.seasons import black_friday, gift_days, seasonal_forecast
from analytics.forecast.steps import FEWEST_ORIGINS, STEPS
from core.errors import NoSuchData

MONDAY = date(2024, 1, 1)
WEEKDAYS = np.array([1.0, 0.8, 0.9, 1.1, 1.4, 0.6, 0.2])


def days(values: np.ndarray, first: date = MONDAY) -> History:
    return History(np.asarray(values, float), first, STEPS["day"])


def noisy(size: int, seed: int = 1, *, growth: float = 0.0, season: float = 0.0) -> np.ndarray:
    """Daily figures with a weekly rhythm, growth a day and a wave a year."""
    rng = np.random.default_rng(seed)
    place = np.arange(size)
    level = 100 * np.exp(growth * place) * (1 + season * np.sin(2 * np.pi * place / 364))
    return level * WEEKDAYS[place % 7] * rng.lognormal(0, 0.15, size)


@pytest.mark.parametrize(("alpha", "beta", "damping"), [(0.3, 0.1, 0.9), (0.6, 0.05, 0.8), (0.1, 0.2, 0.97)])
def test_the_smoothing_is_that_of_statsmodels(alpha: float, beta: float, damping: float) -> None:
    from statsmodels.tsa.holtwinters import Holt

    values = np.random.default_rng(3).normal(50, 8, 60) + np.linspace(0, 30, 60)
    start = float(values[:4].mean())
    model = Holt(values, damped_trend=True, initialization_method="known", initial_level=start, initial_trend=0.0)
    # theirs takes the weight of the trend as a share of the level's
    theirs = model.fit(smoothing_level=alpha, smoothing_trend=beta, damping_trend=damping, optimized=False)
    level, trend, _ = smoothed(values, np.array([alpha]), np.array([beta]), np.array([damping]))
    reach = np.cumsum(damping ** np.arange(1, 9))
    assert level[0] + reach * trend[0] == pytest.approx(theirs.forecast(8), rel=1e-9)


def test_a_damped_trend_goes_on_and_levels_off() -> None:
    ahead = damped_forecast(np.linspace(100, 200, 60), 30)
    steps = np.diff(ahead)
    assert ahead[0] > 199
    assert (steps >= 0).all()
    assert steps[-1] < steps[0] / 2


def test_a_planted_wave_and_the_weeks_before_christmas_are_found_again() -> None:
    begins = [MONDAY + timedelta(days=7 * week) for week in range(182)]
    angle = np.array([2 * np.pi * (d.timetuple().tm_yday + 3.5) / 365.25 for d in begins])
    gifts = np.array([gift_days(begin, 7)[0] / 7 for begin in begins])
    truth = np.exp(5 + 0.3 * np.sin(angle) + 0.5 * gifts)
    ahead = seasonal_forecast(truth[:130], begins[:130], 7, 52, 52)
    assert np.abs(ahead / truth[130:] - 1).mean() < 0.06
    assert ahead[np.argmax(gifts[130:])] > 1.2 * np.median(ahead)


@pytest.mark.parametrize(("year", "day"), [(2023, 24), (2024, 29), (2025, 28), (2026, 27)])
def test_black_friday(year: int, day: int) -> None:
    assert black_friday(year) == date(year, 11, day)


def test_days_of_gifts_are_counted() -> None:
    assert gift_days(date(2024, 12, 18), 14) == (3, 8)
    assert gift_days(date(2025, 1, 1), 7) == (0, 1)
    assert gift_days(date(2025, 6, 1), 30) == (0, 0)


def test_the_rules_are_what_they_say() -> None:
    values = np.arange(400.0)
    found = paths(days(values), 9)
    assert found[NAIVE].tolist() == [393, 394, 395, 396, 397, 398, 399, 393, 394]
    assert found[LAST_YEAR].tolist() == values[36:45].tolist()
    assert LAST_YEAR not in paths(days(values[:363]), 9)


def test_the_rhythm_of_the_week_is_kept() -> None:
    ahead = paths(days(np.tile(WEEKDAYS, 20)), 14)[MEAN]
    assert ahead[:7] / ahead[:7].sum() == pytest.approx(WEEKDAYS / WEEKDAYS.sum(), abs=1e-9)
    assert ahead[:7].sum() == pytest.approx(WEEKDAYS.sum(), rel=0.02)


def test_nothing_is_foreseen_below_nothing() -> None:
    falling = np.maximum(np.linspace(100, -40, 300), 0) + np.where(np.arange(300) % 7 == 6, -5.0, 0.0)
    assert all((path >= 0).all() for path in paths(days(falling), 60).values())


def test_past_forecasts_know_nothing_of_what_came_after() -> None:
    values = noisy(300)
    changed = values.copy()
    changed[200:] *= 50
    before, after = (past_forecasts(days(each), 14, 7) for each in (values, changed))
    early = before.origins <= 200
    assert early.sum() > 15
    for name in set(before.foreseen) & set(after.foreseen):
        assert np.array_equal(before.foreseen[name][early], after.foreseen[name][early], equal_nan=True), name
        assert not np.allclose(before.foreseen[name][~early], after.foreseen[name][~early], equal_nan=True), name


def test_an_interval_holds_nine_in_ten_of_what_comes() -> None:
    rng = np.random.default_rng(8)
    held = []
    for _ in range(400):
        told, came = np.full(41, 100.0), 100 * rng.lognormal(0, 0.3, 41)
        found = interval(100.0, (told[:40], came[:40]), apart=40)
        held.append(found.low <= came[40] <= found.high)
    assert 0.87 < np.mean(held) < 0.95


def test_few_forecasts_side_by_side_make_a_wider_interval() -> None:
    past = (np.full(30, 100.0), 100 * np.exp(np.linspace(-0.2, 0.2, 30)))
    many, few = interval(100.0, past, apart=30), interval(100.0, past, apart=3)
    assert few.low < many.low < 100 < many.high < few.high


def test_where_nothing_was_foreseen_differences_count() -> None:
    found = interval(0.0, (np.zeros(30), np.arange(30.0)), apart=30)
    assert (found.low, found.high) == pytest.approx((0.55, 28.45))


def test_the_chance_of_a_target_falls_with_the_target() -> None:
    past = (np.full(40, 100.0), 100 * np.exp(np.linspace(-0.4, 0.4, 40)))
    for apart in (40.0, 3.0):
        chances = [chance_of(100.0, needed, past, apart) for needed in (0, 50, 90, 100, 110, 150, 300)]
        assert chances[0] == 1.0
        assert chances == sorted(chances, reverse=True)
        assert chances[3] == pytest.approx(0.5, abs=0.05)
        assert 0 < chances[-1] < 0.1


@pytest.mark.parametrize("season", [0.0, 0.4])
def test_the_outlook_beats_the_rules_and_its_intervals_hold(season: float) -> None:
    history = days(noisy(1000, growth=0.0005, season=season))
    found = outlook(history, [Span(1, 28), Span(1, 7), Span(8, 14)])
    assert not found.is_rule
    assert (found.against(NAIVE) or 9) < 1
    assert (found.against(LAST_YEAR) or 9) < 1
    assert 0.83 <= (found.record.coverage or 0) <= 0.97
    low, high = found.spans[0].interval.low, found.spans[0].interval.high
    assert low < found.spans[0].expected < high


def test_where_a_rule_is_best_the_rule_is_shown() -> None:
    exact = np.tile(np.random.default_rng(2).uniform(50, 150, 364), 3)  # each year just as the one before
    found = outlook(days(exact), [Span(1, 28)])
    assert found.champion == LAST_YEAR
    assert found.is_rule
    assert found.spans[0].expected == pytest.approx(exact[:28].sum())


def test_eight_weeks_are_refused_with_what_is_missing() -> None:
    history = days(noisy(56))
    assert furthest(history) == 0
    with pytest.raises(NoSuchData, match=r"56 days of history are known; .* 28 days ahead .* needs about 218\."):
        outlook(history, [Span(1, 28)])


def test_what_is_said_to_be_needed_is_enough() -> None:
    for ahead in (7, 28, 70, 120):
        size = needed_history(days(noisy(300)), ahead)
        assert furthest(days(noisy(size))) >= ahead
        assert outlook(days(noisy(size)), [Span(1, ahead)]).record.origins >= FEWEST_ORIGINS


def test_a_season_seen_once_is_not_foreseen() -> None:
    history = days(noisy(400))
    with pytest.raises(NoSuchData, match="80 days ahead can be told"):
        outlook(history, [Span(1, 91)])
    assert furthest(days(noisy(1100))) == 364
    with pytest.raises(NoSuchData, match="more than a year ahead"):
        outlook(days(noisy(1100)), [Span(1, 400)])


def test_nothing_counted_is_nothing_to_foresee() -> None:
    with pytest.raises(NoSuchData, match="Nothing was counted"):
        outlook(days(np.zeros(400)), [Span(1, 7)])


@pytest.mark.parametrize("step", ["week", "month"])
def test_weeks_and_months_are_foreseen_alike(step: str) -> None:
    rng = np.random.default_rng(4)
    history = History(rng.normal(100, 5, 60), date(2020, 1, 1), STEPS[step])  # type: ignore[index]
    found = outlook(history, [Span(1, 1), Span(2, 2)])
    assert found.spans[0].expected == pytest.approx(100, rel=0.06)
    assert not found.is_rule
