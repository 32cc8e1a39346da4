"""Cohorts in words: a month that is not over is no share to rank by."""

from __future__ import annotations

from datetime import UTC, datetime

from tools.catalogue import catalogue
from tools.cohorts.retention import Cohort, CohortRetention, CohortRetentionArguments, cohort_retention
from tools.outcome import Outcome
from tools.results import Evidence

catalogue()  # wording is declared in files of its own
AT = datetime(2026, 11, 28, tzinfo=UTC)


def retained(*cohorts: tuple[str, int, list[int]], until: str, average: float | None = 0.3) -> str:
    rows = [
        Cohort(cohort=name, size=size, months_after=list(range(len(active))), active=active,
               share=[one / size for one in active])
        for name, size, active in cohorts
    ]  # fmt: skip
    result = CohortRetention(
        cohorts=rows, average_share=average, last_whole_month=until, evidence=Evidence(rows=1, as_of=AT)
    )
    return cohort_retention.worded(Outcome(CohortRetentionArguments(), result))


TRIANGLE: tuple[tuple[str, int, list[int]], ...] = (
    ("2026-07", 100, [100, 30]), ("2026-08", 100, [100, 40]), ("2026-09", 100, [100, 35]), ("2026-10", 100, [100, 2]),
    ("2026-11", 100, [100]),
)  # fmt: skip


def test_a_month_that_is_not_over_is_not_the_poorest() -> None:
    told = retained(*TRIANGLE, until="2026-10")
    assert "in August 2026 (40.0%), fewest of those of July 2026 (30.0%)" in told
    assert "fewest of those of October 2026 (2.0%)" in retained(*TRIANGLE, until="2026-11")
    assert "so far: that month is not over" in retained(TRIANGLE[3], until="2026-10")
    assert "so far" not in retained(TRIANGLE[2], until="2026-10")


def test_a_small_shop_has_an_average_too() -> None:
    told = retained(("2026-08", 5, [5, 2]), ("2026-09", 5, [5, 1]), until="2026-10", average=0.3)
    assert told == "**30.0% of new customers order again in the month after their first order**, on average."
    assert "over yet" in retained(("2026-09", 5, [5, 2]), ("2026-10", 5, [5]), until="2026-09", average=None)
