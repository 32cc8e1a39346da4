"""Charts, tables, evidence and confidence: decided by the shape of results."""

from __future__ import annotations

from typing import Any

import pytest

from agent.display import shown
from agent.events import Chart, Table
from agent.evidence import confidence, evidence, evidence_text
from agent.state import Finding
from agent.suggestions import suggestions


def finding(tool: str, result: dict[str, Any] | None, **arguments: Any) -> Finding:
    said = {"tool": tool, "arguments": arguments, "rows": 7, "as_of": "2011-12-10T00:00:00Z"}
    return {
        "id": "c", "step": "s1", "agent": "research", "tool": tool, "arguments": arguments,
        "result": None if result is None else {**result, "evidence": said},
        "error": None if result else "no", "error_code": None if result else "no_such_data",
    }  # fmt: skip


def metrics(columns: list[tuple[str, str]], rows: list[list[Any]]) -> dict[str, Any]:
    listed = [{"name": name, "unit": unit} for name, unit in columns]
    return {"columns": listed, "rows": rows, "total_rows": len(rows), "currency": "GBP"}


MONTHS = [["2011-10-01", 5.0, 2], ["2011-11-01", None, 3]]


def test_a_time_series_is_a_line_of_one_unit_and_a_table_of_all() -> None:
    columns = [("time", "date"), ("revenue", "money"), ("orders", "orders")]
    chart, table = shown([finding("query_metrics", metrics(columns, MONTHS))])
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert (chart.shape, chart.x, chart.unit) == ("line", ["2011-10-01", "2011-11-01"], "GBP")
    assert [s.values for s in chart.series] == [[5.0, None]]
    assert [c.title for c in table.columns] == ["Time", "Revenue", "Orders"]


def test_a_time_series_by_a_dimension_has_a_line_for_each_value() -> None:
    rows = [["2011-10-01", "France", 1.0], ["2011-10-01", "Spain", 2.0], ["2011-11-01", "Spain", 3.0]]
    columns = [("time", "date"), ("country", "text"), ("revenue", "money")]
    chart = shown([finding("query_metrics", metrics(columns, rows))])[0]
    assert isinstance(chart, Chart)
    assert {s.name: s.values for s in chart.series} == {"France": [1.0, None], "Spain": [2.0, 3.0]}


def test_categories_are_bars_and_many_of_them_only_a_table() -> None:
    columns = [("country", "text"), ("revenue", "money")]
    few = shown([finding("query_metrics", metrics(columns, [["A", 1.0], ["B", 2.0]]))])
    many = shown([finding("query_metrics", metrics(columns, [[f"c{n}", 1.0] for n in range(30)]))])
    assert [type(item) for item in few] == [Chart, Table]
    assert [type(item) for item in many] == [Table]


def test_a_single_figure_needs_no_picture() -> None:
    assert shown([finding("query_metrics", metrics([("revenue", "money")], [[1.0]]))]) == []


def test_cohorts_are_a_heat_map() -> None:
    cohorts = [
        {"cohort": "2010-12", "size": 948, "months_after": [0, 1], "active": [948, 362], "share": [1.0, 0.38]},
        {"cohort": "2011-01", "size": 421, "months_after": [0], "active": [421], "share": [1.0]},
    ]
    chart, table = shown([finding("cohort_retention", {"cohorts": cohorts})])
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert chart.shape == "heatmap"
    assert [s.values for s in chart.series] == [[1.0, 0.38], [1.0, None]]
    assert table.rows[1] == ["2011-01", 421, 421, None]


def test_evidence_is_told_in_one_line_with_the_last_day_covered() -> None:
    rule = {
        "all": [
            {"field": "orders_all", "op": "eq", "value": 1},
            {"not": {"field": "country", "op": "eq", "value": "X"}},
        ]
    }
    lines = evidence([finding("find_customers", {"rows": []}, rule=rule, limit=20)])
    assert evidence_text(lines) == (
        "_Source: find_customers(rule orders_all eq 1 and not (country eq X)) · 7 rows · data up to 2011-12-09_"
    )


@pytest.mark.parametrize(
    ("tools", "expected"),
    [(["query_metrics"], "high"), (["query_metrics", "churn_table"], "medium"), ([], "high")],
)
def test_confidence_of_results(tools: list[str], expected: str) -> None:
    assert confidence([finding(tool, {"rows": []}) for tool in tools]) == expected


def test_something_missing_lowers_confidence_and_shows_nothing() -> None:
    missing = finding("query_metrics", None)
    assert confidence([missing]) == "low"
    assert (shown([missing]), evidence([missing]), suggestions([missing])) == ([], [], [])
