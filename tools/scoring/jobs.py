"""Scores in the background: of everybody, by the clock and when asked for; of a few, after an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from tools.declaration import Every, Work, job
from tools.results import Arguments
from tools.scoring import customers, organisation
from tools.scoring.run import SCORES, ScoreReport
from tools.scoring.scores import RefreshScoresArguments


class RefreshCustomersArguments(Arguments):
    """Whose scores."""

    customers: list[int] = Field(description="Internal ids.")


def _groups_after(arguments: RefreshScoresArguments) -> tuple[str, Mapping[str, Any]] | None:
    """Groups follow new features; what drifted is seen once a day, and after everything was computed anew."""
    if "features" not in arguments.what:
        return None
    return "refresh_segments", {} if set(arguments.what) == set(SCORES) else {"what": ["groups"]}


@job(
    every=(Every("0 */6 * * *", {"what": ["features", "rfm"]}), Every("0 2 * * *", {"what": ["churn", "value"]})),
    then=_groups_after,
)
def refresh_scores(work: Work, arguments: RefreshScoresArguments) -> ScoreReport:
    """The scores asked for, of everybody."""
    return organisation.score_organisation(work.database, work.identity, work.now, work.progress, tuple(arguments.what))


@job()
def refresh_customers(work: Work, arguments: RefreshCustomersArguments) -> customers.CustomersRefreshed:
    """Every score of the customers named."""
    return customers.refresh_customers(work.database, work.identity, arguments.customers, work.now)
