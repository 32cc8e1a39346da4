"""What is set against what, and why it moved: comparisons of two times in every form, and changes taken apart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.offline_scene import calls, converse

FIRST, SECOND = ("start", "end"), ("compare_start", "compare_end")


def spans(arguments: dict[str, Any]) -> tuple[str, str]:
    """The two periods of a call, as "first..last"."""
    return tuple("..".join(str(arguments.get(name)) for name in names) for names in (FIRST, SECOND))  # type: ignore[return-value]


OVERVIEW = ["revenue", "orders", "customers", "average_order_value"]
OCTOBER, NOVEMBER = "2011-10-01..2011-10-31", "2011-11-01..2011-11-30"


@pytest.mark.parametrize(
    ("question", "metrics", "later", "earlier"),
    [
        ("revenue november vs october 2011", ["revenue"], NOVEMBER, OCTOBER),
        ("oct → nov 2011 revenue, %", ["revenue"], NOVEMBER, OCTOBER),
        ("by how many percent did orders rise from october to november 2011", ["orders"], NOVEMBER, OCTOBER),
        ("did we sell more in november 2011 than in october", ["revenue"], NOVEMBER, OCTOBER),
        ("were there fewer orders in november 2011 than october", ["orders"], NOVEMBER, OCTOBER),
        ("nov 2011 minus oct 2011, orders", ["orders"], NOVEMBER, OCTOBER),
        ("difference in orders between october 2011 and november 2011, percentage only", ["orders"], NOVEMBER, OCTOBER),
        ("percent change only: orders november vs october 2011", ["orders"], NOVEMBER, OCTOBER),
        ("revenue 28 nov - 4 dec 2011 vs 21 - 27 nov 2011", ["revenue"],
         "2011-11-28..2011-12-04", "2011-11-21..2011-11-27"),
        ("H2 11 minus H1 11, turnover, in pounds", ["revenue"], "2011-07-01..2011-12-09", "2011-01-01..2011-06-30"),
        ("orders q2 over q1 2011", ["orders"], "2011-04-01..2011-06-30", "2011-01-01..2011-03-31"),
        ("orders this month vs last month (same days)", ["orders"], "2011-12-01..2011-12-09", "2011-11-01..2011-11-09"),
        ("Drop in orders from october to november 2011? in pounds or percent", ["orders"], NOVEMBER, OCTOBER),
        ("by how much did revenue grow october 2011 to november 2011 (percent)", ["revenue"], NOVEMBER, OCTOBER),
        ("has revenue gone up in november 2011", ["revenue"], NOVEMBER, OCTOBER),
        ("orders yesterday vs same weekday last week", ["orders"], "2011-12-08..2011-12-08", "2011-12-01..2011-12-01"),
        ("customers last month compared with the previous", ["customers"], NOVEMBER, OCTOBER),
        ("revenue ytd vs same period last year", ["revenue"], "2011-01-01..2011-12-09", "2010-01-01..2010-12-09"),
        ("how are we doing this month compared to last month", OVERVIEW,
         "2011-12-01..2011-12-09", "2011-11-01..2011-11-09"),
    ],
)  # fmt: skip
def test_two_times_are_compared(question: str, metrics: list[str], later: str, earlier: str) -> None:
    ((tool, arguments),) = calls(question)
    assert tool == "query_metrics"
    assert arguments["metrics"] == metrics
    assert spans(arguments) == (later, earlier)


@pytest.mark.parametrize(
    ("question", "metric", "later", "earlier", "more"),
    [
        ("why did revenue drop in november 2011", "revenue", NOVEMBER, OCTOBER, {}),
        ("how come orders fell in november 2011", "orders", NOVEMBER, OCTOBER, {}),
        ("what's behind the surge in november 2011?", "revenue", NOVEMBER, OCTOBER, {}),
        ("reasons for the slump of turnover in november 2011", "revenue", NOVEMBER, OCTOBER, {}),
        ("what caused the rise of revenue from october to november 2011", "revenue", NOVEMBER, OCTOBER, {}),
        ("why is revenue down this month", "revenue", "2011-12-01..2011-12-09", "2011-11-01..2011-11-09", {}),
        ("which countries drove the growth in november 2011", "revenue", NOVEMBER, OCTOBER,
         {"dimensions": ["country"]}),
        ("why is Germany down in november 2011", "revenue", NOVEMBER, OCTOBER,
         {"filters": [{"dimension": "country", "operator": "eq", "value": "Germany"}]}),
        ("november 2011 was terrible. why?", "revenue", NOVEMBER, OCTOBER, {}),
        ("why did revenue fall", "revenue", NOVEMBER, OCTOBER, {}),
    ],
)  # fmt: skip
def test_why_takes_the_change_apart(question: str, metric: str, later: str, earlier: str, more: dict[str, Any]) -> None:
    ((tool, arguments),) = calls(question)
    assert (tool, arguments["metric"]) == ("explain_change", metric)
    assert spans(arguments) == (later, earlier)
    assert {name: arguments[name] for name in more} == more


def test_a_rate_is_set_beside_what_it_is_made_of() -> None:
    ((tool, arguments),) = calls("why did the average order value go down in november 2011")
    assert tool == "query_metrics"
    assert arguments["metrics"] == ["average_order_value", "gross_sales", "orders"]


@pytest.mark.parametrize("asked", ["why?", "why did it go up", "what drove it?", "how come"])
def test_why_after_figures_is_of_those(asked: str) -> None:
    ((reading,),) = converse("orders in may 2011 vs march 2011", asked)[1:]
    (call,) = reading.calls
    assert (call.tool, call.arguments["metric"]) == ("explain_change", "orders")
    assert spans(call.arguments) == ("2011-05-01..2011-05-31", "2011-03-01..2011-03-31")


def test_since_a_time_is_no_comparison_with_it() -> None:
    assert calls("have orders gone up since last year") == []
