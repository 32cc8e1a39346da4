"""Who responds to what, learnt in the background."""

from __future__ import annotations

from typing import Any

from tools.declaration import Every, Work, job
from tools.experiments.response import RefreshRecommendationsArguments, learn_response


@job(every=(Every("30 3 * * *"),))
def refresh_recommendations(work: Work, arguments: RefreshRecommendationsArguments) -> dict[str, Any]:
    """Effects of campaigns, next items, and today's value at risk."""
    return learn_response(work.database, work.identity, work.now, work.progress)
