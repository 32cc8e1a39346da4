"""Credit within single paths: the models of all journeys, read off within a few."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.attribution.conversion import fit_conversion
from analytics.attribution.credit import LEARNT, METHODS
from analytics.attribution.journeys import journeys_of_paths
from analytics.attribution.markov import removal_effects
from analytics.attribution.ordered import shapley_values
from analytics.attribution.paths import path_weights
from tests.unit.attribution_paths import random_journeys


@pytest.mark.parametrize("seed", range(5))
def test_every_method_shares_out_each_path_whole(seed: int) -> None:
    journeys = random_journeys(seed, journeys=300)
    chosen = np.zeros(journeys.size, dtype=bool)
    chosen[[3, 17, 200]] = True
    found = path_weights(journeys, chosen)
    assert set(found.weights) == set(METHODS)
    assert found.journeys.size == 3
    for method, weights in found.weights.items():
        sums = np.add.reduceat(weights, found.journeys.starts[:-1])
        assert np.abs(sums - 1).max() < 1e-9, method
        worth = weights * found.journeys.value[found.journeys.owner]
        assert abs(worth.sum() - found.journeys.value.sum()) < 1e-9, method
    for method in METHODS:
        told = sum(worth[method] for _channel, _touches, worth in found.channels())
        assert round(told, 2) == round(float(found.journeys.value.sum()), 2), f"{method}: to the cent"


def test_markov_parts_are_in_proportion_to_the_removal_effects_of_the_whole_chain() -> None:
    journeys = random_journeys(1, journeys=300)
    effects = removal_effects(journeys).conversions
    several = next(n for n in range(journeys.size) if len(set(journeys.path(n))) == 4)
    found = path_weights(journeys, np.arange(journeys.size) == several, ("markov",))
    names = found.journeys.path(0)
    assert len({effects[journeys.channels.index(name)] for name in names}) == 4, "their effects are not alike"
    different = sorted(set(names))
    whole = sum(effects[journeys.channels.index(name)] for name in different)
    expected = [effects[journeys.channels.index(name)] / whole / names.count(name) for name in names]
    assert found.weights["markov"].tolist() == pytest.approx(expected, abs=1e-12)


def test_the_data_driven_parts_are_shapley_values_of_the_path_by_the_model_of_all() -> None:
    journeys = journeys_of_paths(
        [["a", "b"], ["b"], ["a"], ["c", "a"], ["c"]], [30, 20, 5, 10, 1], [300, 200, 50, 100, 10], [20, 20, 60, 40, 90]
    )
    found = path_weights(journeys, np.arange(5) == 0, ("data_driven",))
    gains = np.maximum(shapley_values(np.array([[0, 1]]), fit_conversion(journeys))[0], 0)
    assert found.weights["data_driven"].tolist() == pytest.approx((gains / gains.sum()).tolist(), abs=1e-12)


def test_what_the_shop_does_not_bear_is_left_out_with_the_reason() -> None:
    few = random_journeys(2, journeys=10)
    found = path_weights(few, np.arange(10) == 0)
    assert set(found.left_out) == set(LEARNT)
    assert "journeys are known" in found.left_out["markov"]
    converting = journeys_of_paths([["a", "b"], ["b"]], [80, 70], [800, 700])
    found = path_weights(converting, np.arange(2) == 0)
    assert set(found.left_out) == {*LEARNT, "time_decay"}
    assert "Every journey ended in a conversion" in found.left_out["markov"]
