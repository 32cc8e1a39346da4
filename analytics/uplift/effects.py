"""Measured effects of randomised arms: differences in means with intervals, CUPED, sample-ratio check, power."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import FixArguments

__all__ = ["ArmEffect", "arm_effects", "cuped", "difference_in_means", "ratio_mismatch", "sample_size"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ArmEffect:
    """One arm against the control: means, their difference, its interval and the two-sided p value.

    `difference` is in the outcome's unit; `relative` is difference / control mean (None where that is not above 0).
    """

    arm: str
    treated: int
    control: int
    treated_mean: float
    control_mean: float
    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float
    level: float
    variance_reduction: float = 0.0

    @property
    def relative(self) -> float | None:
        """Difference over the control's mean."""
        return self.difference / self.control_mean if self.control_mean > 0 else None


def difference_in_means(
    outcome: ArrayLike,
    treated: ArrayLike,
    *,
    arm: str = "treatment",
    level: float = 0.95,
    before: ArrayLike | None = None,
) -> ArmEffect:
    """Mean of the treated minus mean of the control, with Neyman's variance and Welch's t interval.

    `outcome` (n,), `treated` (n,) booleans; `before` (n,): the same or a related figure from before the treatment,
    used as CUPED's covariate. FixArguments with fewer than two customers in either group.
    Neyman 1923; Welch 1947; Deng, Xu, Kohavi & Walker 2013 (CUPED).
    """
    y, t = _paired(outcome, treated)
    adjusted = y if before is None else cuped(y, before)
    error, low, high, p_value = _welch(adjusted[t], adjusted[~t], level)
    spread = float(y.var())
    return ArmEffect(
        arm=arm,
        treated=int(t.sum()),
        control=int((~t).sum()),
        treated_mean=float(y[t].mean()),
        control_mean=float(y[~t].mean()),
        difference=float(adjusted[t].mean() - adjusted[~t].mean()),
        standard_error=error,
        low=low,
        high=high,
        p_value=p_value,
        level=level,
        variance_reduction=1 - float(adjusted.var()) / spread if before is not None and spread > 0 else 0.0,
    )


def _welch(a: Array, b: Array, level: float) -> tuple[float, float, float, float]:
    """Standard error of mean(a) - mean(b), its interval and p value; without any spread the interval is a point."""
    from scipy import stats

    error_a, error_b = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size
    difference, error = float(a.mean() - b.mean()), math.sqrt(error_a + error_b)
    if error == 0:
        return 0.0, difference, difference, 1.0 if difference == 0 else 0.0
    freedom = (error_a + error_b) ** 2 / (error_a**2 / (a.size - 1) + error_b**2 / (b.size - 1))
    reach = float(stats.t.ppf(0.5 + level / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(abs(difference) / error, freedom))
    return error, difference - reach, difference + reach, p_value


def arm_effects(
    outcome: ArrayLike, arms: Sequence[str], *, control: str, level: float = 0.95, before: ArrayLike | None = None
) -> list[ArmEffect]:
    """Every arm but `control` against it, in alphabetical order; FixArguments when `control` is no arm."""
    y, labels = np.asarray(outcome, dtype=np.float64), np.asarray(arms)
    found = sorted({str(label) for label in labels})
    if control not in found:
        raise FixArguments(f"No customer is in the control arm '{control}'.", field="control", valid=found)
    past = None if before is None else np.asarray(before, dtype=np.float64)
    effects = []
    for arm in (name for name in found if name != control):
        pair = (labels == arm) | (labels == control)
        covariate = None if past is None else past[pair]
        effects.append(difference_in_means(y[pair], labels[pair] == arm, arm=arm, level=level, before=covariate))
    return effects


def cuped(outcome: ArrayLike, before: ArrayLike) -> Array:
    """The outcome with what `before` predicted taken off: y - theta (x - mean x), theta = cov(x, y) / var(x).

    The mean stays; with randomised arms the expected difference stays too and its variance falls by corr².
    """
    y, x = np.asarray(outcome, dtype=np.float64), np.asarray(before, dtype=np.float64)
    if y.shape != x.shape:
        raise FixArguments("CUPED needs one earlier figure a customer.", field="before")
    centred = x - x.mean()
    spread = float(centred @ centred)
    theta = float(centred @ (y - y.mean())) / spread if spread > 0 else 0.0
    return np.asarray(y - theta * centred, dtype=np.float64)


def ratio_mismatch(treated: int, control: int, control_share: float) -> float:
    """p value of the observed split under the planned one (chi-squared); below 0.001 the assignment is suspect."""
    from scipy import stats

    total = treated + control
    if total == 0 or not 0 < control_share < 1:
        raise FixArguments("A split needs customers and a control share between 0 and 1.", field="control_share")
    expected = np.array([total * (1 - control_share), total * control_share])
    statistic = float(((np.array([treated, control]) - expected) ** 2 / expected).sum())
    return float(stats.chi2.sf(statistic, 1))


def sample_size(
    baseline: float, lift: float, *, control_share: float = 0.5, power: float = 0.8, level: float = 0.95
) -> int:
    """Customers in all that show a change of a rate from `baseline` to `baseline + lift` with probability `power`.

    Two-sided test of two proportions, normal approximation without continuity correction (Fleiss, Levin & Paik
    2003, 4.3): n = (z_{1-α/2} √(p q (1/s + 1/(1-s))) + z_power √(p0 q0 / s + p1 q1 / (1-s)))² / lift², where s is the
    control's share and p the rate of both arms together.
    """
    from scipy import stats

    reached = baseline + lift
    if not (0 <= baseline < 1 and 0 < reached <= 1 and lift != 0 and 0 < control_share < 1):
        raise FixArguments("A power calculation needs rates between 0 and 1 and a lift other than 0.", field="lift")
    pooled = control_share * baseline + (1 - control_share) * reached
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / control_share + 1 / (1 - control_share)))
    apart = math.sqrt(reached * (1 - reached) / (1 - control_share) + baseline * (1 - baseline) / control_share)
    reach = float(stats.norm.ppf(0.5 + level / 2)) * under_null + float(stats.norm.ppf(power)) * apart
    return math.ceil((reach / lift) ** 2)


def _paired(outcome: ArrayLike, treated: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    y, t = np.asarray(outcome, dtype=np.float64), np.asarray(treated, dtype=bool)
    if y.ndim != 1 or y.shape != t.shape:
        raise FixArguments("Outcome and treatment must be two lists of one length.", field="treated")
    if not np.isfinite(y).all():
        raise FixArguments("The outcome holds values that are not finite.", field="outcome")
    if min(int(t.sum()), int((~t).sum())) < 2:
        raise FixArguments("A difference needs at least two customers in each arm.", field="treated")
    return y, t
