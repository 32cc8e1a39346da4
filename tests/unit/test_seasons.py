"""Named times of a year: against published dates, and which one "last" and "since" mean."""

from __future__ import annotations

from datetime import date

import pytest

from language.periods import Period, take_periods
from language.seasons import easter
from language.words import Draft

# Sunday of Easter as the Book of Common Prayer and the almanacs print it, the extremes among them.
PUBLISHED = [
    (1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2019, 4, 21), (2024, 3, 31),
    (2025, 4, 20), (2026, 4, 5), (2038, 4, 25),
]  # fmt: skip


@pytest.mark.parametrize(("year", "month", "day"), PUBLISHED)
def test_easter_is_when_the_almanac_says(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("words", "today", "period"),
    [
        ("since easter", date(2011, 12, 9), Period(date(2011, 4, 24), None)),
        ("since easter", date(2011, 4, 1), Period(date(2010, 4, 4), None)),
        ("last summer", date(2011, 12, 9), Period(date(2011, 6, 1), date(2011, 8, 31))),
        ("last summer", date(2011, 7, 9), Period(date(2010, 6, 1), date(2010, 8, 31))),
        ("this summer", date(2011, 7, 9), Period(date(2011, 6, 1), date(2011, 8, 31))),
        ("in winter 2011", date(2012, 7, 9), Period(date(2011, 12, 1), date(2012, 2, 29))),
        ("before christmas", date(2011, 12, 9), Period(None, date(2011, 12, 24))),
        ("after christmas 2010", date(2011, 12, 9), Period(date(2010, 12, 27), None)),
        ("on black friday", date(2011, 12, 9), Period(date(2011, 11, 25), date(2011, 11, 25))),
        ("on black friday", date(2024, 11, 30), Period(date(2024, 11, 29), date(2024, 11, 29))),
        ("over the black friday weekend", date(2024, 12, 30), Period(date(2024, 11, 29), date(2024, 12, 2))),
    ],
)
def test_which_time_is_meant(words: str, today: date, period: Period) -> None:
    assert take_periods(Draft(words), today) == [period]


@pytest.mark.parametrize("words", ["christmas decorations", "a summer dress", "best christmas products"])
def test_a_name_alone_is_no_time(words: str) -> None:
    assert take_periods(Draft(words), date(2011, 12, 9)) == []
