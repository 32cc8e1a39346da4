"""Removal effects of channels in the Markov chain of touches: exact, by linear algebra.

A journey is a walk start → channel → … → conversion or nothing. Transition probabilities are the counted ones. Without
a channel, whoever would have come to it comes to nothing; what is lost of the conversions is the channel's removal
effect, and credit is in proportion to it (Anderl, Becker, von Wangenheim & Schumann 2016). Nothing is drawn at random.

With F = (I - Q)^-1 the expected visits of each state, the chance to pass state c at all is (s F)_c / F_cc, and of those
who do (F r)_c convert: the removal effect is the product, so one factorisation serves all channels. A touch that
follows one of the same channel (a loop) changes no removal effect of the first order: it only prolongs the stay. Of the
second order, where a state is the last two touches, it counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from analytics.attribution.journeys import Floats, Ints, Journeys
from core.errors import FixArguments, NoSuchData

__all__ = ["MOST_SECOND_ORDER", "RemovalEffects", "removal_effects"]

MOST_SECOND_ORDER = 60
"""Channels of a chain of the second order: it has up to their square of states."""


@dataclass(frozen=True, slots=True)
class RemovalEffects:
    """What would be lost without each channel, (channels,): `conversions` and `value` are shares of the whole, 0-1."""

    conversions: Floats
    value: Floats
    conversion_rate: float


@dataclass(frozen=True, slots=True)
class _Chain:
    """States and their channel: `enter` (states,) from the start, `moves` among them, `converts`, `earns` a visit."""

    channel: Ints
    enter: Floats
    moves: sparse.csr_matrix
    converts: Floats
    earns: Floats


def removal_effects(journeys: Journeys, order: int = 1) -> RemovalEffects:
    """Removal effects by the chain of that order, 1 or 2.

    `value` is of the expected value a walk earns, the mean value of the conversions that ended in the same state.
    NoSuchData where no journey converts or each does: without those that do not convert the chain says next to nothing.
    """
    if order not in (1, 2):
        raise FixArguments("The order of the chain is 1 or 2.", field="order")
    if order == 2 and len(journeys.channels) > MOST_SECOND_ORDER:
        raise FixArguments(f"A chain of order 2 takes {MOST_SECOND_ORDER} channels at most.", field="order")
    if not journeys.conversions.sum() > 0:
        raise NoSuchData("No journey ended in a conversion.")
    if not journeys.nulls.sum() > 0:
        raise NoSuchData(
            "Every journey ended in a conversion: without those that did not, a removal effect says little."
        )
    chain = _chain(journeys, order)
    lost = _lost_first(chain) if order == 1 else _lost_second(chain, len(journeys.channels))
    rate = float(journeys.conversions.sum() / (journeys.conversions.sum() + journeys.nulls.sum()))
    whole = float(journeys.value.sum())
    earned = whole / float(journeys.conversions.sum() + journeys.nulls.sum())
    value = lost[1] / earned if whole > 0 else np.zeros(len(journeys.channels))
    return RemovalEffects(_known(lost[0] / rate), _known(value), rate)


def _known(effects: Floats) -> Floats:
    """Effects without the last bits that the solution leaves below 0 or above 1."""
    return np.clip(effects, 0.0, 1.0)


def _states(journeys: Journeys, order: int) -> tuple[Ints, Ints]:
    """The state of each touch and the channel of each state; of order 2 a state is a channel and the one before."""
    width = len(journeys.channels)
    if order == 1:
        return journeys.codes, np.arange(width)
    before = np.concatenate([[width], journeys.codes[:-1]])
    before[journeys.starts[:-1]] = width  # nothing before the first touch
    keys, place = np.unique(journeys.codes * (width + 1) + before, return_inverse=True)
    return place.astype(np.int64), keys // (width + 1)


def _chain(journeys: Journeys, order: int) -> _Chain:
    states, channel = _states(journeys, order)
    size = channel.size
    weight = journeys.conversions + journeys.nulls
    visits = np.bincount(states, weights=weight[journeys.owner], minlength=size)
    # a channel that no journey counts has no visits, and no part in anything
    per_visit = np.divide(1.0, visits, out=np.zeros(size), where=visits > 0)
    going_on = ~journeys.is_last
    here, there = states[going_on], states[np.flatnonzero(going_on) + 1]
    counted = sparse.coo_matrix((weight[journeys.owner[going_on]], (here, there)), shape=(size, size)).tocsr()
    first, final = states[journeys.starts[:-1]], states[journeys.starts[1:] - 1]
    return _Chain(
        channel=channel,
        enter=np.bincount(first, weights=weight, minlength=size) / weight.sum(),
        moves=sparse.diags(per_visit) @ counted,
        converts=np.asarray(np.bincount(final, weights=journeys.conversions, minlength=size) * per_visit, np.float64),
        earns=np.asarray(np.bincount(final, weights=journeys.value, minlength=size) * per_visit, np.float64),
    )


def _lost_first(chain: _Chain) -> tuple[Floats, Floats]:
    """Conversions and value lost without each channel, where each is one state."""
    size = chain.channel.size
    visits = np.linalg.inv(np.eye(size) - chain.moves.toarray())
    passing = (chain.enter @ visits) / np.diag(visits)
    return passing * (visits @ chain.converts), passing * (visits @ chain.earns)


def _lost_second(chain: _Chain, channels: int) -> tuple[Floats, Floats]:
    """The same where a channel is several states: the chain is solved anew without them."""
    rewards = np.column_stack([chain.converts, chain.earns])
    whole = chain.enter @ _solved(chain.moves, rewards)
    lost = np.zeros((channels, 2))
    for channel in np.unique(chain.channel):
        others = np.flatnonzero(chain.channel != channel)
        left = chain.enter[others] @ _solved(chain.moves[others][:, others], rewards[others]) if others.size else 0.0
        lost[channel] = whole - left
    return lost[:, 0], lost[:, 1]


def _solved(moves: sparse.csr_matrix, rewards: Floats) -> Floats:
    size = moves.shape[0]
    return np.asarray(splu((sparse.identity(size, format="csc") - moves.tocsc()).tocsc()).solve(rewards))
