"""Survival curves, and value at risk by group."""

from __future__ import annotations

from collections.abc import Iterator

from tools.audience.fields import title_of, word_of
from tools.churn.survival import SurvivalCurves, SurvivalCurvesArguments, survival_curves
from tools.churn.value_at_risk import AtRiskSegments, AtRiskSegmentsArguments, at_risk_segments
from tools.declaration import shows
from tools.outcome import Outcome
from tools.views import MOST_BARS, MOST_SERIES, Chart, Series, Shown, records


@shows(survival_curves)
def survival(outcome: Outcome[SurvivalCurvesArguments, SurvivalCurves]) -> Iterator[Shown]:
    """One line a group; today everybody is still there."""
    curves = outcome.result.curves
    yield Chart(
        shape="line", title=f"Share still a customer, by {word_of(outcome.result.by)}", unit="share",
        x=["0", *(f"{point.days:g}" for point in curves[0].points)], x_title="Days from now",
        y_title="Still a customer",
        series=[
            Series(name=curve.name or "Everybody", values=[1.0, *(point.probability for point in curve.points)])
            for curve in curves[:MOST_SERIES]
        ],
    )  # fmt: skip


@shows(at_risk_segments)
def at_risk(outcome: Outcome[AtRiskSegmentsArguments, AtRiskSegments]) -> Iterator[Shown]:
    """Value at risk as bars, with everything known of each group as a table."""
    result = outcome.result
    title = f"Value at risk within {result.horizon_days} days by {word_of(result.by)}"
    if len(result.rows) > 1:
        rows = result.rows[:MOST_BARS]
        yield Chart(
            shape="bar", title=title, x=[row.name for row in rows], x_title=title_of(result.by),
            y_title="Value at risk", unit="money",
            series=[Series(name="Value at risk", values=[row.value_at_risk for row in rows])],
        )  # fmt: skip
    if result.rows:
        yield records(result.rows, title=title, total=result.groups)
