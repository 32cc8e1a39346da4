"""A plan against today: what it changes, how sure that is, and as moves of money from one channel to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.budget.response import Response
from analytics.mix.effects import Interval, interval

__all__ = ["Line", "Move", "Plan", "plan_of"]

Array = NDArray[np.float64]
WORTH_MOVING = 0.01  # of the total; less is not said as a move


@dataclass(frozen=True, slots=True)
class Line:
    """One channel: spend a week today and planned, what each brings a week, and the return of the next unit there.

    beyond: the plan's largest week exceeds all that was ever spent in one.
    """

    channel: str
    today: float
    planned: float
    sales_today: Interval
    sales_planned: Interval
    marginal_today: float
    marginal_planned: float
    beyond: bool


@dataclass(frozen=True, slots=True)
class Move:
    """Money a week from one channel to another; gain: sales a week of this move alone, better: P(gain > 0)."""

    source: str
    target: str
    amount: float
    gain: Interval
    better: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All channels. gain: sales a week beyond today's; net: gain minus what is spent more; better: P(net > 0)."""

    lines: list[Line]
    moves: list[Move]
    total_today: float
    total: float
    gain: Interval
    net: Interval
    better: float


def plan_of(response: Response, level: Array, channels: Sequence[str]) -> Plan:
    """Describe spend a week `level` (channels) against today's, all by the same draws."""
    today = response.today
    before, after = response.sales(today), response.sales(level)
    gain = (after - before).sum(axis=1)
    more = float(level.sum() - today.sum())
    slopes = [response.with_slope(at)[1] for at in (today, level)]
    beyond = response.beyond(level)
    lines = [
        Line(
            name, float(today[c]), float(level[c]), interval(before[:, c]), interval(after[:, c]),
            float(slopes[0][c]), float(slopes[1][c]), bool(beyond[c]),
        )
        for c, name in enumerate(channels)
    ]  # fmt: skip
    net = gain - more
    return Plan(
        lines, _moves(response, level, channels), float(today.sum()), float(level.sum()), interval(gain),
        interval(net), float((net > 1e-9 * abs(today.sum())).mean()),
    )  # fmt: skip


def _moves(response: Response, level: Array, channels: Sequence[str]) -> list[Move]:
    """The largest cut against the largest rise until one side is used up."""
    change = level - response.today
    least = WORTH_MOVING * float(response.today.sum())
    found = []
    while change.min() < -least and change.max() > least:
        source, target = int(change.argmin()), int(change.argmax())
        amount = float(min(-change[source], change[target]))
        change[source] += amount
        change[target] -= amount
        moved = response.today.copy()
        moved[source] -= amount
        moved[target] += amount
        gain = (response.sales(moved) - response.sales(response.today)).sum(axis=1)
        found.append(Move(channels[source], channels[target], amount, interval(gain), float((gain > 0).mean())))
    return found
