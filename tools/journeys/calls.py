"""Calls to the organisation's own webhook that journeys ask for; each may come twice, with the same id."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from connectors.channels.contract import OutcomeUnknown
from connectors.channels.webhook import WebhookSettings
from connectors.channels.webhook.transport import WebhookTransport
from core.errors import AimaError, GiveUp, RetryLater
from core.settings import get_settings
from database.engine import Database
from database.queries import journey_calls
from database.queries.journey_calls import CallRow
from tools.channels.account import Seal
from tools.journeys.webhook import webhook_of

__all__ = ["make_calls"]

AT_ONCE, MOST_TRIES = 200, 8
LONGEST_S = 30.0  # a server that lets every call wait does not keep the journeys from their next round


def make_calls(database: Database, org_id: UUID, now: datetime) -> int:
    """Make the calls that are due, a few hundred a round and for half a minute; returns how many were taken.

    What is not taken is tried again after 1, 2, 4 … minutes, eight times in all; what there was no time for stays due.
    """
    with database.transaction(org_id) as connection:
        waiting = journey_calls.due(connection, now, AT_ONCE)
    if not waiting:
        return 0
    try:
        with database.transaction(org_id) as connection:
            settings = webhook_of(connection, Seal(get_settings(), org_id))
    except AimaError as error:
        for call in waiting:
            _later(database, org_id, call, error.message, now)
        return 0
    return _told(database, org_id, settings, waiting, now)


def _told(
    database: Database, org_id: UUID, settings: WebhookSettings, waiting: Sequence[CallRow], now: datetime
) -> int:
    taken, until = 0, monotonic() + LONGEST_S
    with closing(WebhookTransport(settings)) as transport:
        for call in waiting:
            taken += _made(database, org_id, transport, call, now)
            if monotonic() >= until:
                break
    return taken


def _made(database: Database, org_id: UUID, transport: WebhookTransport, call: CallRow, now: datetime) -> bool:
    data = {"journey": call.journey, "node": call.node, "event": call.event, "customer": call.customer,
            "at": call.made_at.isoformat()}  # fmt: skip
    try:
        transport.tell(str(call.id), "journey.step", data)
    except (RetryLater, OutcomeUnknown) as error:
        _later(database, org_id, call, error.message, now)
        return False
    except GiveUp as error:
        with database.transaction(org_id) as connection:
            journey_calls.settle(connection, call.id, "failed", error.message)
        return False
    with database.transaction(org_id) as connection:
        journey_calls.settle(connection, call.id, "done")
    return True


def _later(database: Database, org_id: UUID, call: CallRow, why: str, now: datetime) -> None:
    last = call.attempts + 1 >= MOST_TRIES
    with database.transaction(org_id) as connection:
        due = None if last else now + timedelta(minutes=2**call.attempts)
        journey_calls.settle(connection, call.id, "failed" if last else "pending", why, due)
