"""Rules and models of attribution on small journeys: exact, against every subset and every step written out."""

from __future__ import annotations

from itertools import groupby, permutations

import numpy as np
import pytest
from scipy.special import expit

from analytics.attribution.conversion import ConversionModel, fit_conversion
from analytics.attribution.credit import METHODS, attribute, credits_of, weights_of
from analytics.attribution.journeys import Journeys, journeys_of_paths
from analytics.attribution.markov import MOST_SECOND_ORDER, removal_effects
from analytics.attribution.ordered import MOST_CHANNELS, ordered_weights, shapley_values
from analytics.attribution.rules import RULES, RuleSettings, touch_weights
from core.errors import FixArguments, NoSuchData
from tests.unit.attribution_paths import random_journeys

SEEDS = range(8)


def one(*path: str, ages: list[float] | None = None) -> Journeys:
    return journeys_of_paths([path], [1], [10.0], [0], None if ages is None else [ages])


@pytest.mark.parametrize(
    ("rule", "weights"),
    [
        ("first", [1, 0, 0, 0]),
        ("last", [0, 0, 0, 1]),
        ("last_non_direct", [0, 0, 1, 0]),
        ("linear", [0.25, 0.25, 0.25, 0.25]),
        ("time_decay", np.array([1, 2, 4, 8]) / 15),
        ("position", [0.4, 0.1, 0.1, 0.4]),
        ("shapley", [1 / 6, 1 / 3, 1 / 6, 1 / 3]),
    ],
)
def test_each_rule_on_one_path(rule: str, weights: list[float]) -> None:
    journey = one("email", "video", "email", "direct", ages=[21.0, 14.0, 7.0, 0.0])
    assert touch_weights(journey, rule).tolist() == pytest.approx(list(weights), abs=1e-15)


@pytest.mark.parametrize(("path", "weights"), [(("a",), [1.0]), (("a", "b"), [0.6, 0.4])])
def test_the_ends_of_short_paths_share_in_proportion(path: tuple[str, ...], weights: list[float]) -> None:
    settings = RuleSettings(first_share=0.3, last_share=0.2)
    assert touch_weights(one(*path), "position", settings).tolist() == pytest.approx(weights)


def test_where_every_touch_was_direct_the_last_has_it() -> None:
    assert touch_weights(one("direct", "direct"), "last_non_direct").tolist() == [0, 1]


def test_time_decay_of_touches_long_ago_does_not_underflow() -> None:
    weights = touch_weights(one("a", "b", ages=[90_007.0, 90_000.0]), "time_decay")
    assert weights.tolist() == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rule", RULES)
