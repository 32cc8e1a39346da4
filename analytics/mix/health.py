"""Whether a fit may be used: gates, each with its figure, what is demanded of it, and what failing it means.

Sources of the thresholds: Vehtari et al. 2021 (R-hat, effective sample size); Meridian's review (probability of a
negative baseline, posterior predictive p, ROI beyond its prior); spec 4 (a failed gate blocks advice).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.mix.check import Finding
from analytics.mix.effects import ChannelEffect
from analytics.mix.posterior import Posterior

__all__ = ["Gate", "Health", "Holdout", "gates"]

Array = NDArray[np.float64]
R_HAT_FAILS, R_HAT_CAUTION = 1.05, 1.01
ESS_FAILS, ESS_CAUTION = 50.0, 400.0
COVERAGE_FAILS, COVERAGE_CAUTION = 0.50, 0.80
BASELINE_FAILS, BASELINE_CAUTION = 0.8, 0.2
PREDICTIVE = (0.05, 0.95)

Verdict = Literal["passed", "caution", "failed"]


@dataclass(frozen=True, slots=True)
class Gate:
    """One check of a fit; failed blocks the advice."""

    name: str
    value: float
    demanded: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Holdout:
    """How the weeks held out were predicted: share inside the 90 % interval, mean error over mean sales, and that of
    the simplest rule, the mean of as many weeks before."""

    weeks: int
    coverage: float
    error: float
    naive_error: float
    score: float


@dataclass(frozen=True, slots=True)
class Health:
    """All gates, and what they come to."""

    gates: tuple[Gate, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the gates."""
        verdicts = {gate.verdict for gate in self.gates}
        return "failed" if "failed" in verdicts else "caution" if "caution" in verdicts else "passed"

    @property
    def failed(self) -> list[Gate]:
        """Those that block the advice."""
        return [gate for gate in self.gates if gate.verdict == "failed"]


def gates(
    posterior: Posterior, holdout: Holdout, effects: Sequence[ChannelEffect], findings: Sequence[Finding] = ()
) -> Health:
    """Judge a fit by NUTS; a Laplace preview fails, since nothing shows that it is near the posterior."""
    draws = posterior.draws
    mean, _sales = posterior.predicted()
    media = posterior.curves.contributions(posterior.design.series.spend).sum(axis=2)
    found = [
        _chains(draws.divergences, draws.r_hat, draws.ess),
        _above(
            "effective sample size", draws.ess or 0.0, ESS_CAUTION, ESS_FAILS,
            f"The draws are worth {draws.ess or 0.0:,.0f} independent ones.",
        ),
        _above(
            "coverage of the weeks held out", holdout.coverage, COVERAGE_CAUTION, COVERAGE_FAILS,
            f"Of {holdout.weeks} weeks the model had not seen, {holdout.coverage:.0%} lay inside their 90% interval.",
        ),
        _baseline(mean, media),
        _predictive(posterior, mean),
        _surprises(effects),
    ]  # fmt: skip
    if doubts := [f for f in findings if f.code == "follows_demand"]:
        found.append(Gate("spend apart from demand", float(len(doubts)), "0", "caution", doubts[0].words))
    return Health(tuple(found))


def _chains(divergences: int | None, r_hat: float | None, ess: float | None) -> Gate:
    """Divergences and R-hat: whether the chains found the same posterior."""
    name, demanded = "chains agree", f"0 divergences, R-hat at most {R_HAT_CAUTION}"
    if divergences is None or r_hat is None or ess is None:
        return Gate(name, 0.0, demanded, "failed", "This is a preview by approximation; fit the model for advice.")
    words = f"{divergences} divergences, R-hat {r_hat:.3f}"
    if divergences or not r_hat <= R_HAT_FAILS:
        return Gate(name, r_hat, demanded, "failed", f"The chains do not agree: {words}.")
    verdict: Verdict = "passed" if r_hat <= R_HAT_CAUTION else "caution"
    return Gate(name, r_hat, demanded, verdict, f"{words}.")


def _above(name: str, value: float, caution: float, fails: float, words: str) -> Gate:
    verdict: Verdict = "failed" if value < fails else "caution" if value < caution else "passed"
    return Gate(name, value, f"at least {caution:g}", verdict, words)


def _baseline(mean: Array, media: Array) -> Gate:
    """P(sales without any spend are negative in total)."""
    chance = float(((mean - media).sum(axis=1) < 0).mean())
    verdict: Verdict = "failed" if chance > BASELINE_FAILS else "caution" if chance > BASELINE_CAUTION else "passed"
    words = f"Chance that sales without any spend would be below zero: {chance:.0%}."
    return Gate("baseline", chance, f"at most {BASELINE_CAUTION:g}", verdict, words)


def _predictive(posterior: Posterior, mean: Array) -> Gate:
    """Posterior predictive p of the lag-1 autocorrelation of what is left: structure in time that the model misses.

    Source: Gelman, Meng & Stern 1996, "Posterior predictive assessment of model fitness".
    """
    rows = posterior.design.rows
    rest = (posterior.design.series.sales[:rows] - mean[:, :rows]) / posterior.noise()[:, :rows]
    alike = np.random.default_rng(0).standard_normal(rest.shape)
    p = float((_autocorrelation(alike) >= _autocorrelation(rest)).mean())
    inside = PREDICTIVE[0] <= p <= PREDICTIVE[1]
    words = "What is left is like chance" if inside else "What is left has a pattern in time that the model misses"
    return Gate("posterior predictive p", p, ".05 to .95", "passed" if inside else "caution", f"{words} (p {p:.2f}).")


def _autocorrelation(values: Array) -> Array:
    centred = values - values.mean(axis=1, keepdims=True)
    return np.asarray((centred[:, 1:] * centred[:, :-1]).sum(axis=1) / (centred**2).sum(axis=1))


def _surprises(effects: Sequence[ChannelEffect]) -> Gate:
    odd = [effect.channel for effect in effects if effect.surprising]
    words = f"ROI beyond what was thought possible: {', '.join(odd)}." if odd else "Every ROI lies within its prior."
    return Gate("ROI within its prior", float(len(odd)), "0", "caution" if odd else "passed", words)
