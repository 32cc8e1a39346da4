"""Cohorts in words."""

from __future__ import annotations

from language.format import count, month, percent
from tools.cohorts.retention import Cohort, CohortRetention, CohortRetentionArguments, cohort_retention, is_over
from tools.declaration import answers
from tools.outcome import Outcome

LEAST, ENDS = 20, 3  # customers of a cohort whose share is worth naming, and cohorts for a best and a poorest


@answers(cohort_retention)
def retention(outcome: Outcome[CohortRetentionArguments, CohortRetention]) -> str:
    """One cell, one row, or the triangle."""
    cohorts = outcome.result.cohorts
    if len(cohorts) > 1:
        return _triangle(outcome.result, outcome.arguments.months_after or 1)
    cohort = cohorts[0]
    cells = list(zip(cohort.months_after, cohort.active, cohort.share, strict=True))
    whole = f"{count(cohort.size)} customers who first ordered in {month(cohort.cohort)}"
    if len(cells) == 1:
        after, active, share = cells[0]
        so_far = _so_far(outcome.result, cohort, after)
        return f"**{count(active)}** of the {whole} ordered in month {after} after it: **{percent(share)}**{so_far}."
    later = [(after, active, share) for after, active, share in cells if after > 0]
    if not later:
        return f"**{whole[:1].upper()}{whole[1:]}**; no later month has begun."
    after, active, share = later[0]
    so_far = _so_far(outcome.result, cohort, after)
    told = f"**{percent(share)} of the {whole} ordered again in the month after** ({count(active)}){so_far}."
    best = max(later[1:], key=lambda cell: cell[1], default=None)
    return f"{told} The most later: {count(best[1])} ({percent(best[2])}) in month {best[0]}." if best else told


def _so_far(result: CohortRetention, cohort: Cohort, age: int) -> str:
    """What to know of a share that still grows."""
    until = result.last_whole_month
    return "" if until is None or is_over(cohort, age, until) else ", so far: that month is not over"


def _triangle(result: CohortRetention, age: int) -> str:
    """How many come back on average, the best and the poorest month of first orders; the map has them all."""
    until, large = result.last_whole_month, [cohort for cohort in result.cohorts if cohort.size >= LEAST]
    rated = [(_after(cohort, age), cohort) for cohort in large if until is None or is_over(cohort, age, until)]
    known = [(share, cohort) for share, cohort in rated if share is not None]
    when = "in the month after" if age == 1 else f"in month {age} after"
    if result.average_share is None:
        return (
            f"No month {when.removeprefix('in ')} a first order is over yet, so nothing can be said of who came back."
        )
    told = f"**{percent(result.average_share)} of new customers order again {when} their first order**, on average."
    if len(known) < ENDS:
        return told
    (high, best), (low, poorest) = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
    return (
        f"{told} Most of those who first ordered in {month(best.cohort)} ({percent(high)}), fewest of those of "
        f"{month(poorest.cohort)} ({percent(low)})."
    )


def _after(cohort: Cohort, wanted: int) -> float | None:
    for after, share in zip(cohort.months_after, cohort.share, strict=True):
        if after == wanted:
            return share
    return None
