"""Weeks from Sunday, fiscal years from April, dates written and read as in America: as the organisation told it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import first_of_week
from core.conventions import WEEKDAYS, Conventions, check_fiscal_year, conventions, following
from core.errors import FixArguments
from language.calendar_phrases import as_dates
from language.figures import dates_in
from language.format import day, period
from language.periods import read_periods
from language.words import Draft, plain

TODAY = date(2026, 11, 28)  # a Saturday
SUNDAY = Conventions(week_start=WEEKDAYS.index("sunday"))
APRIL = Conventions(fiscal_start=(4, 1))
AMERICA = Conventions(formats="en-US")


def days(said: str, these: Conventions, as_of: date = TODAY) -> list[tuple[str, str]]:
    with following(these):
        text, problems = as_dates(plain(said), as_of)
        found = read_periods(Draft(text), as_of)
    assert problems + found.problems == []
    return [(str(p.start), str(p.end)) for p in found.found]


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 6))
def test_a_week_has_seven_days_and_begins_with_its_weekday(any_day: date, start: int) -> None:
    first = first_of_week(any_day, start)
    assert first.weekday() == start
    assert timedelta() <= any_day - first < timedelta(days=7)


@pytest.mark.parametrize(
    ("said", "monday", "sunday"),
    [
        ("revenue this week", ("2026-11-23", "2026-11-29"), ("2026-11-22", "2026-11-28")),
        ("revenue last week", ("2026-11-16", "2026-11-22"), ("2026-11-15", "2026-11-21")),
        ("orders in the week before last", ("2026-11-09", "2026-11-15"), ("2026-11-08", "2026-11-14")),
        ("orders in the week of 1 November 2026", ("2026-10-26", "2026-11-01"), ("2026-11-01", "2026-11-07")),
        ("sales of the first full week of November 2026", ("2026-11-02", "2026-11-08"), ("2026-11-01", "2026-11-07")),
        ("orders in week 45 of 2026", ("2026-11-02", "2026-11-08"), ("2026-11-02", "2026-11-08")),
    ],
)
def test_weeks_begin_where_they_are_told_to(said: str, monday: tuple[str, str], sunday: tuple[str, str]) -> None:
    assert days(said, Conventions()) == [monday]
    assert days(said, SUNDAY) == [sunday]


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("revenue this fiscal year", "2026-04-01", "2027-03-31"),
        ("revenue this fiscal year so far", "2026-04-01", "2026-11-28"),
        ("revenue fytd", "2026-04-01", "2026-11-28"),
        ("revenue of the last financial year", "2025-04-01", "2026-03-31"),
        ("revenue in fy2024", "2024-04-01", "2025-03-31"),
        ("revenue this fiscal quarter", "2026-10-01", "2026-12-31"),
        ("revenue last fiscal quarter", "2026-07-01", "2026-09-30"),
        ("revenue last fiscal half", "2026-04-01", "2026-09-30"),
        ("revenue in the second quarter of this fiscal year", "2026-07-01", "2026-09-30"),
        ("our year starts in July: revenue this fiscal year", "2026-07-01", "2027-06-30"),
    ],
)
def test_fiscal_years_need_no_explaining_once_told(said: str, start: str, end: str) -> None:
    assert days(said, APRIL) == [(start, end)]


def test_the_fiscal_quarter_before_the_first_is_of_the_year_before() -> None:
    assert days("revenue last fiscal quarter", APRIL, date(2026, 5, 3)) == [("2026-01-01", "2026-03-31")]


def test_nobody_has_told_of_a_fiscal_year() -> None:
    assert "Settings" in read_periods(Draft("revenue this fiscal year"), TODAY).problems[0]


@pytest.mark.parametrize(
    ("said", "british", "american"),
    [
        ("revenue on 03/04/2026", "2026-04-03", "2026-03-04"),
        ("revenue on 25/04/2026", "2026-04-25", "2026-04-25"),
        ("revenue on 04/25/2026", "2026-04-25", "2026-04-25"),
    ],
)
def test_days_and_months_in_figures(said: str, british: str, american: str) -> None:
    assert days(said, Conventions(formats="en-GB")) == [(british, british)]
    assert days(said, AMERICA) == [(american, american)]
    if british != american:
        assert read_periods(Draft(said), TODAY).problems, "nobody has told how dates are written here"


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from([None, "en-GB", "en-US", "en-CA"]))
def test_dates_are_written_as_told_and_understood_by_the_number_check(any_day: date, formats: str | None) -> None:
    with following(Conventions(formats=formats)):
        written = day(any_day)
    ((found,), rest) = dates_in(written)
    assert (found.year, found.month, found.day) == (any_day.year, any_day.month, any_day.day)
    assert not any(letter.isdigit() for letter in rest)


def test_conventions_end_with_their_block() -> None:
    with following(AMERICA):
        assert period("2026-03-01", "2026-12-09") == "from March 1, 2026 to December 9, 2026"
    assert conventions() == Conventions()
    assert day(TODAY) == "28 November 2026"


@pytest.mark.parametrize("said", ["", "13-01", "02-30", "02-29", "April", "4-1-2", "0", "-1", "٠4"])
def test_what_is_no_first_day_of_a_year(said: str) -> None:
    with pytest.raises(FixArguments, match="first day"):
        check_fiscal_year(said)


@pytest.mark.parametrize(("said", "first"), [("04-06", (4, 6)), ("7", (7, 1)), ("12-31", (12, 31))])
def test_first_days_of_years(said: str, first: tuple[int, int]) -> None:
    assert check_fiscal_year(said) == first
