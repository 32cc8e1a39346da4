"""When a message is to go out, in words: "tomorrow at 9", "on Monday at 10:30", "today at 5 pm"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from core.conventions import WEEKDAYS

__all__ = ["appointed", "without_time"]

_DAY = rf"\b(?:(?:on|this|next|coming|the) )*(?P<day>today|tomorrow|{'|'.join(WEEKDAYS)})\b"
_HOUR = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?(?![\w:.]*\d)"
_AT = rf"\bat (?:(?P<noon>noon|midday)|{_HOUR})"
EARLIEST = 7  # "at 6" alone may be either half of the day


def appointed(words: str, now: datetime | None) -> datetime | None:
    """A day and a time of day in `words`, as the shop's clocks show them (naive); None where either is not clear.

    `now` is the present by those clocks; without it nothing is near. A weekday is the next one after today.
    """
    day, at = re.search(_DAY, words), re.search(_AT, words)
    if now is None or day is None or at is None:
        return None
    time = _time(at)
    if time is None:
        return None
    return now.replace(hour=time[0], minute=time[1], second=0, microsecond=0, tzinfo=None, fold=0) + _ahead(
        day["day"], now
    )


def without_time(words: str) -> str:
    """`words` without the day and the time of day that a message is to go out at."""
    if re.search(_DAY, words) is None or re.search(_AT, words) is None:
        return words
    rest = re.sub(_AT, " ", re.sub(rf"(?:\bfor )?{_DAY}", " ", words, count=1), count=1)
    return " ".join(rest.split())


def _ahead(day: str, now: datetime) -> timedelta:
    if day in ("today", "tomorrow"):
        return timedelta(days=day == "tomorrow")
    return timedelta(days=(WEEKDAYS.index(day) - now.weekday() - 1) % 7 + 1)


def _time(at: re.Match[str]) -> tuple[int, int] | None:
    if at["noon"]:
        return 12, 0
    hour, minute, half = int(at["hour"]), int(at["minute"] or 0), (at["half"] or "")[:1]
    if half:
        return (hour % 12 + 12 * (half == "p"), minute) if 1 <= hour <= 12 else None
    return (hour, minute) if EARLIEST <= hour <= 23 or (hour < 24 and at["minute"]) else None
