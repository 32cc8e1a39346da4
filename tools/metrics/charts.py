"""The charts of an answer about figures: lines over time, bars by category, each with what is particular about it."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from core.calendar import month_after
from database.semantic.metrics import METRICS
from database.semantic.sources import SOURCES
from language.cells import GRAINS, cell_text, value_name
from language.format import span
from tools.figures import Cell, Column
from tools.metrics.rows import metrics_of
from tools.metrics.shape import UNKNOWN, Asked, Row, labels, lead, place, title
from tools.views import MOST_BARS, MOST_SERIES, Chart, Series

__all__ = ["bars", "lines", "number", "timed"]

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
# Categories that have an order of their own: drawn in it, whatever the rows are sorted by.
_ORDERED: Final[dict[str, Sequence[str]]] = {
    "weekday": tuple(day_name),
    "month_of_year": tuple(month_name)[1:],
    "daypart": ("night", "morning", "afternoon", "evening"),
    "hour": tuple(f"{hour:02d}" for hour in range(24)),
}


def bars(heading: str, outcome: Asked) -> Chart:
    """A bar a row, the first ones where there are many; beside what each was before where that was asked too."""
    key, asked = outcome.result.columns[labels(outcome)[0]], outcome.arguments
    known = [row for row in outcome.result.rows if row[lead(outcome)] is not None]
    rows = _in_order(key.name, known)
    shown = rows if key.name in _ORDERED else rows[:MOST_BARS]
    main = outcome.result.columns[lead(outcome)]
    return Chart(
        shape="bar", title=heading, x=[_label(row[0], key.name) for row in shown], x_title=timed(key, outcome).title,
        x_unit=asked.grain if key.name == "time" else "", y_title=title(main), unit=main.unit,
        series=_now_and_before(outcome, shown), note=_cut(len(shown), _drawable(outcome, known)), whole=_whole(outcome),
    )  # fmt: skip


def lines(heading: str, outcome: Asked) -> Chart:
    """A line for each category, the largest where there are many; else for each figure of one unit."""
    times, grain = _every_step(outcome), outcome.arguments.grain
    found = _by_category(outcome) if len(labels(outcome)) > 1 else _by_figure(outcome)
    largest = sorted(found, key=lambda name: sum(abs(v or 0.0) for v in found[name].values()), reverse=True)
    drawn = set(largest[:MOST_SERIES])
    start_of = {start.isoformat() for start in outcome.result.partial}
    cut = [at for at, start in enumerate(times) if start in start_of]
    notes = [_cut(len(drawn), len(found)), _dashed([cell_text(times[at], grain) for at in cut])]
    main = outcome.result.columns[_plotted(outcome)[0]]
    return Chart(
        shape="line", title=heading, x=times, x_title=GRAINS[grain], x_unit=grain, y_title=title(main), unit=main.unit,
        series=[Series(name=name, values=[found[name].get(time) for time in times]) for name in found if name in drawn],
        partial=cut, note=" ".join(filter(None, notes)),
    )  # fmt: skip


def timed(column: Column, outcome: Asked) -> Column:
    """The column of time is called by its steps, and written in them."""
    grain = outcome.arguments.grain
    return column.model_copy(update={"title": GRAINS[grain], "unit": grain}) if column.name == "time" else column


def number(value: Any) -> float | None:
    """A value of a chart; None for what is none."""
    return float(value) if isinstance(value, int | float) else None


def _by_category(outcome: Asked) -> dict[str, dict[str, float | None]]:
    columns, keys, plotted = outcome.result.columns, len(labels(outcome)), _plotted(outcome)[0]
    found: dict[str, dict[str, float | None]] = {}
    for row in outcome.result.rows:
        name = " / ".join(_label(value, columns[at].name) for at, value in enumerate(row[1:keys], 1))
        found.setdefault(name, {})[str(row[0])] = number(row[plotted])
    return found


def _by_figure(outcome: Asked) -> dict[str, dict[str, float | None]]:
    columns, rows = outcome.result.columns, outcome.result.rows
    return {title(columns[at]): {str(row[0]): number(row[at]) for row in rows} for at in _plotted(outcome)}


def _every_step(outcome: Asked) -> list[str]:
    """First days of all steps of time from the first row to the last: one without a row is a gap, not left out."""
    known = sorted({str(row[0]) for row in outcome.result.rows})
    steps = [start.isoformat() for start in _steps(date.fromisoformat(known[0]), known[-1], outcome.arguments.grain)]
    return steps if set(known) <= set(steps) else known


def _steps(start: date, last: str, grain: str) -> Iterator[date]:
    while start.isoformat() <= last:
        yield start
        if grain in _MONTHS:
            start = month_after(start, _MONTHS[grain])
        else:
            start += timedelta(days=7 if grain == "week" else 1)


def _in_order(name: str, rows: list[list[Cell]]) -> list[list[Cell]]:
    order = {value: at for at, value in enumerate(_ORDERED.get(name, ()))}
    return sorted(rows, key=lambda row: order.get(str(row[0]), len(order))) if order else rows


def _label(value: Cell, name: str) -> str:
    if value is None:
        return UNKNOWN
    if name == "hour":
        return cell_text(int(value), "hour")
    return value_name(name, value)


def _now_and_before(outcome: Asked, rows: Sequence[Row]) -> list[Series]:
    """The figure asked for; where one before it was asked too, both by their periods."""
    result, now = outcome.result, lead(outcome)
    before = _before(outcome)
    names = {now: title(result.columns[now])}
    if before is not None:
        compared = result.compare_start and result.compare_end and span(result.compare_start, result.compare_end)
        names = {now: span(result.start, result.end), before: compared or "Before"}
    return [Series(name=name, values=[number(row[at]) for row in rows]) for at, name in names.items()]


def _whole(outcome: Asked) -> float | None:
    """What the bars add up to with those not drawn: of counts and sums whose groups do not overlap."""
    name = outcome.result.columns[lead(outcome)].name
    metric = METRICS.get(name)
    if metric is None or not metric.is_count:
        return None
    overlapping = {SOURCES[source].table for source in metric.overlaps} & set(outcome.result.evidence.sources)
    return None if overlapping else number(outcome.result.totals.get(name))


def _before(outcome: Asked) -> int | None:
    return place(outcome, f"{outcome.result.columns[lead(outcome)].name}_before")


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


def _drawable(outcome: Asked, known: Sequence[Row]) -> int:
    """How many rows have a figure: all of those not given are taken to."""
    return outcome.result.total_rows - (len(outcome.result.rows) - len(known))


def _cut(drawn: int, total: int) -> str:
    return f"The first {drawn} of {total:,}." if drawn < total else ""


def _dashed(partial: list[str]) -> str:
    return f"Dashed: only part of {' and '.join(partial)} is in the data." if partial else ""
