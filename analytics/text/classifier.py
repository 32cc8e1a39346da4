"""Which of several labels a text belongs to, by its vector: multinomial logistic regression.

Learnt with scikit-learn, read with one product of matrices, so that the process that answers does not load it. On
held-out folds of phrasings its probabilities are close to how often it is right, so they are not scaled again.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 4.3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Classifier", "fit"]

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels with their weights (features + 1, labels); the last row is the bias."""

    labels: tuple[str, ...]
    weights: Floats

    def probabilities(self, features: Floats) -> Floats:
        """P(label | features): (n, labels) for features (n, d)."""
        scores = features @ self.weights[:-1] + self.weights[-1]
        powers = np.exp(scores - scores.max(1, keepdims=True))
        chances: Floats = powers / powers.sum(1, keepdims=True)
        return chances


def fit(features: Floats, labels: Sequence[str], *, strength: float = 60.0) -> Classifier:
    """Learn from features (n, d) with a label each; `strength` is the inverse of the L2 penalty."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=300).fit(features, list(labels))
    return Classifier(tuple(map(str, model.classes_)), np.vstack([model.coef_.T, model.intercept_]))
