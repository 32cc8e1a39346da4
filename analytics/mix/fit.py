"""Fit a marketing mix model: check the data, choose the shape, hold weeks out, fit, judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analytics.mix.check import Finding, examined, usable
from analytics.mix.effects import ChannelEffect, channel_effects
from analytics.mix.health import Health, Holdout, gates
from analytics.mix.interaction import Interaction, with_product
from analytics.mix.model import Design, Shape
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Sampling, laplace, sample
from analytics.mix.series import LiftTest, Series

__all__ = ["Fit", "MixResult", "fit_mix", "preview_mix"]

HELD_OUT = 13
SHORT = Sampling(chains=2, tune=400, draws=300)
CAREFUL = 0.98
GROWTHS = (0.5, 1.0)  # powers of the level of sales that noise may go with
WORTH_IT = 2.0  # log evidence that a delay, or noise that grows, has to add
PREVIEW = 1_000

Progress = Callable[[float, str], None]
Adstock = Literal["auto", "geometric", "delayed"]
Curve = Literal["auto", "hill", "logistic"]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit and what it says. candidates: the shapes compared, with log evidence and log score of the holdout.

    interaction: the pair of channels that was looked at most closely; its term is among the controls where it is used.
    """

    posterior: Posterior
    holdout: Holdout
    effects: list[ChannelEffect]
    health: Health
    candidates: list[dict[str, float | str]]
    lifts: Sequence[LiftTest] = ()
    interaction: Interaction | None = None


@dataclass(frozen=True, slots=True)
class MixResult:
    """A fit, or why there is none; findings about the data either way."""

    findings: list[Finding]
    refusal: str | None
    fit: Fit | None = None


