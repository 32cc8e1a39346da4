"""Charts, tables, evidence and confidence: decided by the shape of results."""

from __future__ import annotations

from typing import Any

import pytest

from agent.evidence import confidence, evidence, evidence_text
from agent.graph import outcomes_of, suggestions
from agent.state import Finding
from tools.audience.fields import title_of
from tools.catalogue import Catalogue, catalogue
from tools.views import Chart, Shown, Table, shown


@pytest.fixture(scope="module")
def known() -> Catalogue:
    """All tools there are."""
    return catalogue()


def finding(tool: str, result: dict[str, Any] | None, **arguments: Any) -> Finding:
    said = {
        "tool": tool, "arguments": arguments, "rows": 7, "as_of": "2011-12-10T00:00:00Z", "data_until": "2011-12-09",
    }  # fmt: skip
    return {
        "id": "c", "step": "s1", "agent": "research", "tool": tool, "arguments": arguments,
        "result": None if result is None else {**result, "evidence": said},
        "error": None if result else "no", "error_code": None if result else "no_such_data",
    }  # fmt: skip


def views(finding: Finding, known: Catalogue) -> list[Shown]:
    """Everything shown of a finding."""
    return [item for name, outcome in outcomes_of([finding], "", known) for item in shown(known.get(name), outcome)]


def figures(columns: list[tuple[str, str]], rows: list[list[Any]], **said: Any) -> Finding:
    """A finding of query_metrics with these columns (name, unit) and rows; by month where there is time."""
    over_time = {"grain": "month"} if columns[0][0] == "time" else {}
    result = {
        "columns": [{"name": name, "unit": unit, "title": title_of(name)} for name, unit in columns], "rows": rows,
        "totals": {}, "total_rows": len(rows), "truncated": False, "start": "2011-10-01", "end": "2011-11-30",
        "currency": "GBP", **said,
    }  # fmt: skip
    return finding("query_metrics", result, metrics=[columns[-1][0]], **over_time)


MONTHS = [["2011-10-01", 5.0, 2], ["2011-11-01", None, 3]]


def test_a_time_series_is_a_line_of_one_unit_and_a_table_of_all(known: Catalogue) -> None:
    columns = [("time", "date"), ("revenue", "money"), ("orders", "orders")]
    chart, table = views(figures(columns, MONTHS), known)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert (chart.shape, chart.x, chart.unit) == ("line", ["2011-10-01", "2011-11-01"], "GBP")
    assert [s.values for s in chart.series] == [[5.0, None]]
    assert [c.title for c in table.columns] == ["Month", "Revenue", "Orders"]


def test_a_time_series_by_a_dimension_has_a_line_for_each_value(known: Catalogue) -> None:
    rows = [["2011-10-01", "France", 1.0], ["2011-10-01", "Spain", 2.0], ["2011-11-01", "Spain", 3.0]]
    columns = [("time", "date"), ("country", "text"), ("revenue", "money")]
    chart = views(figures(columns, rows), known)[0]
    assert isinstance(chart, Chart)
    assert {s.name: s.values for s in chart.series} == {"France": [1.0, None], "Spain": [2.0, 3.0]}


def test_rows_over_time_come_newest_first_and_say_of_which_days_they_are(known: Catalogue) -> None:
    chart, table = views(figures([("time", "date"), ("revenue", "money")], [MONTHS[0][:2], ["2011-11-01", 6.0]]), known)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert table.rows == [["2011-11-01", 6.0], ["2011-10-01", 5.0]]
    assert chart.title == table.title == "Revenue by month, October 2011 to November 2011"
    assert (chart.x_title, chart.x_unit, table.columns[0].unit) == ("Month", "month", "month")


def test_a_month_without_rows_is_a_gap(known: Catalogue) -> None:
    rows = [["2011-09-01", 1.0], ["2011-12-01", 2.0]]
    chart = views(figures([("time", "date"), ("revenue", "money")], rows), known)[0]
    assert isinstance(chart, Chart)
    assert chart.x == ["2011-09-01", "2011-10-01", "2011-11-01", "2011-12-01"]
    assert chart.series[0].values == [1.0, None, None, 2.0]


def test_of_many_lines_the_largest_are_drawn(known: Catalogue) -> None:
    rows = [[day, f"c{n}", float(n)] for day in ("2011-10-01", "2011-11-01") for n in range(12)]
    chart = views(figures([("time", "date"), ("country", "text"), ("revenue", "money")], rows), known)[0]
    assert isinstance(chart, Chart)
    assert [series.name for series in chart.series] == [f"c{n}" for n in range(4, 12)]
    assert chart.note == "The first 8 of 12."


def test_categories_are_bars_and_of_many_the_first(known: Catalogue) -> None:
    columns = [("country", "text"), ("revenue", "money")]
    few = views(figures(columns, [["A", 1.0], ["B", 2.0], ["C", None]]), known)
    many = views(figures(columns, [[f"c{n}", 1.0] for n in range(30)]), known)
    assert [type(item) for item in few] == [type(item) for item in many] == [Chart, Table]
    assert isinstance(few[0], Chart)
    assert isinstance(many[0], Chart)
    assert (few[0].x, few[0].note) == (["A", "B"], "")  # no bar of what is not known
    assert (len(many[0].x), many[0].note) == (15, "The first 15 of 30.")


def test_days_of_the_week_are_drawn_in_their_order_and_listed_as_asked(known: Catalogue) -> None:
    rows = [["Sunday", 9.0], ["Monday", 5.0], ["Friday", 3.0]]
    chart, table = views(figures([("weekday", "text"), ("revenue", "money")], rows), known)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert chart.x == ["Monday", "Friday", "Sunday"]
    assert table.rows == rows


def test_a_single_figure_needs_no_picture(known: Catalogue) -> None:
    assert views(figures([("revenue", "money")], [[1.0]]), known) == []


def test_cohorts_are_a_heat_map_newest_first_without_the_month_everybody_is_in(known: Catalogue) -> None:
    cohorts = [
        {
            "cohort": "2010-12",
            "size": 948,
            "months_after": [0, 1, 2],
            "active": [948, 362, 9],
            "share": [1.0, 0.38, 0.01],
        },
        {"cohort": "2011-01", "size": 421, "months_after": [0, 1], "active": [421, 42], "share": [1.0, 0.1]},
    ]
    chart, table = views(finding("cohort_retention", {"cohorts": cohorts, "average": [1.0, 0.3]}), known)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert (chart.shape, chart.x) == ("heatmap", ["1", "2"])
    assert {s.name: s.values for s in chart.series} == {
        "All cohorts": [0.3, None], "January 2011": [0.1, None], "December 2010": [0.38, 0.01],
    }  # fmt: skip
    assert table.rows == [["2011-01", 421, 0.1, None], ["2010-12", 948, 0.38, 0.01]]


def test_evidence_is_told_in_one_line_with_the_last_day_covered() -> None:
    rule = {
        "all": [
            {"field": "orders_all", "operator": "eq", "value": 1},
            {"not": {"field": "country", "operator": "eq", "value": "X"}},
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
def test_confidence_of_results(tools: list[str], expected: str, known: Catalogue) -> None:
    assert confidence([finding(tool, {"rows": []}) for tool in tools], known) == expected


def test_something_missing_lowers_confidence_and_shows_nothing(known: Catalogue) -> None:
    missing = finding("query_metrics", None)
    assert confidence([missing], known) == "low"
    assert views(missing, known) == []
    assert (evidence([missing]), suggestions(outcomes_of([missing], "", known), known)) == ([], [])
