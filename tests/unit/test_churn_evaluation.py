"""Survival measures against published figures, lifelines, and hand calculation."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import concordance_index

from analytics.churn.evaluation import (
    brier_scores,
    calibration,
    calibration_error,
    censoring_curve,
    concordance,
    integrated_brier,
    kaplan_meier,
)
from core.errors import FixArguments
from tests.unit.customer_histories import published


def censored_sample(size: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=size)
    leaves, seen = rng.exponential(np.exp(-risk)) * 50, rng.exponential(60, size)
    return np.ceil(np.minimum(leaves, seen)), leaves <= seen, risk


def test_telco_month_to_month_with_internet_is_the_published_curve() -> None:
    rows = pl.read_csv(published("telco_churn/telco_churn.csv.gz"))
    chosen = rows.filter(pl.col("Contract") == "Month-to-month", pl.col("InternetService") != "No")
    event = (chosen["Churn"] == "Yes").to_numpy()
    assert (chosen.height, int(event.sum())) == (3351, 1556)
    curve = kaplan_meier(chosen["tenure"].to_numpy(), event)
    assert curve.median() == 34.0
    assert curve.at([6, 12, 24, 48, 60]).round(4).tolist() == [0.7803, 0.6950, 0.5753, 0.3872, 0.2890]


def test_kaplan_meier_equals_lifelines() -> None:
    t, event, _ = censored_sample()
    theirs = KaplanMeierFitter().fit(t, event)
    ours = kaplan_meier(t, event)
    assert ours.at(theirs.survival_function_.index).tolist() == pytest.approx(
        theirs.survival_function_["KM_estimate"].tolist()
    )


def test_unweighted_concordance_equals_lifelines() -> None:
    t, event, risk = censored_sample()
    risk = risk.round(1)  # with ties
    assert concordance(t, event, risk, weighted=False) == pytest.approx(concordance_index(t, -risk, event), abs=2e-3)


def test_weighted_concordance_undoes_the_censoring() -> None:
    rng = np.random.default_rng(2)
    risk = rng.normal(size=4000)
    leaves, seen = rng.exponential(np.exp(-risk)) * 50, rng.uniform(10, 120, 4000)
    full = concordance(leaves, np.ones(4000), risk, horizon=60, weighted=False)
    cut = concordance(np.minimum(leaves, seen), leaves <= seen, risk, horizon=60)
    assert full is not None
    assert cut == pytest.approx(full, abs=0.01)


def test_concordance_of_a_sample_and_of_nothing() -> None:
    t, event, risk = censored_sample(3000)
    assert concordance(t, event, risk, most=1000, seed=4) == pytest.approx(concordance(t, event, risk), abs=0.03)
    assert concordance([1.0, 2.0], [0, 0], [0.1, 0.2]) is None


def test_brier_score_by_hand() -> None:
    t, event = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 0, 1, 1])
    survival = np.array([[0.2], [0.5], [0.6], [0.9]])
    # G(t) drops to 2/3 at t = 2 (3 at risk): at 2.5 the second is unknown, the stayers count 3/2 each
    assert censoring_curve(t, event).at([1.9, 2.0]).tolist() == pytest.approx([1.0, 2 / 3])
    expected = (0.2**2 + 1.5 * 0.4**2 + 1.5 * 0.1**2) / 4
    assert brier_scores(t, event, survival, [2.5])[0] == pytest.approx(expected)


def test_brier_score_under_censoring_is_near_the_uncensored_one() -> None:
    rng = np.random.default_rng(5)
    leaves, seen = rng.exponential(50, 20_000), rng.uniform(5, 150, 20_000)
    times = np.array([10.0, 30.0, 60.0])
    survival = np.repeat(np.exp(-times / 50)[None], 20_000, axis=0)
    full = np.mean(((leaves[:, None] > times) - survival) ** 2, axis=0)
    assert brier_scores(np.minimum(leaves, seen), leaves <= seen, survival, times) == pytest.approx(full, abs=0.005)
    assert integrated_brier(leaves, np.ones(20_000), survival, times) == pytest.approx(
        float(np.trapezoid(full, times) / 50)
    )


def test_calibration_groups_and_error() -> None:
    rng = np.random.default_rng(6)
    chance = rng.uniform(0, 1, 20_000)
    duration = np.where(rng.random(20_000) < chance, 10.0, 90.0)
    rows = calibration(duration, duration < 30, chance, 30.0)
    assert len(rows) == 5
    assert calibration_error(rows) < 0.02
    worse = calibration(duration, duration < 30, chance / 2, 30.0)
    assert calibration_error(worse) == pytest.approx(0.25, abs=0.03)
    assert len(calibration(duration, duration < 30, np.full(20_000, 0.5), 30.0)) == 1


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(FixArguments, match="shape"):
        brier_scores([1.0, 2.0], [1, 1], np.ones((3, 1)), [1.0])
    with pytest.raises(FixArguments, match="equally long"):
        kaplan_meier([1.0], [1, 0])
