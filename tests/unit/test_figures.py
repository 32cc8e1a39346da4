"""Charts as Plotly figures: the plotly package itself, which checks every property, must accept them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.events import Chart, Series
from tests.screen import load_chainlit

load_chainlit()

from chat.figures import figure, ring  # noqa: E402 - chainlit reads the environment when imported


def chart(**changes: Any) -> Chart:
    plain: dict[str, Any] = {
        "shape": "bar",
        "title": "Revenue by country",
        "x": ["France", "Norway"],
        "x_title": "Country",
        "y_title": "Revenue",
        "series": [Series(name="Revenue", values=[3.5, None])],
        "unit": "GBP",
    }
    return Chart(**{**plain, **changes})


def drawn(one: Chart) -> Any:
    """The figure as plotly reads it back."""
    from plotly import graph_objects

    return graph_objects.Figure(json.loads(json.dumps(figure(one))))


@pytest.mark.parametrize("shape", ["line", "bar", "heatmap"])
@pytest.mark.parametrize("unit", ["GBP", "share", "customers", ""])
def test_plotly_accepts_every_shape_and_unit(shape: str, unit: str) -> None:
    two = [Series(name="a", values=[1, 2]), Series(name="b", values=[None, 0.5])]
    figure = drawn(chart(shape=shape, unit=unit, series=two))
    assert len(figure.data) == (1 if shape == "heatmap" else 2)


def test_the_values_are_drawn_as_given() -> None:
    figure = drawn(chart())
    assert list(figure.data[0].x) == ["France", "Norway"]
    assert list(figure.data[0].y) == [3.5, None]
    assert figure.layout.yaxis.tickprefix == "£"
    assert figure.layout.yaxis.rangemode == "tozero"


def test_bars_with_long_names_lie_down_in_the_given_order() -> None:
    figure = drawn(chart(x=["United Kingdom", "Norway"]))
    assert figure.data[0].orientation == "h"
    assert list(figure.data[0].y) == ["United Kingdom", "Norway"]
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.xaxis.tickprefix == "£"


def test_a_heat_map_has_its_first_series_on_top() -> None:
    series = [Series(name="2011-01", values=[1.0, 0.5]), Series(name="2011-02", values=[1.0, None])]
    figure = drawn(chart(shape="heatmap", x=["0", "1"], series=series, unit="share"))
    assert list(figure.data[0].y) == ["2011-01", "2011-02"]
    assert [list(row) for row in figure.data[0].z] == [[1.0, 0.5], [1.0, None]]
    assert figure.layout.yaxis.autorange == "reversed"


def test_parts_of_a_whole_are_a_ring_in_the_colours_of_their_risk() -> None:
    from plotly import graph_objects

    risks = chart(x=["high", "medium", "low"], series=[Series(name="Customers", values=[5, 0, 20])], unit="customers")
    (pie,) = graph_objects.Figure(json.loads(json.dumps(ring(risks)))).data
    assert (pie.type, list(pie.labels), list(pie.values)) == ("pie", ["high", "medium", "low"], [5, 0, 20])
    assert len(set(pie.marker.colors)) == 3


def test_points_are_drawn_where_they_lie_without_axes() -> None:
    from plotly import graph_objects

    loyal = Series(name="Loyal", values=[2.5, 3.0], across=[1.5, 7.0], labels=["a", "c"])
    points = chart(
        shape="scatter", x=[], series=[loyal, Series(name="Lost", values=[0.5], across=[-1.0], labels=["b"])]
    )
    drawn = graph_objects.Figure(json.loads(json.dumps(figure(points))))
    assert [(d.mode, list(d.x), list(d.y), list(d.text)) for d in drawn.data] == [
        ("markers", [1.5, 7.0], [2.5, 3.0], ["a", "c"]),
        ("markers", [-1.0], [0.5], ["b"]),
    ]
    assert drawn.layout.xaxis.showticklabels is False
    assert drawn.layout.showlegend is True
