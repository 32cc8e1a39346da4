"""The optimiser finds the best split that a search over all splits finds, keeps to bounds, and meets targets."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.budget.optimiser import Bounds, best_for_return, best_for_sales, best_for_total
from analytics.budget.plan import plan_of
from analytics.budget.response import Response
from analytics.mix.posterior import Curves
from core.errors import FixArguments

Array = NDArray[np.float64]
CHANNELS = ["search", "social", "video"]


def response(*, slope: float = 1.0, hill: bool = True, even: bool = False) -> Response:
    """Three channels of known curves with some spread between draws, spent in flights."""
    rng = np.random.default_rng(0)
    spread = np.exp(0.1 * rng.standard_normal((50, 3)))
    scale = np.array([100.0, 100.0, 100.0])
    rate = np.array([0.4, 0.9, 1.5]) * spread if hill else np.array([2.0, 1.2, 0.8]) * spread
    curves = Curves(
        np.full((50, 3), 0.3), np.ones((50, 3)), rate, np.full((50, 3), slope),
        np.array([300.0, 500.0, 900.0]) * spread[::-1], scale, (False, False, True), (hill,) * 3, 8,
    )  # fmt: skip
    spend = np.column_stack(
        [np.full(30, 60.0), 20 + 40 * (np.arange(30) % 2), np.where(np.arange(30) % 5 < 2, 100.0, 0)]
    )
    return Response.of(curves, spend, recent=10, even=even)


def searched(about: Response, total: float, bounds: Bounds, steps: int = 120) -> Array:
    """The best of all splits on a grid: the simplest rule that answers the question."""
    best, found = -np.inf, np.zeros(3)
    for first in np.linspace(bounds.low[0], bounds.high[0], steps):
        for second in np.linspace(bounds.low[1], bounds.high[1], steps):
            third = total - first - second
            if bounds.low[2] <= third <= bounds.high[2]:
                level = np.array([first, second, third])
                if (value := float(about.with_slope(level)[0].sum())) > best:
                    best, found = value, level
    return found


@pytest.mark.parametrize(("slope", "hill"), [(1.0, True), (1.8, True), (1.0, False)])
def test_no_split_on_a_grid_is_better(slope: float, hill: bool) -> None:
    about = response(slope=slope, hill=hill, even=True)
    bounds = Bounds.around(about.today, 0.5, 0.5)
    total = float(about.today.sum())
    found, best = best_for_total(about, total, bounds), searched(about, total, bounds)
    assert found.sum() == pytest.approx(total, rel=1e-9)
    assert (bounds.low - 1e-9 <= found).all()
    assert (found <= bounds.high + 1e-9).all()
    values = [float(about.with_slope(level)[0].sum()) for level in (found, best)]
    assert values[0] >= values[1] * (1 - 1e-6)


@pytest.mark.parametrize("hill", [True, False])
def test_the_slope_is_that_of_the_response(hill: bool) -> None:
    about = response(hill=hill)
    level = about.today * 1.1
    _value, slope = about.with_slope(level)
    for place in range(3):
        step = np.eye(3)[place] * 1e-4
        found = about.sales(level + step).mean(axis=0).sum() - about.sales(level - step).mean(axis=0).sum()
        assert found / 2e-4 == pytest.approx(slope[place], rel=1e-5)


def test_todays_pattern_at_todays_spend_is_todays_sales() -> None:
    about = response()
    weeks = np.tile(
        np.column_stack([np.full(10, 60.0), 20 + 40 * (np.arange(10) % 2), np.where(np.arange(10) % 5 < 2, 100.0, 0)]),
        (4, 1),
    )
    repeated = about.curves.contributions(weeks)[:, -10:].mean(axis=1)
    assert about.sales(about.today) == pytest.approx(repeated)


def test_a_return_is_kept_and_sales_are_reached() -> None:
    about = response()
    bounds = Bounds.around(about.today, 0.9, 2.0)
    level = best_for_return(about, 4.0, bounds)
    assert about.sales(level).sum(axis=1).mean() / level.sum() == pytest.approx(4.0, rel=1e-3)
    wanted = 1.1 * float(about.with_slope(about.today)[0].sum())
    least = best_for_sales(about, wanted, bounds)
    assert float(about.with_slope(least)[0].sum()) == pytest.approx(wanted, rel=1e-3)
    assert least.sum() < 1.1 * about.today.sum() * 1.5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda a, b: best_for_total(a, 10 * a.today.sum(), b), "add up to between"),
        (lambda a, b: best_for_return(a, 500.0, b), "out of reach"),
        (lambda a, b: best_for_sales(a, 1e9, b), "out of reach"),
        (lambda a, b: b.with_channel(0, 50.0, 20.0).check(CHANNELS), "bounds of search cannot hold"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could_be(call: object, words: str) -> None:
    about = response()
    with pytest.raises(FixArguments, match=words):
        call(about, Bounds.around(about.today, 0.5, 0.5))  # type: ignore[operator]


def test_the_bounds_of_one_channel_hold_and_make_room() -> None:
    about = response()
    bounds = Bounds.around(about.today, 0.5, 0.5).with_channel(0, None, 10.0)
    level = best_for_total(about, float(about.today.sum()) * 0.8, bounds)
    assert level[0] <= 10.0 + 1e-9
    assert best_for_total(about, 150.0, bounds.with_channel(1, 90.0, 90.0))[1] == pytest.approx(90.0)


def test_a_plan_says_what_moves_and_how_likely_it_is_better() -> None:
    about = response()
    total = float(about.today.sum())
    plan = plan_of(about, best_for_total(about, total, Bounds.around(about.today, 0.5, 0.5)), CHANNELS)
    assert plan.total == pytest.approx(plan.total_today)
    assert plan.gain.mean > 0
    assert plan.better > 0.9
    assert sum(m.amount for m in plan.moves) == pytest.approx(
        sum(max(line.planned - line.today, 0) for line in plan.lines), rel=0.05
    )
    same = plan_of(about, about.today, CHANNELS)
    assert same.moves == []
    assert same.gain.mean == pytest.approx(0.0)
    assert same.better == 0.0, "nothing gained is not better"


def test_a_channel_beyond_all_it_ever_had_is_said() -> None:
    about = response()
    assert about.beyond(about.today).tolist() == [False, False, False]
    assert about.beyond(about.today * 1.2).tolist() == [True, True, True]
