"""Where a shop's clocks stand, by the offsets that its times bear in summer and winter."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

__all__ = ["has_hours", "zones_of"]

OFFSET = r"([+-])(\d{2}):?(\d{2})$"
# Of zones with the same clocks the one with most shops comes first.
LIKELY = (
    "Europe/London", "Europe/Berlin", "Europe/Athens", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Phoenix", "America/Sao_Paulo", "America/Toronto", "Asia/Kolkata", "Asia/Dubai",
    "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Australia/Brisbane", "Pacific/Auckland", "Europe/Istanbul",
    "Africa/Johannesburg", "Africa/Lagos", "America/Bogota", "America/Mexico_City",
)  # fmt: skip


def zones_of(values: pl.Series, instants: pl.Series) -> list[str]:
    """The likely time zones whose clocks show what the values say at these instants, the likeliest first.

    Empty where a value bears no offset, where all are UTC, or where no zone fits.
    """
    rows = pl.DataFrame({"said": values.str.strip_chars(), "at": instants}).drop_nulls()
    parts = rows["said"].str.extract_groups(OFFSET).struct.unnest()
    offsets = [_minutes(*row) for row in parts.iter_rows()]
    if not offsets or None in offsets or not any(offsets):
        return []
    seen = set(zip(offsets, rows["at"].dt.truncate("1d"), strict=True))
    return [zone for zone in LIKELY if all(_shows(zone, at, minutes or 0) for minutes, at in seen)]


def has_hours(instants: pl.Series, time_zone: str) -> bool:
    """Whether any of them is a time of day, not just a day."""
    local = instants.drop_nulls().dt.convert_time_zone(time_zone)
    return bool((local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute() != 0).any())


def _minutes(sign: str | None, hours: str | None, minutes: str | None) -> int | None:
    if sign is None or hours is None or minutes is None:
        return None
    return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes))


def _shows(zone: str, at: datetime, minutes: int) -> bool:
    """Whether clocks of the zone are so far ahead on that day, at its beginning or at its end."""
    wanted = timedelta(minutes=minutes)
    return any((at + timedelta(hours=h)).astimezone(ZoneInfo(zone)).utcoffset() == wanted for h in (0, 24))
