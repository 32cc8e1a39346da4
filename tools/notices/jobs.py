"""Telling Slack and Teams every minute what has come to wait; they cannot answer: a person decides, logged in here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connectors.channels.contract import OutcomeUnknown
from connectors.notices import post
from core.errors import AimaError, RetryLater
from core.settings import get_settings
from database.queries import notices
from database.queries.notices import Due
from tools.campaigns.unsubscribe import base_url
from tools.declaration import Every, Work, job
from tools.notices.targets import addresses_of
from tools.results import Arguments

MOST_TRIES = 5


class SendNoticesArguments(Arguments):
    """Nothing to say: what waits stands in the database."""


@job(retries=0, every=(Every("* * * * *"),), needs=notices.wanted)
def send_notices(work: Work, arguments: SendNoticesArguments) -> dict[str, Any]:
    """Tell each service what has come to wait since it was last told, in one message; tried five times at most."""
    settings = get_settings()
    with work.database.transaction(work.identity.org_id) as connection:
        notices.collect(connection, work.now)
        waiting = notices.due(connection, work.now)
        addresses = addresses_of(connection, settings, work.identity.org_id)
    told = 0
    for due in waiting:
        status, reason, again = "sent", None, None
        try:
            post(due.service, addresses[due.service], words_of(due), base_url(settings))
            told += 1
        except OutcomeUnknown:
            reason = "no answer came: it may have arrived"  # twice would be worse than not at all
        except AimaError as error:
            last = due.attempts + 1 >= MOST_TRIES or not isinstance(error, RetryLater)
            status, reason = ("failed" if last else "pending"), error.message
            again = None if last else work.now + timedelta(minutes=2**due.attempts)
        with work.database.transaction(work.identity.org_id) as connection:
            notices.settle(connection, due.service, work.now, status, reason, again)
    return {"told": told, "waiting": len(waiting) - told}


def words_of(due: Due) -> str:
    """What is said: how much waits, and nothing of what it is or of whom."""
    said = []
    if due.approvals:
        said.append(
            "1 proposal waits for a person's decision"
            if due.approvals == 1
            else f"{due.approvals:,} proposals wait for a person's decision"
        )
    if due.alerts:
        said.append("there is 1 new alert" if due.alerts == 1 else f"there are {due.alerts:,} new alerts")
    words = ", and ".join(said)
    return f"{words[:1].upper()}{words[1:]}."
