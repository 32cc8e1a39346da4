"""What moves people through journeys: a round every minute, wherever anything runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from database.queries import journeys
from tools.declaration import Every, Work, job
from tools.journeys.calls import make_calls
from tools.journeys.tick import play
from tools.results import Arguments


class RunJourneysArguments(Arguments):
    """Nothing to say: who is due stands in the database."""


@job(retries=0, every=(Every("* * * * *"),), needs=journeys.wanted)
def run_journeys(work: Work, arguments: RunJourneysArguments) -> dict[str, Any]:
    """Play one round of the organisation's journeys, then make the calls to its webhook that wait."""
    found = play(work.database, work.identity.org_id, work.now)
    return asdict(found) | {"calls": make_calls(work.database, work.identity.org_id, work.now)}
