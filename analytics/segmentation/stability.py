"""Population stability index: how differently a feature is distributed at two dates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["LARGE", "MODERATE", "own_psi", "psi", "psi_reading"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
MODERATE, LARGE = 0.10, 0.25
BINS, LEAST_A_BIN = 10, 20


def psi_reading(value: float) -> str:
    """Below 0.1 stable, to 0.25 moderate, above large: the usual bounds (Siddiqi 2006, Credit Risk Scorecards)."""
    return "stable" if value < MODERATE else "moderate" if value < LARGE else "large"


def psi(before: Floats, now: Floats) -> float:
    """Σ (q − p) ln(q / p) of two vectors of counts over the same bins; half a count is added to each.

    Without any change its expectation is about (bins − 1)(1/n + 1/m) (Yurdakul and Naranjo 2020), so in a small
    segment 0.1 may be nothing but chance: it is for reading, alerts have a test of their own (`drift`).
    """
    p, q = _shares(before), _shares(now)
    return float(((q - p) * np.log(q / p)).sum())


def own_psi(before: pl.Series, now: pl.Series, inside_before: Flags, inside_now: Flags) -> tuple[float, float]:
    """(PSI of the customers inside, the part of it that is theirs alone).

    For the second, the distribution inside at the first date is moved as that of everybody else moved, bin by bin,
    and compared with the one inside now. Bins are quantiles of both dates, null is a bin of its own; small groups
    get fewer bins (20 customers each at least).
    """
    then, present = (_array(values) for values in (before, now))
    edges = _edges(np.concatenate([then, present]), min(int(inside_before.sum()), int(inside_now.sum())))
    ours_before, ours_now = _counts(then[inside_before], edges), _counts(present[inside_now], edges)
    rest_before, rest_now = _counts(then[~inside_before], edges), _counts(present[~inside_now], edges)
    expected = _shares(ours_before) * _shares(rest_now) / _shares(rest_before)
    return psi(ours_before, ours_now), psi(expected / expected.sum() * ours_before.sum(), ours_now)


def _array(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).to_numpy().astype(np.float64)


def _shares(counts: Floats) -> Floats:
    shares: Floats = (counts + 0.5) / (counts.sum() + 0.5 * counts.size)
    return shares


def _edges(values: Floats, smallest: int) -> Floats:
    known = values[np.isfinite(values)]
    if known.size == 0:
        return np.empty(0)
    bins = max(2, min(BINS, smallest // LEAST_A_BIN))
    return np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))


def _counts(values: Floats, edges: Floats) -> Floats:
    known = np.isfinite(values)
    inside = np.bincount(np.searchsorted(edges, values[known], "left"), minlength=edges.size + 1)
    return np.append(inside, (~known).sum()).astype(np.float64)
