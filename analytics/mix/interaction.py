"""Whether two channels do more together than each alone, and only where weeks the model had not seen say so.

A pair's product term is the product of their saturations (0-1, after adstock) by the fit that has not seen the weeks
held out; it enters as one more linear term with the prior of a control. The strongest pair is picked on the weeks
fitted, by the t of its term beside all others (Frisch, Waugh & Lovell), with Bonferroni's correction for having
looked at every pair; only that one is fitted again, and it is used only where it predicts the weeks held out better by
more than the standard error of the difference (Vehtari, Gelman & Gabry 2017, of differences in log scores). The term's
curves are those of the fit without it, their uncertainty is not passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analytics.mix.model import Design
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Sampling, sample
from analytics.mix.series import LiftTest, Series

__all__ = ["Interaction", "strongest", "together", "with_product"]

Array = NDArray[np.float64]
FALSE_ALARM = 0.05  # over all pairs
MOST_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Interaction:
    """The strongest pair: its term's name, p (corrected), and how much better weeks held out are predicted with it.

    gain and error (of gain): log score over the weeks held out; None where the pair did not stand out and nothing was
    fitted.
    """

    first: str
    second: str
    p_value: float
    gain: float | None = None
    error: float | None = None

    @property
    def name(self) -> str:
        """The term as a control is called."""
        return f"{self.first} × {self.second}"

    @property
    def used(self) -> bool:
        """The weeks held out bear it."""
        return self.gain is not None and self.error is not None and self.gain > self.error


def strongest(posterior: Posterior) -> Interaction | None:
    """The pair of channels whose product says most about what `posterior` left over; None with fewer than two."""
    design, rows = posterior.design, slice(0, posterior.design.rows)
    weights, channels = design.weights[rows], list(design.series.channels)
    if len(channels) < 2:
        return None
    level = _saturations(posterior)
    plain = np.column_stack([design.linear[rows], level.mean(axis=0)[rows]]) * weights[:, None]
    rest = _left_over(design.target[rows] * weights, plain)
    pairs = list(combinations(range(len(channels)), 2))
    found = [_strength(_product(level, a, b)[rows] * weights, plain, rest) for a, b in pairs]
    best = int(np.argmin(found))
    a, b = pairs[best]
    return Interaction(channels[a], channels[b], min(1.0, found[best] * len(pairs)))


def with_product(
    series: Series, posterior: Posterior, lifts: Sequence[LiftTest], how: Sampling
) -> tuple[Series, Interaction | None, Posterior]:
    """The series with the strongest pair's term where the weeks held out bear it, else as it is.

    `posterior`: of a design of `series` with weeks held out, by `how`. Returns with it what was found, and the
    posterior (weeks held out) of the series that is returned.
    """
    pair = strongest(posterior)
    if pair is None or pair.p_value > FALSE_ALARM:
        return series, pair, posterior
    a, b = (list(series.channels).index(name) for name in (pair.first, pair.second))
    richer = series.beside(pair.name, _product(_saturations(posterior), a, b))
    old = posterior.design
    design = Design.of(richer, old.shape, lifts=lifts, held_out=len(series.weeks) - old.rows)
    other = Posterior(design, sample(design, how))
    gains = other.log_scores() - posterior.log_scores()
    error = float(np.sqrt(gains.size) * gains.std(ddof=1))
    found = Interaction(pair.first, pair.second, pair.p_value, float(gains.sum()), error)
    return (richer, found, other) if found.used else (series, found, posterior)


def together(posterior: Posterior, name: str) -> Array:
    """Sales (draws) over all weeks that a product term among the controls stands for, beyond each channel alone."""
    design = posterior.design
    values = design.series.controls[name]
    spread = float(values[: design.rows].std()) or 1.0
    unit = float(values.sum()) / spread * design.sales_scale
    return np.asarray(posterior.linear()[:, design.terms.index(name)] * unit)


def _saturations(posterior: Posterior) -> Array:
    """Saturation (draws, weeks, channels), 0-1, of some of the draws."""
    curves = posterior.curves.thinned(MOST_DRAWS)
    brought = curves.contributions(posterior.design.series.spend)
    return np.asarray(brought / np.maximum(curves.beta[:, None], 1e-300))


def _product(level: Array, a: int, b: int) -> Array:
    return np.asarray((level[:, :, a] * level[:, :, b]).mean(axis=0))


def _left_over(values: Array, columns: Array) -> Array:
    return np.asarray(values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0])


def _strength(term: Array, plain: Array, rest: Array) -> float:
    """Two-sided p of a term beside the plain columns, from what both leave over."""
    from scipy import stats

    own = _left_over(term, plain)
    size = float(own @ own)
    freedom = term.size - plain.shape[1] - 1
    if freedom < 1 or size <= 1e-9 * float(term @ term):
        return 1.0
    slope = float(own @ rest) / size
    left = rest - slope * own
    error = float(np.sqrt(left @ left / freedom / size))
    return float(2 * stats.t.sf(abs(slope) / error, freedom)) if error > 0 else 0.0
