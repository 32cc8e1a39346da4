"""A week of actions: for each customer the campaigns that suit best, on days and within limits that hold.

Greedy and whole arrays at a time: each round gives every customer their best campaign that is left, on one of its days.
Frequency cap, days between two messages, and budget hold by construction; a test tries them on random shops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Actions", "Bounds", "assign", "hours_allowed", "windows"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
DAYS_A_KIND = 2
LONGEST_WINDOW = 3
DEFAULT_HOUR = 9
EARLY, LATE = 8, 21


@dataclass(frozen=True, slots=True)
class Bounds:
    """What must hold: the days of the plan, most actions a customer, the frequency cap, and the money given away.

    `cap_messages` in `cap_days` days count what a customer had before (`had`, within that many days up to now); the
    first day of the plan is `days_ahead` days from now.
    """

    days: int = 7
    days_ahead: int = 0
    most: int = 1
    cap_messages: int | None = None
    cap_days: int | None = None
    budget: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """One row an action: customer (row), type (column of the scores), day of the plan (0 …), score, cost."""

    customer: Ints
    kind: Ints
    day: Ints
    score: Floats
    cost: Floats


def assign(scores: Floats, costs: Floats, had: Ints, preferred: Ints, bounds: Bounds) -> Actions:
    """The actions of a week.

    `scores` (customers, types): NaN where a type does not suit; `costs` the same shape: what it gives away at most;
    `had` messages each customer had within the cap's days; `preferred` day of the plan each likes best, -1: not known.
    """
    open_to = np.where(np.isfinite(scores) & (scores > 0), scores, np.nan)
    days = _days_of_kinds(open_to, preferred, bounds.days)
    taken = _rounds(open_to, days, had, preferred, bounds, np.zeros((0, 4)))
    if bounds.budget is None:
        return _actions(taken, scores, costs)
    kept = taken[_affordable(taken, scores, costs, bounds.budget)]
    free = np.where(costs > 0, np.nan, open_to)  # who was left out for money may get what costs nothing
    return _actions(_rounds(free, days, had, preferred, bounds, kept), scores, costs)


def _days_of_kinds(scores: Floats, preferred: Ints, days: int) -> Ints:
    """(types, DAYS_A_KIND) the days on which each type goes out: those its customers like best and that have room.

    The largest type chooses first; a day counts as liked by its share of those who like any, less its share of what the
    types before have put on it, so that a week does not fall on one day.
    """
    suited = np.isfinite(scores)
    chosen, load = np.zeros((scores.shape[1], DAYS_A_KIND), np.int64), np.zeros(days)
    for kind in np.argsort(-suited.sum(axis=0), kind="stable"):
        liked = preferred[suited[:, kind] & (preferred >= 0) & (preferred < days)]
        votes = np.bincount(liked, minlength=days) / max(liked.size, 1)
        best = np.argsort(load / max(load.sum(), 1.0) - votes, kind="stable")[:DAYS_A_KIND]
        chosen[kind] = np.sort(np.resize(best, DAYS_A_KIND))
        load[best] += suited[:, kind].sum() / DAYS_A_KIND
    return chosen


def _rounds(scores: Floats, days: Ints, had: Ints, preferred: Ints, bounds: Bounds, kept: Floats) -> Floats:
    """Rows (customer, type, day, round): `kept` and what each customer can be given beside it."""
    customers = scores.shape[0]
    left, earliest, gap = _allowed(had, bounds)
    busy = np.zeros((customers, bounds.days), bool)
    remaining = scores.copy()
    for customer, kind, day, _ in kept.astype(np.int64):
        busy[customer, day], remaining[customer, kind] = True, np.nan
        left[customer] -= 1
    rows = [kept]
    for turn in range(bounds.most):
        rows.append(_one_each(remaining, days, left, earliest, busy, preferred, gap, turn))
    return np.concatenate(rows)


def _allowed(had: Ints, bounds: Bounds) -> tuple[Ints, Ints, int]:
    """How many more each customer may get this week, from which day on, and the least days between two of them."""
    most = np.full(had.shape, bounds.most, np.int64)
    earliest, gap = np.zeros(had.shape, np.int64), 1
    if bounds.cap_messages is not None and bounds.cap_days is not None:
        full, span = had >= bounds.cap_messages, bounds.cap_days + 1  # a day more: hours of the day differ
        earliest = np.where(full, max(span - bounds.days_ahead, 0), 0)
        most = np.minimum(most, np.where(full, bounds.cap_messages, bounds.cap_messages - had))
        gap = -(-span // bounds.cap_messages) if bounds.cap_days < bounds.days else 1
    return most, earliest, gap


def _one_each(
    remaining: Floats, days: Ints, left: Ints, earliest: Ints, busy: Flags, preferred: Ints, gap: int, turn: int
) -> Floats:
    """At most one action more for each customer; `remaining`, `left` and `busy` are brought up to date."""
    found: list[Floats] = []
    open_now = left > 0
    for _ in range(remaining.shape[1]):  # a customer whose best type has no day that fits tries the next one
        who = np.flatnonzero(open_now & np.isfinite(remaining).any(axis=1))
        if not who.size:
            break
        kind = np.nanargmax(remaining[who], axis=1)
        day = _day(days[kind], earliest[who], busy[who], preferred[who], gap, who)
        fits = day >= 0
        remaining[who, kind] = np.nan
        done, of, on = who[fits], kind[fits], day[fits]
        busy[done, on] = True
        left[done] -= 1
        open_now[done] = False
        found.append(np.stack([done, of, on, np.full(done.size, turn)], axis=1).astype(np.float64))
    return np.concatenate(found) if found else np.zeros((0, 4))


def _day(options: Ints, earliest: Ints, busy: Flags, preferred: Ints, gap: int, who: Ints) -> Ints:
    """The day among each one's options: the one they like best, else one by turns; -1 where none is free."""
    near = np.zeros_like(busy)
    for step in range(-gap + 1, gap):  # days that are too near to one that is taken
        shifted = np.roll(busy, step, axis=1)
        if step > 0:
            shifted[:, :step] = False
        elif step < 0:
            shifted[:, step:] = False
        near |= shifted
    rows = np.arange(options.shape[0])
    free = np.stack([(options[:, n] >= earliest) & ~near[rows, options[:, n]] for n in range(options.shape[1])], axis=1)
    liked = options == preferred[:, None]
    turn = (np.arange(options.shape[1])[None, :] + who[:, None]) % options.shape[1] == 0
    rank = np.where(free, 4.0 * liked + turn, -1.0)
    best = rank.argmax(axis=1)
    return np.where(free.any(axis=1), options[rows, best], -1)


