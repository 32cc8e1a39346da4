"""Shapley credit that knows the order: what each channel adds to a journey's chance to convert.

The game of a journey: its different channels, in the order in which each was met last; some of them are worth the
chance to convert that the conversion model gives to the journey made of these alone, in their order. Each channel's
Shapley value is worked out over every subset, nothing is drawn at random. Shares of a journey are in proportion to the
values, those below 0 counted as none; where no channel adds anything, in equal parts.
"""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
from scipy.special import expit

from analytics.attribution.conversion import ConversionModel
from analytics.attribution.journeys import Floats, Ints, Journeys

__all__ = ["MOST_CHANNELS", "ordered_weights", "shapley_values"]

MOST_CHANNELS = 12
"""Different channels of a journey that take part, the latest ones: there are 2^12 subsets of so many."""
_CELLS = 4_000_000


def ordered_weights(journeys: Journeys, model: ConversionModel) -> Floats:
    """The part of its journey's conversions that each touch gets, (touches,), journeys adding up to 1.

    A channel met several times shares what it gets equally among its touches.
    """
    owners, channels, place = journeys.pairs
    latest = np.zeros(owners.size, dtype=np.int64)
    np.maximum.at(latest, place, np.arange(journeys.codes.size))
    order = np.lexsort((latest, owners))  # pairs of a journey, the one met last at the end
    shares = np.zeros(owners.size)
    counts = np.bincount(owners, minlength=journeys.size)
    ends = np.cumsum(counts)
    taking_part = np.minimum(counts, MOST_CHANNELS)
    for size in np.unique(taking_part):
        ending = ends[taking_part == size]
        pairs = order[ending[:, None] - size + np.arange(size)]
        shares[pairs] = _shares(channels[pairs], model)
    touches = np.bincount(place, minlength=owners.size)
    return np.asarray((shares / touches)[place])


def shapley_values(sequences: Ints, model: ConversionModel) -> Floats:
    """Shapley values of journeys of equally many different channels, (n, k), oldest first: exact."""
    count, size = sequences.shape
    values = np.empty((count, size))
    rows = max(1, _CELLS >> size)
    for begin in range(0, count, rows):
        some = sequences[begin : begin + rows]
        values[begin : begin + rows] = _worths(some, model) @ _coefficients(size)
    return values


def _shares(sequences: Ints, model: ConversionModel) -> Floats:
    gains = np.maximum(shapley_values(sequences, model), 0.0)
    total = gains.sum(axis=1, keepdims=True)
    equal = np.full_like(gains, 1.0 / gains.shape[1])
    return np.asarray(np.divide(gains, total, out=equal, where=total > 0), np.float64)


def _worths(sequences: Ints, model: ConversionModel) -> Floats:
    """The chance to convert of each subset, (n, 2^k): bit i of a subset's number says whether channel i is in it."""
    met = model.met[sequences]
    last = model.last[sequences]
    count, size = sequences.shape
    sums = np.zeros((count, 1 << size))
    odds = np.zeros((count, 1 << size))
    for bit in range(size):
        low, high = 1 << bit, 2 << bit
        sums[:, low:high] = sums[:, :low] + met[:, bit, None]
        odds[:, low:high] = sums[:, low:high] + last[:, bit, None]
    return np.asarray(expit(model.base + odds))


@cache
def _coefficients(size: int) -> Floats:
    """What the worth of each subset counts for in the Shapley value of each channel, (2^k, k)."""
    subsets = np.arange(1 << size)
    bits = (subsets[:, None] >> np.arange(size)) & 1
    members = bits.sum(axis=1)
    joining = np.array([0.0, *(1 / (size * comb(size - 1, n - 1)) for n in range(1, size + 1))])
    leaving = np.array([*(1 / (size * comb(size - 1, n)) for n in range(size)), 0.0])
    return np.asarray(np.where(bits == 1, joining[members][:, None], -leaving[members][:, None]), np.float64)
