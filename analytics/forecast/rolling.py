"""Forecasts as they would have been made at past origins, and how far they were off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.forecast.candidates import History, paths
from analytics.forecast.steps import FEWEST_ORIGINS
from core.errors import NoSuchData

__all__ = [
    "LEVEL",
    "MOST_ORIGINS",
    "Interval",
    "Past",
    "Span",
    "chance_of",
    "interval",
    "past_forecasts",
    "side_by_side",
]

Floats = NDArray[np.float64]
MOST_ORIGINS = 150
LEVEL = 0.9
_RECENT = 52  # past errors an interval is taken from
_FEW_APART, _FEWEST_APART = 10.0, 2.0
_LARGEST = 3.0  # of a log ratio: twenty times the forecast


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which values what comes lies with the level asked for."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Span:
    """Steps ahead from `first` to `last`, both included; 1 is the next one."""

    first: int
    last: int


@dataclass(frozen=True, slots=False)
class Past:
    """`foreseen` (origins, horizon) by candidate, and what came, `actual`; unknown steps are nan. Oldest origin first.

    `origins` are the numbers of steps that were known.
    """

    origins: NDArray[np.int64]
    foreseen: Mapping[str, Floats]
    actual: Floats

    def known(self, span: Span) -> NDArray[np.bool_]:
        """The origins for which all of `span` has come."""
        unknown = np.isnan(self.actual[:, span.first - 1 : span.last])
        return np.asarray(~unknown.any(axis=1), np.bool_)

    def sums(self, name: str, span: Span) -> tuple[Floats, Floats]:
        """(foreseen, came) of `span` summed, for the origins that know both."""
        rows = self.known(span)
        cut = slice(span.first - 1, span.last)
        foreseen = self.foreseen[name][rows, cut].sum(axis=1)
        came = self.actual[rows, cut].sum(axis=1)
        told = ~np.isnan(foreseen)
        return foreseen[told], came[told]

    def apart(self, span: Span, stride: int) -> float:
        """How many of the forecasts of `span` lie side by side, `stride` steps between origins."""
        return side_by_side(int(self.known(span).sum()), span, stride)

    def error(self, name: str, spans: tuple[Span, ...]) -> float:
        """Mean absolute error over all of `spans` and origins that every candidate could forecast."""
        return float(np.mean([np.abs(self._gap(name, span)).mean() for span in spans]))

    def _gap(self, name: str, span: Span) -> Floats:
        rows = self.known(span) & self.common
        cut = slice(span.first - 1, span.last)
        return np.asarray(self.foreseen[name][rows, cut].sum(axis=1) - self.actual[rows, cut].sum(axis=1))

    @cached_property
    def common(self) -> NDArray[np.bool_]:
        """The origins at which every candidate had history enough; all, where that leaves too few."""
        told = ~np.any([np.isnan(path[:, 0]) for path in self.foreseen.values()], axis=0)
        return np.asarray(told)


def side_by_side(count: int, span: Span, stride: int) -> float:
    """How many of `count` forecasts of `span` miss by themselves.

    Those whose spans overlap share what came; those whose leads overlap share the level they went out from, which
    is part of the miss only: half of a lead counts.
    """
    return min(count, _RECENT) * stride / (span.last - span.first + 1 + (span.first - 1) / 2)


def past_forecasts(history: History, horizon: int, stride: int) -> Past:
    """Forecasts made at up to 150 past origins `stride` steps apart; a candidate that lacks history there is nan.

    A candidate takes part only if it could forecast at enough of the origins: else it would be judged on few.
    """
    size, training = history.values.size, history.step.training
    ends = list(range(size - stride, training - 1, -stride))[:MOST_ORIGINS][::-1]
    if not ends:
        raise NoSuchData(f"{size} {history.step.name}s are known, too few for one past forecast.")
    rows: list[dict[str, Floats]] = []
    actual = np.full((len(ends), horizon), np.nan)
    for place, end in enumerate(ends):
        rows.append(paths(History(history.values[:end], history.first, history.step), horizon))
        came = history.values[end : end + horizon]
        actual[place, : came.size] = came
    nothing = np.full(horizon, np.nan)
    over = [row for row, end in zip(rows, ends, strict=True) if end + horizon <= size] or rows
    foreseen = {
        name: np.array([row.get(name, nothing) for row in rows])
        for name in rows[-1]
        if sum(name in row for row in over) >= min(FEWEST_ORIGINS, len(over))
    }
    return Past(np.array(ends), foreseen, actual)


def interval(foreseen: float, past: tuple[Floats, Floats], apart: float, level: float = LEVEL) -> Interval:
    """What may come, from how past forecasts of the same span missed; from 0.

    `past`: foreseen and came. `apart`: how many of these forecasts lie side by side without sharing time, for those
    that overlap miss together. Misses are log ratios where all are above 0, else differences. Where enough lie apart
    the ends are the places that hold `level` of one more miss (split conformal: Vovk et al. 2005); where
    few do, Student's t about no miss, with as many degrees of freedom, if that is wider.
    """
    told, came = (each[-_RECENT:] for each in past)
    ratios = foreseen > 0 and bool((told > 0).all() and (came > 0).all())
    misses = np.log(came / told) if ratios else came - told
    low, high = _order_statistics(misses, (1 - level) / 2)
    if apart < _FEW_APART:
        reach = _student(misses, min(apart, float(misses.size)), level)
        low, high = min(low, -reach), max(high, reach)
    if ratios:
        low, high = (foreseen * float(np.exp(min(end, _LARGEST))) for end in (low, high))
    else:
        low, high = foreseen + low, foreseen + high
    return Interval(max(low, 0.0), max(high, 0.0))


def chance_of(expected: float, needed: float, past: tuple[Floats, Floats], apart: float) -> float:
    """The chance that what comes is at least `needed`, from the same misses, 0-1; never certain."""
    from scipy import stats

    if needed <= 0:
        return 1.0
    told, came = (each[-_RECENT:] for each in past)
    ratios = expected > 0 and bool((told > 0).all() and (came > 0).all())
    misses = np.log(came / told) if ratios else came - told
    gap = float(np.log(needed / expected)) if ratios else needed - expected
    seen = (float((misses >= gap).sum()) + 0.5) / (misses.size + 1)
    if apart >= _FEW_APART:
        return seen
    free = max(min(apart, float(misses.size)), _FEWEST_APART)
    spread = float(np.sqrt(np.mean(misses**2) * (1 + 1 / free)))
    return float(stats.t.sf(gap / spread, free)) if spread > 0 else float(gap <= 0)


def _student(misses: Floats, apart: float, level: float) -> float:
    from scipy import stats

    free = max(apart, _FEWEST_APART)
    spread = float(np.sqrt(np.mean(misses**2)))
    return float(stats.t.ppf(0.5 + level / 2, free)) * spread * float(np.sqrt(1 + 1 / free))


def _order_statistics(misses: Floats, tail: float) -> tuple[float, float]:
    """The ends between which one more miss lies with chance 1 - 2 `tail`: places `tail` (n + 1) from either end.

    Between two order statistics in proportion; the outermost where the place lies beyond.
    """
    ordered = np.sort(misses)
    count = ordered.size
    places = np.clip(np.array([tail, 1 - tail]) * (count + 1) - 1, 0, count - 1)
    low, high = np.interp(places, np.arange(count), ordered)
    return float(low), float(high)