def _affordable(taken: Floats, scores: Floats, costs: Floats, budget: float) -> Flags:
    """Which actions the money is for: most score for the money first; what costs nothing always."""
    who, kind = taken[:, 0].astype(np.int64), taken[:, 1].astype(np.int64)
    cost, score = costs[who, kind], scores[who, kind]
    kept = cost <= 0
    paid = np.flatnonzero(~kept)
    order = paid[np.argsort(-(score[paid] / cost[paid]), kind="stable")]
    within = np.cumsum(cost[order]) <= budget
    kept[order[within]] = True
    return kept


def _actions(taken: Floats, scores: Floats, costs: Floats) -> Actions:
    who, kind, day = (taken[:, n].astype(np.int64) for n in range(3))
    order = np.lexsort((who, kind, day))
    who, kind, day = who[order], kind[order], day[order]
    return Actions(who, kind, day, scores[who, kind], costs[who, kind])


def hours_allowed(quiet: tuple[float, float] | None) -> list[int]:
    """Whole hours of the day in which messages may go out: those of the day, outside of quiet hours (from, until)."""

    def is_quiet(hour: int) -> bool:
        if quiet is None:
            return False
        start, end = quiet
        moments = (hour, hour + 0.5, hour + 59 / 60)
        return any(start <= at < end if start < end else at >= start or at < end for at in moments)

    awake = [hour for hour in range(24) if not is_quiet(hour)]
    return [hour for hour in awake if EARLY <= hour < LATE] or awake


def windows(preferred_hour: Ints, allowed: list[int]) -> tuple[Ints, Ints]:
    """From which hour until which (exclusive) each customer's message suits: about the hour they usually order at.

    -1: not known. At most LONGEST_WINDOW hours, all of them `allowed` (not empty).
    """
    known = np.array(sorted(allowed), np.int64)
    wanted = np.where(preferred_hour < 0, DEFAULT_HOUR, preferred_hour)
    start = known[np.abs(known[None, :] - wanted[:, None]).argmin(axis=1)]
    until = start + 1
    for _ in range(LONGEST_WINDOW - 1):
        until = np.where(np.isin(until, known), until + 1, until)
    return start, until
