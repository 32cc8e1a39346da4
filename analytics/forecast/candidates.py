"""The candidates: the two rules everybody knows, and models that have to beat them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.forecast.damped import damped_forecast
from analytics.forecast.seasons import seasonal_forecast
from analytics.forecast.steps import Step

__all__ = ["CANDIDATES", "LAST_YEAR", "MEAN", "MODELS", "NAIVE", "RULES", "History", "paths"]

Floats = NDArray[np.float64]
NAIVE, LAST_YEAR = "the last week or month again", "last year again"
MEAN = "mean of the models"
RULES = (NAIVE, LAST_YEAR)
_RECENT = 8  # cycles from which level, rhythm and growth are taken
_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class History:
    """Values a step from `first` on, all known; the step's rhythm. `values` (n,)."""

    values: Floats
    first: date
    step: Step

    @property
    def totals(self) -> Floats:
        """Totals of whole cycles, oldest first, the last one ending with the data."""
        cycle = self.step.cycle
        whole = self.values.size // cycle * cycle
        return np.asarray(self.values[self.values.size - whole :].reshape(-1, cycle).sum(axis=1))

    @property
    def rhythm(self) -> Floats:
        """The share of each step of a cycle in its total, lately, (cycle,)."""
        cycle = self.step.cycle
        lately = self.values[-min(_RECENT, self.values.size // cycle) * cycle :].reshape(-1, cycle).sum(axis=0)
        return np.asarray(lately / lately.sum()) if lately.sum() > 0 else np.full(cycle, 1 / cycle)


def paths(history: History, horizon: int) -> dict[str, Floats]:
    """What each candidate that has history enough foresees for the next `horizon` steps, (horizon,) each, from 0."""
    found = {name: candidate(history, horizon) for name, candidate in CANDIDATES.items()}
    known = {name: np.maximum(path, 0.0) for name, path in found.items() if path is not None}
    models = [known[name] for name in MODELS if name in known]
    return {**known, MEAN: np.mean(models, axis=0)}


def _naive(history: History, horizon: int) -> Floats | None:
    cycle = history.step.cycle
    return np.resize(history.values[-cycle:], horizon)


def _last_year(history: History, horizon: int) -> Floats | None:
    year = history.step.year
    return np.resize(history.values[-year:], horizon) if history.values.size >= year else None


def _last_year_grown(history: History, horizon: int) -> Floats | None:
    """A year before, times what lately was over the same time a year before."""
    year, lately = history.step.year, _RECENT * history.step.cycle if history.step.name != "month" else 3
    if history.values.size < year + lately:
        return None
    now = history.values[-lately:].sum()
    then = history.values[-year - lately : -year].sum()
    shape = np.resize(history.values[-year:], horizon)
    return np.asarray(shape * min(max(now / then, 0.2), 5.0)) if then > 0 else None


def _level(history: History, horizon: int) -> Floats | None:
    """The mean of the last cycles, the newer ones counting more, in the usual rhythm."""
    totals = history.totals[-_RECENT:]
    weights = 0.8 ** np.arange(totals.size)[::-1]
    return _in_rhythm(history, np.full(_cycles(history, horizon), (totals * weights).sum() / weights.sum()), horizon)


def _damped(history: History, horizon: int) -> Floats | None:
    return _in_rhythm(history, damped_forecast(history.totals, _cycles(history, horizon)), horizon)


def _seasonal(history: History, horizon: int) -> Floats | None:
    step, totals = history.step, history.totals
    length = _DAYS[step.name] * step.cycle
    skipped = history.values.size - totals.size * step.cycle
    begin = history.first + timedelta(days=skipped * _DAYS[step.name])
    days = [begin + timedelta(days=length * place) for place in range(totals.size)]
    found = seasonal_forecast(totals, days, length, step.year / step.cycle, _cycles(history, horizon))
    return _in_rhythm(history, found, horizon)


def _cycles(history: History, horizon: int) -> int:
    return -(-horizon // history.step.cycle)


def _in_rhythm(history: History, totals: Floats, horizon: int) -> Floats:
    return np.asarray((totals[:, None] * history.rhythm).ravel()[:horizon])


CANDIDATES: Final[dict[str, Callable[[History, int], Floats | None]]] = {
    NAIVE: _naive,
    LAST_YEAR: _last_year,
    "last year, grown as lately": _last_year_grown,
    "the level of the last cycles": _level,
    "damped trend": _damped,
    "waves of the year": _seasonal,
}
MODELS = tuple(name for name in CANDIDATES if name not in RULES)