def test_the_weights_of_a_journey_are_one_in_all(seed: int, rule: str) -> None:
    journeys = random_journeys(seed)
    weights = touch_weights(journeys, rule)
    assert (weights >= 0).all()
    assert np.add.reduceat(weights, journeys.starts[:-1]) == pytest.approx(np.ones(journeys.size), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_shares_of_channels_are_the_shapley_value_of_the_sum_game(seed: int) -> None:
    """A coalition is worth the conversions of the journeys that need no other channel; every order is tried."""
    journeys = random_journeys(seed, channels=5)
    won = [(set(journeys.path(n)), float(journeys.conversions[n])) for n in range(journeys.size)]
    names = journeys.channels
    value = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        members: set[str] = set()
        for name in order:
            before = sum(count for channels, count in won if channels <= members)
            members.add(name)
            value[name] += sum(count for channels, count in won if channels <= members) - before
    exact = [value[name] / len(orders) for name in names]
    assert credits_of(journeys, "shapley")[0].tolist() == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_ordered_shapley_values_are_those_of_every_order_of_joining(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = ConversionModel(-1.0, rng.normal(size=6), rng.normal(size=6))
    sequence = rng.permutation(6)[: rng.integers(1, 6)]

    def worth(members: tuple[int, ...]) -> float:
        met = [code for code in sequence if code in members]
        last = model.last[met[-1]] if met else 0.0
        return float(expit(model.base + sum(model.met[code] for code in met) + last))

    exact = np.zeros(sequence.size)
    orders = list(permutations(sequence.tolist()))
    for order in orders:
        for place, code in enumerate(order):
            exact[sequence.tolist().index(code)] += worth(order[: place + 1]) - worth(order[:place])
    assert shapley_values(sequence[None, :], model)[0] == pytest.approx(exact / len(orders), abs=1e-12)
    assert exact.sum() / len(orders) == pytest.approx(worth(tuple(sequence)) - worth(()), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", [1, 2])
def test_removal_effects_are_those_of_the_chain_solved_without_the_channel(seed: int, order: int) -> None:
    journeys = random_journeys(seed)
    effects = removal_effects(journeys, order)
    rate, value = _solved(journeys, order, None)
    for code in range(len(journeys.channels)):
        left, worth = _solved(journeys, order, code)
        assert effects.conversions[code] == pytest.approx(1 - left / rate, abs=1e-9)
        assert effects.value[code] == pytest.approx(1 - worth / value, abs=1e-9)
    assert effects.conversion_rate == pytest.approx(rate, abs=1e-12)


def test_a_touch_after_one_of_the_same_channel_changes_no_removal_effect_of_order_one() -> None:
    longer = random_journeys(11, journeys=300, channels=3)
    paths = [longer.path(number) for number in range(longer.size)]
    shorter = journeys_of_paths(
        [[name for name, _ in groupby(path)] for path in paths], longer.conversions, longer.value, longer.nulls
    )
    assert shorter.codes.size < longer.codes.size
    first, second = ([removal_effects(one, order).conversions for one in (longer, shorter)] for order in (1, 2))
    assert first[0] == pytest.approx(first[1], abs=1e-12)
    assert abs(second[0] - second[1]).max() > 1e-4, "with two touches remembered, repetition counts"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("method", METHODS)
def test_credits_add_up_and_are_bit_identical_again(seed: int, method: str) -> None:
    journeys = random_journeys(seed, journeys=200, channels=7)
    for found, amounts in zip(credits_of(journeys, method), (journeys.conversions, journeys.value), strict=True):
        assert abs(found.sum() - amounts.sum()) < 1e-9
    assert (
        credits_of(journeys, method)[0] == credits_of(random_journeys(seed, journeys=200, channels=7), method)[0]
    ).all()


def test_the_conversion_model_finds_what_was_planted() -> None:
    rng = np.random.default_rng(5)
    names = ["a", "b", "c", "d"]
    paths = [[names[c] for c in rng.integers(0, 4, rng.integers(1, 5))] for _ in range(30_000)]
    met, last = np.array([1.2, 0.0, -0.6, 0.4]), np.array([0.0, 0.9, 0.0, 0.0])
    odds = [-1.5 + sum(met[names.index(n)] for n in set(path)) + last[names.index(path[-1])] for path in paths]
    won = (rng.random(len(paths)) < expit(odds)).astype(float)
    model = fit_conversion(journeys_of_paths(paths, won, won, 1 - won))
    # the base and the last channels are told apart by the penalty alone: compared are differences
    assert model.met == pytest.approx(met, abs=0.12)
    assert model.last - model.last.mean() == pytest.approx(last - last.mean(), abs=0.12)


def test_channels_of_a_very_long_journey_beyond_the_latest_have_no_part() -> None:
    names = [f"c{number:02}" for number in range(MOST_CHANNELS + 3)]
    journeys = journeys_of_paths([names], [1], [1], [0])
    model = ConversionModel(-1.0, np.full(len(names), 0.2), np.zeros(len(names)))
    weights = ordered_weights(journeys, model)
    assert weights[:3].tolist() == [0, 0, 0]
    assert weights.sum() == pytest.approx(1)


def test_where_no_channel_adds_anything_they_share_equally() -> None:
    journeys = journeys_of_paths([["a", "b", "a"]], [1], [1], [0])
    model = ConversionModel(0.0, np.array([-1.0, -1.0]), np.zeros(2))
    assert ordered_weights(journeys, model).tolist() == pytest.approx([0.25, 0.5, 0.25])


def test_five_hundred_channels() -> None:
    rng = np.random.default_rng(3)
    lengths = np.minimum(rng.geometric(0.2, 5_000), 40)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    won = (rng.random(5_000) < 0.2).astype(float)
    journeys = Journeys(
        tuple(f"c{n}" for n in range(500)), rng.integers(0, 500, starts[-1]), starts, won, 20 * won, 1 - won,
        rng.uniform(0, 30, starts[-1]),
    )  # fmt: skip
    credits = attribute(journeys)
    assert credits.left_out == {}
    assert all(np.isfinite(found).all() and (found >= 0).all() for found in credits.conversions.values())
    with pytest.raises(FixArguments, match=str(MOST_SECOND_ORDER)):
        removal_effects(journeys, 2)


def test_a_channel_that_only_counts_nothing_has_nothing() -> None:
    journeys = journeys_of_paths([["a", "b"], ["c"], ["b"]] * 40, [1, 0, 1] * 40, [1, 0, 1] * 40, [1, 0, 2] * 40)
    assert removal_effects(journeys).conversions[2] == 0.0


@pytest.mark.parametrize(
    ("paths", "won", "lost", "said"),
    [
        ([["a", "b"]] * 40, [1] * 40, [0] * 40, "40 journeys are known"),
        ([["a", "b"]] * 200, [1] * 10 + [0] * 190, [0] * 10 + [1] * 190, "10 conversions"),
        ([["a", "a"]] * 200, [1] * 200, [1] * 200, "one channel, a"),
    ],
)
def test_too_little_is_refused_with_what_is_missing(
    paths: list[list[str]], won: list[int], lost: list[int], said: str
) -> None:
    with pytest.raises(NoSuchData, match=said):
        attribute(journeys_of_paths(paths, won, won, lost))


def test_where_everybody_converts_the_learnt_methods_are_left_out_with_the_reason() -> None:
    journeys = journeys_of_paths([["a", "b"], ["b"]] * 60, [1] * 120, [1] * 120)
    credits = attribute(journeys)
    assert {"markov", "data_driven", "time_decay"} == set(credits.left_out)
    assert "Every journey ended in a conversion" in credits.left_out["markov"]
    assert credits.conversions["last"].tolist() == [0, 120]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: journeys_of_paths([[]], [1]), "at least one touch"),
        (lambda: journeys_of_paths([["a"]], [-1]), "counts from 0"),
        (lambda: journeys_of_paths([["a"]], [float("nan")]), "finite figure of conversions"),
        (lambda: journeys_of_paths([["a"]], [1, 2]), "one finite figure of conversions"),
        (lambda: journeys_of_paths([["a"]], [1], None, None, [[-3.0]]), "age in days"),
        (lambda: touch_weights(one("a"), "best"), "no rule 'best'"),
        (lambda: attribute(random_journeys(1), ("magic",)), "no method 'magic'"),
        (lambda: removal_effects(random_journeys(1), 3), "1 or 2"),
        (lambda: RuleSettings(half_life_days=0), "above 0"),
        (lambda: RuleSettings(first_share=0.7, last_share=0.7), "0 to 1 in all"),
    ],
)
def test_wrong_input_is_named(make: object, said: str) -> None:
    with pytest.raises((FixArguments, NoSuchData), match=said):
        make()  # type: ignore[operator]


