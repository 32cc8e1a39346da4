"""Scores computed anew, in words."""

from __future__ import annotations

from tools.declaration import answers
from tools.outcome import Outcome
from tools.scoring.scores import RefreshScores, RefreshScoresArguments, refresh_scores


@answers(refresh_scores)
def refreshing(outcome: Outcome[RefreshScoresArguments, RefreshScores]) -> str:
    """The job that was started."""
    what = ", ".join(outcome.arguments.what)
    return f"**Computing anew: {what}.** It runs in the background; ask “how far is the job?”."
