"""Credit within single paths by every method: what the models of all journeys say of the touches of a few.

Neither a Markov chain nor a conversion model can be fitted to one customer's journeys. Both are fitted to all of them
here and read off within the path: each different channel of a path gets a part in proportion to its removal effect in
the chain of all journeys, shared equally among its touches; Shapley values are those of the path's own channels, in
their order, by the conversion model of all journeys (`ordered`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.attribution.conversion import fit_conversion
from analytics.attribution.credit import LEARNT, METHODS, enough
from analytics.attribution.journeys import Floats, Journeys
from analytics.attribution.markov import removal_effects
from analytics.attribution.ordered import ordered_weights
from analytics.attribution.rules import RuleSettings, touch_weights
from core.errors import FixArguments, NoSuchData

__all__ = ["PathWeights", "path_weights", "shares_of_effects"]


@dataclass(frozen=True, slots=True)
class PathWeights:
    """`journeys` are the chosen ones; each method's weights are of their touches, (touches,), a path adding up to 1.

    `left_out` says why a method is not there.
    """

    journeys: Journeys
    weights: Mapping[str, Floats]
    left_out: Mapping[str, str]

    def parts(self, journey: int) -> list[dict[str, float]]:
        """Of each touch of one journey, oldest first: its part by each method."""
        begin, end = self.journeys.starts[journey], self.journeys.starts[journey + 1]
        return [{name: float(each[place]) for name, each in self.weights.items()} for place in range(begin, end)]

    def channels(self) -> list[tuple[str, int, dict[str, float]]]:
        """Each channel of the paths with its touches and the value it is credited with by each method.

        In whole cents; the channels' sum is the value of the paths, to the cent, by every method.
        """
        touches = np.bincount(self.journeys.codes, minlength=len(self.journeys.channels))
        met = np.flatnonzero(touches)
        value = self.journeys.value[self.journeys.owner]
        worth = {name: _cents(self._by_channel(each * value)[met]) for name, each in self.weights.items()}
        return [
            (self.journeys.channels[code], int(touches[code]), {name: float(each[n]) for name, each in worth.items()})
            for n, code in enumerate(met)
        ]

    def _by_channel(self, amounts: Floats) -> Floats:
        """Amounts of touches, (touches,), summed by channel."""
        summed = np.bincount(self.journeys.codes, weights=amounts, minlength=len(self.journeys.channels))
        return summed.astype(np.float64)


def path_weights(
    every: Journeys,
    chosen: NDArray[np.bool_],
    methods: Sequence[str] = METHODS,
    settings: RuleSettings | None = None,
) -> PathWeights:
    """The weights of the touches of the `chosen` journeys (a mask of `every`) by each of `methods`.

    The rules need the paths alone; what is learnt is left out, with the reason, where `every` has too little.
    """
    few, weights, left_out = every.only(chosen), {}, {}
    for method in methods:
        try:
            weights[method] = _learnt(every, few, method) if method in LEARNT else touch_weights(few, method, settings)
        except (NoSuchData, FixArguments) as error:
            left_out[method] = error.message
    return PathWeights(few, weights, left_out)


def shares_of_effects(journeys: Journeys, effects: Floats) -> Floats:
    """Weights of touches by the removal effects of channels, (channels,): in equal parts where a path has none."""
    owners, channels, place = journeys.pairs
    effect = effects[channels]
    total = np.bincount(owners, weights=effect, minlength=journeys.size)[owners]
    equal = 1.0 / np.bincount(owners, minlength=journeys.size)[owners]
    shares = np.divide(effect, total, out=equal, where=total > 0)
    touches = np.bincount(place, minlength=owners.size)
    return np.asarray((shares / touches)[place])


def _cents(amounts: Floats) -> Floats:
    """Amounts in whole cents, each at most a cent away, that add up to what the amounts do."""
    return np.asarray(np.diff(np.round(np.cumsum(amounts), 2), prepend=0.0).round(2))


def _learnt(every: Journeys, few: Journeys, method: str) -> Floats:
    enough(every)
    if method == "data_driven":
        return ordered_weights(few, fit_conversion(every))
    return shares_of_effects(few, removal_effects(every).conversions)
