"""Which candidate knows best who responds, judged on customers it never saw; one effect for all where none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.uplift.effects import ArmEffect, difference_in_means
from analytics.uplift.learners import EffectModel, TLearner, XLearner
from analytics.uplift.targeting import Targeting, evaluate_targeting, qini_area

__all__ = ["Response", "candidates", "learn_response"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
SMALLEST_ARM = 100
"""Customers each arm needs before effects are looked for below the average."""


@dataclass(frozen=True, slots=True)
class Response:
    """What one randomised treatment does: on average, and by customer where that is proven.

    `model` is None where customers were not shown to respond differently: then everybody has the average effect.
    `comparison` holds each candidate's Qini area, cross-fitted within the learning half (the choice is made there);
    `targeting` judges the chosen one on the other half, so that choosing does not flatter it.
    """

    average: ArmEffect
    verdict: str
    reason: str
    champion: str | None
    comparison: tuple[tuple[str, float], ...]
    targeting: Targeting | None
    model: EffectModel | None

    def effects(self, features: Array) -> Array:
        """Expected effect on each customer (n,), features as they were learnt from."""
        if self.model is None:
            return np.full(len(features), self.average.difference)
        return self.model.effect(features)


def candidates(*, forest: bool = True) -> list[EffectModel]:
    """Fresh candidates: T-learner, X-learner and, where there is time for it, the causal forest."""
    from analytics.uplift.forest import CausalForest

    fast: list[EffectModel] = [TLearner(), XLearner()]
    return [*fast, CausalForest()] if forest else fast


def learn_response(
    features: Array,
    treated: Flags,
    outcome: Array,
    *,
    seed: int,
    forest: bool = True,
    fraction: float = 0.5,
    arm: str = "treatment",
) -> Response:
    """Measure the average effect, race the candidates on one half, judge the winner on the other, learn from all.

    `features` (n, p) from before the treatment, NaN for unknown; `treated` (n,) drawn at random; `outcome` (n,).
    FixArguments with fewer than two customers in an arm.
    """
    average = difference_in_means(outcome, treated, arm=arm)
    if min(average.treated, average.control) < SMALLEST_ARM or features.shape[1] == 0:
        reason = f"not looked for: each arm needs {SMALLEST_ARM} customers, the smaller has "
        return Response(
            average, "not enough data", f"{reason}{min(average.treated, average.control)}", None, (), None, None
        )
    learning = _half(treated, seed)
    race = _race(features[learning], treated[learning], outcome[learning], seed, candidates(forest=forest))
    winner = max(race, key=lambda entry: entry[1])[0]
    model = _fresh(winner)
    model.fit(features[learning], treated[learning], outcome[learning], seed=seed)
    rest = ~learning
    judged = evaluate_targeting(
        model.effect(features[rest]), outcome[rest], treated[rest], seed=seed, fraction=fraction
    )
    proven = judged.verdict == "heterogeneous"
    if proven:
        model.fit(features, treated, outcome, seed=seed)
    return Response(average, judged.verdict, _reason(judged), winner, race, judged, model if proven else None)


def _half(treated: Flags, seed: int) -> Flags:
    """A random half of each arm."""
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(treated), dtype=bool)
    for group in (True, False):
        rows = rng.permutation(np.flatnonzero(treated == group))
        chosen[rows[: len(rows) // 2]] = True
    return chosen


def _race(
    features: Array, treated: Flags, outcome: Array, seed: int, entries: Sequence[EffectModel]
) -> tuple[tuple[str, float], ...]:
    """Each candidate's Qini area over the learning half, every quarter scored by a model of the other one."""
    fold = _half(treated, seed + 1)
    areas = []
    for entry in entries:
        scores = np.empty(len(outcome))
        for part in (fold, ~fold):
            entry.fit(features[~part], treated[~part], outcome[~part], seed=seed)
            scores[part] = entry.effect(features[part])
        areas.append(
            (entry.name, float(np.mean([qini_area(scores[p], outcome[p], treated[p]) for p in (fold, ~fold)])))
        )
    return tuple(areas)


def _fresh(name: str) -> EffectModel:
    return next(entry for entry in candidates() if entry.name == name)


def _reason(judged: Targeting) -> str:
    gain = judged.gain
    place = f"on {judged.customers:,} held-out customers the effect among the {judged.fraction:.0%} ranked highest was"
    return f"{place} {gain.estimate:+.4f} above the effect among all (95% interval {gain.low:+.4f} to {gain.high:+.4f})"
