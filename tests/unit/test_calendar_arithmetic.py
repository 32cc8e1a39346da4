"""Days and months before others, on the days where calendars are uneven."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.calendar import Calendar, months_back, months_earlier, period_before, whole_months
from language.periods import Period
from tests.unit.offline_scene import calls
from tools.metrics.change import ExplainChangeArguments, _asked
from tools.metrics.comparison import period_against
from tools.metrics.previous import days_before


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), 1),
        (date(2024, 2, 1), date(2024, 2, 28), 0),
        (date(2023, 11, 1), date(2024, 1, 31), 3),
        (date(2024, 1, 2), date(2024, 2, 1), 0),
    ],
)
def test_whole_months(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


@pytest.mark.parametrize(
    ("start", "end", "months", "expected"),
    [
        # a whole February a year before a whole February has all its days
        (date(2025, 2, 1), date(2025, 2, 28), 12, (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2024, 2, 1), date(2024, 2, 29), 12, (date(2023, 2, 1), date(2023, 2, 28))),
        (date(2024, 4, 1), date(2024, 4, 30), 1, (date(2024, 3, 1), date(2024, 3, 31))),
        (date(2024, 4, 1), date(2024, 6, 30), 3, (date(2024, 1, 1), date(2024, 3, 31))),
        (date(2024, 3, 5), date(2024, 3, 31), 1, (date(2024, 2, 5), date(2024, 2, 29))),
    ],
)
def test_months_earlier(start: date, end: date, months: int, expected: tuple[date, date]) -> None:
    assert months_earlier(start, end, months) == expected


def test_a_day_that_a_month_has_not_becomes_its_last() -> None:
    assert months_back(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_back(date(2024, 1, 31), -1) == date(2024, 2, 29)


def test_the_period_before_whole_months_is_as_many_whole_months() -> None:
    assert period_before(date(2011, 5, 1), date(2011, 5, 31)) == (date(2011, 4, 1), date(2011, 4, 30))
    assert period_before(date(2011, 1, 1), date(2011, 12, 31)) == (date(2010, 1, 1), date(2010, 12, 31))
    assert period_before(date(2011, 5, 2), date(2011, 5, 8)) == (date(2011, 4, 25), date(2011, 5, 1))


def test_what_a_change_is_explained_against_by_default() -> None:
    asked = _asked(ExplainChangeArguments(metric="revenue", start=date(2011, 5, 1), end=date(2011, 5, 31)))
    assert (asked.compare_start, asked.compare_end) == (date(2011, 4, 1), date(2011, 4, 30))


@pytest.mark.parametrize("against", ["before week", "before quarter", "before day"])
def test_a_month_is_not_compared_with_another_unit(against: str) -> None:
    assert period_against(Period(date(2011, 5, 1), date(2011, 5, 31)), against) is None


@pytest.mark.parametrize("words", ["compared with the month before", "against the previous period"])
def test_the_month_before_is_that_month(words: str) -> None:
    [(_, asked)] = calls(f"revenue in may 2011 {words}")
    assert (asked["compare_start"], asked["compare_end"]) == ("2011-04-01", "2011-04-30")


@pytest.mark.parametrize(
    ("clock", "running", "last_whole"),
    [
        ("2026-11-28T10:00", date(2026, 11, 28), date(2026, 11, 27)),  # Saturday afternoon, in New Zealand
        ("2026-11-28T11:00", None, date(2026, 11, 28)),  # midnight there
        ("2026-11-28T11:01", date(2026, 11, 29), date(2026, 11, 28)),
    ],
)
def test_a_day_that_is_not_over_is_not_whole(clock: str, running: date | None, last_whole: date) -> None:
    calendar, at = Calendar("Pacific/Auckland"), datetime.fromisoformat(clock).replace(tzinfo=UTC)
    assert (calendar.running_day(at), calendar.last_whole_day(at)) == (running, last_whole)


@pytest.mark.parametrize(
    ("days", "before"),
    [
        ("2026-10-01 2026-10-31", "2026-09-01 2026-09-30"),  # a month
        ("2026-11-01 2026-11-20", "2026-10-01 2026-10-20"),  # a month that runs
        ("2026-10-01 2026-11-20", "2026-07-01 2026-08-20"),  # a quarter
        ("2026-01-01 2026-11-20", "2025-01-01 2025-11-20"),  # a year
        ("2026-11-23 2026-11-25", "2026-11-16 2026-11-18"),  # a week, from Monday to Wednesday
        ("2026-11-23 2026-11-23", "2026-11-22 2026-11-22"),  # one day
        ("2026-11-24 2026-11-26", "2026-11-21 2026-11-23"),  # days that begin nothing
        ("2026-02-01 2026-03-15", "2025-12-20 2026-01-31"),
    ],
)
def test_days_are_set_against_their_like(days: str, before: str) -> None:
    start, end = map(date.fromisoformat, days.split())
    assert "{} {}".format(*days_before(start, end)) == before
