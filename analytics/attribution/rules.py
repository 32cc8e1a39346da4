"""The rules: first, last, last that was not direct, linear, time decay, position, and equal shares of the channels.

A rule gives each touch a weight; the weights of a journey add up to 1. The last named is the Shapley value of the game
in which a set of channels is worth the conversions of the journeys that need no other (Zhao, Mahboobi & Bagheri 2018,
arXiv 1804.05327, theorem 1): each conversion in equal parts to the different channels before it, however often and in
whatever order they were met.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.attribution.journeys import Floats, Ints, Journeys
from core.errors import FixArguments

__all__ = ["DIRECT", "RULES", "RuleSettings", "touch_weights"]

DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What can be set: half-life of time decay in days, shares of the first and last touch, and what is direct."""

    half_life_days: float = 7.0
    first_share: float = 0.4
    last_share: float = 0.4
    direct: str = DIRECT

    def __post_init__(self) -> None:
        if not self.half_life_days > 0:
            raise FixArguments("The half-life of time decay is a number of days above 0.", field="half_life_days")
        if min(self.first_share, self.last_share) < 0 or self.first_share + self.last_share > 1:
            raise FixArguments("The shares of the first and the last touch are 0 to 1 in all.", field="first_share")


RULES = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "shapley")


def touch_weights(journeys: Journeys, rule: str, settings: RuleSettings | None = None) -> Floats:
    """The part of its journey's conversions that each touch gets by a rule, (touches,), journeys adding up to 1.

    FixArguments for a rule that does not exist, and for time decay where the times of touches are not known.
    """
    chosen = settings or RuleSettings()
    if rule == "first":
        return _ones_at(journeys, journeys.starts[:-1])
    if rule == "last":
        return _ones_at(journeys, journeys.starts[1:] - 1)
    if rule == "last_non_direct":
        return _ones_at(journeys, _last_but(journeys, chosen.direct))
    if rule == "linear":
        return np.repeat(1.0 / journeys.lengths, journeys.lengths)
    if rule == "time_decay":
        return _time_decay(journeys, chosen.half_life_days)
    if rule == "position":
        return _position(journeys, chosen.first_share, chosen.last_share)
    if rule == "shapley":
        return _equal_channels(journeys)
    raise FixArguments(f"There is no rule '{rule}'.", field="rule", valid=RULES)


def _ones_at(journeys: Journeys, places: Ints) -> Floats:
    weights = np.zeros(journeys.codes.size)
    weights[places] = 1.0
    return weights


def _last_but(journeys: Journeys, direct: str) -> Ints:
    """The place of each journey's last touch that is not direct; of its last where all are."""
    names = np.array(journeys.channels)
    places = np.where(names[journeys.codes] != direct, np.arange(journeys.codes.size), -1)
    latest = np.maximum.reduceat(places, journeys.starts[:-1])
    return np.where(latest >= 0, latest, journeys.starts[1:] - 1)


def _time_decay(journeys: Journeys, half_life: float) -> Floats:
    """Half the weight for each half-life further back; counted from the journey's last touch, so nothing underflows."""
    if journeys.ages is None:
        raise FixArguments("Time decay needs the time of each touch; these paths have none.", field="rule")
    nearest = np.minimum.reduceat(journeys.ages, journeys.starts[:-1])
    raw = np.exp2(-(journeys.ages - nearest[journeys.owner]) / half_life)
    return np.asarray(raw / np.add.reduceat(raw, journeys.starts[:-1])[journeys.owner])


def _position(journeys: Journeys, first: float, last: float) -> Floats:
    """`first` and `last` to the ends, the rest to those between; of two, in the proportion of their shares."""
    lengths = journeys.lengths
    between = np.where(lengths > 2, (1 - first - last) / np.maximum(lengths - 2, 1), 0.0)
    weights = between[journeys.owner]
    ends = first + last
    pair = np.array([first / ends, last / ends]) if ends > 0 else np.array([0.5, 0.5])
    weights[journeys.starts[:-1]] = np.where(lengths == 1, 1.0, np.where(lengths == 2, pair[0], first))
    final = journeys.starts[1:] - 1
    weights[final] = np.where(lengths == 1, 1.0, np.where(lengths == 2, pair[1], last))
    return weights


def _equal_channels(journeys: Journeys) -> Floats:
    """Equal parts to the journey's channels, each in equal parts to its touches."""
    owners, _, place = journeys.pairs
    channels = np.bincount(owners, minlength=journeys.size)
    touches = np.bincount(place, minlength=owners.size)
    return np.asarray(1.0 / (channels[journeys.owner] * touches[place]))
