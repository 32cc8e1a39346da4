"""Exponential smoothing with a damped trend (Gardner & McKenzie 1985), its three weights chosen on a grid."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["damped_forecast", "smoothed"]

Floats = NDArray[np.float64]
_LEVEL = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
_TREND = (0.0, 0.05, 0.1, 0.2)
_DAMPING = (0.8, 0.9, 0.97)
_GRID: Final = np.array([(a, b, d) for a, b, d in product(_LEVEL, _TREND, _DAMPING) if b > 0 or d == _DAMPING[0]])
_WARM = 4  # steps whose mean the level starts from, and whose errors do not count


def damped_forecast(values: Floats, horizon: int) -> Floats:
    """The next `horizon` values, (horizon,); by the weights with the least squared error one step ahead.

    l = α y + (1-α)(l + φ b), b = β (l - l') + (1-β) φ b; ŷ_h = l + (φ + … + φ^h) b. Starts from the mean of the first
    four values without a trend.
    """
    level, trend, errors = smoothed(values, _GRID[:, 0], _GRID[:, 1], _GRID[:, 2])
    best = int(errors.argmin())
    damping = _GRID[best, 2]
    reach = np.cumsum(damping ** np.arange(1, horizon + 1))
    return np.asarray(level[best] + reach * trend[best], np.float64)


def smoothed(values: Floats, alpha: Floats, beta: Floats, damping: Floats) -> tuple[Floats, Floats, Floats]:
    """Level and trend at the end, and the sum of squared errors one step ahead, one of each a triple of weights."""
    warm = min(_WARM, values.size)
    level, trend = np.full(alpha.shape, values[:warm].mean()), np.zeros(alpha.shape)
    errors = np.zeros(alpha.shape)
    for place, value in enumerate(values):
        expected = level + damping * trend
        before, level = level, alpha * value + (1 - alpha) * expected
        trend = beta * (level - before) + (1 - beta) * damping * trend
        if place >= warm:
            errors += (value - expected) ** 2
    return level, trend, errors