def fit_mix(
    series: Series,
    *,
    lifts: Sequence[LiftTest] = (),
    adstock: Adstock = "auto",
    curve: Curve = "auto",
    held_out: int = HELD_OUT,
    sampling: Sampling | None = None,
    break_even: float = 1.0,
    progress: Progress = lambda _share, _what: None,
) -> MixResult:
    """Fit `series`; refused with the reason where the data cannot bear it.

    `held_out`: weeks at the end that judge the model, its shape and whether two channels work together, before all
    weeks are fitted.
    """
    how = sampling or Sampling()
    progress(0.02, "looking at the data")
    kept, findings = _looked_at(series)
    if refusal := _refusal(findings):
        return MixResult(findings, refusal)
    tests = [test for test in lifts if test.channel in kept.channels]
    calibrated = {test.channel for test in tests}
    findings = [f for f in findings if f.code != "follows_demand" or f.channel not in calibrated]
    progress(0.05, "comparing shapes")
    shape, candidates = _chosen(kept, tests, adstock, curve, held_out, how.seed, progress)
    progress(0.35, f"predicting the last {held_out} weeks without having seen them")
    half = replace(how, tune=how.tune // 2, draws=how.draws // 2)
    unseeing = Design.of(kept, shape, lifts=tests, held_out=held_out)
    known = Posterior(unseeing, sample(unseeing, half))
    kept, pair, known = with_product(kept, known, tests, half)
    holdout = _holdout(known)
    design = Design.of(kept, shape, lifts=tests)
    posterior = _sampled(design, how, lambda share: progress(0.5 + 0.4 * share, "fitting all weeks"))
    progress(0.92, "adding up")
    effects = channel_effects(posterior, break_even=break_even)
    health = gates(posterior, holdout, effects, findings)
    return MixResult(findings, None, Fit(posterior, holdout, effects, health, candidates, tests, pair))


def preview_mix(series: Series, *, lifts: Sequence[LiftTest] = (), break_even: float = 1.0) -> MixResult:
    """A look ahead by Laplace's approximation, in seconds: effects without gates passed; never a base for advice."""
    kept, findings = _looked_at(series)
    if refusal := _refusal(findings):
        return MixResult(findings, refusal)
    tests = [test for test in lifts if test.channel in kept.channels]
    design = Design.of(kept, Shape.alike(len(kept.channels)), lifts=tests)
    posterior = Posterior(design, laplace(design).draws(PREVIEW, seed=0))
    effects = channel_effects(posterior, break_even=break_even)
    nothing = Holdout(0, float("nan"), float("nan"), float("nan"), float("nan"))
    return MixResult(
        findings, None, Fit(posterior, nothing, effects, gates(posterior, nothing, effects, findings), [], tests)
    )


def _looked_at(series: Series) -> tuple[Series, list[Finding]]:
    kept, left_out = usable(series)
    return kept, [*examined(kept), *left_out]


def _refusal(findings: Sequence[Finding]) -> str | None:
    stops = [finding.words for finding in findings if finding.weight == "stop"]
    return " ".join(stops) or None


def _chosen(
    series: Series,
    lifts: Sequence[LiftTest],
    adstock: Adstock,
    curve: Curve,
    held_out: int,
    seed: int,
    progress: Progress,
) -> tuple[Shape, list[dict[str, float | str]]]:
    """The shape to fit: rivals by evidence (the data's probability under each), the best two by the weeks held out."""
    count = len(series.channels)
    curves = [True, False] if curve == "auto" else [curve == "hill"]
    rivals = [_delayed_where_worth_it(series, lifts, adstock, hill, held_out, seed) for hill in curves]
    plain = Shape.alike(count, delayed=adstock == "delayed", hill=curves[0])
    shapes = dict.fromkeys([*(shape for shape, _evidence in rivals), plain])
    evidence = dict(rivals) | {plain: _evidence(series, plain, lifts, held_out, seed)}
    best = sorted(shapes, key=lambda shape: -evidence[shape])[:2]
    if len(shapes) == 1:
        return best[0], [{"candidate": best[0].in_words(series.channels), "log_evidence": evidence[best[0]]}]
    scores = {}
    for place, shape in enumerate(best):
        progress(0.15 + 0.1 * place, f"trying {shape.in_words(series.channels)}")
        design = Design.of(series, shape, lifts=lifts, held_out=held_out)
        scores[shape] = Posterior(design, sample(design, replace(SHORT, seed=seed))).log_score()
    candidates: list[dict[str, float | str]] = [
        {
            "candidate": shape.in_words(series.channels),
            "log_evidence": round(evidence[shape], 2),
            **({"holdout_log_score": round(scores[shape], 2)} if shape in scores else {}),
        }
        for shape in shapes
    ]
    return max(best, key=lambda shape: evidence[shape] + scores[shape]), candidates


def _delayed_where_worth_it(
    series: Series, lifts: Sequence[LiftTest], adstock: Adstock, hill: bool, held_out: int, seed: int
) -> tuple[Shape, float]:
    """The curve with a delay for each channel whose data ask for one, and its evidence."""
    count = len(series.channels)
    shape = Shape.alike(count, delayed=adstock == "delayed", hill=hill)
    value = _evidence(series, shape, lifts, held_out, seed)
    if adstock != "auto":
        return shape, value
    for growth in GROWTHS:
        rival = replace(shape, growth=growth)
        better = _evidence(series, rival, lifts, held_out, seed)
        if better > value + WORTH_IT:
            shape, value = rival, better
    for place in range(count):
        flags = tuple(d or i == place for i, d in enumerate(shape.delayed))
        rival = replace(shape, delayed=flags)
        better = _evidence(series, rival, lifts, held_out, seed)
        if better > value + WORTH_IT:
            shape, value = rival, better
    return shape, value


def _evidence(series: Series, shape: Shape, lifts: Sequence[LiftTest], held_out: int, seed: int) -> float:
    return laplace(Design.of(series, shape, lifts=lifts, held_out=held_out), seed).evidence


def _sampled(design: Design, how: Sampling, progress: Callable[[float], None]) -> Posterior:
    """The posterior; once more with smaller steps where transitions diverged."""
    draws = sample(design, how, progress)
    if draws.divergences:
        draws = sample(design, replace(how, accept=CAREFUL, seed=how.seed + 1), progress)
    return Posterior(design, draws)


def _holdout(posterior: Posterior) -> Holdout:
    """How a posterior predicts the weeks that its design holds out."""
    series, held_out = posterior.design.series, len(posterior.design.series.weeks) - posterior.design.rows
    mean, drawn = posterior.predicted()
    actual = series.sales[-held_out:]
    low, high = np.quantile(drawn[:, -held_out:], [0.05, 0.95], axis=0)
    coverage = float(((low <= actual) & (actual <= high)).mean())
    level = float(np.abs(actual).mean())
    error = float(np.abs(mean[:, -held_out:].mean(axis=0) - actual).mean()) / level
    naive = float(np.abs(series.sales[-2 * held_out : -held_out].mean() - actual).mean()) / level
    return Holdout(held_out, coverage, error, naive, posterior.log_score())
