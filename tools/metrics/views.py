"""Figures as lines, bars and a table, by the shape of the answer; the first headline as a line."""

from __future__ import annotations

from collections.abc import Iterator

from language.format import span
from tools.audience.fields import word_of
from tools.declaration import shows
from tools.figures import Cell, Column
from tools.metrics.charts import bars, lines, number, timed
from tools.metrics.headlines import Headlines, HeadlinesArguments, headlines
from tools.metrics.query import query_metrics
from tools.metrics.shape import Asked, labels, lead, title, where
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table


@shows(query_metrics)
def figures(outcome: Asked) -> Iterator[Shown]:
    """Series over time as lines, a few categories as bars; a table of all; nothing for a single row."""
    columns, rows = outcome.result.columns, outcome.result.rows
    if len(rows) < 2:
        return
    keys = [columns[at] for at in labels(outcome)]
    heading = _title(outcome, keys)
    over_time = keys[0].name == "time"
    if over_time and not outcome.arguments.best_per:
        yield lines(heading, outcome)
    elif len(keys) == 1 and len((chart := bars(heading, outcome)).x) > 1:
        yield chart
    yield Table(
        title=heading,
        columns=[timed(column, outcome) for column in columns],
        rows=_newest_first(outcome) if over_time else rows,
        total_rows=outcome.result.total_rows,
    )


def _title(outcome: Asked, keys: list[Column]) -> str:
    """What, of what, and when: "Revenue by month (Germany), December 2023 to October 2026"."""
    grain = outcome.arguments.grain
    by = " and ".join(grain if key.name == "time" else word_of(key.name) for key in keys)
    result = outcome.result
    return f"{title(result.columns[lead(outcome)])} by {by}{where(outcome)}, {span(result.start, result.end)}"


def _newest_first(outcome: Asked) -> list[list[Cell]]:
    """Rows over time as one reads them, unless an order was asked for."""
    asked, rows = outcome.arguments, outcome.result.rows
    if asked.order_by or asked.best_per:
        return rows
    newest = sorted(range(len(rows)), key=lambda at: str(rows[at][0]), reverse=True)
    return [rows[at] for at in newest]


@shows(headlines)
def by_week(outcome: Outcome[HeadlinesArguments, Headlines]) -> Iterator[Shown]:
    """The first headline, week by week."""
    first = outcome.result.headlines[0]
    if any(value is not None for value in first.weeks):
        yield Chart(
            shape="line", title=f"{first.title} by week", x=[str(monday) for monday in outcome.result.weeks],
            x_title="Week from", x_unit="week", y_title=first.title, unit=first.unit,
            series=[Series(name=first.title, values=[number(value) for value in first.weeks])],
        )  # fmt: skip
