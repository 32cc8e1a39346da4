"""Messages of unknown outcome: a provider that keeps logs is asked once more when they have had time, then a person is.

Until then its webhooks may tell as well. Only a receipt settles a message here; that nothing was found says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from connectors.channels.contract import Receipt, Undelivered
from connectors.channels.discovery import providers
from database.queries import deliveries, handover, outbox

__all__ = ["announce", "late", "settle"]

LOGS_AFTER = timedelta(minutes=15)
AT_ONCE = 100


def late(connection: Connection, now: datetime) -> list[outbox.Interrupted]:
    """The messages whose second look is due, the oldest first."""
    asked = [name for name, provider in providers().items() if provider.reconciles]
    return outbox.unasked(connection, asked, now - LOGS_AFTER, AT_ONCE)


def settle(
    connection: Connection, message: outbox.Interrupted, fate: Receipt | Undelivered | None, now: datetime
) -> dict[str, int]:
    """Write down what the provider said of a message; where it could not say, a person is asked.

    Returns messages by what became of them.
    """
    if isinstance(fate, Receipt):
        outcome = handover.Outcome("sent", message.at, reference=fate.reference, attempted=False)
        return {"recovered": len(handover.settle(connection, message.claim_id, {message.id: outcome}))}
    if isinstance(fate, Undelivered):
        deliveries.settle(connection, message.id, delivered=False, now=now, by=message.provider)
        return {"recovered": 1}
    outbox.note(connection, message.id, "asked")
    outbox.announce_unknown(connection, [message.id])
    return {}


def announce(connection: Connection, messages: Sequence[outbox.Interrupted | handover.Claimed]) -> None:
    """Ask a person about those messages that no second look is taken at."""
    known = providers()
    left = [one.id for one in messages if one.provider not in known or not known[one.provider].reconciles]
    if left:
        outbox.announce_unknown(connection, left)
