"""Which days a period is, what it is set against, and the buckets a line over it is drawn of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest

from tools.dashboard.headlines import buckets
from tools.dashboard.periods import AGAINST_TITLES, PERIOD_TITLES, Against, Days, Named, against, grain_of, named

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("period", "start", "end", "before", "year_before"),
    [
        ("last_7_days", "2026-11-22", "2026-11-28", "2026-11-15 2026-11-21", "2025-11-22 2025-11-28"),
        ("last_28_days", "2026-11-01", "2026-11-28", "2026-10-04 2026-10-31", "2025-11-01 2025-11-28"),
        ("this_month", "2026-11-01", "2026-11-28", "2026-10-01 2026-10-28", "2025-11-01 2025-11-28"),
        ("last_month", "2026-10-01", "2026-10-31", "2026-09-01 2026-09-30", "2025-10-01 2025-10-31"),
        ("this_quarter", "2026-10-01", "2026-11-28", "2026-07-01 2026-08-28", "2025-10-01 2025-11-28"),
        ("last_quarter", "2026-07-01", "2026-09-30", "2026-04-01 2026-06-30", "2025-07-01 2025-09-30"),
        ("year_to_date", "2026-01-01", "2026-11-28", "2025-01-01 2025-11-28", "2025-01-01 2025-11-28"),
        ("last_12_months", "2025-11-29", "2026-11-28", "2024-11-29 2025-11-28", "2024-11-29 2025-11-28"),
    ],
)
def test_days_and_what_they_are_set_against(period: Named, start: str, end: str, before: str, year_before: str) -> None:
    days = named(period, TODAY)
    assert (days.start.isoformat(), days.end.isoformat()) == (start, end)
    for how, expected in (("period_before", before), ("last_year", year_before)):
        found = against(period, days, how)  # type: ignore[arg-type]
        assert found is not None
        assert f"{found.start} {found.end}" == expected, how
    assert against(period, days, "nothing") is None


@pytest.mark.parametrize("period", [name for name in PERIOD_TITLES if name != "custom"])
def test_no_period_reaches_beyond_the_data_or_overlaps_what_it_is_set_against(period: Named) -> None:
    for back in range(800):
        end = TODAY - timedelta(days=back)
        days = named(period, end)
        assert days.start <= days.end <= end
        for how in ("period_before", "last_year"):
            before = against(period, days, how)  # type: ignore[arg-type]
            assert before is not None
            assert before.start <= before.end < days.start, (period, end, how)


def test_every_period_has_a_title() -> None:
    assert list(PERIOD_TITLES) == list(get_args(Named))
    assert list(AGAINST_TITLES) == list(get_args(Against))


def test_buckets_cover_the_days_and_say_which_are_cut() -> None:
    weeks = buckets(Days(date(2026, 11, 4), date(2026, 11, 24)), "week")
    assert [(bucket.start.isoformat(), bucket.whole) for bucket in weeks] == [
        ("2026-11-04", False), ("2026-11-09", True), ("2026-11-16", True), ("2026-11-23", False),
    ]  # fmt: skip
    assert [bucket.whole for bucket in buckets(Days(date(2026, 11, 2), date(2026, 11, 15)), "week")] == [True, True]
    months = buckets(Days(date(2025, 1, 1), date(2026, 3, 15)), "month")
    assert (len(months), months[0].whole, months[-1].whole) == (15, True, False)
    days = buckets(Days(date(2026, 2, 27), date(2026, 3, 1)), "day")
    assert [bucket.start.day for bucket in days] == [27, 28, 1]
    assert all(bucket.whole for bucket in days)


def test_a_line_is_drawn_of_days_then_weeks_then_months() -> None:
    grains = [grain_of(Days(TODAY - timedelta(days=n - 1), TODAY)) for n in (1, 92, 101, 366, 731)]
    assert grains == ["day", "day", "week", "week", "month"]
