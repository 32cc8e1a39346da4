"""The outlook of a series: the champion of past origins, what it foresees of each span, how well that went before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.forecast.candidates import MEAN, RULES, History, paths
from analytics.forecast.rolling import LEVEL, Interval, Past, Span, chance_of, interval, past_forecasts, side_by_side
from analytics.forecast.steps import FEWEST_ORIGINS
from core.errors import NoSuchData

__all__ = ["Foreseen", "Outlook", "Record", "furthest", "needed_history", "outlook"]

Floats = NDArray[np.float64]
_LEAST_SHARE = 5  # of a history of less than two years, one part in so many can be foreseen
_CLEARLY = 0.9
_JUDGED = 12  # past misses before the first interval that is judged


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one span is expected to come to, with its 90 % interval."""

    span: Span
    expected: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Record:
    """How forecasts of such spans went at past origins.

    `errors`: mean absolute error by candidate; `coverage`: of intervals made then, from what was known then, the share
    that held what came, over `judged` of them; `off`: mean absolute error of the champion over the mean that came.
    """

    errors: Mapping[str, float]
    origins: int
    coverage: float | None
    judged: int
    off: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The champion, whether it is one of the rules everybody knows, its path (horizon,), spans and record."""

    champion: str
    path: Floats
    spans: tuple[Foreseen, ...]
    record: Record
    past: Past
    stride: int

    @property
    def is_rule(self) -> bool:
        """Whether nothing beat the rules."""
        return self.champion in RULES

    def against(self, rule: str) -> float | None:
        """The champion's error over that of a rule; None where the rule lacks history."""
        found = self.record.errors.get(rule)
        return self.record.errors[self.champion] / found if found else None

    def chance(self, span: Span, needed: float) -> float:
        """The chance that `span` comes to at least `needed`, 0-1."""
        expected = float(self.path[span.first - 1 : span.last].sum())
        return chance_of(expected, needed, self.past.sums(self.champion, span), self.past.apart(span, self.stride))


def furthest(history: History) -> int:
    """The last step ahead that can be foreseen with an interval, 0 for none.

    Twenty past forecasts of it have to be over; and a season that was not yet seen twice cannot be told from a trend,
    so that a history of less than two years reaches a fifth of its length.
    """
    size, step = history.values.size, history.step
    by_origins = size - step.training - (FEWEST_ORIGINS - 1) * step.cycle - 1
    by_seasons = step.year if size >= 2 * step.year else size // _LEAST_SHARE
    return max(0, min(by_origins, by_seasons))


def needed_history(history: History, ahead: int) -> int:
    """Steps of history that a forecast of `ahead` steps needs."""
    step = history.step
    by_origins = step.training + (FEWEST_ORIGINS - 1) * step.cycle + 1 + ahead
    by_seasons = min(ahead * _LEAST_SHARE, 2 * step.year)
    return max(by_origins, by_seasons)


def outlook(history: History, spans: Sequence[Span]) -> Outlook:
    """The outlook of `spans`, by the candidate whose past forecasts as far ahead missed least.

    NoSuchData, with what is missing, where the history is too short or nothing happened in it.
    """
    horizon = max(span.last for span in spans)
    reach, name = furthest(history), history.step.name
    if not history.values.any():
        raise NoSuchData("Nothing was counted in all that time, so there is nothing to foresee.")
    if horizon > reach:
        raise NoSuchData(_too_short(history, horizon, reach, name))
    stride = history.step.cycle
    past = past_forecasts(history, horizon, stride)
    judged = (*_cycles(horizon, stride), Span(1, horizon))
    errors = {candidate: past.error(candidate, judged) for candidate in past.foreseen}
    champion = _champion(errors)
    path = paths(history, horizon)[champion]
    found = tuple(_foreseen(past, champion, path, span, stride) for span in spans)
    return Outlook(champion, path, found, _record(past, champion, errors, judged, spans, stride), past, stride)


def _champion(errors: Mapping[str, float]) -> str:
    """The candidate with the least error; the mean of the models unless another is better by a tenth.

    Over a few dozen origins that share time the best of seven is often so by luck: chosen anew at each origin from
    what had come by then, the mean loses to nothing by much.
    """
    best = min(errors, key=errors.__getitem__)
    return best if errors[best] < errors[MEAN] * _CLEARLY else MEAN


def _too_short(history: History, horizon: int, reach: int, name: str) -> str:
    size, needed = history.values.size, needed_history(history, horizon)
    if horizon > history.step.year:
        return f"That is {horizon} {name}s ahead; more than a year ahead ({history.step.year} {name}s) is not foreseen."
    missing = (
        f"{size} {name}s of history are known; a forecast of {horizon} {name}s ahead with an interval that can be "
        f"trusted needs about {needed}"
    )
    return f"{missing}. {reach} {name}s ahead can be told." if reach else f"{missing}."


def _cycles(horizon: int, cycle: int) -> tuple[Span, ...]:
    """The cycles of the horizon one by one, thirteen at most, evenly spread."""
    count = max(horizon // cycle, 1)
    places = np.unique(np.linspace(0, count - 1, min(count, 13)).astype(int))
    return tuple(Span(int(p) * cycle + 1, min(int(p + 1) * cycle, horizon)) for p in places)


def _foreseen(past: Past, champion: str, path: Floats, span: Span, stride: int) -> Foreseen:
    expected = float(path[span.first - 1 : span.last].sum())
    return Foreseen(span, expected, interval(expected, past.sums(champion, span), past.apart(span, stride)))


def _record(
    past: Past, champion: str, errors: Mapping[str, float], judged: tuple[Span, ...], spans: Sequence[Span], stride: int
) -> Record:
    held = [hit for span in dict.fromkeys(spans) for hit in _held(past, champion, span, stride)]
    came = float(np.mean([past.sums(champion, span)[1].mean() for span in judged]))
    return Record(
        errors=errors,
        origins=int((past.known(judged[-1]) & past.common).sum()),
        coverage=float(np.mean(held)) if held else None,
        judged=len(held),
        off=errors[champion] / came if came > 0 else float("inf"),
    )


def _held(past: Past, champion: str, span: Span, stride: int) -> list[bool]:
    """Whether each interval, made of what had come by its origin, held what came then."""
    foreseen, came = past.sums(champion, span)
    told = ~np.isnan(past.foreseen[champion][past.known(span)][:, span.first - 1])
    origins = past.origins[past.known(span)][told]
    held = []
    for place, origin in enumerate(origins):
        before = int((origins + span.last <= origin).sum())  # origins ascend
        if before >= _JUDGED:
            earlier = (foreseen[:before], came[:before])
            made = interval(float(foreseen[place]), earlier, side_by_side(before, span, stride), LEVEL)
            held.append(made.low <= came[place] <= made.high)
    return held
