"""Whether treating some gains over treating everybody: Qini curve, its area, the gain of a top fraction, intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import FixArguments

__all__ = ["Gain", "Targeting", "evaluate_targeting", "qini_area", "qini_curve"]

Array = NDArray[np.float64]
Verdict = Literal["heterogeneous", "little or no heterogeneity"]


@dataclass(frozen=True, slots=True)
class Gain:
    """An estimate with its bootstrap interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Targeting:
    """How a ranking of customers by predicted effect does on customers it was not learnt from.

    `qini` is the area between Qini curve and the line of random targeting, per customer; `gain` the effect a treated
    customer among the top `fraction` minus the effect a treated customer among all; both in the outcome's unit.
    """

    customers: int
    fraction: float
    average_effect: float
    top_effect: Gain
    gain: Gain
    qini: Gain
    curve_share: Array
    curve_gain: Array
    verdict: Verdict


def qini_curve(effect: ArrayLike, outcome: ArrayLike, treated: ArrayLike) -> tuple[Array, Array]:
    """Share of customers targeted (0 … 1, best predicted first), and the effect per customer gained by then.

    At share u: u × (mean outcome of the treated − of the control among the top u). Inverse-probability form of
    Radcliffe 2007 with the share treated estimated within the top u; shares with an empty arm count 0.
    """
    scores, y, t = _three(effect, outcome, treated)
    order = np.argsort(-scores, kind="stable")
    share = np.arange(len(y) + 1) / max(len(y), 1)
    return share, np.concatenate(([0.0], share[1:] * _running_effect(y[order], t[order])))


def _running_effect(y: Array, t: Array) -> Array:
    treated, control = np.cumsum(t), np.cumsum(1 - t)
    mean_t = np.divide(np.cumsum(y * t), treated, out=np.zeros(len(y)), where=treated > 0)
    mean_c = np.divide(np.cumsum(y * (1 - t)), control, out=np.zeros(len(y)), where=control > 0)
    return np.asarray(np.where((treated > 0) & (control > 0), mean_t - mean_c, 0.0))


def qini_area(effect: ArrayLike, outcome: ArrayLike, treated: ArrayLike) -> float:
    """Area between Qini curve and the straight line of random targeting (0 for a ranking that knows nothing)."""
    share, gain = qini_curve(effect, outcome, treated)
    return float(np.trapezoid(gain - share * gain[-1], share))


def evaluate_targeting(
    effect: ArrayLike,
    outcome: ArrayLike,
    treated: ArrayLike,
    *,
    seed: int,
    fraction: float = 0.5,
    rounds: int = 400,
    level: float = 0.95,
) -> Targeting:
    """Judge a ranking on held-out customers, with percentile bootstrap intervals over customers.

    Heterogeneity is only reported where the whole interval of both the Qini area and the gain lies above 0.
    Ties of `effect` are broken at random, once, by `seed`. FixArguments where an arm has fewer than ten customers.
    """
    scores, y, t = _three(effect, outcome, treated)
    if min(t.sum(), len(t) - t.sum()) < 10:
        raise FixArguments("Targeting is judged on at least ten customers in each arm.", field="treated")
    if not 0 < fraction < 1:
        raise FixArguments("The fraction to target lies between 0 and 1.", field="fraction")
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(len(y)), -scores))
    y, t = y[order], t[order]
    figures = np.array([_figures(y, t, np.arange(len(y)), fraction)])
    drawn = np.array([_figures(y, t, np.sort(rng.integers(0, len(y), len(y))), fraction) for _ in range(rounds)])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    top, gain, qini = (Gain(float(figures[0, i]), float(low[i]), float(high[i])) for i in range(3))
    share, curve = qini_curve(-np.arange(len(y)), y, t)
    thin = np.unique(np.linspace(0, len(y), 101).round().astype(np.int64))
    return Targeting(
        customers=len(y),
        fraction=fraction,
        average_effect=float(curve[-1]),
        top_effect=top,
        gain=gain,
        qini=qini,
        curve_share=share[thin],
        curve_gain=curve[thin],
        verdict="heterogeneous" if gain.low > 0 and qini.low > 0 else "little or no heterogeneity",
    )


def _figures(y: Array, t: Array, rows: NDArray[np.int64], fraction: float) -> tuple[float, float, float]:
    """Effect among the top fraction, its gain over the effect among all, the Qini area; `rows` in order of rank."""
    running = _running_effect(y[rows], t[rows])
    share = np.arange(1, len(rows) + 1) / len(rows)
    top = float(running[max(round(fraction * len(rows)), 1) - 1])
    area = float(np.trapezoid(share * (running - running[-1]), share))
    return top, top - float(running[-1]), area


def _three(effect: ArrayLike, outcome: ArrayLike, treated: ArrayLike) -> tuple[Array, Array, Array]:
    scores, y = np.asarray(effect, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    t = np.asarray(treated, dtype=bool).astype(np.float64)
    if not scores.shape == y.shape == t.shape or y.ndim != 1:
        raise FixArguments("Effect, outcome and treatment must be lists of one length.", field="effect")
    return scores, y, t
