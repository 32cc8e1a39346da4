"""Calls to the organisation's own webhook that journeys ask for; each may come twice, with the same id."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from connectors.channels.contract import OutcomeUnknown
from connectors.channels.discovery import channel_named
from connectors.channels.webhook import WebhookSettings
from connectors.channels.webhook.transport import WebhookTransport
from core.errors import GiveUp, RetryLater
from core.settings import get_settings
from database.engine import Database
from database.queries import journey_calls
from database.queries.journey_calls import CallRow
from tools.channels.account import Seal, account_of

__all__ = ["make_calls"]

AT_ONCE, MOST_TRIES = 200, 8
NOT_SET_UP = "no webhook is set up under Messages on the settings page"


def make_calls(database: Database, org_id: UUID, now: datetime) -> int:
    """Make the calls that are due, a few hundred a round; returns how many were taken.

    What is not taken is tried again after 1, 2, 4 … minutes, eight times in all.
    """
    with database.transaction(org_id) as connection:
        waiting = journey_calls.due(connection, now, AT_ONCE)
        if not waiting:
            return 0
        account = account_of(connection, channel_named("webhook"), Seal(get_settings(), org_id))
    settings = account.settings
    if not isinstance(settings, WebhookSettings) or not settings.configured:
        for call in waiting:
            _later(database, org_id, call, NOT_SET_UP, now)
        return 0
    with closing(WebhookTransport(settings)) as transport:
        return sum(_made(database, org_id, transport, call, now) for call in waiting)


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
