"""When a campaign starts: a time of the shop's own clocks, also over the nights when these are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.calendar import Calendar
from core.errors import FixArguments

__all__ = ["start_of"]


def start_of(told: datetime, calendar: Calendar, now: datetime) -> tuple[datetime, list[str]]:
    """The instant that is meant by `told`, with what a person should know of it.

    Without a distance from UTC it is what the shop's clocks show. FixArguments for what is past, and for a time that
    clocks never show because they are put forward over it; of one that comes twice, the first is taken, and said.
    """
    if told.tzinfo is not None:
        at, said = told, ""
    else:
        at, said = _on_the_clocks(told, calendar)
    if at <= now:
        raise FixArguments(f"send_at {calendar.local(at):%Y-%m-%d %H:%M} is in the past.", field="send_at")
    return at.astimezone(UTC), [said] if said else []


def _on_the_clocks(told: datetime, calendar: Calendar) -> tuple[datetime, str]:
    first, second = (told.replace(tzinfo=calendar.zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first, ""
    shown = calendar.local(first.astimezone(UTC)).replace(tzinfo=None)
    if shown != told:  # clocks jump over it
        jump = (second.utcoffset() or timedelta()) - (first.utcoffset() or timedelta())
        raise FixArguments(
            f"Clocks in {calendar.time_zone} never show {told:%H:%M} on {told:%Y-%m-%d}: they are put forward then. "
            f"Take {told - jump:%H:%M} or {shown:%H:%M}.",
            field="send_at",
        )
    return first, f"{told:%H:%M} comes twice on {told:%Y-%m-%d}, as clocks are put back: the first one is meant."