def test_lines_are_the_form_in_which_other_ways_of_crediting_stand_beside_it() -> None:
    lines = attribute(random_journeys(2, journeys=200)).lines()
    assert {line.basis for line in lines if line.method in ("markov", "data_driven")} == {"model"}
    for method in METHODS:
        assert sum(line.share for line in lines if line.method == method) == pytest.approx(1)


def test_weights_of_touches_tell_the_path_of_one_order() -> None:
    won, weights = weights_of(random_journeys(4, journeys=200), "data_driven")
    assert won.conversions.min() > 0
    assert np.add.reduceat(weights, won.starts[:-1]) == pytest.approx(np.ones(won.size))


def _solved(journeys: Journeys, order: int, without: int | None) -> tuple[float, float]:
    """Chance to convert and value earned, by a dense chain over named states."""
    states: dict[tuple[int, ...], int] = {(): 0}
    steps: list[tuple[int, int | str, float, float]] = []
    for number in range(journeys.size):
        codes = journeys.codes[journeys.starts[number] : journeys.starts[number + 1]].tolist()
        won, lost = float(journeys.conversions[number]), float(journeys.nulls[number])
        state: tuple[int, ...] = ()
        for code in codes:
            after = (*state, code)[-order:]
            states.setdefault(after, len(states))
            steps.append((states[state], states[after], won + lost, 0.0))
            state = after
        steps.append((states[state], "won", won, float(journeys.value[number])))
        steps.append((states[state], "lost", lost, 0.0))
    size = len(states)
    moves, wins, earns, total = np.zeros((size, size)), np.zeros(size), np.zeros(size), np.zeros(size)
    for here, there, weight, value in steps:
        total[here] += weight
        if there == "won":
            wins[here] += weight
            earns[here] += value
        elif isinstance(there, int):
            moves[here, there] += weight
    total[total == 0] = 1.0
    gone = [place for state, place in states.items() if state and state[-1] == without]
    moves[:, gone] = 0.0
    inverse = np.linalg.inv(np.eye(size) - moves / total[:, None])
    return float(inverse[0] @ (wins / total)), float(inverse[0] @ (earns / total))
