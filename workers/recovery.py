"""What a dead courier left: put back what it had not begun; of what it was handing over, ask what became of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection

from connectors.channels.contract import Receipt, Undelivered
from connectors.channels.discovery import repeats
from database.queries import events, handover, outbox
from workers import second_look

__all__ = ["left_behind"]

Asked = Callable[[outbox.Interrupted], Receipt | Undelivered | None]


def left_behind(
    transaction: Callable[[], AbstractContextManager[Connection]], asked: Asked, now: datetime
) -> dict[str, int]:
    """Settle the messages of dead couriers; `asked` tells what their providers say of those that were handed over.

    Returns messages by what became of them: "recovered" and "unknown".
    """
    with transaction() as connection:
        lost = outbox.interrupted(connection, outbox.lost_claims(connection))
    fates = {message: asked(message) for message in lost}
    with transaction() as connection:
        settled = sum(_was_sent(connection, message, fate) for message, fate in fates.items())
        undelivered = [
            message.id for message, fate in fates.items() if isinstance(fate, Undelivered) or repeats(message.provider)
        ]
        released, unknown = outbox.recover(connection, outbox.lost_claims(connection), undelivered)
        told = events.settle_reported(connection, [message.id for message in lost], now)
        unknown = [message for message in unknown if message not in told]
        second_look.announce(connection, [message for message in lost if message.id in unknown])
    recovered = released + settled + len(set(told) - set(undelivered))  # those were released too
    return {"recovered": recovered, "unknown": len(unknown)}


def _was_sent(connection: Connection, message: outbox.Interrupted, fate: Receipt | Undelivered | None) -> int:
    if not isinstance(fate, Receipt):
        return 0
    outcome = handover.Outcome("sent", message.at, reference=fate.reference)
    return len(handover.settle(connection, message.claim_id, {message.id: outcome}))
