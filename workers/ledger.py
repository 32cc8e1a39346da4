"""The one writer of a run: what became of messages, and which may be handed over next, many in one transaction.

It writes over the connection that holds the claim's advisory lock: when PostgreSQL has let go of the lock, that
connection is gone, and nothing is marked as handed over any more.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from connectors.channels.contract import Channel, Message
from connectors.channels.discovery import channel_named, providers
from core.errors import FixArguments, RetryLater
from database.queries import alerts, events, handover, mailbox
from database.queries.handover import Claimed, Outcome
from workers import restraint, second_look
from workers.letters import Letters, obstacle_of
from workers.parcel import Parcel
from workers.route import Asked, Ended

__all__ = ["Ledger"]

PATIENCE_S, AGAIN_S = 30.0, 0.25

Transaction = Callable[[], AbstractContextManager[Connection]]


class Ledger:
    """The messages of one claim. `transaction` is one of the claim's own connection, `elsewhere` of any other."""

    def __init__(
        self,
        claim_id: int,
        letters: Letters,
        transaction: Transaction,
        elsewhere: Transaction,
        clock: Callable[[], datetime],
    ) -> None:
        self._claim_id, self._letters, self._clock = claim_id, letters, clock
        self._transaction, self._elsewhere = transaction, elsewhere

    def claim(
        self, provider: str, limit: int, allowed: Callable[[Connection], bool]
    ) -> tuple[list[Parcel], Counter[str]]:
        """Take due messages for a provider, with all that they are made of; none where that is not `allowed` now.

        Returns too how many must not go out yet, or at all, by what becomes of them.
        """
        parcels, held = list[Parcel](), Counter[str]()
        while not parcels:
            with self._transaction() as connection:
                now = self._clock()
                if not allowed(connection):
                    break
                claimed = handover.claim(connection, self._claim_id, now, limit, provider)
                free, others = restraint.released(connection, self._claim_id, claimed, now)
                held += others
                for (campaign, channel), messages in _by_campaign(free).items():
                    parcels += self._parcels(connection, campaign, channel, messages, now)
            if not claimed:
                break
        return parcels, held

    def _parcels(
        self, connection: Connection, campaign: str, name: str, messages: Sequence[Claimed], now: datetime
    ) -> list[Parcel]:
        try:
            channel = channel_named(name)
        except FixArguments as error:
            gone = Outcome("skipped", now, error.message, attempted=False)
            handover.settle(connection, self._claim_id, {message.id: gone for message in messages})
            return []
        letter = self._letters.of(connection, campaign)
        people = [message.customer_id for message in messages]
        found = handover.recipients(connection, people, name, channel.address.name, now, letter.fields)
        willing = [customer for customer, who in found.items() if who.consent and not who.suppressed]
        codes = letter.codes(connection, campaign, willing, now)
        return [
            Parcel(message, channel, letter, found[message.customer_id], codes.get(message.customer_id))
            for message in messages
        ]

    def keep(self, ended: Sequence[Ended], asked: Sequence[Asked]) -> tuple[set[UUID], dict[UUID, str]]:
        """Write down how messages ended, and that others are being handed over now, at one instant.

        Returns those that are, and of those that must not be, why: consent, suppression and address are looked at in
        the same transaction. What is in neither is not this claim's any more.
        """
        with self._transaction() as connection:
            self._settle(connection, ended)
            granted = self._granted(connection, asked)
            left = [one for one in asked if one.parcel.message.id not in granted]
            return granted, self._obstacles(connection, left) if left else {}

    def rescue(self, ended: Sequence[Ended]) -> None:
        """Write down how messages ended over a new connection: it must not be lost with the old one's trouble.

        A database that is being started again is waited for. RetryLater where it does not come back in time.
        """
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                with self._elsewhere() as connection:
                    self._settle(connection, ended)
                    alerts.close_settled(connection, self._clock())
                return
            except (OperationalError, RetryLater):
                if time.monotonic() > until:
                    raise
            time.sleep(AGAIN_S)

    def _settle(self, connection: Connection, ended: Sequence[Ended]) -> None:
        told = [(one, one.outcome) for one in ended if one.outcome is not None]
        if not told:
            return
        outcomes = {one.parcel.message.id: outcome for one, outcome in told}
        kept = handover.settle(connection, self._claim_id, outcomes)
        unknown = [one.parcel.message for one, outcome in told if outcome.status == "unknown"]
        if unknown:
            reported = events.settle_reported(connection, [message.id for message in unknown], self._clock())
            second_look.announce(connection, [message for message in unknown if message.id not in reported])
        for one, outcome in told:
            message = one.parcel.message
            if one.bars is not None:  # as if the provider had called
                bar = events.Told.of_address(f"{message.id} refused", one.bars, outcome.at, message.address)
                events.apply(connection, message.provider, message.channel, [bar], outcome.at)
            if outcome.status == "sent" and providers()[message.provider].dry and message.id in kept and one.composed:
                self._deposit(connection, one.composed)

    def _granted(self, connection: Connection, asked: Sequence[Asked]) -> set[UUID]:
        granted = set[UUID]()
        for channel, messages in _by_channel(asked):
            ids = [message.id for message in messages]
            granted |= handover.hand_over(connection, self._claim_id, ids, channel.name, channel.address.name)
        return granted

    def _obstacles(self, connection: Connection, asked: Sequence[Asked]) -> dict[UUID, str]:
        """Why these must not be handed over, as things are now; one that is not this claim's any more has none."""
        obstacles: dict[UUID, str] = {}
        for channel, messages in _by_channel(asked):
            customers = {message.customer_id for message in messages}
            found = handover.recipients(connection, customers, channel.name, channel.address.name, self._clock())
            for message in messages:
                if obstacle := obstacle_of(message, found[message.customer_id], channel):
                    obstacles[message.id] = obstacle
        return obstacles

    def _deposit(self, connection: Connection, composed: Message) -> None:
        mailbox.deposit(
            connection,
            composed.id,
            channel=composed.channel,
            recipient=composed.address,
            subject=composed.subject,
            body_text=composed.text,
            body_html=composed.html,
            headers=composed.fields,
            now=self._clock(),
        )


def _by_campaign(claimed: Sequence[Claimed]) -> dict[tuple[str, str], list[Claimed]]:
    """Messages by campaign and channel."""
    found: dict[tuple[str, str], list[Claimed]] = {}
    for message in claimed:
        found.setdefault((message.campaign_id, message.channel), []).append(message)
    return found


def _by_channel(asked: Sequence[Asked]) -> list[tuple[Channel, list[Claimed]]]:
    """Messages that are asked for, by their channel."""
    channels = {one.parcel.channel.name: one.parcel.channel for one in asked}
    return [
        (channel, [one.parcel.message for one in asked if one.parcel.channel.name == name])
        for name, channel in channels.items()
    ]
