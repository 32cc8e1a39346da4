"""Credit of channels by every rule and model, beside each other; what each is good for, and which the data do not bear.

`Credit` is what other ways of crediting channels (a marketing mix model, an experiment) give too, so that all of them
stand in one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.attribution.conversion import fit_conversion
from analytics.attribution.journeys import Floats, Journeys
from analytics.attribution.markov import removal_effects
from analytics.attribution.ordered import ordered_weights
from analytics.attribution.rules import RULES, RuleSettings, touch_weights
from core.errors import FixArguments, NoSuchData

__all__ = [
    "FEWEST_CONVERSIONS", "FEWEST_JOURNEYS", "LEARNT", "METHODS", "Basis", "Credit", "Credits", "attribute",
    "credits_of", "enough", "weights_of",
]  # fmt: skip

FEWEST_JOURNEYS, FEWEST_CONVERSIONS = 100, 30
LEARNT = ("markov", "data_driven")
METHODS = (*RULES, *LEARNT)
Basis = Literal["rule", "model", "experiment"]


@dataclass(frozen=True, slots=True)
class Credit:
    """What one method credits one channel with; `share` of all that the method shares out, 0-1."""

    channel: str
    method: str
    basis: Basis
    credit: float
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Credits:
    """Conversions and value by method and channel, (channels,) each; `left_out` says why a method is not there."""

    channels: tuple[str, ...]
    conversions: Mapping[str, Floats]
    value: Mapping[str, Floats]
    total: float
    total_value: float
    left_out: Mapping[str, str]

    def lines(self) -> list[Credit]:
        """One line a method and channel."""
        return [
            Credit(
                channel=channel,
                method=method,
                basis="model" if method in LEARNT else "rule",
                credit=float(conversions[place]),
                value=float(self.value[method][place]),
                share=float(conversions[place]) / self.total,
            )
            for method, conversions in self.conversions.items()
            for place, channel in enumerate(self.channels)
        ]


def enough(journeys: Journeys) -> None:
    """NoSuchData, with what is missing, where too few journeys, conversions or channels are known to credit any."""
    count = float((journeys.conversions + journeys.nulls).sum())
    if count < FEWEST_JOURNEYS:
        raise NoSuchData(f"{count:,.0f} journeys are known; credit needs at least {FEWEST_JOURNEYS}.")
    won = float(journeys.conversions.sum())
    if won < FEWEST_CONVERSIONS:
        raise NoSuchData(f"{won:,.0f} conversions have a touch before them; credit needs {FEWEST_CONVERSIONS}.")
    if np.unique(journeys.codes).size < 2:
        raise NoSuchData(
            f"Every touch is of one channel, {journeys.channels[journeys.codes[0]]}: it has all the credit."
        )


def attribute(
    journeys: Journeys, methods: Sequence[str] = METHODS, settings: RuleSettings | None = None, *, order: int = 1
) -> Credits:
    """Share the conversions, and their value, out among the channels by each of `methods`.

    Each method's credits add up to all conversions. A method that the data do not bear is left out with the reason;
    FixArguments for one that does not exist, NoSuchData where there is too little for any (see `enough`).
    """
    enough(journeys)
    if unknown := [name for name in methods if name not in METHODS]:
        raise FixArguments(f"There is no method '{unknown[0]}'.", field="methods", valid=METHODS)
    conversions, value, left_out = {}, {}, {}
    for method in methods:
        try:
            conversions[method], value[method] = credits_of(journeys, method, settings, order=order)
        except (NoSuchData, FixArguments) as error:
            left_out[method] = error.message
    total, worth = float(journeys.conversions.sum()), float(journeys.value.sum())
    return Credits(journeys.channels, conversions, value, total, worth, left_out)


def credits_of(
    journeys: Journeys, method: str, settings: RuleSettings | None = None, *, order: int = 1
) -> tuple[Floats, Floats]:
    """Conversions and value credited to each channel by one method, (channels,) each."""
    if method == "markov":
        effects = removal_effects(journeys, order)
        return _in_proportion(effects.conversions, journeys.conversions), _in_proportion(effects.value, journeys.value)
    won, weights = weights_of(journeys, method, settings)
    return _summed(won, weights, won.conversions), _summed(won, weights, won.value)


def weights_of(journeys: Journeys, method: str, settings: RuleSettings | None = None) -> tuple[Journeys, Floats]:
    """The converting journeys and the weight of each of their touches, by any method that credits touches."""
    won = journeys.converting
    if method == "data_driven":
        return won, ordered_weights(won, fit_conversion(journeys))
    return won, touch_weights(won, method, settings)


def _summed(journeys: Journeys, weights: Floats, amounts: Floats) -> Floats:
    """What each channel's touches get of each journey's amount."""
    given = weights * amounts[journeys.owner]
    summed = np.bincount(journeys.codes, weights=given, minlength=len(journeys.channels)).astype(np.float64)
    return _exact(summed, float(amounts.sum()))


def _in_proportion(effects: Floats, amounts: Floats) -> Floats:
    total = float(amounts.sum())
    if not effects.sum() > 0:
        return np.full(effects.size, total / effects.size)
    return _exact(effects * (total / effects.sum()), total)


def _exact(credits: Floats, total: float) -> Floats:
    """Without the error that adding up a million parts leaves in their sum."""
    found = float(credits.sum())
    return credits * (total / found) if found != 0 else credits
