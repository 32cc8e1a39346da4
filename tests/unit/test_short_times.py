"""Times as people write them short, or name by a day: none of them is taken for another time, or left out."""

from __future__ import annotations

from datetime import date

import pytest

from language.calendar_phrases import as_dates
from language.periods import Period, take_periods
from language.words import Draft, plain

TODAY = date(2025, 11, 20)  # a Thursday


def _days(start: str, end: str | None) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _read(words: str) -> list[Period]:
    text, problems = as_dates(plain(f"revenue {words}"), TODAY)
    assert problems == []
    return take_periods(Draft(text), TODAY)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("w1-w13", "2024-12-30", "2025-03-30"),
        ("kw 50-52", "2024-12-09", "2024-12-29"),
        ("weeks 35 to 38", "2025-08-25", "2025-09-21"),
        ("w14-w26 2025", "2025-03-31", "2025-06-29"),
        ("in w9", "2025-02-24", "2025-03-02"),
        ("2019-2024", "2019-01-01", "2024-12-31"),
        ("2021-25", "2021-01-01", "2025-12-31"),
        ("from 2021 to 2024", "2021-01-01", "2024-12-31"),
        ("over 2024", "2024-01-01", "2024-12-31"),
        ("LTM", "2024-11-21", "2025-11-20"),
        ("L6M", "2025-05-21", "2025-11-20"),
        ("l30d", "2025-10-22", "2025-11-20"),
        ("1H25", "2025-01-01", "2025-06-30"),
        ("in the last half-year", "2025-05-21", "2025-11-20"),
        ("over the last year and a half", "2024-05-21", "2025-11-20"),
        ("over the last eighteen months", "2024-05-21", "2025-11-20"),
        ("y'day", "2025-11-19", "2025-11-19"),
        ("the day before yesterday", "2025-11-18", "2025-11-18"),
        ("this day last year", "2024-11-20", "2024-11-20"),
        ("last tues", "2025-11-18", "2025-11-18"),
        ("last thu and fri", "2025-11-13", "2025-11-14"),
        ("since monday", "2025-11-17", None),
        ("last weekend", "2025-11-15", "2025-11-16"),
        ("over the weekend", "2025-11-15", "2025-11-16"),
        ("this weekend", "2025-11-22", "2025-11-23"),
        ("on the 6th", "2025-11-06", "2025-11-06"),
        ("on the 23rd", "2025-10-23", "2025-10-23"),
        ("since the 3rd", "2025-11-03", None),
        ("from the 2nd till the 16th", "2025-11-02", "2025-11-16"),
        ("from the 28th to the 3rd", "2025-10-28", "2025-11-03"),
        ("wk50-wk2 2025", "2024-12-09", "2025-01-12"),
        ("since monday last week", "2025-11-10", None),
        ("over the weekend of 8 november", "2025-11-08", "2025-11-09"),
        ("from the tenth to the twentieth of september", "2025-09-10", "2025-09-20"),
        ("since first of january", "2025-01-01", None),
        ("2.-8.9.", "2025-09-02", "2025-09-08"),
        ("1.7.-15.8.", "2025-07-01", "2025-08-15"),
        ("on 7.7.", "2025-07-07", "2025-07-07"),
        ("since 1.12.", "2024-12-01", None),
        ("may", "2025-05-01", "2025-05-31"),
        ("germany, march by country", "2025-03-01", "2025-03-31"),
        ("in the month of may", "2025-05-01", "2025-05-31"),
        ("second quartal", "2025-04-01", "2025-06-30"),
        ("quarter 2 2025", "2025-04-01", "2025-06-30"),
        ("for the 12 months to 30 june", "2024-07-01", "2025-06-30"),
        ("for the quarter ended 30 june", "2025-04-01", "2025-06-30"),
        ("for the two-month period ending august", "2025-07-01", "2025-08-31"),
        ("week ending 9 nov", "2025-11-03", "2025-11-09"),
        ("w/c 3 nov", "2025-11-03", "2025-11-09"),
        ("in the last 48 hours", "2025-11-19", "2025-11-20"),
        ("2023 onwards", "2023-01-01", None),
        ("all year", "2025-01-01", "2025-12-31"),
        ("calendar 2024", "2024-01-01", "2024-12-31"),
        ("for the 2024 year", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_short_time_is_the_days_it_means(words: str, start: str, end: str | None) -> None:
    assert _read(words) == [_days(start, end)]


@pytest.mark.parametrize("words", ["may, june and july", "from may, june and july", "jan/feb/mar 2025"])
def test_no_month_of_a_list_is_left_out(words: str) -> None:
    assert len(_read(words)) == 3


@pytest.mark.parametrize(
    "words", ["end of october", "the last days of october", "mid of april", "early november", "in weeks 1 to 3 of may"]
)
def test_days_nobody_agrees_on_are_asked_for(words: str) -> None:
    _, problems = as_dates(plain(f"revenue {words}"), TODAY)
    assert "Say the first and the last" in problems[0]


@pytest.mark.parametrize("words", ["2023-24", "of 2024/25"])
def test_a_year_that_may_be_a_fiscal_one_is_asked_for(words: str) -> None:
    _, problems = as_dates(plain(f"revenue {words}"), TODAY)
    assert "fiscal year or two calendar years" in problems[0]


@pytest.mark.parametrize(
    "words",
    [
        "customers who spent over 2024",
        "product W14-26",
        "sku 2021-25",
        "did over 2024 people come",
        "customers with 2 to 4 orders",
    ],
)
def test_what_is_no_time_stays(words: str) -> None:
    text, _ = as_dates(plain(words), TODAY)
    assert text == plain(words)
