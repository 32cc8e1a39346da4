"""How far a fit rests on its choices: the figures of fits made by hand, and what truly drives sales is what counts."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.mix.effects import interval, returns
from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Sampling, sample
from analytics.mix.sensitivity import MOST_CONTROLS, Sensitivity, checked, variants
from analytics.mix.series import LiftTest, Series
from tests.unit.mix_scenes import confounded, lift_of, papilon, steady

HOW = Sampling(chains=2, tune=250, draws=200, seed=3)


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    design = Design.of(confounded(), Shape.alike(2))
    return Posterior(design, sample(design, HOW))


@pytest.fixture(scope="module")
def found(posterior: Posterior) -> Sensitivity:
    return checked(posterior, how=HOW)


def by_hand(series: Series, **choices: float) -> list[tuple[float, float, float]]:
    design = Design.of(series, Shape.alike(2), **choices)  # type: ignore[arg-type]
    roi = returns(Posterior(design, sample(design, HOW)))
    return [(i.mean, i.low, i.high) for i in map(interval, roi.T)]


@pytest.mark.parametrize(
    ("words", "dropped", "choices"),
    [
        ("without “weather”", "weather", {}),
        ("without a season", "", {"harmonics": 0}),
        ("with a finer season", "", {"harmonics": 4}),
        ("with a wider prior", "", {"wider": 2.0}),
    ],
)
def test_each_figure_is_that_of_a_fit_made_by_hand(
    found: Sensitivity, words: str, dropped: str, choices: dict[str, float]
) -> None:
    series = confounded()
    expected = by_hand(series.without(dropped) if dropped else series, **choices)
    moves = [move for move in found.moves if move.variant.words == words]
    assert [(m.roi.mean, m.roi.low, m.roi.high) for m in moves] == expected
    for move in moves:
        assert move.moved_by == move.roi.mean - found.base[move.channel].mean


def test_a_channel_depends_on_the_control_it_goes_with_and_the_other_holds(found: Sensitivity) -> None:
    depends = [move.variant.words for move in found.depends("with the weather")]
    assert depends == ["without “weather”"]
    (without,) = found.depends("with the weather")
    assert without.moved_by > 0.5, "the channel is given what the weather brought"
    assert without.moved_by > 5 * without.chance
    assert found.depends("apart") == []


def test_the_cost_is_bounded_and_what_is_not_tried_is_said() -> None:
    series = steady(104, controls=8, alike=5.0)
    design = Design.of(series, Shape.alike(2))
    posterior = Posterior(design, sample(design, Sampling(chains=1, tune=50, draws=50)))
    tried, left_out = variants(posterior, [lift_of_steady()])
    assert len(tried) == MOST_CONTROLS + 5
    assert len(left_out) == 3
    assert all("strongest" in words for words in left_out)
    kinds = [variant.kind for variant, _design in tried]
    assert kinds.count("experiments") == 1


def lift_of_steady() -> LiftTest:
    return LiftTest("channel 1", 100.0, -100.0, -60.0, 10.0)


def test_a_season_too_fine_for_the_weeks_is_left_out() -> None:
    series = steady(52, 3)
    design = Design.of(series, Shape.alike(3))
    posterior = Posterior(design, sample(design, Sampling(chains=1, tune=50, draws=50)))
    tried, left_out = variants(posterior)
    assert "with a finer season" not in [variant.words for variant, _design in tried]
    assert any("too few weeks" in words for words in left_out)


@pytest.mark.slow
def test_without_its_experiments_a_channel_goes_back_to_what_the_data_say() -> None:
    series, truth = papilon()
    lift = lift_of(truth, series, "paid_search", error=0.05)
    design = Design.of(series, Shape.alike(4), lifts=[lift])
    posterior = Posterior(design, sample(design, HOW))
    found = checked(posterior, [lift], how=HOW)
    (alone,) = [m for m in found.moves if m.variant.kind == "experiments" and m.channel == "paid_search"]
    width = found.base["paid_search"].high - found.base["paid_search"].low
    assert alone.roi.high - alone.roi.low > 1.5 * width


@pytest.mark.slow
def test_the_standard_error_of_a_move_is_that_of_the_chains(posterior: Posterior) -> None:
    """The same fit with other seeds differs by about as much as is told to be chance."""
    design = posterior.design
    means = []
    for seed in range(6):
        draws = sample(design, Sampling(chains=2, tune=250, draws=200, seed=100 + seed))
        means.append(returns(Posterior(design, draws)).mean(axis=0))
    spread = np.std(means, axis=0, ddof=1)
    told = checked_errors(posterior)
    assert (spread < 3 * told).all()
    assert (spread > told / 6).all()


def checked_errors(posterior: Posterior) -> np.ndarray:
    from analytics.mix.sensitivity import _returns

    return np.asarray(_returns(posterior.design, HOW)[1])
