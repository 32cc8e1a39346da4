"""A journey walked through on paper, person by person: no clock, no database, nothing written."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.calendar import Calendar
from tools.journeys.clockwork import due_at
from tools.journeys.definition import Branch, Condition, End, Journey, Node, Send, Split, WaitFor, ways_out

__all__ = ["Known", "Walk", "drawn", "rehearsed"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of people: when they did each event, who fits each condition (by its place), who is reached how."""

    did: Mapping[str, Mapping[int, Sequence[datetime]]]
    fits: Mapping[str, set[int]]
    reach: Mapping[str, Mapping[int, str]]


@dataclass(slots=True)
class Walk:
    """What a dry run came to."""

    entered: int = 0
    held_out: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    ways: dict[str, Counter[str]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)


def drawn(salt: str, customer: int) -> float:
    """The number from 0 to below 1 that the database draws for a customer (database/queries/journey_news.py)."""
    return int(hashlib.md5(f"{salt}:{customer}".encode(), usedforsecurity=False).hexdigest()[:8], 16) / 4294967296.0


def rehearsed(
    journey: Journey,
    entrants: Sequence[tuple[int, datetime]],
    known: Known,
    now: datetime,
    calendar: Calendar,
    salt: str,
) -> Walk:
    """Lead everybody through until `now`; entrants in the order of their times, each let in by the journey's rule."""
    walk, last = Walk(), dict[int, tuple[datetime, datetime | None]]()
    for customer, at in sorted(entrants, key=lambda one: (one[1], one[0])):
        if not _may_enter(journey, last.get(customer), at):
            continue
        walk.entered += 1
        if drawn(f"{salt} holdout", customer) < journey.holdout_percent / 100:
            walk.entered, walk.held_out = walk.entered - 1, walk.held_out + 1
            last[customer] = (at, datetime.max.replace(tzinfo=at.tzinfo))
            continue
        last[customer] = (at, _Person(journey, known, now, calendar, salt, customer, at).walk(walk))
    return walk


def _may_enter(journey: Journey, last: tuple[datetime, datetime | None] | None, at: datetime) -> bool:
    if last is None:
        return True
    entered, left = last
    if left is None or at <= left or journey.entry.again == "never":
        return False
    return journey.entry.again == "always" or at - entered >= timedelta(days=journey.entry.again_after_days or 0)


@dataclass(slots=True)
class _Person:
    """Somebody on the way."""

    journey: Journey
    known: Known
    now: datetime
    calendar: Calendar
    salt: str
    customer: int
    entered: datetime

    def walk(self, walk: Walk) -> datetime | None:
        """Go as far as time allows; returns when they left, None: they are inside."""
        node, at = self.journey.first, self.entered
        while True:
            leaves, way = self._way(node, at)
            goal = self._next(self.journey.goal.event, self.entered) if self.journey.goal else None
            if goal is not None and goal <= min(leaves, self.now):
                walk.outcomes["goal"] += 1
                return goal
            if leaves > self.now:
                walk.inside[node.id] += 1
                return None
            if leaves - self.entered >= timedelta(days=self.journey.most_days):
                way = "too long"
            walk.ways.setdefault(node.id, Counter())[way] += 1
            if isinstance(node, End) or way in ("too long", "left"):
                walk.outcomes[way] += 1
                return leaves
            node, at = self.journey.node(self._onward(node, way)), leaves

    def _onward(self, node: Node, way: str) -> str:
        return node.next if isinstance(node, Send) else dict(ways_out(node))[way]

    def _way(self, node: Node, at: datetime) -> tuple[datetime, str]:
        """When they leave a node that they come to at an instant, and by which way."""
        due = due_at(node, at, self.calendar)
        match node:
            case WaitFor():
                did = self._next(node.event, at)
                return (did, "happened") if did is not None and did <= due else (due, "in vain")
            case Branch():
                return due, self._branch(node, at)
            case Split():
                return due, self._split(node)
            case Send():
                return due, self._send(node, at)
            case End():
                return due, "end"
        return due, ways_out(node)[0][0]

    def _branch(self, node: Branch, at: datetime) -> str:
        ways = (f"way {n}" for n, way in enumerate(node.ways, 1) if self._holds(f"{node.id} {n}", way.when, at))
        return next(ways, "otherwise")

    def _split(self, node: Split) -> str:
        number, below = drawn(f"{self.salt} {node.id}", self.customer), 0
        for n, way in enumerate(node.ways, 1):
            below += way.percent
            if number < below / 100:
                return f"way {n}"
        return f"way {len(node.ways)}"

    def _send(self, node: Send, at: datetime) -> str:
        condition = self.journey.leave_when
        if condition is not None and self._holds("leave_when", condition, at):
            return "left"
        return self.known.reach[node.channel].get(self.customer, "no address")

    def _holds(self, place: str, condition: Condition, at: datetime) -> bool:
        if condition.event is not None:
            did = self._next(condition.event, self.entered)
            return did is not None and did <= at
        return self.customer in self.known.fits.get(place, ())

    def _next(self, event: str, after: datetime) -> datetime | None:
        """The first time after an instant that they did it."""
        times = self.known.did.get(event, {}).get(self.customer, ())
        found = bisect_right(times, after)
        return times[found] if found < len(times) else None
