"""The courier: a short-lived process of its own that sends what is due of one organisation, each message once.

    python -m workers.courier ORGANISATION          (progress as JSON lines on standard output)

Each message goes claimed → handing_over → sent, every step committed before the next begins, and `handing_over` right
before the act after which the provider may deliver (the final dot of SMTP). If the courier is killed anywhere, at most
the one message in hand is left, as `unknown` where its provider cannot say what became of it (one that keeps logs is
asked a second time, see workers/second_look.py); everything else is sent by the next courier. If its parent (the Celery
worker) is killed, its standard input closes: it finishes the message in hand, puts the rest back, and ends.

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
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from connectors.channels.contract import (
    Attempt,
    Message,
    OutcomeUnknown,
    Postponed,
    Receipt,
    Refused,
    Transport,
    Undelivered,
    Unreachable,
)
from connectors.channels.discovery import channel_named, providers, repeats
from core.clock import utc_now
from core.errors import AimaError, FixArguments, GiveUp, RetryLater
from core.settings import get_settings
from database.engine import Database, bind_session
from database.queries import campaigns, channel_accounts, events, mailbox, outbox
from tools.campaigns.unsubscribe import base_url, signing_key
from tools.channels.account import Seal, transports_of, waiting_words
from workers import restraint, second_look
from workers.letters import Letters, Links

__all__ = ["Courier", "main"]

BATCH = 20
TURN_WAIT_S = 15.0
MAX_ATTEMPTS = 8
MOST_UNANSWERED = 3
REPORT_EVERY_S = 0.25
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


class _Withdrawn(GiveUp):
    """The message stopped being ours between claiming it and handing it over."""


class Courier:
    """One run over the due messages of one organisation.

    `report(done, total, what)` is called now and then. `stop` set: finish the message in hand and end.
    `unchanged` tells whether the accounts of channels are still those that `transports` were opened for.
    """

    def __init__(
        self,
        database: Database,
        org_id: UUID,
        transports: Mapping[str, Transport],
        links: Links,
        *,
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
        self.unanswered = 0  # in a row
        self.letters = Letters(org_id, links)
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
                for transport in self.transports.values():
                    transport.close()
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
            lost = outbox.interrupted(connection, outbox.lost_claims(connection))
        fates = {message: self._asked(message) for message in lost}
        with self._transaction() as connection:
            settled = sum(self._was_sent(connection, message, fate) for message, fate in fates.items())
            undelivered = [
                message.id
                for message, fate in fates.items()
                if isinstance(fate, Undelivered) or repeats(message.provider)
            ]
            released, unknown = outbox.recover(connection, outbox.lost_claims(connection), undelivered)
            told = events.settle_reported(connection, [message.id for message in lost], self.clock())
            unknown = [message for message in unknown if message not in told]
            second_look.announce(connection, [message for message in lost if message.id in unknown])
        recovered = released + settled + len(set(told) - set(undelivered))  # those were released too
        self.tally += Counter(recovered=recovered, unknown=len(unknown))  # adding leaves noughts out
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

    def _was_sent(self, connection: Connection, message: outbox.Interrupted, fate: object) -> bool:
        if not isinstance(fate, Receipt):
            return False
        outcome = outbox.Outcome("sent", message.at, reference=fate.reference)
        return outbox.settle(connection, message.id, message.claim_id, outcome)

    def _wait_for_turn(self) -> None:
        """An earlier courier whose worker died may still be finishing its message."""
        for _ in range(int(TURN_WAIT_S * 20)):
            with self._transaction() as connection:
                if outbox.take_turn(connection, self.org_id):
                    return
            if self.stop.wait(0.05):
                break
        raise RetryLater("Another courier is sending for this organisation.", retry_after_s=10)

    def _send_all(self) -> None:
        total, done, reported = self._waiting(), 0, 0.0
        try:
            while not self.stop.is_set() and (batch := self._claim()):
                for message in batch:
                    if self.stop.is_set():
                        break
                    self.tally[self._carry(message)] += 1
                    done += 1
                    if time.monotonic() - reported > REPORT_EVERY_S:
                        self.report(done, max(total, done), "sending messages")
                        reported = time.monotonic()
            self._refuse_unconfigured()
        finally:
            with self._transaction() as connection:
                outbox.release(connection, self.claim_id)
                campaigns.close_finished(connection, self.clock())

    def _refuse_unconfigured(self) -> None:
        """Say so when messages wait for a provider that was configured at their approval and is not now."""
        with self._transaction() as connection:
            missing = outbox.providers_waiting(connection, self.clock()) - self.transports.keys()
            for name in missing:
                outbox.explain_waiting(connection, name, self.clock(), waiting_words(name))
        if missing and not self.stop.is_set():
            raise RetryLater("; ".join(f"Messages {waiting_words(name)}" for name in sorted(missing)) + ".")

    def _waiting(self) -> int:
        with self._transaction() as connection:
            return outbox.waiting(connection, self.clock())

    def _claim(self) -> list[outbox.Claimed]:
        """The next messages that may go out now; none: nothing is left, or accounts have changed."""
        while True:
            with self._transaction() as connection:
                if not self.unchanged(connection):
                    return []  # the next courier goes by what was set meanwhile
                now = self.clock()
                batch = outbox.claim(connection, self.claim_id, now, BATCH, list(self.transports))
                free, held = restraint.released(connection, self.claim_id, batch, now)
                self.tally += held
            if free or not batch or self.stop.is_set():
                return free

    def _carry(self, message: outbox.Claimed) -> str:
        """Bring one message to an end; returns its state."""
        try:
            channel, now = channel_named(message.channel), self.clock()
            with self._transaction() as connection:
                letter = self.letters.of(connection, message.campaign_id)
                recipient = outbox.recipient(connection, message, channel.address.name, letter.fields, now)
            composed = letter.addressed(message, recipient, channel, now)
        except FixArguments as error:
            return self._skip(message, error.message)
        return self._deliver(message, composed)

    def _deliver(self, message: outbox.Claimed, composed: Message) -> str:
        try:
            receipt = self.transports[message.provider].deliver(composed, lambda: self._hand_over(message))
        except Refused as error:
            return self._refused(message, error)
        except Postponed as error:
            return self._postpone(message, error.message)
        except OutcomeUnknown as error:
            return self._unknown(message, error.message)
        except _Withdrawn:
            return "withdrawn"
        except Unreachable as error:
            self._settle(message, outbox.Outcome("pending", self.clock(), error.message, attempted=False))
            raise
        self.unanswered = 0
        return self._sent(message, composed, receipt)

    def _hand_over(self, message: outbox.Claimed) -> None:
        with self._transaction() as connection:
            if not outbox.hand_over(connection, message.id, self.claim_id):
                raise _Withdrawn("The message is not ours any more.")

    def _sent(self, message: outbox.Claimed, composed: Message, receipt: Receipt) -> str:
        def write(connection: Connection) -> None:
            now = self.clock()
            outcome = outbox.Outcome("sent", now, reference=receipt.reference)
            if outbox.settle(connection, message.id, self.claim_id, outcome) and providers()[message.provider].dry:
                mailbox.deposit(
                    connection,
                    message.id,
                    channel=composed.channel,
                    recipient=composed.address,
                    subject=composed.subject,
                    body_text=composed.text,
                    body_html=composed.html,
                    headers=composed.fields,
                    now=now,
                )

        self._write(write)
        return "sent"

    def _settle(self, message: outbox.Claimed, outcome: outbox.Outcome) -> str:
        self._write(lambda connection: outbox.settle(connection, message.id, self.claim_id, outcome))
        return outcome.status

    def _refused(self, message: outbox.Claimed, error: Refused) -> str:
        """What the provider says of the address with it counts as if it had called."""

        def write(connection: Connection) -> None:
            now = self.clock()
            outbox.settle(connection, message.id, self.claim_id, outbox.Outcome("failed", now, error.message))
            if error.bars is not None:
                told = events.Told.of_address(f"{message.id} refused", error.bars, now, message.address)
                events.apply(connection, message.provider, message.channel, [told], now)

        self._write(write)
        return "failed"

    def _skip(self, message: outbox.Claimed, reason: str) -> str:
        return self._settle(message, outbox.Outcome("skipped", self.clock(), reason, attempted=False))

    def _unknown(self, message: outbox.Claimed, reason: str) -> str:
        """Errors: RetryLater when one after the other got no answer: they would all be unknown in the end."""

        def write(connection: Connection) -> None:
            outbox.settle(connection, message.id, self.claim_id, outbox.Outcome("unknown", self.clock(), reason))
            if not events.settle_reported(connection, [message.id], self.clock()):  # it may have called already
                second_look.announce(connection, [message])

        repeatable = repeats(message.provider) and message.attempts + 1 < MAX_ATTEMPTS
        if repeatable:
            self._postpone(message, reason)
        else:
            self._write(write)
        self.unanswered += 1
        if self.unanswered >= MOST_UNANSWERED:
            raise RetryLater(f"{reason} The messages that are left wait.")
        return "postponed" if repeatable else "unknown"

    def _postpone(self, message: outbox.Claimed, reason: str) -> str:
        if message.attempts + 1 >= MAX_ATTEMPTS:
            gave_up = f"gave up after {MAX_ATTEMPTS} attempts: {reason}"
            return self._settle(message, outbox.Outcome("failed", self.clock(), gave_up))
        pause = min(FIRST_PAUSE * 2**message.attempts, LONGEST_PAUSE)
        now = self.clock()
        self._settle(message, outbox.Outcome("pending", now, reason, due_at=now + pause))
        return "postponed"

    def _write(self, write: Callable[[Connection], object]) -> None:
        """Keep an outcome, if need be over a new connection: it must not be lost with the old one's trouble.

        Then the claim's lock is lost, and the run ends with the error; nothing more is handed over.
        """
        try:
            with self._transaction() as connection:
                write(connection)
        except OperationalError:
            with self.database.transaction(self.org_id) as connection:
                write(connection)
            raise


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
            transports = transports_of(connection, Seal(settings, org_id))
        courier = Courier(
            database,
            org_id,
            transports,
            Links(signing_key(settings), base_url(settings), called=settings.public_url is not None),
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
