"""A pie asked for is a pie, or it is said why not."""

from __future__ import annotations

from typing import Any

import pytest

from tools.drawn_as import as_asked
from tools.views import Chart, Series, Table


def bars(values: list[float | None], **changes: Any) -> Chart:
    plain: dict[str, Any] = {
        "shape": "bar", "title": "Revenue by country", "x": [f"c{n}" for n in range(len(values))],
        "series": [Series(name="Revenue", values=values)], "unit": "EUR", "whole": sum(v or 0.0 for v in values),
    }  # fmt: skip
    return Chart(**{**plain, **changes})


def drawn(chart: Chart, question: str) -> Chart:
    item = as_asked(chart, question)
    assert isinstance(item, Chart)
    return item


@pytest.mark.parametrize(
    "question",
    [
        "show me a pie chart of revenue by country",
        "revenue by country as a pie",
        "a doughnut chart of it",
        "in a donut",
    ],
)
def test_a_pie_asked_for_is_drawn_largest_first(question: str) -> None:
    pie = drawn(bars([2.0, 5.0, None, 0.0]), question)
    assert (pie.shape, pie.x, pie.series[0].values) == ("parts", ["c1", "c0"], [5.0, 2.0])


@pytest.mark.parametrize(
    "question",
    ["revenue by country", "revenue of apple pie by country", "orders with a ring in them", "bar chart please"],
)
def test_nothing_else_is_a_pie(question: str) -> None:
    assert drawn(bars([2.0, 5.0]), question) == bars([2.0, 5.0])


def test_slices_too_many_to_tell_apart_go_together_with_what_is_not_drawn() -> None:
    pie = drawn(bars([float(20 - n) for n in range(12)], whole=300.0), "as a pie")
    assert (len(pie.x), pie.x[-1]) == (8, "All others")
    assert sum(value or 0.0 for value in pie.series[0].values) == pytest.approx(300.0)


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (bars([0.2, 0.3], whole=None, unit="share"), "do not add up to a whole"),
        (bars([-1.0, 3.0]), "below zero"),
        (bars([1.0, 2.0], series=[Series(name="now", values=[1, 2]), Series(name="before", values=[2, 1])]), "add up"),
        (bars([1.0, 2.0], shape="line"), "goes over time"),
        (bars([5.0, 4.0], whole=6.0), "more than the whole"),  # what is not drawn is below zero
    ],
)
def test_what_no_pie_can_show_is_said(chart: Chart, said: str) -> None:
    kept = drawn(chart, "a pie chart of this")
    assert kept.shape == chart.shape
    assert said in kept.note


def test_a_line_becomes_bars_and_bars_no_line() -> None:
    assert drawn(bars([1.0, 2.0], shape="line"), "revenue by month as a bar chart").shape == "bar"
    kept = drawn(bars([1.0, 2.0]), "a line chart of revenue by country")
    assert (kept.shape, "no order in time" in kept.note) == ("bar", True)


def test_tables_stay_tables() -> None:
    table = Table(title="t", columns=[], rows=[], total_rows=0)
    assert as_asked(table, "as a pie") is table
