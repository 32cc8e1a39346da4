"""The cohort triangle as a heat map and a table."""

from __future__ import annotations

from collections.abc import Iterator

from tools.cohorts.retention import CohortRetention, CohortRetentionArguments, cohort_retention
from tools.declaration import shows
from tools.figures import Column
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table


@shows(cohort_retention)
def triangle(outcome: Outcome[CohortRetentionArguments, CohortRetention]) -> Iterator[Shown]:
    """Shares by month as a heat map where there are several months; counts as a table."""
    cohorts = outcome.result.cohorts
    if len(cohorts) < 2:
        return
    months = sorted({m for c in cohorts for m in c.months_after})
    if len(months) > 1:
        shares = [dict(zip(c.months_after, c.share, strict=True)) for c in cohorts]
        yield Chart(
            shape="heatmap", title="Customers who came back, by month of first order", x=[str(m) for m in months],
            x_title="Months after the first order", y_title="First order in", unit="share",
            series=[
                Series(name=c.cohort, values=[share.get(m) for m in months])
                for c, share in zip(cohorts, shares, strict=True)
            ],
        )  # fmt: skip
    names = [f"month {m}" for m in months]
    columns = [Column(name=name, title=name.capitalize(), unit="customers") for name in ("size", *names)]
    yield Table(
        title="Active customers by cohort",
        columns=[Column(name="cohort", title="Cohort"), *columns],
        rows=[[c.cohort, c.size, *c.active, *[None] * (len(months) - len(c.active))] for c in cohorts],
        total_rows=len(cohorts),
    )
