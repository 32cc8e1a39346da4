"""Proposals of several campaigns as cards; more than a few are a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tools.declaration import shows
from tools.outcome import Outcome
from tools.planning.ideas import ProposedIdeas, ProposeIdeasArguments, propose_ideas
from tools.planning.week_proposals import ProposedWeek, ProposeWeekArguments, propose_week
from tools.views import ProposalCard, Shown, table

MOST_CARDS = 3
_COLUMNS = ("title", "status", "audience.to_send", "send_at", "budget", "expected")


@shows(propose_ideas)
def ideas(outcome: Outcome[ProposeIdeasArguments, ProposedIdeas]) -> Iterator[Shown]:
    """A card each."""
    yield from _cards(outcome)


@shows(propose_week)
def week(outcome: Outcome[ProposeWeekArguments, ProposedWeek]) -> Iterator[Shown]:
    """A card each while they are few."""
    yield from _cards(outcome)


def _cards(outcome: Outcome[Any, Any]) -> Iterator[Shown]:
    made = outcome.result.proposals
    if len(made) <= MOST_CARDS:
        for one in made:
            yield ProposalCard(proposal=one.model_dump(mode="json"))
    else:
        yield from table("proposals", title="Proposals", columns=_COLUMNS)(outcome)
