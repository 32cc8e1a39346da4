"""Charts as Plotly figures, written out as JSON: the drawing library is in the page, not in this process."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from chainlit.element import Element, ElementSize, ElementType
from pydantic.dataclasses import dataclass

from agent.events import Chart

__all__ = ["PlotlyFigure", "figure", "figure_element", "ring", "ring_element"]

COLOURS = ("#0f9488", "#f59e0b", "#6366f1", "#ec4899", "#84cc16", "#0ea5e9", "#f97316", "#a855f7")
GREY, GRID = "#8b8b94", "rgba(128,128,140,0.18)"
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
LONG_LABEL, MANY_BARS = 9, 7
LEGEND_ROW, LEGEND_COLUMNS = 20, 4  # pixels, and names that fit beside each other
RISK_COLOURS = {"high": "#dc2626", "medium": "#f59e0b", "low": "#0f9488"}


@dataclass
class PlotlyFigure(Element):
    """A figure that is JSON already (chainlit's own class needs the plotly package to write it)."""

    type: ClassVar[ElementType] = "plotly"
    mime: str = "application/json"
    size: ElementSize | None = "large"


def figure_element(chart: Chart) -> PlotlyFigure:
    """The chart as an element of a message."""
    return PlotlyFigure(name=chart.title, display="inline", content=json.dumps(figure(chart)))


def ring_element(chart: Chart) -> PlotlyFigure:
    """A chart of one series of parts of a whole, as a ring."""
    return PlotlyFigure(name=chart.title, display="inline", content=json.dumps(ring(chart)))


def ring(chart: Chart) -> dict[str, Any]:
    """The first series as a ring; risk levels in the colours of a traffic light."""
    colours = [RISK_COLOURS.get(label, COLOURS[number % len(COLOURS)]) for number, label in enumerate(chart.x)]
    data = {
        "type": "pie",
        "hole": 0.58,
        "sort": False,
        "labels": chart.x,
        "values": chart.series[0].values,
        "textinfo": "label+percent",
        "marker": {"colors": colours},
        "hovertemplate": "%{label}: %{value:,}<extra></extra>",
    }
    return {"data": [data], "layout": _layout(chart) | {"height": 340, "showlegend": False}}


def figure(chart: Chart) -> dict[str, Any]:
    """Data and layout in Plotly's figure form; colours that read on light and dark."""
    match chart.shape:
        case "line":
            data = [_line(chart, number) for number in range(len(chart.series))]
            axes = {"xaxis": _axis(chart.x_title), "yaxis": _value_axis(chart)}
        case "heatmap":
            data = [_heatmap(chart)]
            axes = {
                "xaxis": _axis(chart.x_title),
                "yaxis": _axis(chart.y_title) | {"autorange": "reversed", "type": "category"},
            }
        case "scatter":
            data = [_points(chart, number) for number in range(len(chart.series))]
            blank = {"showticklabels": False, "zeroline": False, "showgrid": False}
            axes = {"xaxis": _axis(chart.x_title) | blank, "yaxis": _axis(chart.y_title) | blank}
        case "bar":
            data, axes = _bars(chart)
    return {"data": data, "layout": _layout(chart) | axes}


def _layout(chart: Chart) -> dict[str, Any]:
    bars = len(chart.x) if chart.shape == "bar" else 0
    rows = len(chart.series) if chart.shape == "heatmap" else 0
    named = len(chart.series) > 1 and chart.shape != "heatmap"
    return {
        "title": {"text": chart.title, "font": {"size": 15}, "x": 0.01, "xanchor": "left"},
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": GREY},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(COLOURS),
        "margin": {
            "l": 16,
            "r": 24,
            "t": 48,
            "b": 40 + (LEGEND_ROW * -(-len(chart.series) // LEGEND_COLUMNS) if named else 0),
        },
        "height": max(340, 26 * max(bars, rows) + 110),
        "showlegend": named,
        "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
        "hovermode": "closest",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": COLOURS[0]},
        "bargap": 0.3,
    }


def _line(chart: Chart, number: int) -> dict[str, Any]:
    series = chart.series[number]
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(chart.x) <= 40 else "lines",
        "name": series.name,
        "x": chart.x,
        "y": series.values,
        "line": {"width": 2.5, "color": COLOURS[number % len(COLOURS)]},
    }


def _points(chart: Chart, number: int) -> dict[str, Any]:
    series = chart.series[number]
    return {
        "type": "scattergl",
        "mode": "markers",
        "name": series.name,
        "x": series.across,
        "y": series.values,
        "text": series.labels,
        "hovertemplate": "%{text}<extra>%{fullData.name}</extra>",
        "marker": {"size": 6, "opacity": 0.75, "color": COLOURS[number % len(COLOURS)]},
    }


def _bars(chart: Chart) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Bars lie down where their labels would collide."""
    flat = len(chart.x) > MANY_BARS or any(len(label) > LONG_LABEL for label in chart.x)
    label, value = ("y", "x") if flat else ("x", "y")
    data = [
        {
            "type": "bar",
            "name": series.name,
            "orientation": "h" if flat else "v",
            label: chart.x,
            value: series.values,
            "marker": {"color": COLOURS[number % len(COLOURS)]},
        }
        for number, series in enumerate(chart.series)
    ]
    # Lying bars name themselves; a title would stand across their labels.
    names = _axis("" if flat else chart.x_title) | {"type": "category"} | ({"autorange": "reversed"} if flat else {})
    return data, {f"{label}axis": names, f"{value}axis": _value_axis(chart)}


def _heatmap(chart: Chart) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": chart.x,
        "y": [series.name for series in chart.series],
        "z": [series.values for series in chart.series],
        "colorscale": [[0, "rgba(15,148,136,0.06)"], [1, "#0f766e"]],
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
        "colorbar": {"tickformat": ".0%" if chart.unit == "share" else "", "thickness": 10},
    }


def _axis(title: str) -> dict[str, Any]:
    return {"title": {"text": title}, "automargin": True, "gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID}


def _value_axis(chart: Chart) -> dict[str, Any]:
    axis = _axis(chart.y_title) | {"rangemode": "tozero", "separatethousands": True}
    if chart.unit == "share":
        return axis | {"tickformat": ".0%"}
    if len(chart.unit) == 3 and chart.unit.isupper():
        return axis | {"tickprefix": SYMBOLS.get(chart.unit, f"{chart.unit} ")}
    return axis
