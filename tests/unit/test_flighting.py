"""A budget over weeks: no grid of weeks is better, sums are right to the cent, bounds hold, effects carry over."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.budget.ahead import Ahead, recent_pattern
from analytics.budget.flighting import BEST, EVEN, PATTERNS, Flight, WeekBounds, flights, in_cents
from analytics.mix.posterior import Curves
from core.errors import FixArguments

Array = NDArray[np.float64]
NAMES = ("search", "video")
TOTALS = np.array([240.0, 120.0])


def ahead(slope: float = 1.0, *, hill: bool = True, retention: float = 0.4, draws: int = 5) -> Ahead:
    """Two channels; the second's effect comes late. Some weeks of spend lie behind."""
    spread = np.exp(0.1 * np.random.default_rng(1).standard_normal((draws, 2)))
    curves = Curves(
        np.full((draws, 2), retention), np.full((draws, 2), 1.5), np.array([0.5, 0.8]) * spread,
        np.full((draws, 2), slope), np.array([400.0, 700.0]) * spread, np.array([100.0, 100.0]), (False, True),
        (hill, hill), 5,
    )  # fmt: skip
    spend = np.column_stack([np.full(20, 50.0), 40.0 * (np.arange(20) % 2)])
    return Ahead.of(curves, spend, recent=8)


def bounds(high: float = 120.0, low: float = 0.0) -> WeekBounds:
    return WeekBounds(np.full(2, low), np.full(2, high))


def by_name(found: list[Flight]) -> dict[str, Flight]:
    return {one.pattern: one for one in found}


@pytest.mark.parametrize(("slope", "hill"), [(1.0, True), (1.6, True), (3.0, True), (1.0, False)])
def test_no_weeks_on_a_grid_are_better_than_those_found(slope: float, hill: bool) -> None:
    about, weeks = ahead(slope, hill=hill), 4
    best = by_name(flights(about, TOTALS, weeks, bounds(), NAMES))[BEST]
    for channel, total in enumerate(TOTALS):
        grid = [
            np.array([*first, total - sum(first)])
            for first in product(np.linspace(0, 120, 13), repeat=weeks - 1)
            if 0 <= total - sum(first) <= 120
        ]
        assert len(grid) > 100
        searched = max(about.with_slope(spend, channel)[0] for spend in grid)
        assert about.with_slope(best.spend[:, channel], channel)[0] >= searched * (1 - 1e-6)


def test_the_slope_is_that_of_the_whole_effect() -> None:
    about, spend = ahead(1.7), np.array([30.0, 90.0, 10.0, 60.0])
    value, slope = about.with_slope(spend, 1)
    whole = np.tile(about.now, (4, 1))
    whole[:, 1] = spend
    assert value == pytest.approx(float(about.whole_effect(whole)[:, 1].mean()))
    for week in range(4):
        step = np.eye(4)[week] * 1e-4
        found = (about.with_slope(spend + step, 1)[0] - about.with_slope(spend - step, 1)[0]) / 2e-4
        assert found == pytest.approx(slope[week], rel=1e-5)


@pytest.mark.parametrize("weeks", [1, 3, 13])
def test_every_pattern_sums_to_the_budget_to_the_cent_within_its_bounds(weeks: int) -> None:
    totals = np.array([1000.01, 333.33]) * weeks / 7
    totals = np.round(totals, 2)
    limits = bounds(high=191.37, low=3.1)
    for flight in flights(ahead(2.0), totals, weeks, limits, NAMES):
        for channel, total in enumerate(totals):
            cents = [Decimal(str(round(float(week), 2))) for week in flight.spend[:, channel]]
            assert sum(cents) == Decimal(str(total)), flight.pattern
            assert max(cents) <= Decimal("191.37")
            assert min(cents) >= Decimal("3.10")


def test_a_cent_that_is_left_goes_where_there_is_room() -> None:
    found = in_cents(np.array([3.337, 3.337, 3.336]), 10.01, np.array([3.333, 10.0, 10.0]))
    assert found.tolist() == [3.33, 3.34, 3.34]
    assert in_cents(np.array([0.105, 0.105]), 0.21, np.array([1.0, 1.0])).tolist() == [0.11, 0.10]


def test_patterns_are_what_they_say() -> None:
    found = by_name(flights(ahead(), TOTALS, 8, bounds(high=500.0), NAMES))
    assert set(found) == {*PATTERNS, BEST}
    assert found[EVEN].spend[:, 0].tolist() == [30.0] * 8
    front = found["front-loaded"].spend[:, 0]
    assert (np.diff(front) < 0).all()
    assert found["pulsed"].spend[:, 0].tolist() == [60.0, 60.0, 0.0, 0.0, 60.0, 60.0, 0.0, 0.0]
    assert max(found.values(), key=lambda one: one.gain.mean).pattern == BEST
    assert found[EVEN].against_even.mean == 0.0
    assert found[EVEN].better == 0.0
    assert found[BEST].against_even.low <= found[BEST].against_even.mean <= found[BEST].against_even.high


def test_where_returns_fall_from_the_first_unit_even_is_all_but_best_and_an_s_curve_wants_bursts() -> None:
    falling = by_name(flights(ahead(1.0), TOTALS, 8, bounds(), NAMES))
    steep = by_name(flights(ahead(3.0), TOTALS, 8, bounds(), NAMES))
    assert falling[BEST].spend[:, 0].std() < 5.0
    assert falling["pulsed"].against_even.high < 0
    assert steep[BEST].spend[:, 0].std() > 25.0
    assert steep[BEST].against_even.low > 10 * falling[BEST].against_even.mean


def test_what_was_spent_before_is_carried_over_and_what_comes_after_is_counted() -> None:
    about = ahead()
    nothing = np.zeros((3, 2))
    assert (about.sales(nothing)[:, 0] > 0).all(), "last week's spend still works"
    after = about.whole_effect(np.vstack([nothing[:2], [100.0, 100.0]])) - about.whole_effect(nothing)
    within = (about.sales(np.vstack([nothing[:2], [100.0, 100.0]])) - about.sales(nothing)).sum(axis=1)
    assert (after > within).all(), "the last week's spend has an effect after it"


def test_weeks_since_the_data_go_on_as_lately() -> None:
    spend = np.arange(40.0).reshape(20, 2)
    assert recent_pattern(spend, 3, 5).tolist() == [*spend[-3:].tolist(), *spend[-3:-1].tolist()]
    about = Ahead.of(ahead().curves, spend, recent=3, gap=2)
    assert about.before.tolist() == [*spend[-2:].tolist(), *spend[-3:-1].tolist()]
    assert about.now.tolist() == spend[-3:].mean(axis=0).tolist()
    short = Ahead.of(ahead().curves, spend[:2], recent=3)
    assert short.before.tolist() == [[0.0, 0.0], [0.0, 0.0], *spend[:2].tolist()]


@pytest.mark.parametrize(
    ("totals", "limits", "words"),
    [
        (TOTALS * 10, bounds(), r"2,400.00 for search do not fit into 4 weeks of 0.00 to 120.00: between 0.00 and 480"),
        (TOTALS, bounds(low=100.0), r"240.00 for search do not fit into 4 weeks of 100.00"),
        (TOTALS, bounds(high=5.0, low=10.0), "bounds of search cannot hold"),
    ],
)
def test_a_total_that_does_not_fit_its_weeks_is_refused_with_what_would(
    totals: Array, limits: WeekBounds, words: str
) -> None:
    with pytest.raises(FixArguments, match=words):
        flights(ahead(), totals, 4, limits, NAMES)
