"""Which of several labels a text belongs to, by its vector: multinomial logistic regression, calibrated, with "none".

Fitted in a second on some thousand examples: softmax regression with an L2 penalty (Bishop, Pattern Recognition and
Machine Learning, 2006, 4.3.4) by L-BFGS, its probabilities scaled by one temperature that is chosen on held-out folds
(Guo et al., On Calibration of Modern Neural Networks, 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Classifier", "fit", "load"]

Floats = NDArray[np.float64]
FOLDS = 4
TEMPERATURES = tuple(np.geomspace(0.3, 3.0, 25))


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels with their weights (features + 1, labels); the last row is the bias."""

    labels: tuple[str, ...]
    weights: Floats
    temperature: float

    def probabilities(self, features: NDArray[np.floating]) -> Floats:
        """P(label | features): (n, labels) for features (n, d)."""
        return _softmax(_with_bias(features) @ self.weights / self.temperature)

    def save(self, path: Path) -> None:
        """Write it to `path` (.npz), whole or not at all."""
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, labels=np.array(self.labels), weights=self.weights, temperature=self.temperature)
        unfinished.replace(path)


def load(path: Path) -> Classifier:
    """A classifier that was saved."""
    with np.load(path, allow_pickle=False) as kept:
        return Classifier(tuple(map(str, kept["labels"])), kept["weights"], float(kept["temperature"]))


def fit(features: NDArray[np.floating], labels: Sequence[str], *, penalty: float = 0.002) -> Classifier:
    """Fit on features (n, d) with a label each; every label weighs the same, however many examples it has."""
    known = tuple(sorted(set(labels)))
    target = np.array([known.index(label) for label in labels])
    weights = _fitted(features, target, len(known), penalty)
    return Classifier(known, weights, _temperature(features, target, len(known), penalty))


def _fitted(features: NDArray[np.floating], target: NDArray[np.int_], labels: int, penalty: float) -> Floats:
    from scipy.optimize import minimize

    inputs = _with_bias(features)
    hot = np.eye(labels)[target]
    share = 1 / np.maximum(np.bincount(target, minlength=labels), 1)[target]
    share = share / share.sum()

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(inputs.shape[1], labels)
        chance = _softmax(inputs @ weights)
        told = np.log(np.maximum((chance * hot).sum(1), 1e-12))
        free = weights.copy()
        free[-1] = 0  # the bias is not penalised
        slope = inputs.T @ ((chance - hot) * share[:, None]) + penalty * free
        return float(-(share * told).sum() + penalty / 2 * (free * free).sum()), slope.ravel()

    start = np.zeros(inputs.shape[1] * labels)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x).reshape(inputs.shape[1], labels)


def _temperature(features: NDArray[np.floating], target: NDArray[np.int_], labels: int, penalty: float) -> float:
    """The temperature under which held-out examples are likeliest."""
    folds = np.random.default_rng(0).integers(0, FOLDS, len(target))
    scores, truths = [], []
    for fold in range(FOLDS):
        held = folds == fold
        weights = _fitted(features[~held], target[~held], labels, penalty)
        scores.append(_with_bias(features[held]) @ weights)
        truths.append(target[held])
    score, truth = np.concatenate(scores), np.concatenate(truths)
    rows = np.arange(len(truth))
    return float(max(TEMPERATURES, key=lambda t: np.log(_softmax(score / t)[rows, truth] + 1e-12).mean()))


def _with_bias(features: NDArray[np.floating]) -> Floats:
    return np.hstack([features, np.ones((len(features), 1))])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    scaled: Floats = powers / powers.sum(1, keepdims=True)
    return scaled
