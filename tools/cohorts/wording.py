"""Cohorts in words."""

from __future__ import annotations

from language.format import bullets, count, month, percent
from tools.cohorts.retention import Cohort, CohortRetention, CohortRetentionArguments, cohort_retention
from tools.declaration import answers
from tools.outcome import Outcome

SHOWN = 5


@answers(cohort_retention)
def retention(outcome: Outcome[CohortRetentionArguments, CohortRetention]) -> str:
    """One cell, one row, or the triangle."""
    cohorts = outcome.result.cohorts
    if len(cohorts) > 1:
        first = [f"{month(c.cohort)}: {count(c.size)} customers{_next_month(c)}" for c in cohorts[:SHOWN]]
        return (
            f"**{count(len(cohorts))} cohorts**, by the month of the customer's first order. The share that ordered "
            f"again in a later month is in the chart; the first cohorts:\n\n{bullets(first)}"
        )
    cohort = cohorts[0]
    cells = list(zip(cohort.months_after, cohort.active, cohort.share, strict=True))
    whole = f"{count(cohort.size)} customers who first ordered in {month(cohort.cohort)}"
    if len(cells) == 1:
        after, active, share = cells[0]
        return f"**{count(active)}** of the {whole} ordered in month {after} after it: **{percent(share)}**."
    lines = [f"month {after}: {count(active)} ({percent(share)})" for after, active, share in cells]
    return f"Of the {whole}, so many ordered in each month after:\n\n{bullets(lines)}"


def _next_month(cohort: Cohort) -> str:
    for after, active, share in zip(cohort.months_after, cohort.active, cohort.share, strict=True):
        if after == 1:
            return f", {count(active)} ({percent(share)}) back after month {after}"
    return ""
