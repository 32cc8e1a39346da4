"""A change taken apart: bars of the first dimension, a table of all."""

from __future__ import annotations

from collections.abc import Iterator

from tools.declaration import shows
from tools.figures import Cell, Column
from tools.metrics.change import ExplainChange, ExplainChangeArguments, explain_change
from tools.metrics.shape import called, lower
from tools.outcome import Outcome
from tools.views import MOST_BARS, Chart, Series, Shown, Table

REST = "all others"


@shows(explain_change)
def change(outcome: Outcome[ExplainChangeArguments, ExplainChange]) -> Iterator[Shown]:
    """What each value adds to the change; nothing where no dimension tells."""
    result = outcome.result
    if not result.dimensions:
        return
    first = result.dimensions[0]
    shown = first.contributions[:MOST_BARS]
    yield Chart(
        shape="bar", title=f"Change in {lower(result.title)} by {lower(first.title)}",
        x=[called(first.dimension, one.value) for one in shown], x_title=first.title, y_title="Change",
        unit=result.unit,
        series=[Series(name="Change", values=[one.change for one in shown])],
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for found in result.dimensions:
        rows += [
            [found.title, called(found.dimension, one.value), one.now, one.before, one.change, one.share]
            for one in found.contributions
        ]
        if found.rest_values:
            rows.append([found.title, REST, None, None, found.rest, None])
    figures = [Column(name=name, title=name.capitalize(), unit=result.unit) for name in ("now", "before", "change")]
    yield Table(
        title="What moved",
        columns=[
            Column(name="dimension", title="By"), Column(name="value", title="Value"), *figures,
            Column(name="share", title="Share of change", unit="share"),
        ],
        rows=rows, total_rows=len(rows),
    )  # fmt: skip
