"""How much a fit rests on choices that could have been made otherwise: a control less, another season, a wider prior.

Each variant is fitted anew with short chains, the fit as it stands too, so that the variant is all that differs. What
the short chains themselves leave open is told beside each move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.mix.check import FEWEST_POINTS
from analytics.mix.effects import Interval, interval, returns, verdict_of
from analytics.mix.model import HARMONICS, Design
from analytics.mix.posterior import Posterior
from analytics.mix.sampler import Sampling, library_notices, sample
from analytics.mix.series import LiftTest

__all__ = ["SHORT", "Move", "Sensitivity", "Variant", "checked", "variants"]

Array = NDArray[np.float64]
SHORT = Sampling(chains=2, tune=400, draws=400)
MOST_CONTROLS = 5  # of which each is left out once, the strongest first
FEWER, MORE, WIDER = 1, 4, 2.0
UNSETTLED = 1.1  # R-hat from which a short fit says nothing
CHANCE = 2.0  # standard errors of the chains that a move has to exceed

Kind = Literal["control", "season", "prior", "experiments"]
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Variant:
    """One other choice, as it is said after "with" or "without"."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Move:
    """One channel under one variant: ROI, how far its mean moved, and the standard error of that by the chains.

    inside: the mean lies in the interval of the fit as it stands, or the move may be chance. settled: the chains agree.
    """

    channel: str
    variant: Variant
    roi: Interval
    moved_by: float
    chance: float
    inside: bool
    verdict: Literal["pays", "loses", "unsure"]
    settled: bool


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """ROI by channel as it stands (short chains too) and under each variant; left_out: variants that were not tried."""

    base: dict[str, Interval]
    moves: list[Move]
    left_out: list[str]
    fits: int
    draws: int

    def depends(self, channel: str) -> list[Move]:
        """Variants under which the channel's ROI leaves its interval."""
        return [move for move in self.moves if move.channel == channel and move.settled and not move.inside]


def checked(
    posterior: Posterior,
    lifts: Sequence[LiftTest] = (),
    *,
    break_even: float = 1.0,
    how: Sampling = SHORT,
    progress: Progress = lambda _share, _what: None,
) -> Sensitivity:
    """Fit every variant of a fit; at most 5 + 5 short ones beside the fit as it stands."""
    tried, left_out = variants(posterior, lifts)
    progress(0.0, "fitting it once more as it stands")
    design = posterior.design
    as_it_stands = Design.of(design.series, design.shape, lifts=lifts)
    base, base_errors, _settled = _returns(as_it_stands, how)
    found: list[Move] = []
    for place, (variant, other) in enumerate(tried):
        progress((place + 1) / (len(tried) + 1), f"trying it {variant.words}")
        roi, errors, settled = _returns(other, how)
        for c, channel in enumerate(design.series.channels):
            moved = roi[c].mean - base[c].mean
            chance = float(np.hypot(errors[c], base_errors[c]))
            inside = base[c].low <= roi[c].mean <= base[c].high or abs(moved) <= CHANCE * chance
            verdict = verdict_of(roi[c], break_even)
            found.append(Move(channel, variant, roi[c], moved, chance, inside, verdict, settled))
    known = dict(zip(design.series.channels, base, strict=True))
    return Sensitivity(known, found, left_out, 1 + len(tried), how.chains * how.draws)


def variants(posterior: Posterior, lifts: Sequence[LiftTest] = ()) -> tuple[list[tuple[Variant, Design]], list[str]]:
    """Other designs of the same weeks, and the words of those that were not tried."""
    series, shape = posterior.design.series, posterior.design.shape
    names = _strongest(posterior)
    left_out = [
        f"without “{name}”: only the {MOST_CONTROLS} strongest controls are tried" for name in names[MOST_CONTROLS:]
    ]
    found = [
        (Variant("control", f"without “{name}”"), Design.of(series.without(name), shape, lifts=lifts))
        for name in names[:MOST_CONTROLS]
    ]
    for count, words in ((0, "without a season"), (FEWER, "with a smoother season"), (MORE, "with a finer season")):
        other = Design.of(series, shape, lifts=lifts, harmonics=count)
        if len(series.weeks) / (other.size + other.linear.shape[1]) < FEWEST_POINTS and count > HARMONICS:
            left_out.append(f"{words}: too few weeks for {other.size + other.linear.shape[1]} unknowns")
            continue
        found.append((Variant("season", words), other))
    found.append((Variant("prior", "with a wider prior"), Design.of(series, shape, lifts=lifts, wider=WIDER)))
    if lifts:
        found.append((Variant("experiments", "without the experiments"), Design.of(series, shape)))
    return found, left_out


def _strongest(posterior: Posterior) -> list[str]:
    """Names of the controls by the size of what they do, the largest first."""
    terms = posterior.design.terms
    size = np.abs(posterior.linear().mean(axis=0))
    return sorted(posterior.design.series.controls, key=lambda name: -float(size[terms.index(name)]))


def _returns(design: Design, how: Sampling) -> tuple[list[Interval], Array, bool]:
    """ROI of each channel, the standard errors of their means by the chains, and whether the chains agree."""
    draws = sample(design, how)
    roi = returns(Posterior(design, draws))
    shaped = roi.reshape(how.chains, -1, roi.shape[1])
    errors = roi.std(axis=0) / np.sqrt(list(_worth(shaped)))
    settled = not draws.divergences and float(draws.r_hat or np.inf) <= UNSETTLED
    return [interval(column) for column in roi.T], errors, settled


def _worth(shaped: Array) -> Iterator[float]:
    """Effective sample size of each channel's draws (chains, draws, channels)."""
    with library_notices():
        import arviz

        measure: Any = arviz  # without types
        yield from np.maximum(measure.ess(measure.convert_to_dataset({"roi": shaped}))["roi"].values, 1.0)
