"""Days and months before others, on the days where calendars are uneven."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import months_back, months_earlier, period_before, whole_months
from language.periods import Period
from tests.unit.offline_scene import calls
from tools.metrics.change import ExplainChangeArguments, _asked
from tools.metrics.comparison import period_against


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
