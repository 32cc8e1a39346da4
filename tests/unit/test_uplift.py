"""Measured lift and who responds: published figures, planted effects, honest 'little' where there is little."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analytics.features.compute import compute_features
from analytics.features.dictionary import NUMBER_NAMES
from analytics.uplift.champion import Response, learn_response
from analytics.uplift.effects import arm_effects, cuped, difference_in_means, ratio_mismatch, sample_size
from analytics.uplift.learners import XLearner
from analytics.uplift.targeting import evaluate_targeting, qini_area, qini_curve
from connectors.sources.demo.shop import DemoShop
from core.errors import FixArguments
from core.event_kinds import EVENT_KINDS

# From the data set's own page: differences in means on this half.
PUBLISHED = {
    ("Mens E-Mail", "visit"): 0.081974,
    ("Mens E-Mail", "conversion"): 0.006894,
    ("Mens E-Mail", "spend"): 0.782400,
    ("Womens E-Mail", "visit"): 0.051695,
    ("Womens E-Mail", "conversion"): 0.004196,
    ("Womens E-Mail", "spend"): 0.566589,
}


@pytest.fixture(scope="module")
def hillstrom(shared_data: Path) -> pl.DataFrame:
    return pl.read_csv(shared_data / "hillstrom" / "hillstrom_half.csv.gz")


def response_to(frame: pl.DataFrame, arm: str, *, forest: bool, seed: int = 0) -> Response:
    pair = frame.filter(pl.col("segment").is_in([arm, "No E-Mail"]))
    words = [pl.col(name).rank("dense").cast(pl.Float64) for name in ("zip_code", "channel")]
    features = pair.select("recency", "history", "mens", "womens", "newbie", *words).cast(pl.Float64).to_numpy()
    treated = (pair["segment"] == arm).to_numpy()
    return learn_response(features, treated, pair["visit"].to_numpy().astype(float), seed=seed, forest=forest)


def planted(size: int, seed: int, strength: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(size, 6))
    features[rng.random((size, 6)) < 0.05] = np.nan
    effect = 0.10 + strength * np.sign(np.nan_to_num(features[:, 0]))
    treated = rng.random(size) < 0.5
    outcome = (rng.random(size) < 0.15 + treated * effect).astype(float)
    return features, treated, outcome, effect


@pytest.mark.parametrize("outcome", ["visit", "conversion", "spend"])
def test_the_published_effects_of_both_e_mails(hillstrom: pl.DataFrame, outcome: str) -> None:
    effects = arm_effects(hillstrom[outcome].to_numpy(), hillstrom["segment"].to_list(), control="No E-Mail")
    assert {(e.arm, outcome): round(e.difference, 6) for e in effects} == {
        key: value for key, value in PUBLISHED.items() if key[1] == outcome
    }
    for effect in effects:
        groups = [hillstrom.filter(pl.col("segment") == arm)[outcome].to_numpy() for arm in (effect.arm, "No E-Mail")]
        theirs = stats.ttest_ind(*groups, equal_var=False)
        assert effect.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
        assert (effect.low, effect.high) == pytest.approx(tuple(theirs.confidence_interval()), rel=1e-9)


def test_the_womens_e_mail_works_better_on_some_and_the_mens_hardly(hillstrom: pl.DataFrame) -> None:
    women, men = (response_to(hillstrom, arm, forest=False) for arm in ("Womens E-Mail", "Mens E-Mail"))
    assert women.verdict == "heterogeneous"
    assert women.targeting is not None
    assert women.targeting.gain.low > 0
    assert women.model is not None
    assert men.verdict == "little or no heterogeneity"
    assert men.model is None
    assert set(men.effects(np.zeros((3, 7)))) == {men.average.difference}


@pytest.mark.slow
def test_the_causal_forest_agrees(hillstrom: pl.DataFrame) -> None:
    women, men = (response_to(hillstrom, arm, forest=True) for arm in ("Womens E-Mail", "Mens E-Mail"))
    assert {name for name, _ in women.comparison} == {"t_learner", "x_learner", "causal_forest"}
    assert (women.verdict, men.verdict) == ("heterogeneous", "little or no heterogeneity")


@pytest.mark.slow
def test_a_forest_alone_recovers_planted_effects() -> None:
    from analytics.uplift.forest import CausalForest

    features, treated, outcome, effect = planted(4_000, 3, 0.08)
    forest = CausalForest()
    forest.fit(features, treated, outcome, seed=1)
    assert np.corrcoef(forest.effect(features), effect)[0, 1] > 0.7
    low, high = forest.interval(features, 0.95)
    assert (low < high).all()


def test_planted_effects_are_recovered_and_absent_ones_are_not_found() -> None:
    features, treated, outcome, effect = planted(6_000, 1, 0.09)
    found = learn_response(features, treated, outcome, seed=0, forest=False)
    assert found.verdict == "heterogeneous"
    assert np.corrcoef(found.effects(features), effect)[0, 1] > 0.7
    assert found.average.low < effect.mean() < found.average.high
    none = learn_response(*planted(6_000, 2, 0.0)[:3], seed=0, forest=False)
    assert none.verdict == "little or no heterogeneity"


def test_small_trials_are_measured_but_not_split() -> None:
    features, treated, outcome, _ = planted(120, 4, 0.09)
    small = learn_response(features, treated, outcome, seed=0)
    assert (small.verdict, small.champion, small.model) == ("not enough data", None, None)
    assert small.average.treated + small.average.control == 120
    with pytest.raises(FixArguments, match="at least two"):
        difference_in_means([1.0, 2.0, 3.0], [True, True, True])
    with pytest.raises(FixArguments, match="not finite"):
        difference_in_means([1.0, np.nan, 3.0, 4.0], [True, True, False, False])


def test_no_spread_is_no_traceback() -> None:
    nobody = difference_in_means(np.zeros(10), np.arange(10) < 5)
    assert (nobody.difference, nobody.p_value, nobody.relative) == (0.0, 1.0, None)


def test_cuped_keeps_the_difference_and_narrows_the_interval() -> None:
    rng = np.random.default_rng(5)
    before = rng.gamma(2, 50, 4_000)
    treated = rng.random(4_000) < 0.5
    after = 0.8 * before + rng.normal(0, 20, 4_000) + 6 * treated
    plain, adjusted = (difference_in_means(after, treated, before=b) for b in (None, before))
    assert adjusted.standard_error < 0.6 * plain.standard_error
    assert adjusted.low < 6 < adjusted.high
    assert adjusted.variance_reduction == pytest.approx(np.corrcoef(after, before)[0, 1] ** 2, abs=1e-9)
    assert cuped(after, before).mean() == pytest.approx(after.mean())


def test_intervals_hold_what_they_promise() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(400):
        treated = rng.random(300) < 0.5
        effect = difference_in_means((rng.random(300) < 0.2 + 0.1 * treated).astype(float), treated)
        held += effect.low < 0.1 < effect.high
    assert 0.92 <= held / 400 <= 0.98


def test_the_qini_curve_of_a_tiny_case_by_hand() -> None:
    share, gain = qini_curve([4, 3, 2, 1], [1, 0, 1, 1], [True, False, True, False])
    assert share.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert gain.tolist() == pytest.approx([0, 0, 0.5, 0.75, 0.5])


def test_a_right_ranking_has_area_a_wrong_one_loses_it() -> None:
    _, treated, outcome, effect = planted(20_000, 7, 0.1)
    assert qini_area(effect, outcome, treated) > 0.015
    assert qini_area(-effect, outcome, treated) < -0.015
    blind = evaluate_targeting(np.zeros(20_000), outcome, treated, seed=1, rounds=100)
    assert blind.verdict == "little or no heterogeneity"


def test_sample_sizes_are_the_textbook_s_and_hold_in_simulation() -> None:
    # Two arms, 10 % against 12 %: 3,841 an arm without continuity correction.
    assert sample_size(0.10, 0.02) == pytest.approx(2 * 3_841, abs=4)
    assert sample_size(0.10, 0.02, control_share=0.1) > sample_size(0.10, 0.02)
    rng = np.random.default_rng(8)
    size, found = sample_size(0.1, 0.1), 0
    for _ in range(400):
        treated = np.arange(size) < size // 2
        found += difference_in_means((rng.random(size) < 0.1 + 0.1 * treated).astype(float), treated).p_value < 0.05
    assert 0.74 <= found / 400 <= 0.87
    with pytest.raises(FixArguments, match="between 0 and 1"):
        sample_size(0.9, 0.2)


def test_a_split_that_cannot_be_chance_is_seen() -> None:
    assert ratio_mismatch(9_000, 1_000, 0.1) == pytest.approx(1.0)
    assert ratio_mismatch(9_200, 800, 0.1) < 1e-6


def test_learning_again_gives_the_same() -> None:
    features, treated, outcome, _ = planted(1_000, 9, 0.05)
    runs = []
    for _ in range(2):
        model = XLearner()
        model.fit(features, treated, outcome, seed=3)
        runs.append(model.effect(features))
    assert np.array_equal(*runs)


@pytest.mark.slow
def test_the_planted_campaign_of_a_large_demo_shop_is_found_by_customer() -> None:
    """40,000 customers: mean lift inside the interval, price-sensitive customers ranked above the others."""
    shop = DemoShop(end=datetime(2026, 6, 15, 12, tzinfo=UTC), customers=40_000)
    tables: dict[str, list[pl.DataFrame]] = {}
    for name, frame in shop.tables():
        tables.setdefault(name, []).append(frame)
    number = pl.col("customer_id").str.extract(r"(\d+)").cast(pl.Int64)
    orders = pl.concat(tables["orders"]).with_columns(
        number, pl.col("revenue", "discount", "quantity").cast(pl.Float64), channel=pl.lit(-1), location=pl.lit(-1)
    )
    events = pl.concat(tables["events"]).with_columns(number, pl.col("kind").cast(pl.Enum(EVENT_KINDS)).to_physical())
    sent = shop.truth.lift_sent_at
    features = compute_features(orders, pl.DataFrame(), events, as_of=sent, time_zone="UTC")
    window = pl.col("ordered_at").is_between(sent, sent + timedelta(days=30), closed="left") & ~pl.col("is_refund")
    bought = orders.filter(window).select("customer_id", bought=pl.lit(1.0)).unique()
    planted_lift = pl.concat(shop.customer_truth()).select(number, "lift_probability")
    people = (
        pl.concat(tables["assignments"])
        .with_columns(number)
        .join(features, on="customer_id", how="left")
        .join(bought, on="customer_id", how="left")
        .join(planted_lift, on="customer_id")
    )
    matrix = people.select(NUMBER_NAMES).cast(pl.Float64).fill_null(np.nan).to_numpy()
    treated = (people["arm"] == "treatment").to_numpy()
    found = learn_response(matrix, treated, people["bought"].fill_null(0.0).to_numpy(), seed=1, forest=False)
    truth = people["lift_probability"].to_numpy()
    assert found.average.low < truth.mean() < found.average.high
    assert found.verdict == "heterogeneous"
    assert np.corrcoef(found.effects(matrix), truth)[0, 1] > 0.45
