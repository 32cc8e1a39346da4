"""How good survival predictions are: Kaplan-Meier, concordance, Brier score, calibration (numpy throughout)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import FixArguments

__all__ = [
    "StepCurve",
    "brier_scores",
    "calibration",
    "concordance",
    "integrated_brier",
    "kaplan_meier",
    "time_dependent_concordance",
]

Array = NDArray[np.float64]
SMALLEST_WEIGHT = 0.02  # censoring survival below this is cut off: a weight of 50 at most


@dataclass(frozen=True, slots=True)
class StepCurve:
    """A right-continuous survival curve: value `survival[i]` from `times[i]` on, 1 before."""

    times: Array
    survival: Array

    def at(self, times: ArrayLike, *, left_limit: bool = False) -> Array:
        """Survival at `times`, or just before them."""
        wanted = np.asarray(times, dtype=np.float64)
        index = np.searchsorted(self.times, wanted, side="left" if left_limit else "right")
        return np.asarray(np.concatenate(([1.0], self.survival))[index], dtype=np.float64)

    def median(self) -> float | None:
        """First time with survival ≤ 0.5, or None where the curve stays above."""
        reached = np.flatnonzero(self.survival <= 0.5)
        return float(self.times[reached[0]]) if reached.size else None


def kaplan_meier(duration: ArrayLike, event: ArrayLike) -> StepCurve:
    """Product-limit estimator (Kaplan & Meier 1958); events at a tied time come before censorings."""
    t, happened = _pair(duration, event)
    times, where = np.unique(t, return_inverse=True)
    deaths = np.bincount(where, weights=happened, minlength=len(times))
    leaving = np.bincount(where, minlength=len(times))
    at_risk = len(t) - np.concatenate(([0], np.cumsum(leaving)[:-1]))
    return StepCurve(times, np.asarray(np.cumprod(1.0 - deaths / at_risk), dtype=np.float64))


def censoring_curve(duration: ArrayLike, event: ArrayLike) -> StepCurve:
    """Survival of not yet being censored, with censorings after events at a tied time."""
    t, happened = _pair(duration, event)
    times, where = np.unique(t, return_inverse=True)
    deaths = np.bincount(where, weights=happened, minlength=len(times))
    lost = np.bincount(where, weights=1.0 - happened, minlength=len(times))
    at_risk = len(t) - np.concatenate(([0.0], np.cumsum(deaths + lost)[:-1])) - deaths
    hazard = np.divide(lost, at_risk, out=np.zeros_like(lost), where=at_risk > 0)
    return StepCurve(times, np.asarray(np.cumprod(1.0 - hazard), dtype=np.float64))


def concordance(
    duration: ArrayLike,
    event: ArrayLike,
    risk: ArrayLike,
    *,
    horizon: float | None = None,
    weighted: bool = True,
    most: int = 8000,
    seed: int = 0,
) -> float | None:
    """Share of pairs in which who left earlier had the higher risk; ties of risk count half.

    weighted: Uno's IPCW form (Uno et al. 2011), with events up to `horizon`; else Harrell's. None without a pair.
    Beyond `most` rows a sample drawn with `seed` is judged, pairs being quadratic.
    """
    t, happened = _pair(duration, event)
    score = np.asarray(risk, dtype=np.float64)
    if len(t) > most:
        keep = np.random.default_rng(seed).choice(len(t), most, replace=False)
        t, happened, score = t[keep], happened[keep], score[keep]
    cut = np.inf if horizon is None else horizon
    reached = censoring_curve(t, happened).at(t, left_limit=True)
    weight = 1.0 / np.maximum(reached, SMALLEST_WEIGHT) ** 2 if weighted else np.ones_like(t)
    right = pairs = 0.0
    for i in np.flatnonzero((happened > 0) & (t <= cut)):
        later = (t > t[i]) | ((t == t[i]) & (happened == 0))
        later_scores = score[later]
        pairs += weight[i] * later_scores.size
        right += weight[i] * (np.sum(later_scores < score[i]) + 0.5 * np.sum(later_scores == score[i]))
    return float(right / pairs) if pairs > 0 else None


def time_dependent_concordance(duration: ArrayLike, event: ArrayLike, survival_of: Callable[[Array], Array]) -> float:
    """Share of pairs in which who left earlier had the lower survival at that instant; ties count half.

    survival_of(times): S(t) of all customers, shape (customers, times); asked in blocks. NaN without a pair.
    Source: Antolini, Boracchi & Biganzoli 2005, "A time-dependent discrimination index for survival data".
    """
    t, happened = _pair(duration, event)
    right = pairs = 0.0
    left = np.flatnonzero(happened > 0)
    for begin in range(0, len(left), 500):
        block = left[begin : begin + 500]
        survival = survival_of(t[block])
        for column, i in enumerate(block):
            later = (t > t[i]) | ((t == t[i]) & (happened == 0))
            theirs, own = survival[later, column], survival[i, column]
            pairs += theirs.size
            right += np.sum(own < theirs) + 0.5 * np.sum(own == theirs)
    return float(right / pairs) if pairs else float("nan")


def brier_scores(duration: ArrayLike, event: ArrayLike, survival: Array, times: ArrayLike) -> Array:
    """IPCW Brier score at each time (Graf et al. 1999). survival: (customers, times)."""
    t, happened = _pair(duration, event)
    at = np.asarray(times, dtype=np.float64)
    if survival.shape != (len(t), len(at)):
        raise FixArguments(f"survival must have shape ({len(t)}, {len(at)}), has {survival.shape}.", field="survival")
    censoring = censoring_curve(t, happened)
    own = np.maximum(censoring.at(t, left_limit=True), SMALLEST_WEIGHT)[:, None]
    then = np.maximum(censoring.at(at), SMALLEST_WEIGHT)[None, :]
    gone = (t[:, None] <= at) & (happened[:, None] > 0)
    staying = t[:, None] > at
    return np.asarray(np.mean(gone * survival**2 / own + staying * (1.0 - survival) ** 2 / then, axis=0))


def integrated_brier(duration: ArrayLike, event: ArrayLike, survival: Array, times: ArrayLike) -> float:
    """Mean of the Brier score over the span of `times` (trapezoid)."""
    at = np.asarray(times, dtype=np.float64)
    scores = brier_scores(duration, event, survival, at)
    if len(at) == 1:
        return float(scores[0])
    return float(np.trapezoid(scores, at) / (at[-1] - at[0]))


def calibration(
    duration: ArrayLike, event: ArrayLike, left_by: Array, horizon: float, *, groups: int = 5
) -> list[dict[str, float]]:
    """Predicted against observed share that left by `horizon`, in groups of equal size by prediction.

    Observed is 1 − Kaplan-Meier in the group, so censoring is allowed for. Each row: group, customers, predicted,
    observed. Equal predictions stay together.
    """
    t, happened = _pair(duration, event)
    order = np.argsort(left_by, kind="stable")
    edges = np.unique(np.searchsorted(left_by[order], np.quantile(left_by, np.linspace(0, 1, groups + 1)[1:-1])))
    rows = []
    for members in np.split(order, edges):
        if members.size == 0:
            continue
        observed = 1.0 - kaplan_meier(t[members], happened[members]).at([horizon])[0]
        mean = float(left_by[members].mean())
        rows.append({"customers": float(members.size), "predicted": mean, "observed": float(observed)})
    return [{"group": float(i + 1), **row} for i, row in enumerate(rows)]


def calibration_error(rows: list[dict[str, float]]) -> float:
    """Mean absolute gap of predicted and observed over the groups, weighted by size."""
    total = sum(row["customers"] for row in rows)
    return sum(row["customers"] * abs(row["predicted"] - row["observed"]) for row in rows) / total if total else 0.0


def _pair(duration: ArrayLike, event: ArrayLike) -> tuple[Array, Array]:
    t, happened = np.asarray(duration, dtype=np.float64), np.asarray(event, dtype=np.float64)
    if t.size == 0 or t.shape != happened.shape:
        raise FixArguments("duration and event must be non-empty and equally long.", field="duration")
    return t, happened
