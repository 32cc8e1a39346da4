"""Fast candidates for the effect of a treatment on each customer: T- and X-learner of LightGBM regressions.

Künzel, Sekhon, Bickel & Yu 2019, "Metalearners for estimating heterogeneous treatment effects".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import GiveUp

__all__ = ["EffectModel", "TLearner", "XLearner"]

Array = NDArray[np.float64]
SMALLEST_LEAF = 20


class EffectModel(Protocol):
    """What the comparison of candidates needs of a model."""

    @property
    def name(self) -> str: ...

    def fit(self, features: Array, treated: NDArray[np.bool_], outcome: Array, *, seed: int) -> None:
        """Learn from randomised customers: features (n, p) with NaN for unknown, treated (n,), outcome (n,)."""

    def effect(self, features: Array) -> Array:
        """Expected change of the outcome by the treatment, (n,)."""


@dataclass(slots=True)
class TLearner:
    """One regression of the outcome an arm; the effect is their difference."""

    name: str = "t_learner"
    arms: list[Any] = field(default_factory=list)

    def fit(self, features: Array, treated: NDArray[np.bool_], outcome: Array, *, seed: int) -> None:
        self.arms = [_fit(features[treated == arm], outcome[treated == arm], seed) for arm in (False, True)]

    def effect(self, features: Array) -> Array:
        without, treated = (_predict(model, features) for model in _fitted(self.arms, self.name))
        return np.asarray(treated - without)


@dataclass(slots=True)
class XLearner:
    """Effects imputed with the other arm's regression, learnt again, and weighted by the share treated."""

    name: str = "x_learner"
    stages: list[Any] = field(default_factory=list)
    share: float = 0.5

    def fit(self, features: Array, treated: NDArray[np.bool_], outcome: Array, *, seed: int) -> None:
        base = TLearner()
        base.fit(features, treated, outcome, seed=seed)
        without, given = base.arms
        on_treated = outcome[treated] - _predict(without, features[treated])
        on_control = _predict(given, features[~treated]) - outcome[~treated]
        self.stages = [_fit(features[~treated], on_control, seed), _fit(features[treated], on_treated, seed)]
        self.share = float(treated.mean())

    def effect(self, features: Array) -> Array:
        of_control, of_treated = (_predict(model, features) for model in _fitted(self.stages, self.name))
        return np.asarray(self.share * of_control + (1 - self.share) * of_treated)


def _fit(features: Array, outcome: Array, seed: int) -> Any:
    """A small, strongly regularised regression: effects are faint beside the outcome's noise."""
    import lightgbm as lgb

    parameters = {
        "objective": "regression",
        "learning_rate": 0.05,
        "num_leaves": 8,
        "min_data_in_leaf": max(SMALLEST_LEAF, len(outcome) // 50),
        "lambda_l2": 10.0,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "feature_fraction": 0.8,
        "num_threads": 1,
        "deterministic": True,
        "force_col_wise": True,
        "verbose": -1,
        "seed": seed,
    }
    return lgb.train(parameters, lgb.Dataset(features, outcome), num_boost_round=80)


def _predict(model: Any, features: Array) -> Array:
    return np.asarray(model.predict(features, num_threads=1), dtype=np.float64)


def _fitted(models: list[Any], name: str) -> list[Any]:
    if not models:
        raise GiveUp(f"{name} is asked before it was fitted.")
    return models
