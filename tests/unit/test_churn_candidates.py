"""Candidate models against published figures and planted hazards."""

from __future__ import annotations

import pickle

import numpy as np
import polars as pl
import pytest

from analytics.churn.candidates import BoostedHazard, CoxModel, PopulationCurve
from analytics.churn.evaluation import concordance, integrated_brier
from analytics.churn.failure import FitFailure
from core.errors import GiveUp
from tests.unit.customer_histories import published

TIMES = np.arange(5.0, 91.0, 5.0)


def planted(size: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exponential leaving with log hazard 0.9 x0 − 0.6 x1, x2 noise, a tenth unknown; sight ends within 40-120 days."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(size, 3))
    leaves = rng.exponential(100 * np.exp(-0.9 * x[:, 0] + 0.6 * x[:, 1]))
    seen = rng.uniform(40, 120, size)
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, np.minimum(leaves, seen), (leaves <= seen).astype(float)


def test_cox_concordance_on_support_is_the_published_one() -> None:
    rows = pl.read_csv(published("survival/support.csv.gz"))
    names = [name for name in rows.columns if name.startswith("x")]
    train, test = rows.filter(split="train"), rows.filter(split="test")
    model = CoxModel(penalizer=0.0)
    model.fit(
        train.select(names).to_numpy(), names, train["duration"].to_numpy(), train["event"].to_numpy().astype(float)
    )
    risk = model.contributions(test.select(names).to_numpy()).sum(axis=1)
    found = concordance(test["duration"].to_numpy(), test["event"].to_numpy(), risk, weighted=False)
    assert found == pytest.approx(0.583, abs=0.005)


@pytest.mark.parametrize("model", [CoxModel(), BoostedHazard()])
def test_planted_hazards_are_found(model: CoxModel | BoostedHazard) -> None:
    x, t, event = planted()
    model.fit(x, ["a", "b", "c"], t, event)
    test_x, test_t, test_event = planted(seed=1)
    survival = model.survival(test_x, TIMES)
    base = PopulationCurve()
    base.fit(x, ["a", "b", "c"], t, event)
    assert np.all(np.diff(survival, axis=1) <= 1e-12)
    assert np.all((survival >= 0) & (survival <= 1))
    found = concordance(test_t, test_event, 1 - survival.mean(axis=1), horizon=90)
    assert found is not None
    assert found > 0.70  # perfect knowledge reaches about .74 with a tenth unknown
    ours, theirs = (integrated_brier(test_t, test_event, s, TIMES) for s in (survival, base.survival(test_x, TIMES)))
    assert ours < 0.9 * theirs
    parts = model.contributions(test_x)
    known = np.isfinite(test_x).all(axis=1)
    assert np.corrcoef(parts[known, 0], test_x[known, 0])[0, 1] > 0.85
    assert np.corrcoef(parts[known, 1], test_x[known, 1])[0, 1] < -0.85
    assert np.abs(parts[:, 2]).mean() < 0.25 * np.abs(parts[:, 0]).mean()


def test_cox_coefficients_are_the_planted_ones() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(5000, 2))
    leaves = rng.exponential(50 * np.exp(-0.9 * x[:, 0] + 0.6 * x[:, 1]))
    model = CoxModel(penalizer=0.0)
    model.fit(x, ["a", "b"], np.minimum(leaves, 90), (leaves <= 90).astype(float))
    assert model.inputs is not None
    assert (model.coefficients / model.inputs.sd).tolist() == pytest.approx([0.9, -0.6], abs=0.08)


def test_boosted_hazard_expands_only_what_was_seen() -> None:
    rows, bins, targets = BoostedHazard(bin_days=10, bins=3)._expand(
        np.array([5.0, 10.0, 25.0, 29.0, 30.0, 95.0]), np.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    )
    seen = sorted(zip(rows.tolist(), bins.tolist(), targets.tolist(), strict=True))
    assert seen == [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (2, 0, 0.0), (2, 1, 0.0),
        (3, 0, 0.0), (3, 1, 0.0), (3, 2, 1.0),
        (4, 0, 0.0), (4, 1, 0.0), (4, 2, 0.0),
        (5, 0, 0.0), (5, 1, 0.0), (5, 2, 0.0),
    ]  # fmt: skip


def test_boosted_hazard_without_information_gives_the_population_curve() -> None:
    rng = np.random.default_rng(9)
    leaves = rng.exponential(60, 6000)
    model = BoostedHazard()
    model.fit(rng.normal(size=(6000, 2)), ["a", "b"], np.minimum(leaves, 90), (leaves <= 90).astype(float))
    mean = model.survival(rng.normal(size=(500, 2)), TIMES).mean(axis=0)
    assert mean == pytest.approx(np.exp(-TIMES / 60), abs=0.03)


@pytest.mark.parametrize("model", [PopulationCurve(), CoxModel(), BoostedHazard()])
def test_fitted_models_survive_pickling(model: PopulationCurve | CoxModel | BoostedHazard) -> None:
    x, t, event = planted(600)
    model.fit(x, ["a", "b", "c"], t, event)
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.survival(x, TIMES), model.survival(x, TIMES))


def test_what_cannot_be_fitted_is_said() -> None:
    same, t = np.ones((50, 2)), np.linspace(1, 80, 50)
    with pytest.raises(FitFailure, match="varies"):
        CoxModel().fit(same, ["a", "b"], t, np.ones(50))
    with pytest.raises(FitFailure, match="both kinds"):
        BoostedHazard().fit(same, ["a", "b"], t, np.zeros(50))
    with pytest.raises(GiveUp, match="fitted"):
        PopulationCurve().survival(same, TIMES)
