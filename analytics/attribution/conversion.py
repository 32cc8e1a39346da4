"""The chance that a journey converts, from which channels it met and which one last: a ridge logistic regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from analytics.attribution.journeys import Floats, Journeys
from core.errors import NoSuchData

__all__ = ["ConversionModel", "fit_conversion"]

RIDGE = 1.0
STEPS, CLOSE = 50, 1e-9
CHUNK = 200_000


@dataclass(frozen=True, slots=True)
class ConversionModel:
    """log-odds = `base` + sum of `met` over the channels met + `last` of the last one; (channels,) each."""

    base: float
    met: Floats
    last: Floats


def fit_conversion(journeys: Journeys) -> ConversionModel:
    """Fit on all journeys, those that did not convert included; Newton's method, so the same every time.

    The penalty is half the sum of squares of the coefficients, the base left out. NoSuchData where no journey converts
    or each does.
    """
    won, tried = journeys.conversions, journeys.conversions + journeys.nulls
    if not won.sum() > 0:
        raise NoSuchData("No journey ended in a conversion.")
    if not journeys.nulls.sum() > 0:
        raise NoSuchData("Every journey ended in a conversion: what makes one convert cannot be learnt from them.")
    design = _design(journeys)
    penalty = np.full(design.shape[1], RIDGE)
    penalty[0] = 0.0
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(won.sum() / (tried.sum() - won.sum()))
    loss = _loss(design, won, tried, weights, penalty)
    for _ in range(STEPS):
        step = _newton(design, won, tried, weights, penalty)
        weights, loss, moved = _descend(design, won, tried, weights, step, penalty, loss)
        if moved < CLOSE:
            break
    count = len(journeys.channels)
    return ConversionModel(float(weights[0]), weights[1 : count + 1], weights[count + 1 :])


def _design(journeys: Journeys) -> sparse.csr_matrix:
    """One row a journey: 1, the channels met, the last channel."""
    count = len(journeys.channels)
    owners, channels, _ = journeys.pairs
    every = np.arange(journeys.size)
    rows = np.concatenate([every, owners, every])
    final = journeys.codes[journeys.starts[1:] - 1]
    columns = np.concatenate([np.zeros_like(every), channels + 1, final + count + 1])
    return sparse.csr_matrix((np.ones(rows.size), (rows, columns)), shape=(journeys.size, 2 * count + 1))


def _newton(design: sparse.csr_matrix, won: Floats, tried: Floats, weights: Floats, penalty: Floats) -> Floats:
    chance = expit(design @ weights)
    gradient = design.T @ (tried * chance - won) + penalty * weights
    spread = tried * chance * (1 - chance)
    curvature = np.diag(penalty)
    for begin in range(0, design.shape[0], CHUNK):
        rows = design[begin : begin + CHUNK]
        scaled = rows.multiply(spread[begin : begin + CHUNK, None]).tocsr()
        curvature = curvature + (rows.T @ scaled).toarray()
    curvature[0, 0] += 1e-9  # where every chance is 0 or 1
    return np.asarray(np.linalg.solve(curvature, gradient))


def _descend(
    design: sparse.csr_matrix, won: Floats, tried: Floats, weights: Floats, step: Floats, penalty: Floats, loss: float
) -> tuple[Floats, float, float]:
    """The step, halved until it does not make matters worse; the new weights, their loss, and how far they moved."""
    for _ in range(STEPS):
        tried_weights = weights - step
        found = _loss(design, won, tried, tried_weights, penalty)
        if found <= loss:
            return tried_weights, found, float(np.abs(step).max())
        step = step / 2
    return weights, loss, 0.0


def _loss(design: sparse.csr_matrix, won: Floats, tried: Floats, weights: Floats, penalty: Floats) -> float:
    odds = design @ weights
    return float((tried * np.logaddexp(0, odds) - won * odds).sum() + (penalty * weights**2).sum() / 2)
