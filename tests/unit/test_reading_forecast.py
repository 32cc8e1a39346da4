"""What is read out of questions about what will be, and how its answers are worded and drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from language.requests import Noted, made
from language.scene import PastCall
from language.slots import read_slots
from tests.unit.offline_scene import scene
from tools.catalogue import catalogue
from tools.forecast.days import days_ahead
from tools.forecast.outlook import Forecast, ForecastArguments, ForecastPeriod, PastPeriod
from tools.forecast.questions import follow_up, forecast, pace, record, set_target
from tools.forecast.target import Pace, TargetPace, TargetPaceArguments
from tools.outcome import Outcome
from tools.results import Evidence
from tools.views import Chart, Table, shown

EVIDENCE = Evidence(rows=1, as_of=datetime(2012, 1, 1, tzinfo=UTC))
TOOLS = catalogue().tools


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("tomorrow", "2011-12-10", "2011-12-10"),
        ("next week", "2011-12-12", "2011-12-18"),
        ("the next 2 weeks", "2011-12-10", "2011-12-23"),
        ("the next 30 days", "2011-12-10", "2012-01-08"),
        ("next month", "2012-01-01", "2012-01-31"),
        ("the next 3 months", "2012-01-01", "2012-03-31"),
        ("next quarter", "2012-01-01", "2012-03-31"),
        ("next year", "2012-01-01", "2012-12-31"),
        ("this month", "2011-12-01", "2011-12-31"),
        ("this year", "2011-01-01", "2011-12-31"),
        ("the rest of this month", "2011-12-01", "2011-12-31"),
        ("January", "2012-01-01", "2012-01-31"),
        ("Q1", "2012-01-01", "2012-03-31"),
        ("February", "2012-02-01", "2012-02-29"),
        ("December", "2011-12-01", "2011-12-31"),
        ("March 2012", "2012-03-01", "2012-03-31"),
    ],
)
def test_days_are_those_to_come(said: str, first: str, last: str) -> None:
    """The data end on Friday, 9 December 2011."""
    told = days_ahead(read_slots(f"forecast revenue for {said}", scene()), scene())
    assert told == (date.fromisoformat(first), date.fromisoformat(last))


def arguments(question: str, build: Any = forecast) -> list[dict[str, Any]]:
    built = build(read_slots(question, scene()), scene())
    assert not isinstance(built, str), built
    return [call.arguments for call in made(built)]


def test_figure_step_and_filter_are_read() -> None:
    assert arguments("forecast orders by week for the next 8 weeks") == [
        {"metric": "orders", "start": "2011-12-10", "end": "2012-02-03", "grain": "week"}
    ]
    assert arguments("forecast sales in Germany")[0]["filters"] == [
        {"dimension": "country", "operator": "eq", "value": "Germany"}
    ]
    assert arguments("revenue forecast for the next 6 months")[0]["grain"] == "month"
    assert [each["metric"] for each in arguments("forecast revenue and orders")] == ["revenue", "orders"]
    assert arguments("how many new customers will we win next month")[0]["metric"] == "new_customers"
    assert [each["metric"] for each in arguments("how many customers will order next week")] == ["customers"]


def test_days_that_were_taken_for_those_to_come_are_named() -> None:
    built = forecast(read_slots("forecast revenue for Q1", scene()), scene())
    assert isinstance(built, Noted)
    assert "1 January to 31 March 2012" in built.note


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("forecast average order value", "not average order value"),
        ("forecast revenue of customers who spent over 100", "not several conditions"),
        ("forecast revenue in Germany via web", "not several conditions"),
        ("forecast revenue for January and March", "one period at a time"),
    ],
)
def test_what_cannot_be_foreseen_is_said_and_not_widened(question: str, said: str) -> None:
    assert said in str(forecast(read_slots(question, scene()), scene()))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("are we on track for 50k this month", ("revenue", 50_000, "2011-12-31")),
        ("what do we need per day to reach 1m this year", ("revenue", 1_000_000, "2011-12-31")),
        ("will we reach 1.2 million this year", ("revenue", 1_200_000, "2011-12-31")),
        ("can we still hit 500 orders this month", ("orders", 500, "2011-12-31")),
        ("on track for £80,000 by the end of March 2012", ("revenue", 80_000, "2012-03-31")),
        ("on track for 300 new customers in 90 days this quarter", ("new_customers", 300, "2011-12-31")),
    ],
)
def test_amounts_are_read(question: str, told: tuple[str, float, str]) -> None:
    (found,) = arguments(question, pace)
    assert (found["metric"], found["amount"], found["end"]) == told


def test_a_target_without_an_amount_is_the_kept_one_and_one_without_days_is_asked_for() -> None:
    assert arguments("are we on track", pace) == [{"metric": "revenue"}]
    assert "By when" in str(pace(read_slots("will we reach 200k", scene()), scene()))
    assert "whole shop" in str(pace(read_slots("are we on track for 50k in Germany this month", scene()), scene()))
    assert "amount and the days" in str(set_target(read_slots("set a revenue target", scene()), scene()))
    assert arguments("set a target of 50k revenue for December", set_target) == [
        {"metric": "revenue", "amount": 50_000, "start": "2011-12-01", "end": "2011-12-31"}
    ]
    assert arguments("how accurate were our order forecasts", record) == [{"metric": "orders"}]


def test_a_follow_up_keeps_the_figure() -> None:
    told = scene()
    told.past.append(PastCall("forecast", {"metric": "orders", "start": "2012-01-01", "end": "2012-01-31"}))
    (call,) = follow_up(read_slots("and by week", told), told)  # type: ignore[misc]
    assert call.arguments == {"metric": "orders", "start": "2012-01-01", "end": "2012-01-31", "grain": "week"}
    (call,) = follow_up(read_slots("what about next quarter", told), told)  # type: ignore[misc]
    assert (call.arguments["metric"], call.arguments["end"]) == ("orders", "2012-03-31")


def month(number: int, expected: float, **more: Any) -> ForecastPeriod:
    last = {1: 31, 2: 29}[number]
    fields: dict[str, Any] = {"so_far": 0.0, "low": expected * 0.8, "high": expected * 1.3, "year_before": None,
                              "growth": None}  # fmt: skip
    return ForecastPeriod(
        start=date(2012, number, 1), end=date(2012, number, last), expected=expected, **(fields | more)
    )


def foretold(*periods: ForecastPeriod, **more: Any) -> Forecast:
    fields: dict[str, Any] = {
        "metric": "revenue", "unit": "money", "total": periods[0], "periods": list(periods), "grain": "month",
        "history": [PastPeriod(start=date(2011, 12, 1), value=900.0)], "champion": "mean of the models",
        "cycle": "week", "is_rule": False, "error_share": 0.12, "against_naive": 0.8, "against_last_year": 0.5,
        "less_than_naive": 0.2, "less_than_last_year": 0.5,
        "coverage": 0.91, "judged": 120, "candidates": [], "filters": [], "known_until": date(2011, 12, 31),
        "currency": "GBP", "evidence": EVIDENCE,
    }  # fmt: skip
    return Forecast(**fields | more)


def said(result: Forecast) -> str:
    return TOOLS["forecast"].worded(Outcome(ForecastArguments(), result))


def test_the_answer_leads_with_the_figure_and_its_range() -> None:
    text = said(foretold(month(1, 50_000.0, year_before=40_000.0, growth=0.25)))
    assert text.startswith(
        "**Revenue will be about £50,000 in January 2012**, nine times in ten between £40,000 and £65,000."
    )
    assert "25.0% more than the same days a year before" in text
    assert "off by 12.0% on average at past dates, 20.0% less than by repeating the last week and 50.0% less" in text
    assert "91.0% of 120 such ranges held" in text
    assert "not plans" in text


def test_a_rule_that_nothing_beats_is_named() -> None:
    text = said(foretold(month(1, 500.0), is_rule=True, champion="last year again", coverage=None))
    assert "Nothing that was tried beat the simple rule “last year again”" in text
    assert "ranges held" not in text


def test_past_and_future_are_one_line_with_a_range_around_what_is_to_come() -> None:
    outcome = Outcome(ForecastArguments(), foretold(month(1, 1000.0), month(2, 1100.0)))
    chart, table, *_ = shown(TOOLS["forecast"], outcome)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert chart.unit == "GBP"
    assert {series.name: series.values for series in chart.series} == {
        "Was": [900.0, None, None], "Expected": [900.0, 1000.0, 1100.0],
    }  # fmt: skip
    was, ahead = chart.series
    assert (was.low, was.high) == ([], [])
    assert (ahead.low, ahead.high) == ([900.0, 800.0, 880.0], [900.0, 1300.0, 1430.0])
    assert "off by 12.0% on average" in chart.note
    assert {column.title: column.unit for column in table.columns}["Expected"] == "GBP"


@pytest.mark.parametrize(
    ("verdict", "lead"),
    [
        ("on track", "**Yes, on track for £50,000 revenue in January 2012**: the chance is 42.0%."),
        ("open", "**It is open whether £50,000 revenue is reached in January 2012**"),
        ("behind", "**No, behind: £50,000 revenue in January 2012 is unlikely**"),
        ("reached", "**The target is reached: £20,000 of £50,000 revenue in January 2012**"),
    ],
)
def test_a_verdict_leads(verdict: Any, lead: str) -> None:
    result = TargetPace(
        metric="revenue", unit="money", target=50_000, start=date(2012, 1, 1), end=date(2012, 1, 31), so_far=20_000,
        expected=48_000, low=40_000, high=55_000, chance=0.42, verdict=verdict, days_left=10, needed_a_day=3000,
        expected_a_day=2800, a_day_so_far=952, paces=[Pace(name="So far", value=952), Pace(name="Needed", value=3000)],
        kept=False, known_until=date(2012, 1, 21), currency="GBP", evidence=EVIDENCE,
    )  # fmt: skip
    text = TOOLS["target_pace"].worded(Outcome(TargetPaceArguments(), result))
    assert text.startswith(lead)
    assert verdict == "reached" or "needed on each of the 10 days left: £3,000; expected: £2,800" in text
