"""The days of a report beside the days before, as lines."""

from __future__ import annotations

from collections.abc import Iterator

from tools.declaration import shows
from tools.outcome import Outcome
from tools.report.period_report import PeriodReport, PeriodReportArguments, period_report
from tools.views import Chart, Series, Shown

LEAST = 2


@shows(period_report)
def by_day(outcome: Outcome[PeriodReportArguments, PeriodReport]) -> Iterator[Shown]:
    """Revenue by day."""
    days = outcome.result.days
    if len(days) >= LEAST:
        yield Chart(
            shape="line", title="Revenue by day, with the days before", x=[day.day.isoformat() for day in days],
            x_title="Day", x_unit="day", y_title="Revenue", unit="money",
            series=[
                Series(name="These days", values=[day.now for day in days]),
                Series(name="The days before", values=[day.before for day in days]),
            ],
        )  # fmt: skip
