"""Figures in words and pictures: what was asked for first, beside it what it was asked with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from database.semantic.columns import columns
from database.semantic.filters import Filter
from database.semantic.model import Span
from database.semantic.question import Question
from language.figures import figures_in
from tools.audience.fields import title_of
from tools.catalogue import catalogue
from tools.figures import Column
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.change import ExplainChange, ExplainChangeArguments, explain_change
from tools.metrics.previous import PreviousPeriod
from tools.metrics.query import QueryMetrics, query_metrics
from tools.outcome import Outcome
from tools.results import Evidence
from tools.views import Chart, Table, shown

catalogue()  # wording and views are declared in files of their own

YEAR: dict[str, Any] = {"start": "2024-01-01", "end": "2024-12-31"}
BEFORE: dict[str, Any] = {"compare_start": "2023-01-01", "compare_end": "2023-12-31"}
GERMANY: dict[str, Any] = {"dimension": "country", "value": "Germany"}


def outcome(
    rows: list[list[Any]], wholes: dict[str, Any] | None = None, buckets: int = 0, **asked: Any
) -> Outcome[QueryMetricsArguments, QueryMetrics]:
    """The answer with these rows, its columns as the semantic layer names them."""
    arguments = QueryMetricsArguments.model_validate({**YEAR, **asked})
    question = Question(
        metrics=arguments.metrics, start=date(2024, 1, 1), end=date(2024, 12, 31), time_zone="UTC",
        dimensions=arguments.dimensions, grain=arguments.grain, share=arguments.share, per=arguments.per,
        before=Span(date(2023, 1, 1), date(2023, 12, 31)) if arguments.compare_start else None,
        statistic=arguments.statistic or "mean", ratio=arguments.ratio, cumulative=arguments.cumulative,
        steps=arguments.steps,
        filters=[Filter(f.dimension, f.operator, f.value) for f in arguments.filters],
    )  # fmt: skip
    keys = [Column(name=k, unit="date" if k == "time" else "text", title=title_of(k)) for k in question.keys]
    made = [Column(name=f.name, unit=f.unit, title=f.title) for f in columns(question)]
    whole = dict(zip([column.name for column in made], rows[0][len(keys) :], strict=True))
    result = QueryMetrics(
        columns=[*keys, *made], rows=rows, totals=whole, total_rows=len(rows), truncated=False, start=question.start,
        end=question.end, compare_start=arguments.compare_start, compare_end=arguments.compare_end,
        wholes=wholes or {}, buckets=buckets, currency="EUR", evidence=Evidence(rows=1),
    )  # fmt: skip
    return Outcome(arguments, result, tools=("query_metrics",))


SINGLE: list[tuple[dict[str, Any], list[Any], str]] = [
    (
        {"metrics": ["revenue"], "filters": [GERMANY], "share": True},
        [12430.0, 0.233895],
        "**23.4%** of revenue in 2024 comes from Germany: €12,430.00 of €53,143.50.",
    ),
    (
        {
            "metrics": ["orders"],
            "filters": [{"dimension": "known_customer", "value": "anonymous"}],
            "share": True,
        },
        [36, 0.137931],
        "**13.8%** of orders in 2024 come from unknown customers: 36 of 53,143.",
    ),
    (
        {
            "metrics": ["revenue"],
            "filters": [GERMANY, {"dimension": "product", "operator": "contains", "value": "desk"}],
            "share": True,
            "share_within": ["product"],
        },
        [5760.0, 0.230769],
        "**23.1%** of revenue (containing desk) in 2024 comes from Germany: €5,760.00 of €53,143.50.",
    ),
    (
        {"metrics": ["revenue"], **BEFORE},
        [53143.5, 43980.5, 9163.0, 0.208342],
        "Revenue grew by **20.8%** in 2024: €53,143.50 against €43,980.50 in 2023, a difference of **€9,163.00**.",
    ),
    (
        {"metrics": ["orders"], "filters": [GERMANY], **BEFORE},
        [16, 17, -1, -0.058824],
        "Orders (Germany) fell by **5.9%** in 2024: 16 against 17 in 2023, a difference of **1**.",
    ),
    (
        {"metrics": ["repeat_rate"], **BEFORE},
        [0.898551, 0.813333, 8.521739, 0.104775],
        "Repeat rate grew by **8.5 points** in 2024: 89.9% against 81.3% in 2023.",
    ),
    (
        {"metrics": ["orders"], **BEFORE},
        [5, 0, 5, None],
        "Orders grew by **5** in 2024: 5 against 0 in 2023.",
    ),
    ({"metrics": ["orders"], **BEFORE}, [5, 5, 0, 0.0], "Orders did not change in 2024: 5 against 5 in 2023."),
    (
        {"metrics": ["average_order_value"], **BEFORE},
        [205.0, None, None, None],
        "Average order value was **€205.00** in 2024; there is nothing to compare it with in 2023.",
    ),
    (
        {"metrics": ["revenue"], "per": "month"},
        [53143.5, 4428.63],
        "**€4,428.63** of revenue per month on average in 2024 (12 months), €53,143.50 in all.",
    ),
    (
        {"metrics": ["orders"], "per": "month"},
        [247, 20.58],
        "**20.58 orders** per month on average in 2024 (12 months), 247 in all.",
    ),
    (
        {"metrics": ["revenue"], "per": "month", "statistic": "median"},
        [43980.5, 3943.75],
        "The median month had **€3,943.75** of revenue in 2024 (12 months).",
    ),
    (
        {"metrics": ["visits", "orders"], "ratio": True},
        [551, 285, 1.933333],
        "**1.93** visits per order in 2024: 551 visits, 285 orders.",
    ),
    (
        {"metrics": ["refunds", "gross_sales"], "ratio": True},
        [8220.0, 98318.0, 0.083608],
        "Refunds are **8.4%** of gross sales in 2024: €8,220.00 of refunds, €98,318.00 of gross sales.",
    ),
    (
        {"metrics": ["revenue", "units"], "ratio": True},
        [100.0, 0, None],
        "Revenue per unit is undefined in 2024: €100.00 of revenue, 0 units.",
    ),
    (
        {
            "metrics": ["average_order_value"],
            "filters": [{"dimension": "order_value", "operator": "le", "value": 300}],
        },
        [119.88],
        "**€119.88** average order value (orders of at most 300) in 2024.",
    ),
    (
        {
            "metrics": ["orders"],
            "filters": [
                {"dimension": "weekday", "value": "tuesday"},
                {"dimension": "hour", "operator": "between", "value": [20, 21]},
                {"dimension": "with_product", "value": "Pen"},
                {"dimension": "category", "operator": "ne", "value": "Kitchen"},
            ],
        },
        [29],
        "**29 orders** (Tuesday, hours 20 to 21, orders with Pen, without Kitchen) in 2024.",
    ),
]


@pytest.mark.parametrize(("asked", "row", "said"), SINGLE)
def test_a_single_figure_says_what_was_asked(asked: dict[str, Any], row: list[Any], said: str) -> None:
    found = outcome([row], {"revenue": 53143.5, "orders": 53143}, 12, **asked)
    assert query_metrics.worded(found).startswith(said)


def test_rows_say_what_was_asked_with_them() -> None:
    shares = outcome(
        [["Italy", 80.0, 0.8], ["Spain", 20.0, 0.2]], metrics=["revenue"], dimensions=["country"], share=True
    )
    assert query_metrics.worded(shares).endswith("Then Spain: €20.00 (20.0%).")
    months = outcome(
        [["Italy", 120.0, 10.0], ["Spain", 12.0, 1.0]], metrics=["revenue"], dimensions=["country"], per="month"
    )
    assert query_metrics.worded(months) == (
        "**Italy** has the highest average revenue per month in 2024: **€10.00**. "
        "Then Spain: €1.00 per month (€12.00 in all)."
    )
    rows = [["Italy", 4, 2, 2, 1.0], ["Spain", 3, 0, 3, None]]
    grown = outcome(rows, metrics=["orders"], dimensions=["country"], order_by="orders_growth", **BEFORE)
    assert "**Italy** has the highest growth of orders in 2024: **100.0%**" in query_metrics.worded(grown)
    assert query_metrics.worded(grown).endswith("Then Spain: 3 (+3, before 0).")
    rates = outcome(
        [["Lamp", 3.0, 60.0, 0.05], ["Mug", 1.0, 50.0, 0.02]], metrics=["refunds", "gross_sales"],
        dimensions=["product"], ratio=True, order_by="refunds_per_gross_sales",
    )  # fmt: skip
    assert query_metrics.worded(rates).endswith("Then Mug: 2.0% (refunds €1.00, gross sales €50.00).")


def test_a_ranking_says_how_much_of_the_whole_the_first_is_and_repeats_no_table() -> None:
    rows = [["Italy", 80.0], ["Spain", 12.0], ["France", 4.0], ["Malta", 3.0], ["Greece", 1.0]]
    found = outcome(rows, metrics=["revenue"], dimensions=["country"])
    part = Outcome(found.arguments, found.result.model_copy(update={"first_share": 0.8}), tools=found.tools)
    assert query_metrics.worded(part) == (
        "**Italy** has the highest revenue in 2024: **€80.00**, 80.0% of all. "
        "Then Spain: €12.00; France: €4.00. 5 countries in all."
    )
    four = outcome(rows[:4], metrics=["revenue"], dimensions=["country"])
    assert query_metrics.worded(four).endswith("Then Spain: €12.00; France: €4.00; Malta: €3.00.")


def test_the_best_of_each_group_is_told_by_group() -> None:
    rows = [["organic", "Desk", 24.0], [None, "Rug", 20.0]]
    found = outcome(rows, metrics=["revenue"], dimensions=["channel", "product"], best_per="channel")
    assert query_metrics.worded(found) == (
        "The product with the highest revenue of each channel in 2024: "
        "Organic: **Desk** (€24.00); not known: **Rug** (€20.00)."
    )
    rows = [["organic", "Desk", 24.0], ["organic", "Mug", 9.0], ["email", "Rug", 20.0]]
    found = outcome(rows, metrics=["revenue"], dimensions=["channel", "product"], best_per="channel", best_of=2)
    assert query_metrics.worded(found) == (
        "The 2 products with the highest revenue of each channel in 2024: "
        "Organic: **Desk** (€24.00), **Mug** (€9.00); Email: **Rug** (€20.00)."
    )


MONTHS: list[list[Any]] = [
    ["2024-01-01", 1.0], ["2024-02-01", 5.0], ["2024-03-01", 8.0], ["2024-04-01", 6.0], ["2024-05-01", 0.5],
]  # fmt: skip


def series(rows: list[list[Any]], partial: list[str], growth: float | None, **asked: Any) -> str:
    """The words of revenue by month with these buckets, some of them covered only in part."""
    found = outcome(rows, metrics=["revenue"], grain="month", **asked)
    update = {"partial": [date.fromisoformat(day) for day in partial], "latest_growth": growth}
    return query_metrics.worded(Outcome(found.arguments, found.result.model_copy(update=update), tools=found.tools))


def test_a_series_leads_with_the_last_whole_bucket_and_leaves_out_those_covered_in_part() -> None:
    words = series(MONTHS, ["2024-01-01", "2024-05-01"], -0.25, start=None)
    assert words.startswith("**€6.00** of revenue in April 2024, 25.0% less than in March 2024 (€8.00).")
    assert "Highest: March 2024 with €8.00; lowest: February 2024 with €5.00." in words
    assert words.endswith(
        "January 2024 (€1.00) is covered only in part and May 2024 (€0.50) is covered only in part: left out of this."
    )
    assert "\n- " not in words, "chart and table show the rows"
    whole = series(MONTHS, [], 0.5, start=None)
    assert "lowest: May 2024 with €0.50" in whole
    assert "only in part" not in whole


def test_a_rate_is_told_without_growth_of_a_rate() -> None:
    rows = [["2024-01-01", 0.25], ["2024-02-01", 0.2], ["2024-03-01", 0.3]]
    words = query_metrics.worded(outcome(rows, metrics=["repeat_rate"], grain="month", start=None))
    assert "**30.0%** repeat rate in March 2024, up from 20.0% in February 2024." in words


@pytest.mark.parametrize(
    ("metric", "now", "was", "growth", "said"),
    [
        ("revenue", 6.0, 8.0, -0.25, "**€6.00** of revenue in 2024, 25.0% less than in 2023 (€8.00)."),
        ("orders", 3, 3, 0.0, "**3 orders** in 2024, as much as in 2023."),
        ("repeat_rate", 0.3, 0.2, None, "**30.0%** repeat rate in 2024, up from 20.0% in 2023."),
        ("revenue", 6.0, None, None, "**€6.00** of revenue in 2024."),
    ],
)
def test_a_figure_alone_is_set_against_the_period_before(
    metric: str, now: Any, was: Any, growth: float | None, said: str
) -> None:
    found = outcome([[now]], metrics=[metric])
    before = {"start": "2023-01-01", "end": "2023-12-31", "values": {metric: was}, "growth": {metric: growth}}
    result = found.result.model_copy(update={"previous": PreviousPeriod.model_validate(before)})
    assert query_metrics.worded(Outcome(found.arguments, result, tools=found.tools)) == said
    twice = Outcome(found.arguments, result, tools=("query_metrics", "query_metrics"))
    assert "than" not in query_metrics.worded(twice), "two periods side by side need no third"


def test_a_day_that_is_not_over_is_said_beside_the_comparison() -> None:
    found = outcome([[6.0]], metrics=["revenue"])
    before = {
        "start": "2023-01-01", "end": "2023-12-31", "values": {"revenue": 8.0}, "growth": {"revenue": -0.25},
        "running": "2024-12-31",
    }  # fmt: skip
    result = found.result.model_copy(update={"previous": PreviousPeriod.model_validate(before)})
    assert query_metrics.worded(Outcome(found.arguments, result, tools=found.tools)) == (
        "**€6.00** of revenue in 2024, 25.0% less than in 2023 (€8.00); 31 December 2024 is not over yet."
    )


def test_channels_and_weeks_begin_as_names_and_sentences_do() -> None:
    rows = [["2024-09-02", "direct", 5.0], ["2024-09-09", "paid_social", 9.0], ["2024-09-16", "direct", 1.0]]
    found = outcome(rows, metrics=["revenue"], grain="week", dimensions=["channel"])
    result = found.result.model_copy(update={"partial": [date(2024, 9, 16)]})
    told = query_metrics.worded(Outcome(found.arguments, result, tools=found.tools))
    assert "Highest: week of 9 September 2024 / Paid social with €9.00" in told
    assert told.endswith("Week of 16 September 2024 is covered only in part: left out of this.")
    only = {"dimension": "channel", "value": "direct"}
    assert query_metrics.worded(outcome([[5.0]], metrics=["revenue"], filters=[only])).startswith(
        "**€5.00** of revenue (Direct) in 2024"
    )


def test_charts_show_the_figure_that_was_asked_for() -> None:
    rows = [["Italy", 4, 2, 2, 1.0], ["Spain", 3, 1, 2, 2.0]]
    compared = shown(query_metrics, outcome(rows, metrics=["orders"], dimensions=["country"], **BEFORE))
    assert isinstance(compared[0], Chart)
    assert [(s.name, s.values) for s in compared[0].series] == [("2024", [4.0, 3.0]), ("2023", [2.0, 1.0])]
    rows = [["2024-01-01", 5.0, 5.0], ["2024-02-01", 7.0, 12.0]]
    running = shown(query_metrics, outcome(rows, metrics=["revenue"], grain="month", cumulative=True))
    assert isinstance(running[0], Chart)
    assert [s.values for s in running[0].series] == [[5.0, 12.0]]
    assert isinstance(running[1], Table)
    assert [column.title for column in running[1].columns] == ["Month", "Revenue", "Revenue so far"]
    ratio = [["2024-01-01", 10, 5, 2.0], ["2024-02-01", 9, 9, 1.0]]
    drawn = shown(query_metrics, outcome(ratio, metrics=["visits", "orders"], grain="month", ratio=True))[0]
    assert isinstance(drawn, Chart)
    assert [(s.name, s.values) for s in drawn.series] == [("Visits per order", [2.0, 1.0])]


def test_a_change_is_told_with_what_adds_up_to_it() -> None:
    result = ExplainChange.model_validate(
        {
            "metric": "revenue", "title": "Revenue", "unit": "money", **YEAR, **BEFORE, "now": 38.5, "before": 81.75,
            "change": -43.25, "growth": -0.529052, "currency": "EUR", "evidence": {"rows": 3},
            "dimensions": [
                {
                    "dimension": "country", "title": "Country", "rest_values": 2, "rest": 1.5,
                    "contributions": [
                        {"value": "Spain", "now": 0, "before": 50, "change": -50, "share": 1.156069},
                        {"value": None, "now": 30, "before": 24.75, "change": 5.25, "share": -0.121387},
                    ],
                }
            ],
            "split": {
                "orders_now": 1, "orders_before": 2, "average_now": 38.5, "average_before": 40.875,
                "from_orders": -39.6875, "from_average": -3.5625,
            },
        }
    )  # fmt: skip
    found = Outcome(ExplainChangeArguments(start=date(2024, 1, 1), end=date(2024, 12, 31)), result)
    words = explain_change.worded(found)
    assert words.startswith(
        "Revenue fell by **52.9%** in 2024: €38.50 against €81.75 in 2023, a change of **-€43.25**."
    )
    assert "- By country: Spain **-€50.00**, not known **+€5.25**; the other 2 together +€1.50" in words
    assert "their number (1 against 2) **-€39.69**, their average (€38.50 against €40.88) **-€3.56**" in words
    assert "not why" in words
    assert len(figures_in(words)) > 10
    chart, table = shown(explain_change, found)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert (chart.x, chart.series[0].values, chart.unit) == (["Spain", "not known"], [-50.0, 5.25], "EUR")
    assert table.rows[-1] == ["Country", "all others", None, None, 1.5, None]
