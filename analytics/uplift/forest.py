"""A causal forest for the effect of a treatment on each customer (econml's CausalForestDML)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import GiveUp

__all__ = ["CausalForest"]

Array = NDArray[np.float64]


@dataclass(slots=True)
class CausalForest:
    """Honest causal forest with orthogonalised outcome and treatment; unknown features take their median.

    Athey, Tibshirani & Wager 2019 (generalised random forests); econml's CausalForestDML, linear nuisance models
    (the treatment was drawn at random, so its model is only the share treated).
    """

    name: str = "causal_forest"
    trees: int = 200
    model: Any = None
    middle: Array = field(default_factory=lambda: np.empty(0))

    def fit(self, features: Array, treated: NDArray[np.bool_], outcome: Array, *, seed: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from econml.dml import CausalForestDML
            from sklearn.dummy import DummyClassifier
            from sklearn.ensemble import RandomForestRegressor

            known = np.isfinite(features).any(axis=0)
            self.middle = np.zeros(features.shape[1])
            self.middle[known] = np.nanmedian(features[:, known], axis=0)
            self.model = CausalForestDML(
                model_y=RandomForestRegressor(50, min_samples_leaf=50, n_jobs=1, random_state=seed),
                model_t=DummyClassifier(strategy="prior"),
                discrete_treatment=True,
                n_estimators=self.trees,
                min_samples_leaf=max(5, len(outcome) // 200),
                max_samples=0.4,
                cv=2,
                n_jobs=1,
                random_state=seed,
            )
            self.model.fit(outcome, treated.astype(np.int64), X=self._filled(features))

    def effect(self, features: Array) -> Array:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(self._fitted().effect(self._filled(features)), dtype=np.float64).ravel()

    def interval(self, features: Array, level: float) -> tuple[Array, Array]:
        """Pointwise interval of the effects (bootstrap of little bags)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            low, high = self._fitted().effect_interval(self._filled(features), alpha=1 - level)
        return np.asarray(low, dtype=np.float64).ravel(), np.asarray(high, dtype=np.float64).ravel()

    def _fitted(self) -> Any:
        if self.model is None:
            raise GiveUp(f"{self.name} is asked before it was fitted.")
        return self.model

    def _filled(self, features: Array) -> Array:
        return np.asarray(np.where(np.isfinite(features), features, self.middle))
