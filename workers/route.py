"""One provider at work: the messages that wait for it, and the threads that carry several of them at once.

A thread makes a message, brings it to the point of handing it over, and asks there whether it may: `Asked` goes to the
courier, which answers when that is written down. What became of the message goes there too, as `Ended`. Everything else
about a route is known to the courier's own thread alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeAlias

from connectors.channels.contract import (
    Bar,
    Message,
    OutcomeUnknown,
    Postponed,
    Refused,
    Transport,
    Unreachable,
)
from connectors.channels.discovery import providers, repeats
from core.errors import FixArguments, GiveUp, RetryLater
from database.queries.handover import Claimed, Outcome
from workers.parcel import Parcel

__all__ = [
    "BATCH",
    "LONGEST_PAUSE",
    "MAX_ATTEMPTS",
    "MOST_UNANSWERED",
    "Asked",
    "Ended",
    "Inbox",
    "Parcel",
    "Route",
    "Withdrawn",
    "routes_for",
]

BATCH, CLAIMED_S = 100, 10
MAX_ATTEMPTS = 8
MOST_UNANSWERED = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


class Withdrawn(GiveUp):
    """The message must not be handed over; `outcome` is what becomes of it, None: it is not ours, or stays claimed."""

    def __init__(self, message: str, outcome: Outcome | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A message that stands right before its handover; `answer` lets it go, or withdraws it."""

    route: Route
    parcel: Parcel
    answer: Future[None] = field(default_factory=Future)

    def refuse(self, why: str, outcome: Outcome | None = None) -> None:
        """It is not handed over."""
        self.answer.set_exception(Withdrawn(why, outcome))


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """What became of a message: `outcome` is what to write down, None where nothing is; `error` closes the route.

    `unanswered`: it was handed over, and no answer came; `bars` is what the provider said of the address.
    """

    route: Route
    parcel: Parcel
    outcome: Outcome | None = None
    composed: Message | None = None
    error: Exception | None = None
    handed_over: bool = False
    unanswered: bool = False
    bars: Bar | None = None


Inbox: TypeAlias = SimpleQueue[Asked | Ended]


class Pace:
    """Lets messages go no faster than so many a second; `per_second` None: as they come."""

    def __init__(self, per_second: float | None) -> None:
        self._every_s = 1 / per_second if per_second else 0.0
        self._next, self._lock = 0.0, threading.Lock()

    def within(self, seconds: float, most: int) -> int:
        """How many go in that time, at least one and at most `most`."""
        return max(1, min(most, int(seconds / self._every_s))) if self._every_s else most

    def wait(self, stop: threading.Event) -> None:
        """Wait for one's turn, or for the end."""
        if not self._every_s:
            return
        with self._lock:
            turn = max(time.monotonic(), self._next)
            self._next = turn + self._every_s
        stop.wait(max(0.0, turn - time.monotonic()))


