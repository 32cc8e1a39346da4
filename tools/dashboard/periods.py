"""The periods a dashboard offers by name, and what each is set against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from core.calendar import first_of_month, month_after, months_back, months_earlier, period_before

__all__ = [
    "AGAINST_TITLES", "PERIOD_TITLES", "Against", "Days", "Named", "against", "grain_of", "named", "of_whole_days",
]  # fmt: skip

Named = Literal[
    "last_7_days", "last_28_days", "last_90_days", "this_month", "last_month", "this_quarter", "last_quarter",
    "year_to_date", "last_12_months", "custom",
]  # fmt: skip
Against = Literal["period_before", "last_year", "nothing"]
PERIOD_TITLES: Final[dict[Named, str]] = {
    "last_7_days": "Last 7 days", "last_28_days": "Last 28 days", "last_90_days": "Last 90 days",
    "this_month": "This month so far", "last_month": "Last month", "this_quarter": "This quarter so far",
    "last_quarter": "Last quarter", "year_to_date": "This year so far", "last_12_months": "Last 12 months",
    "custom": "Chosen days",
}  # fmt: skip
AGAINST_TITLES: Final[dict[Against, str]] = {
    "period_before": "the period before", "last_year": "the same period last year", "nothing": "nothing",
}  # fmt: skip
_ROLLING: Final[dict[Named, int]] = {"last_7_days": 7, "last_28_days": 28, "last_90_days": 90}
_RUNNING: Final[dict[Named, int]] = {"this_month": 1, "this_quarter": 3, "year_to_date": 12}
_MOST_DAILY, _MOST_WEEKLY = 100, 400


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def count(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1


def of_whole_days(period: Named) -> bool:
    """Whether a period holds only days that are over: the last seven are, this month so far is not."""
    return period in _ROLLING or period == "last_12_months"


def named(period: Named, end: date) -> Days:
    """The days of a period whose last known day is `end`."""
    if period in _ROLLING:
        return Days(end - timedelta(days=_ROLLING[period] - 1), end)
    if period in _RUNNING:
        return Days(_first(_RUNNING[period], end), end)
    if period == "last_12_months":
        return Days(months_back(end, 12) + timedelta(days=1), end)
    months = 3 if period == "last_quarter" else 1
    after = _first(months, end)
    return Days(month_after(after, -months), after - timedelta(days=1))


def against(period: Named, days: Days, how: Against) -> Days | None:
    """What `days` are set against: a month that runs, the same days of the month before it; None for nothing."""
    if how == "nothing":
        return None
    if how == "last_year":
        return Days(*months_earlier(days.start, days.end, 12))
    if period in _RUNNING:
        return Days(*months_earlier(days.start, days.end, _RUNNING[period]))
    return Days(*period_before(days.start, days.end))


def grain_of(days: Days) -> Literal["day", "week", "month"]:
    """Buckets of time that a line over so many days is drawn of."""
    return "day" if days.count <= _MOST_DAILY else "week" if days.count <= _MOST_WEEKLY else "month"


def _first(months: int, day: date) -> date:
    """The first day of the month, quarter or year of `day`."""
    return month_after(first_of_month(day), -((day.month - 1) % months))
