"""What is read out of questions about credit, and how its answers are worded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from language.scene import PastCall
from language.slots import read_slots
from tests.unit.offline_scene import scene
from tools.attribution.lift import MeasuredLift
from tools.attribution.questions import credit, follow_up, path, path_file, path_follow_up
from tools.attribution.report import AttributionReport, AttributionReportArguments, ChannelRow
from tools.catalogue import catalogue
from tools.outcome import Outcome
from tools.results import Evidence
from tools.views import Chart, Table, shown

TOOL = catalogue().get("attribution_report")


def read(question: str) -> dict[str, Any]:
    built = credit(read_slots(question, scene(spend_channel=["Paid Search", "Paid Social"])), scene())
    assert isinstance(built, list), built
    assert [call.tool for call in built] == ["attribution_report"]
    return built[0].arguments


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("multi-touch attribution", {"by": "channel"}),
        ("first touch vs last touch", {"by": "channel", "method": "first", "against": "last"}),
        ("markov versus first touch", {"by": "channel", "method": "markov", "against": "first"}),
        ("last non-direct click attribution", {"by": "channel", "method": "last_non_direct", "touches": "clicks"}),
        ("which campaign gets credit, linear", {"by": "campaign", "method": "linear"}),
        ("attribution with a 7 day window", {"by": "channel", "window_days": 7}),
        ("attribution of new customers", {"by": "channel", "customers": "new"}),
        ("credit of returning customers' orders", {"by": "channel", "of": "orders", "customers": "returning"}),
        ("attributed revenue by channel", {"by": "channel", "of": "revenue"}),
        ("second-order markov attribution", {"by": "channel", "method": "markov", "markov_order": 2}),
        ("view-through attribution", {"by": "channel", "touches": "all"}),
        (
            "attribution for google ads last quarter",
            {"by": "channel", "channels": ["paid_search"], "start": "2011-07-01", "end": "2011-09-30"},
        ),
    ],
)
def test_what_is_asked_is_read(question: str, arguments: dict[str, Any]) -> None:
    assert read(question) == arguments


def test_credit_among_some_customers_is_refused_and_not_widened() -> None:
    for question in ("attribution in Germany", "first touch for customers who spent over 100"):
        assert isinstance(credit(read_slots(question, scene()), scene()), str), question


def test_a_path_is_of_one_customer() -> None:
    (call,) = path(read_slots("show me the path of customer C0042", scene()), scene())  # type: ignore[misc]
    assert (call.tool, call.arguments) == ("customer_path", {"customer": "C0042"})
    assert "Whose path" in str(path(read_slots("show me the path", scene()), scene()))


def test_a_follow_up_keeps_what_was_asked() -> None:
    told = scene()
    told.past.append(PastCall("attribution_report", {"by": "channel", "method": "first", "window_days": 7}))
    (call,) = follow_up(read_slots("and by last touch in 2010", told), told)  # type: ignore[misc]
    assert call.arguments == {
        "by": "channel", "method": "last", "window_days": 7, "start": "2010-01-01", "end": "2010-12-31",
    }  # fmt: skip


def row(channel: str, first: float, last: float, **more: Any) -> ChannelRow:
    return ChannelRow(
        channel=channel, touches=9, credit=(first + last) / 2, share=(first + last) / 200, value=50.0, spend=None,
        roas=None, first=first, last=last, **more,
    )  # fmt: skip


def report(*rows: ChannelRow, **more: Any) -> AttributionReport:
    fields: dict[str, Any] = {
        "rows": list(rows), "method": "linear", "by": "channel", "of": "orders", "orders": 120, "credited": 100.0,
        "credited_value": 1000.0, "refunded_orders": 0, "refunded": 0.0, "revenue": [],
        "journeys": 300, "touches_per_order": 2.5, "lines": [], "experiments": [],
        "left_out": [], "start": date(2026, 1, 1), "end": date(2026, 1, 31), "currency": "GBP",
        "evidence": Evidence(rows=1, as_of=datetime(2026, 2, 1, tzinfo=UTC)),
    }  # fmt: skip
    return AttributionReport(**fields | more)


def said(result: AttributionReport, **arguments: Any) -> str:
    return TOOL.worded(Outcome(AttributionReportArguments(**arguments), result))


def test_the_answer_leads_with_the_most_credit_and_says_it_is_no_cause() -> None:
    found = report(row("paid_search", 70, 30), row("direct", 30, 70))
    text = said(found)
    assert text.startswith(
        "**By the linear rule, Paid search is credited with 50 of 100 orders (50.0%)** in January 2026"
    )
    assert "Paid search opens journeys that others close: 70 orders by first touch, 30 by last" in text
    assert "Paid search 50 by the linear rule, 30 by last touch" in said(found, against="last")
    assert "20 of 120 orders have no known touch" in text
    assert "credit, not cause" in text
    assert "caused" not in text


def test_refunds_are_said_where_there_were_any() -> None:
    found = report(row("paid_search", 70, 30), row("direct", 30, 70), refunded=250.0, refunded_orders=3)
    assert "£250.00 in all; 3 orders given back in full count for nothing" in said(found)
    assert "efund" not in said(report(row("paid_search", 70, 30), row("direct", 30, 70)))


def test_words_of_cause_stand_only_beside_a_control_group() -> None:
    lift = MeasuredLift(campaign="Spring", channel="email", verdict="lift shown", extra_buyers=33, low=14.1, high=51.8)
    text = said(report(row("email", 50, 50), row("direct", 50, 50), experiments=[lift]))
    assert "What control groups measured, which is cause" in text
    assert "“Spring” (Email): lift shown, 33 buyers (14.1 to 51.8)" in text
    assert "The methods agree closely" in text


def test_methods_stand_beside_each_other_in_chart_and_table() -> None:
    chart, table = shown(TOOL, Outcome(AttributionReportArguments(), report(row("a", 70, 30), row("b", 30, 70))))
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert [series.name for series in chart.series] == ["Linear", "First touch", "Last touch"]
    assert [column.title for column in table.columns][:4] == ["Channel", "Credit", "Share", "Value"]
    one = shown(TOOL, Outcome(AttributionReportArguments(), report(row("a", 70, 30))))
    assert [type(view) for view in one] == [Table]


def called(answer: Any) -> list[tuple[str, dict[str, Any]]]:
    assert isinstance(answer, list), answer
    return [(call.tool, call.arguments) for call in answer]


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("markov credit for customer 17850", {"customer": "17850", "method": "markov"}),
        ("show me the path of customer 17850", {"customer": "17850"}),
        ("path of customer 17850 by last touch", {"customer": "17850", "method": "last"}),
        ("shapley of customer 17850 with a 7 day window", {"customer": "17850", "window_days": 7, "method": "shapley"}),
    ],
)
def test_a_path_by_one_method_leads_with_it(question: str, arguments: dict[str, Any]) -> None:
    assert called(path(read_slots(question, scene()), scene())) == [("customer_path", arguments)]


def test_by_another_method_it_is_the_same_customers_path() -> None:
    past = scene()
    past.past.append(PastCall("customer_path", {"customer": "17850"}))
    again = path_follow_up(read_slots("by last touch", past), past)
    assert called(again) == [("customer_path", {"customer": "17850", "method": "last"})]
    assert path_follow_up(read_slots("revenue by month", past), past) is None


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("attribution of the path file", {}),
        ("markov on the path file", {"method": "markov"}),
        ("who gets the credit in 'PathData.csv' by value", {"file": "PathData.csv", "of": "value"}),
        ("time decay in the path file", {}),
    ],
)
def test_credit_in_a_file_of_paths(question: str, arguments: dict[str, Any]) -> None:
    assert called(path_file(read_slots(question, scene()), scene())) == [("path_file_report", arguments)]


def test_a_file_of_paths_is_not_narrowed() -> None:
    assert isinstance(path_file(read_slots("attribution of the path file in 2024", scene()), scene()), str)
