"""The courier: a short-lived process of its own that sends what is due of one organisation, each message once.

    python -m workers.courier ORGANISATION          (progress as JSON lines on standard output)

Each message goes claimed → handing_over → sent, every step committed before the next begins, and `handing_over` right
before the act after which the provider may deliver (the final dot of SMTP). Several messages are on their way to a
provider at once, each carried by a thread (workers/route.py); what they ask for and what became of them is written down
by this process's first thread alone, for all of them in one transaction (workers/ledger.py).

Consent, suppression and address are looked at twice: when a message is made, and in the transaction that marks it as
handed over, where it also counts whether the campaign was paused. What comes later than that is too late for the
messages in hand: for some milliseconds, or for the seconds that a service has one wait which it had no room for
(connectors/channels/http.py).

If the courier is killed anywhere, at most the messages in hand (`Provider.at_once`) are left, as `unknown` where their
provider cannot say what became of them (one that keeps logs is asked a second time, see workers/second_look.py);
everything else is sent by the next courier. If its parent (the Celery worker) is killed, its standard input closes: it
finishes the messages in hand, puts the rest back, and ends.

All steps of a run go over the one connection that holds the claim's advisory lock: when PostgreSQL has let go of the
lock, the connection is gone, and nothing can be handed over any more.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from connectors.channels.contract import Attempt, Receipt, Transport, Undelivered, Unreachable
from connectors.channels.discovery import providers
from core.clock import utc_now
from core.errors import AimaError, RetryLater
from core.settings import get_settings
from database.engine import Database, bind_session
from database.queries import channel_accounts, handover, lifecycle, outbox, provider_pauses
from database.queries.handover import Outcome
from tools.campaigns.unsubscribe import base_url, signing_key
from tools.channels.account import Seal, carriers_of, waiting_words
from workers import second_look
from workers.ledger import Ledger
from workers.letters import Letters, Links
from workers.recovery import left_behind
from workers.route import LONGEST_PAUSE, Asked, Ended, Inbox, routes_for

__all__ = ["Courier", "main"]

TURN_WAIT_S = 15.0
LOOK_UP_S = 0.5  # how soon it sees that it is to stop
LINGER_S = 0.01
REPORT_EVERY_S = 0.25
SWEEP_PAUSE_S = 60.0


class Courier:
    """One run over the due messages of one organisation.

    `report(done, total, what)` is called now and then. `stop` set: finish the messages in hand and end.
    `unchanged` tells whether the accounts of channels are still those that `transports` were opened for; `limits` are
    the most messages a second, by provider.
    """

    def __init__(
        self,
        database: Database,
        org_id: UUID,
        transports: Mapping[str, Transport],
        links: Links,
        *,
        limits: Mapping[str, float | None] | None = None,
        stop: threading.Event | None = None,
        clock: Callable[[], datetime] = utc_now,
        report: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
        unchanged: Callable[[Connection], bool] = lambda _connection: True,
    ) -> None:
        self.database, self.org_id, self.transports = database, org_id, transports
        self.stop, self.clock, self.report = stop or threading.Event(), clock, report
        self.unchanged = unchanged
        self.claim_id = secrets.randbits(62)
        self.tally: Counter[str] = Counter()
        self.letters = Letters(org_id, links)
        self.inbox: Inbox = SimpleQueue()
        self.routes = routes_for(transports, self.inbox, limits or {}, stop=self.stop, clock=clock)
        self.ledger = Ledger(
            self.claim_id, self.letters, self._transaction, lambda: database.transaction(org_id), clock
        )
        self._unwritten: list[Ended] = []
        self._writing_s = 0.0  # how long it took the last time
        self._connection: Connection

    def run(self) -> Counter[str]:
        """Send until nothing is due; returns messages by what became of them.

        Errors: RetryLater (another courier is at work, or a provider cannot be used: the messages wait).
        """
        with self.database.engine.connect() as self._connection:
            try:
                self._begin()
                self._send_all()
            finally:
                for route in self.routes:
                    route.close()
                self._connection.invalidate()  # ends the session, and its locks with it
        return self.tally

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._connection.begin():
            yield self._connection

    def _begin(self) -> None:
        with self._transaction() as connection:
            bind_session(connection, self.org_id)
        self._wait_for_turn()
        with self._transaction() as connection:
            outbox.hold_claim(connection, self.claim_id)
        self.tally += Counter(left_behind(self._transaction, self._asked, self.clock()))
        with self._transaction() as connection:
            late = second_look.late(connection, self.clock())
        for message in late:
            fate = self._asked(message)
            with self._transaction() as connection:
                self.tally += Counter(second_look.settle(connection, message, fate, self.clock()))

    def _asked(self, message: outbox.Interrupted) -> Receipt | Undelivered | None:
        """What its provider says became of a message whose courier died while handing it over."""
        transport = self.transports.get(message.provider)
        link = self.letters.links.unsubscribe(self.org_id, message.id)
        return transport.reconcile(Attempt(message.id, message.address, message.at, link)) if transport else None

    def _wait_for_turn(self) -> None:
        """An earlier courier whose worker died may still be finishing its messages."""
        for _ in range(int(TURN_WAIT_S * 20)):
            with self._transaction() as connection:
                if outbox.take_turn(connection, self.org_id):
                    return
            if self.stop.wait(0.05):
                break
        raise RetryLater("Another courier is sending for this organisation.", retry_after_s=10)

    def _send_all(self) -> None:
        try:
            try:
                self._carry_all()
            except BaseException as error:
                self._wind_up(error)
                raise
            self._refuse_unconfigured()
        finally:
            with self._transaction() as connection:
                handover.release(connection, self.claim_id)
                self._pause(connection)
                lifecycle.close(connection, self.clock())

    def _pause(self, connection: Connection) -> None:
        """Keep how long services want no messages; what is shorter than the sweep's own pause need not be kept."""
        now = self.clock()
        for route in self.routes:
            if isinstance(route.error, Unreachable) and route.error.retry_after_s > SWEEP_PAUSE_S:
                wait = min(timedelta(seconds=route.error.retry_after_s), LONGEST_PAUSE)
                provider_pauses.pause(connection, route.name, now + wait, route.error.message)

    def _carry_all(self) -> None:
        """Errors: what closed a route, when the others have nothing left."""
        with self._transaction() as connection:
            total = outbox.waiting(connection, self.clock())
        done, reported = 0, 0.0
        while self._refilled():
            done += self._served(self._arrivals())
            if done and time.monotonic() - reported > REPORT_EVERY_S:
                self.report(done, max(total, done), "sending messages")
                reported = time.monotonic()
        for error in filter(None, (route.error for route in self.routes)):
            raise error

    def _refilled(self) -> bool:
        """Claim messages for providers that have few; False when nothing is held any more."""
        for route in self.routes:
            if not route.open:
                route.recall()
            elif not route.exhausted and route.held <= 2 * route.at_once:
                parcels, others = self.ledger.claim(route.name, route.batch, self.unchanged)
                self.tally += others
                route.exhausted = not parcels
                route.give(parcels)
        return any(route.held for route in self.routes)

    def _arrivals(self) -> list[Asked | Ended]:
        """What has come from the threads; for a part of the time that writing takes, the others are waited for."""
        arrived: list[Asked | Ended] = []
        at_work = sum(min(route.at_once, route.held) for route in self.routes)
        with suppress(Empty):
            arrived.append(self.inbox.get(timeout=LOOK_UP_S))
            until = time.monotonic() + min(self._writing_s / 2, LINGER_S)
            while sum(isinstance(one, Asked) for one in arrived) < at_work:
                arrived.append(self.inbox.get(timeout=max(0.0, until - time.monotonic())))
        return arrived

    def _served(self, arrived: list[Asked | Ended]) -> int:
        """Write down what has ended, and let go what may be handed over; returns how many have ended."""
        ended = [one for one in arrived if isinstance(one, Ended)]
        for one in arrived:
            one.route.end(one) if isinstance(one, Ended) else one.route.ask(one)
        asked = [one for route in self.routes for one in route.next_out()]
        if asked or ended:
            self._write(ended, asked)
        outcomes = [one.outcome.status for one in ended if one.outcome]
        self.tally.update("postponed" if status == "pending" else status for status in outcomes)
        return len(outcomes)

    def _write(self, ended: list[Ended], asked: list[Asked]) -> None:
        began = time.monotonic()
        try:
            granted, obstacles = self.ledger.keep(ended, asked)
        except BaseException:
            self._unwritten = ended
            for one in asked:  # it may be marked as handed over, and is not
                one.refuse(
                    "That it may go could not be written down.", Outcome("pending", self.clock(), attempted=False)
                )
            raise
        self._writing_s = time.monotonic() - began
        for one in asked:
            message = one.parcel.message.id
            if message in granted:
                one.route.let_go(one)
            elif message in obstacles:
                why = obstacles[message]
                one.refuse(why, Outcome("skipped", self.clock(), why, attempted=False))
            else:
                one.refuse("The message is not ours any more.")

    def _wind_up(self, error: BaseException) -> None:
        """After `error` nothing more is handed over; what comes of the messages in hand is written down all the same.

        The claim's lock may be lost with its connection: others may be at work by now.
        """
        ended, self._unwritten = self._unwritten, []
        for route in self.routes:
            route.shut(error)
        while ended or any(route.held for route in self.routes):
            if ended:
                with suppress(SQLAlchemyError, AimaError):  # what cannot be written is of unknown outcome, later
                    self.ledger.rescue(ended)
            arrived = self._arrivals() if any(route.held for route in self.routes) else []
            ended = [one for one in arrived if isinstance(one, Ended)]
            for one in arrived:
                one.route.end(one) if isinstance(one, Ended) else one.route.ask(one)
            for route in self.routes:
                route.next_out()

    def _refuse_unconfigured(self) -> None:
        """Say so when messages wait for a provider that was configured at their approval and is not now."""
        with self._transaction() as connection:
            missing = outbox.providers_waiting(connection, self.clock()) - self.transports.keys()
            for name in missing:
                outbox.explain_waiting(connection, name, self.clock(), waiting_words(name))
        if missing and not self.stop.is_set():
            raise RetryLater("; ".join(f"Messages {waiting_words(name)}" for name in sorted(missing)) + ".")


