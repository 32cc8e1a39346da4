"""The cohort triangle as a heat map and a table, newest cohorts first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from language.cells import cell_text
from tools.cohorts.retention import Cohort, CohortRetention, CohortRetentionArguments, cohort_retention
from tools.declaration import shows
from tools.figures import Column
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table

NEWEST, MONTHS = 18, 12  # cohorts and months after that are drawn; the table has all
EVERY = "All cohorts"


@shows(cohort_retention)
def triangle(outcome: Outcome[CohortRetentionArguments, CohortRetention]) -> Iterator[Shown]:
    """Shares by month as a heat map where there are several months, and all of them as a table."""
    cohorts = list(reversed(outcome.result.cohorts))
    if len(cohorts) < 2:
        return
    every = sorted({month for cohort in cohorts for month in cohort.months_after})
    months = every[1:] if len(every) > 1 else every  # in the month of the first order everybody ordered
    if len(every) > 1:
        yield _heat_map(cohorts, outcome.result.average)
    names = [f"Month {month}" for month in months]
    yield Table(
        title="Share of each cohort that ordered again",
        columns=[
            Column(name="cohort", title="First order in", unit="month"),
            Column(name="size", title="Customers", unit="customers"),
            *(Column(name=name.lower(), title=name, unit="share") for name in names),
        ],
        rows=[[c.cohort, c.size, *_by_month(c, months)] for c in cohorts],
        total_rows=len(cohorts),
    )


def _heat_map(cohorts: Sequence[Cohort], average: Sequence[float]) -> Chart:
    """Cohorts old enough to have come back, and not the first month: it would take the whole scale for itself."""
    old = [cohort for cohort in cohorts if len(cohort.months_after) > 1]
    shown = old[:NEWEST]
    months = [month for month in range(1, MONTHS + 1) if any(month in c.months_after for c in shown)]
    every = [Series(name=EVERY, values=[_at(average, month) for month in months])] if average else []
    note = f"The newest {NEWEST} of {len(old)} cohorts; the table has all." if len(old) > NEWEST else ""
    return Chart(
        shape="heatmap", title="Customers who ordered again, by month of first order", x=[str(m) for m in months],
        x_title="Months after the first order", y_title="First order in", unit="share", note=note,
        series=[*every, *(Series(name=cell_text(c.cohort), values=_by_month(c, months)) for c in shown)],
    )  # fmt: skip


def _by_month(cohort: Cohort, months: Sequence[int]) -> list[float | None]:
    shares = dict(zip(cohort.months_after, cohort.share, strict=True))
    return [shares.get(month) for month in months]


def _at(values: Sequence[float], place: int) -> float | None:
    return values[place] if place < len(values) else None
