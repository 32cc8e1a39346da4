"""Which time buckets count as whole, and the growth of the last whole one."""

from __future__ import annotations

from datetime import date

import pytest

from database.semantic.model import Grain, Span
from database.semantic.question import Question
from tools.figures import Cell
from tools.metrics.whole_buckets import trend_of

MONTHS: list[list[Cell]] = [["2026-01-01", 40.0], ["2026-02-01", 100.0], ["2026-03-01", 120.0], ["2026-04-01", 10.0]]


def asked(covered: tuple[str, str], period: tuple[str, str] | None = None, grain: Grain = "month") -> Question:
    days = [date.fromisoformat(day) for day in covered]
    start, end = [date.fromisoformat(day) for day in period or covered]
    return Question(
        metrics=("revenue",), start=start, end=end, time_zone="UTC", grain=grain, covered={"orders": Span(*days)}
    )


@pytest.mark.parametrize(
    ("covered", "period", "partial"),
    [
        (("2026-01-20", "2026-04-10"), None, ["2026-01-01", "2026-04-01"]),  # both ends of the data
        (("2026-01-03", "2026-04-29"), None, []),  # a shop that did not sell on the first days, or the last
        (("2025-01-01", "2026-12-31"), ("2026-01-02", "2026-04-30"), ["2026-01-01"]),  # a period that was asked for
        (("2026-01-01", "2026-04-10"), ("2026-01-01", "2026-12-31"), ["2026-04-01"]),  # data that end within it
    ],
)
def test_buckets_that_data_or_period_cut_are_partial(
    covered: tuple[str, str], period: tuple[str, str] | None, partial: list[str]
) -> None:
    assert [day.isoformat() for day in trend_of(asked(covered, period), MONTHS).partial] == partial


def test_growth_is_of_whole_buckets_that_follow_each_other() -> None:
    cut = asked(("2026-01-20", "2026-04-10"))
    assert trend_of(cut, MONTHS).growth == pytest.approx(0.2)
    assert trend_of(cut, [row for row in MONTHS if row[0] != "2026-02-01"]).growth is None, "February has no row"
    assert trend_of(cut, [["2026-02-01", 0], ["2026-03-01", 5]]).growth is None, "nothing to grow from"
    assert trend_of(asked(("2026-01-01", "2026-04-30"), grain="none"), MONTHS).growth is None


def test_weeks_end_on_sunday() -> None:
    weeks: list[list[Cell]] = [["2026-03-02", 1.0], ["2026-03-09", 2.0], ["2026-03-16", 3.0]]
    found = trend_of(asked(("2026-03-02", "2026-03-19"), grain="week"), weeks)
    assert (found.partial, found.growth) == ([date(2026, 3, 16)], 1.0)


def test_a_day_that_is_not_over_is_no_whole_bucket() -> None:
    days: list[list[Cell]] = [["2026-04-08", 50.0], ["2026-04-09", 100.0], ["2026-04-10", 3.0]]
    question = asked(("2026-01-01", "2026-04-10"), ("2026-04-08", "2026-04-10"), grain="day")
    over, running = trend_of(question, days), trend_of(question, days, date(2026, 4, 10))
    assert (over.partial, over.growth) == ([], pytest.approx(-0.97))
    assert (running.partial, running.growth) == ([date(2026, 4, 10)], pytest.approx(1.0))