def _stop_at_end_of_input(stop: threading.Event) -> None:
    """Our standard input is a pipe that our parent holds open for as long as it lives."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        stop.set()

    threading.Thread(target=watch, daemon=True, name="parent").start()


def main(argv: list[str]) -> int:
    """Run for the organisation named; the last line on standard output tells how it ended. Exit code as core.errors."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    _stop_at_end_of_input(stop)

    def say(**line: object) -> None:
        try:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # nobody listens any more: the end of input says so too
            stop.set()

    settings, org_id = get_settings(), UUID(argv[0])
    database = Database.from_settings(settings)
    try:
        with database.transaction(org_id) as connection:
            accounts = channel_accounts.state(connection)
            carriers = carriers_of(connection, Seal(settings, org_id))
        courier = Courier(
            database,
            org_id,
            {name: providers()[name].open(account) for name, account in carriers.items()},
            Links(signing_key(settings), base_url(settings), called=settings.public_url is not None),
            limits={name: account.messages_per_second for name, account in carriers.items()},
            stop=stop,
            report=lambda done, total, what: say(done=done, total=total, what=what),
            unchanged=lambda connection: channel_accounts.state(connection) == accounts,
        )
        say(tally=courier.run())
    except AimaError as error:
        say(error=error.message)
        return error.exit_code
    except OperationalError:
        say(error="The connection to the database was lost. What was not sent waits for the next courier.")
        return RetryLater.exit_code
    finally:
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
