"""Charts as the page draws them (public/elements/Chart.jsx): every figure in words, a table and a file behind.

The page only knows geometry: colours, ticks, labels and what a pointer reads are decided here, where they are tested.
Drawn by us rather than by a charting library in the page: labels beside marks, both themes from the page's own
colours, saving as picture and file, and no megabytes to load.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import chainlit as cl

from agent.events import Chart, Series
from language.cells import axis_text, cell_text, file_cell, file_title, label_text, named, tick_text
from language.format import short_day

__all__ = ["COLOURS", "drawing", "figure_element", "ring_element"]

# Each at least 3:1 on white and on the dark page, and told apart by people who see fewer colours; never used twice in
# a chart (test_figures.py measures both).
COLOURS: Final = (
    "#0d9488", "#d24011", "#6f5fc3", "#bf8941", "#bc19a3", "#3386d9",
    "#6c695c", "#fc3f8f", "#207e27", "#c35ef9", "#a9736f", "#938fbe",
)  # fmt: skip
FELL: Final = "#d24011"  # bars below zero
TONES: Final = {"good": "#207e27", "bad": "#d24011", "unsure": "#938fbe", "rest": "#6c695c"}
LEVELS: Final = {"high": "#d24011", "medium": "#bf8941", "low": "#0d9488", "left": "#6c695c"}
TICKS: Final = 5
DAYS: Final = ("day", "week")  # steps of time that are written as a day


def figure_element(chart: Chart) -> cl.CustomElement:
    """The chart as an element of a message."""
    return cl.CustomElement(name="Chart", display="inline", props=drawing(chart))


def ring_element(chart: Chart) -> cl.CustomElement:
    """A chart of one series of parts of a whole, as a ring."""
    return figure_element(chart.model_copy(update={"shape": "parts"}))


def drawing(chart: Chart) -> dict[str, Any]:
    """Everything the page needs to draw it; texts are as people read them."""
    x = [tick_text(label, chart.x_unit) if chart.x_unit else named(label) for label in chart.x]
    return {
        "shape": chart.shape,
        "title": chart.title,
        "note": chart.note,
        "x": x,
        "axis": _axis(chart, x),
        "x_title": chart.x_title,
        "y_title": chart.y_title,
        "ticks": [[tick, axis_text(tick, chart.unit)] for tick in _ticks(chart)],
        "partial": chart.partial,
        "top": _top(chart) if chart.shape == "heatmap" else None,
        "series": [_drawn(chart, number, x) for number in range(len(chart.series))],
        "file": _file(chart, x),
    }


def _axis(chart: Chart, x: list[str]) -> list[str]:
    """What stands under the steps of a line: days of one year without it ("21 Nov")."""
    of_one_year = len({label[:4] for label in chart.x}) == 1
    if chart.x_unit not in DAYS or not of_one_year:
        return x
    return [short_day(date.fromisoformat(label[:10]), with_year=False) for label in chart.x]


def _drawn(chart: Chart, number: int, x: Sequence[str]) -> dict[str, Any]:
    series = chart.series[number]
    drawn: dict[str, Any] = {
        "name": named(series.name),
        "colour": COLOURS[number % len(COLOURS)],
        "values": series.values,
        "words": [cell_text(value, chart.unit) for value in series.values],
        "labels": [label_text(value, chart.unit) for value in series.values],
    }
    if chart.shape == "scatter":
        return drawn | {"across": series.across, "points": series.labels}
    if chart.shape == "parts":
        whole = sum(value or 0.0 for value in series.values) or 1.0
        shares = [cell_text((value or 0.0) / whole, "share") for value in series.values]
        colours = [LEVELS.get(label.lower(), COLOURS[n % len(COLOURS)]) for n, label in enumerate(x)]
        return drawn | {"shares": shares, "colours": colours}
    if chart.shape in ("bar", "line"):
        drawn |= _marks(chart, series)
    if series.tones:
        return drawn | {"colours": [TONES.get(tone, COLOURS[0]) for tone in series.tones]}
    if chart.shape == "bar" and len(chart.series) == 1 and min(_known(series), default=0.0) < 0:
        return drawn | {"colours": [FELL if (value or 0.0) < 0 else COLOURS[0] for value in series.values]}
    return drawn


def _marks(chart: Chart, series: Series) -> dict[str, Any]:
    """Where bars begin and the ends of intervals; a bar that begins above nothing is labelled by its length."""
    found: dict[str, Any] = {}
    if series.low and series.high:
        found = {"low": series.low, "high": series.high, "ranges": _ranges(chart, series)}
    if series.starts:
        lengths = [
            None if end is None else end - start for start, end in zip(series.starts, series.values, strict=True)
        ]
        found |= {"starts": series.starts, "labels": [label_text(length, chart.unit) for length in lengths]}
        found |= {"words": [cell_text(length, chart.unit) for length in lengths]}
    return found


def _ranges(chart: Chart, series: Series) -> list[str]:
    """Each interval in words, from where its bar begins; nothing of one that has no width."""
    starts = series.starts or [0.0] * len(series.low)
    return [
        "" if low is None or high is None or low == high
        else f"{cell_text(low - start, chart.unit)} to {cell_text(high - start, chart.unit)}"
        for low, high, start in zip(series.low, series.high, starts, strict=True)
    ]  # fmt: skip


def _known(series: Series) -> list[float]:
    return [value for value in series.values if value is not None]


def _ends(series: Series) -> list[float]:
    return [value for value in (*series.low, *series.high, *series.starts) if value is not None]


def _top(chart: Chart) -> float:
    """The highest value of a heat map: its colours reach from nothing to this."""
    return max((value for series in chart.series for value in _known(series)), default=1.0)


def _ticks(chart: Chart) -> list[float]:
    """Round values from nothing (or below) to above the highest, about five of them."""
    known = [value for series in chart.series for value in (*_known(series), *_ends(series))]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high == low:
        high = low + 1.0
    step = _round_step((high - low) / TICKS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))


def _file(chart: Chart, x: Sequence[str]) -> dict[str, Any]:
    """Headings and rows to save as a file."""
    if chart.shape == "scatter":
        rows: list[list[Any]] = [[point, named(series.name)] for series in chart.series for point in series.labels]
        return {"head": ["Customer", "Group"], "rows": rows}
    if chart.shape == "heatmap":
        head = [chart.y_title, *(file_title(label, chart.unit) for label in x)]
        return {"head": head, "rows": [[s.name, *(file_cell(v, chart.unit) for v in s.values)] for s in chart.series]}
    told = [column for series in chart.series for column in _columns(series)]
    head = [chart.x_title or "Name", *(file_title(name, chart.unit) for name, _ in told)]
    columns = [[file_cell(value, chart.unit) for value in values] for _, values in told]
    return {"head": head, "rows": [list(row) for row in zip(x, *columns, strict=True)]}


def _columns(series: Series) -> list[tuple[str, Sequence[float | None]]]:
    """A series and, where it has intervals, their ends."""
    name = named(series.name)
    ends = [(f"{name}, low", series.low), (f"{name}, high", series.high)] if series.low and series.high else []
    return [(name, series.values), *ends]
