"""Figures as lines, bars and a table, by the shape of the answer; the first headline as a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tools.audience.fields import word_of
from tools.declaration import shows
from tools.metrics.headlines import Headlines, HeadlinesArguments, headlines
from tools.metrics.query import query_metrics
from tools.metrics.rows import metrics_of
from tools.metrics.shape import Asked, labels, lead, place
from tools.outcome import Outcome
from tools.views import MOST_BARS, MOST_SERIES, Chart, Series, Shown, Table


@shows(query_metrics)
def figures(outcome: Asked) -> Iterator[Shown]:
    """Series over time as lines, a few categories as bars; a table of all; nothing for a single row."""
    columns, rows = outcome.result.columns, outcome.result.rows
    if len(rows) < 2:
        return
    keys = [columns[at] for at in labels(outcome)]
    main = columns[lead(outcome)]
    title = f"{main.title} by {' and '.join(word_of(key.name) for key in keys)}"
    if keys[0].name == "time" and not outcome.arguments.best_per:
        yield _lines(title, outcome, len(keys))
    elif len(keys) == 1 and len(rows) <= MOST_BARS:
        yield Chart(
            shape="bar", title=title, x=[str(row[0]) for row in rows], x_title=keys[0].title,
            y_title=main.title, unit=main.unit, series=_bars(outcome),
        )  # fmt: skip
    yield Table(title=title, columns=columns, rows=rows, total_rows=outcome.result.total_rows)


def _bars(outcome: Asked) -> list[Series]:
    """The figure asked for, beside what it was before where that was asked too."""
    columns = outcome.result.columns
    shown = [at for at in (lead(outcome), _before(outcome)) if at is not None]
    return [Series(name=columns[at].title, values=[_number(row[at]) for row in outcome.result.rows]) for at in shown]


def _before(outcome: Asked) -> int | None:
    return place(outcome, f"{outcome.result.columns[lead(outcome)].name}_before")


def _lines(title: str, outcome: Asked, keys: int) -> Chart:
    """A line for each category, else for each of `_plotted`; `keys` columns come before the figures."""
    columns, rows = outcome.result.columns, outcome.result.rows
    plotted = _plotted(outcome)
    main = columns[plotted[0]]
    lines: dict[str, dict[str, float | None]] = {}
    for row in rows:
        time = str(row[0])
        if keys > 1:
            lines.setdefault(" / ".join(map(str, row[1:keys])), {})[time] = _number(row[plotted[0]])
        else:
            for at in plotted:
                lines.setdefault(columns[at].title, {})[time] = _number(row[at])
    times = list(dict.fromkeys(str(row[0]) for row in rows))
    series = [
        Series(name=name, values=[line.get(t) for t in times]) for name, line in list(lines.items())[:MOST_SERIES]
    ]
    return Chart(
        shape="line", title=title, x=times, x_title=columns[0].title, y_title=main.title, series=series,
        unit=main.unit,
    )  # fmt: skip


def _plotted(outcome: Asked) -> list[int]:
    """Places of the figures drawn over time: a figure and what it was before, or metrics of one unit.

    Metrics of other units would flatten each other on one axis: they stay in the table.
    """
    main, earlier = lead(outcome), _before(outcome)
    running = place(outcome, f"{outcome.result.columns[main].name}_running")
    if running is not None:
        earlier = place(outcome, f"{outcome.result.columns[running].name}_before")
        main = running
    if earlier is not None or running is not None or main != len(labels(outcome)):
        return [main] if earlier is None else [main, earlier]
    unit, start = outcome.result.columns[main].unit, len(labels(outcome))
    metrics = range(start, start + len(metrics_of(outcome)))
    return [at for at in metrics if outcome.result.columns[at].unit == unit]


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
