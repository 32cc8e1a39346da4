"""Features as models with weights want them: no gaps, no far tails, mean 0 and standard deviation 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Inputs"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was learnt of the columns kept: bounds, middle, whether the right tail is bent, mean and spread.

    Columns without spread or with under 5 % known are left out; unknown → median; cut at the 0.5 and 99.5 % quantiles;
    heavy right tails → log(1 + x); standardised.
    """

    columns: NDArray[np.int64]
    width: int
    low: Array
    middle: Array
    high: Array
    tailed: NDArray[np.bool_]
    mean: Array
    sd: Array

    @classmethod
    def learn(cls, features: Array) -> Inputs:
        """From a matrix (n, p) with NaN for unknown; `columns` is empty when nothing varies."""
        enough = np.flatnonzero(np.isfinite(features).mean(axis=0) >= 0.05)
        low, middle, high = (
            np.nanquantile(features[:, enough], [0.005, 0.5, 0.995], axis=0) if enough.size else np.empty((3, 0))
        )
        spread = high > low
        columns, low, middle, high = enough[spread], low[spread], middle[spread], high[spread]
        tailed = (low >= 0) & (high > 6.0 * np.maximum(middle, 1e-9)) & (high > 3.0)
        count = len(columns)
        rough = cls(columns, features.shape[1], low, middle, high, tailed, np.zeros(count), np.ones(count))
        raw = rough.scaled(features)
        sd = np.maximum(raw.std(axis=0), 1e-9)
        return cls(columns, features.shape[1], low, middle, high, tailed, raw.mean(axis=0), sd)

    def scaled(self, features: Array) -> Array:
        """The kept columns of a matrix (n, p), shape (n, len(columns)), without gaps."""
        chosen = features[:, self.columns]
        filled = np.where(np.isfinite(chosen), chosen, self.middle)
        cut = np.clip(filled, self.low, self.high)
        bent = np.where(self.tailed, np.log1p(np.maximum(cut, 0.0)), cut)
        return np.asarray((bent - self.mean) / self.sd, dtype=np.float64)

    def spread_out(self, parts: Array) -> Array:
        """Parts of the kept columns at their places among all columns, zero elsewhere: shape (n, width)."""
        out = np.zeros((len(parts), self.width))
        out[:, self.columns] = parts
        return out
