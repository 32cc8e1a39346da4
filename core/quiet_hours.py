"""Hours of the day in which nobody is written to, by the clocks of wherever somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

__all__ = ["QuietHours"]

MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another, the end not included; over midnight where it begins later than it ends."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M} to {self.end:%H:%M}"

    def holds(self, at: datetime, zone: str) -> bool:
        """Whether clocks in a time zone (an IANA name) show a quiet hour at an instant."""
        shown = at.astimezone(ZoneInfo(zone)).time()
        if self.start < self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def over(self, at: datetime, zone: str) -> datetime | None:
        """The first instant from `at` on, to the minute, that is not quiet in a zone; None: `at` itself is not.

        Clocks decide: where they are put forward over the end, it is over then; where they are put back into the
        quiet hours, it is quiet once more.
        """
        return _over(self, at.astimezone(UTC).replace(second=0, microsecond=0), zone) if self.holds(at, zone) else None


@lru_cache(maxsize=4096)
def _over(hours: QuietHours, minute: datetime, zone: str) -> datetime:
    """Minute by minute: a change of the clocks may come in between, and every message to a zone asks the same."""
    at, last = minute, minute + LONGEST
    while at < last and hours.holds(at, zone):
        at += MINUTE
    return at