class Route:
    """A provider's messages on their way.

    As long as it has not answered for a first one, and after each that it did not answer for, only one is handed over
    at a time: where nobody knows what becomes of messages, it shall be few.
    """

    def __init__(
        self,
        name: str,
        transport: Transport,
        inbox: Inbox,
        *,
        stop: threading.Event,
        clock: Callable[[], datetime],
        per_second: float | None = None,
    ) -> None:
        self.name, self.transport, self.at_once = name, transport, providers()[name].at_once
        self.error: Exception | None = None
        self.exhausted = False
        self.held = 0  # claimed, and not ended
        self._out = 0  # handed over, and not ended
        self._unanswered, self._answers = 0, False
        self._asking: deque[Asked] = deque()
        self._inbox, self._stop, self._clock, self._pace = inbox, stop, clock, Pace(per_second)
        self._waiting: SimpleQueue[Parcel | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    # --- the courier's thread ---

    @property
    def open(self) -> bool:
        """Whether more may be handed over."""
        return self.error is None and not self._stop.is_set()

    @property
    def batch(self) -> int:
        """How many messages to claim: where they go slowly, no more than go within some seconds."""
        return self._pace.within(CLAIMED_S, BATCH)

    def shut(self, error: BaseException) -> None:
        """Hand nothing more over."""
        self.error = self.error or (error if isinstance(error, Exception) else GiveUp("The courier was stopped."))
        self.recall()

    def give(self, parcels: Sequence[Parcel]) -> None:
        """Let these be carried."""
        self.held += len(parcels)
        for parcel in parcels:
            self._waiting.put(parcel)
        while len(self._threads) < min(self.at_once, self.held):
            thread = threading.Thread(target=self._work, name=f"{self.name} {len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def recall(self) -> None:
        """Take back what no thread has begun; it stays claimed."""
        while True:
            try:
                self._waiting.get_nowait()
            except Empty:
                return
            self.held -= 1

    def ask(self, asked: Asked) -> None:
        """Let a message wait for its turn to be handed over."""
        self._asking.append(asked)

    def next_out(self) -> list[Asked]:
        """Those that may be handed over now; where the route is closed, nobody, and who waits is sent away."""
        if not self.open:
            for asked in self._asking:
                asked.refuse("Nothing more is handed over.")
            self._asking.clear()
        most = self.at_once if self._answers and not self._unanswered else 1
        return [self._asking.popleft() for _ in range(min(most - self._out, len(self._asking)))]

    def let_go(self, asked: Asked) -> None:
        """Hand one over: that it may is written down."""
        self._out += 1
        asked.answer.set_result(None)

    def end(self, ended: Ended) -> None:
        """Go by what became of one: it may close the route."""
        self.held -= 1
        self._out -= ended.handed_over
        self.error = self.error or ended.error
        if ended.unanswered and ended.outcome:
            self._unanswered += 1
            if self._unanswered >= MOST_UNANSWERED:
                self.error = self.error or RetryLater(f"{ended.outcome.reason} The messages that are left wait.")
        elif ended.handed_over and ended.outcome and not ended.error:
            self._unanswered, self._answers = 0, True

    def close(self) -> None:
        """End the threads; nothing is held any more."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self.transport.close()

    # --- the threads that carry ---

    def _work(self) -> None:
        while (parcel := self._waiting.get()) is not None:
            handover = _Handover(self, parcel, self._inbox)
            try:
                ended = self._carried(parcel, handover)
            except Exception as error:  # noqa: BLE001 - it ends the run, in the courier's thread
                ended = Ended(self, parcel, error=error, handed_over=handover.done)
            self._inbox.put(ended)

    def _carried(self, parcel: Parcel, handover: _Handover) -> Ended:
        try:
            composed = parcel.composed(self._clock())
        except FixArguments as error:
            return Ended(self, parcel, Outcome("skipped", self._clock(), error.message, attempted=False))
        self._pace.wait(self._stop)
        return self._delivered(parcel, composed, handover)

    def _delivered(self, parcel: Parcel, composed: Message, handover: _Handover) -> Ended:
        ended, now = partial(Ended, self, parcel), self._clock
        try:
            receipt = self.transport.deliver(composed, handover)
        except Refused as refusal:
            return ended(Outcome("failed", now(), refusal.message), handed_over=handover.done, bars=refusal.bars)
        except Postponed as delay:
            return ended(self._postponed(parcel.message, delay), handed_over=handover.done)
        except OutcomeUnknown as silence:
            return ended(self._unanswered_by(parcel.message, silence), handed_over=True, unanswered=True)
        except Withdrawn as withdrawal:
            return ended(withdrawal.outcome)
        except Unreachable as trouble:
            outcome = Outcome("pending", now(), trouble.message, attempted=False)
            return ended(outcome, error=trouble, handed_over=handover.done)
        return ended(Outcome("sent", now(), reference=receipt.reference), composed, handed_over=True)

    def _unanswered_by(self, message: Claimed, silence: OutcomeUnknown) -> Outcome:
        """Nobody knows what became of it; where a second one would count as the same, it is handed over again."""
        if repeats(message.provider) and message.attempts + 1 < MAX_ATTEMPTS:
            return self._postponed(message, Postponed(silence.message))
        return Outcome("unknown", self._clock(), silence.message)

    def _postponed(self, message: Claimed, delay: Postponed) -> Outcome:
        """It waits as long as the provider asks for, and twice as long each time; at last it is given up."""
        now = self._clock()
        if message.attempts + 1 >= MAX_ATTEMPTS:
            return Outcome("failed", now, f"gave up after {MAX_ATTEMPTS} attempts: {delay.message}")
        pause = max(FIRST_PAUSE * 2**message.attempts, timedelta(seconds=delay.retry_after_s))
        return Outcome("pending", now, delay.message, due_at=now + min(pause, LONGEST_PAUSE))


class _Handover:
    """What a transport calls right before the provider may deliver; `done`: it may have."""

    def __init__(self, route: Route, parcel: Parcel, inbox: Inbox) -> None:
        self._route, self._parcel, self._inbox = route, parcel, inbox
        self.done = False

    def __call__(self) -> None:
        asked = Asked(self._route, self._parcel)
        self._inbox.put(asked)
        asked.answer.result()
        self.done = True


def routes_for(
    transports: Mapping[str, Transport],
    inbox: Inbox,
    limits: Mapping[str, float | None],
    *,
    stop: threading.Event,
    clock: Callable[[], datetime],
) -> list[Route]:
    """A route for each provider."""
    return [
        Route(name, transport, inbox, stop=stop, clock=clock, per_second=limits.get(name))
        for name, transport in transports.items()
    ]
