"""Quiet hours by the clocks of every time zone, also on the nights when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.quiet_hours import QuietHours
from language.local_zone import Place, zone_of

NIGHT = QuietHours(time(21), time(8))
ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Australia/Sydney",
    "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "Africa/Casablanca", "Asia/Tehran", "UTC",
)  # fmt: skip
MINUTE = timedelta(minutes=1)


def local(zone: str, *at: int, fold: int = 0) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("Europe/Berlin", (2026, 3, 28, 22, 0), "2026-03-29T06:00Z"),  # the night is an hour shorter
        ("Europe/Berlin", (2026, 10, 24, 22, 0), "2026-10-25T07:00Z"),  # and an hour longer
        ("America/New_York", (2026, 3, 7, 23, 30), "2026-03-08T12:00Z"),  # other days than in Europe
        ("America/New_York", (2026, 10, 31, 23, 30), "2026-11-01T13:00Z"),
        ("Australia/Sydney", (2026, 10, 3, 22, 0), "2026-10-03T21:00Z"),
        ("Asia/Kolkata", (2026, 3, 29, 3, 0), "2026-03-29T02:30Z"),
    ],
)
def test_they_end_when_the_clocks_of_the_place_say_so(zone: str, at: tuple[int, ...], until: str) -> None:
    assert NIGHT.over(local(zone, *at), zone) == datetime.fromisoformat(until)


def test_an_end_that_clocks_skip_is_reached_when_they_jump() -> None:
    """02:30 of 29 March is never shown in Berlin: at 02:00 clocks show 03:00."""
    quiet = QuietHours(time(22), time(2, 30))
    assert quiet.over(local("Europe/Berlin", 2026, 3, 29, 1, 59), "Europe/Berlin") == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    """02:00 to 03:00 of 25 October comes twice in Berlin."""
    quiet = QuietHours(time(22), time(2, 30))
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert quiet.over(local("Europe/Berlin", 2026, 10, 25, 2, 10), "Europe/Berlin") == first
    assert quiet.over(local("Europe/Berlin", 2026, 10, 25, 2, 10, fold=1), "Europe/Berlin") == second


def test_within_a_day_and_at_its_edges() -> None:
    lunch = QuietHours(time(12), time(13, 30))
    assert lunch.over(datetime(2026, 6, 1, 12, tzinfo=UTC), "UTC") == datetime(2026, 6, 1, 13, 30, tzinfo=UTC)
    assert lunch.over(datetime(2026, 6, 1, 13, 30, tzinfo=UTC), "UTC") is None
    assert lunch.over(datetime(2026, 6, 1, 11, 59, 59, tzinfo=UTC), "UTC") is None


clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
# days around every change of 2026 and 2027 in these zones
nights = st.sampled_from(
    [datetime(year, month, day, tzinfo=UTC) for year in (2026, 2027) for month, day in
     ((2, 14), (3, 8), (3, 14), (3, 21), (3, 28), (4, 4), (10, 3), (10, 25), (10, 31), (11, 1), (11, 7))]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(clock_times, clock_times, st.sampled_from(ZONES), nights, st.integers(-2_000, 2_000))
def test_the_end_is_the_first_minute_that_is_not_quiet(
    start: time, end: time, zone: str, night: datetime, minutes: int
) -> None:
    """By clocks as zoneinfo shows them: quiet all the way from the instant to the end, and not quiet at it."""
    if start == end:
        return
    hours, at = QuietHours(start, end), night + minutes * MINUTE

    def quiet(instant: datetime) -> bool:
        shown = instant.astimezone(ZoneInfo(zone))
        minute, first, last = (one.hour * 60 + one.minute for one in (shown, start, end))
        return first <= minute < last if first < last else not last <= minute < first

    until = hours.over(at, zone)
    assert (until is None) == (not quiet(at))
    if until is not None:
        assert at < until < at + timedelta(hours=25)
        assert not quiet(until)
        assert all(quiet(at + step * MINUTE) for step in range(int((until - at) / MINUTE)))


@pytest.mark.parametrize(
    ("place", "zone", "by"),
    [
        (Place(time_zone="Asia/Tokyo", country="Germany"), "Asia/Tokyo", "time zone"),
        (Place(time_zone="Middle-earth", country="Germany"), "Europe/Berlin", "country"),
        (Place(country="Deutschland"), "Europe/Berlin", "country"),
        (Place(country="Allemagne"), "Europe/Berlin", "country"),
        (Place(country="UK"), "Europe/London", "country"),
        (Place(country="EIRE"), "Europe/Dublin", "country"),
        (Place(country="ES", city="Sevilla"), "Europe/Madrid", "country"),
        (Place(country="USA", city="los angeles"), "America/Los_Angeles", "city"),
        (Place(country="Brasil", city="São Paulo"), "America/Sao_Paulo", "city"),
        (Place(country="United States", region="Texas"), None, None),  # two zones
        (Place(country="United States", region="CA", city="Fresno"), "America/Los_Angeles", "region"),
        (Place(country="Australia", region="Western Australia"), "Australia/Perth", "region"),
        (Place(country="US"), None, None),
        (Place(city="Berlin"), None, None),  # there is one in Connecticut
        (Place(country="Unspecified"), None, None),
        (Place(), None, None),
    ],
)
def test_where_somebody_s_clocks_are(place: Place, zone: str | None, by: str | None) -> None:
    found = zone_of(place)
    assert (found.zone, found.by) == (zone, by) if zone else found is None
