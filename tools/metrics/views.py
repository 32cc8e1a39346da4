"""Figures as lines, bars and a table, by the shape of the answer; the first headline as a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tools.audience.fields import word_of
from tools.declaration import shows
from tools.figures import Column
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.headlines import Headlines, HeadlinesArguments, headlines
from tools.metrics.query import QueryMetrics, query_metrics
from tools.outcome import Outcome
from tools.views import MOST_BARS, MOST_SERIES, Chart, Series, Shown, Table


@shows(query_metrics)
def figures(outcome: Outcome[QueryMetricsArguments, QueryMetrics]) -> Iterator[Shown]:
    """Series over time as lines, a few categories as bars; a table of all; nothing for a single row."""
    columns, rows = outcome.result.columns, outcome.result.rows
    if len(rows) < 2:
        return
    keys = [column for column in columns if column.unit in ("date", "text")]
    first = columns[len(keys)]
    title = f"{first.title} by {' and '.join(word_of(key.name) for key in keys)}"
    if keys[0].name == "time":
        yield _lines(title, columns, rows, len(keys))
    elif len(keys) == 1 and len(rows) <= MOST_BARS:
        bars = Series(name=first.title, values=[_number(row[1]) for row in rows])
        yield Chart(
            shape="bar", title=title, x=[str(row[0]) for row in rows], x_title=keys[0].title,
            y_title=first.title, unit=first.unit, series=[bars],
        )  # fmt: skip
    yield Table(title=title, columns=columns, rows=rows, total_rows=outcome.result.total_rows)


def _lines(title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], keys: int) -> Chart:
    """A line for each category, else for each metric; `keys` columns come before the metrics."""
    first = columns[keys]
    # Metrics of other units would flatten each other on one axis: they stay in the table.
    same = [at for at in range(keys, len(columns)) if columns[at].unit == first.unit]
    lines: dict[str, dict[str, float | None]] = {}
    for row in rows:
        time = str(row[0])
        if keys > 1:
            lines.setdefault(" / ".join(map(str, row[1:keys])), {})[time] = _number(row[keys])
        else:
            for at in same:
                lines.setdefault(columns[at].title, {})[time] = _number(row[at])
    times = list(dict.fromkeys(str(row[0]) for row in rows))
    series = [
        Series(name=name, values=[line.get(t) for t in times]) for name, line in list(lines.items())[:MOST_SERIES]
    ]
    return Chart(
        shape="line", title=title, x=times, x_title=columns[0].title, y_title=first.title, series=series,
        unit=first.unit,
    )  # fmt: skip


@shows(headlines)
def by_week(outcome: Outcome[HeadlinesArguments, Headlines]) -> Iterator[Shown]:
    """The first headline, week by week."""
    first = outcome.result.headlines[0]
    if any(value is not None for value in first.weeks):
        yield Chart(
            shape="line", title=f"{first.title} by week", x=[str(monday) for monday in outcome.result.weeks],
            x_title="Week from", y_title=first.title, unit=first.unit,
            series=[Series(name=first.title, values=[_number(value) for value in first.weeks])],
        )  # fmt: skip


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
