"""When somebody who comes to a node is due to leave it, by the shop's clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from core.calendar import Calendar
from core.conventions import WEEKDAYS
from tools.journeys.definition import Node, Wait, WaitFor, WaitUntil, length

__all__ = ["due_at"]

AHEAD = 15  # days looked at for the next weekday at a time that clocks show


def due_at(node: Node, now: datetime, calendar: Calendar) -> datetime:
    """The instant at which who comes to `node` now is due; where it does not wait, at once."""
    match node:
        case Wait() | WaitFor():
            return now + length(node.amount, node.unit)
        case WaitUntil() if node.day is not None:
            return max(now, datetime.combine(node.day, node.clock or time(), calendar.zone).astimezone(UTC))
        case WaitUntil():
            return _next_time(node, now, calendar)
    return now


def _next_time(node: WaitUntil, now: datetime, calendar: Calendar) -> datetime:
    """The next instant after now at which clocks show the time, on one of the weekdays."""
    today = calendar.day(now)
    for ahead in range(AHEAD):
        day = today + timedelta(days=ahead)
        if node.weekdays and WEEKDAYS[day.weekday()] not in node.weekdays:
            continue
        at = datetime.combine(day, node.clock or time(), calendar.zone).astimezone(UTC)
        if at > now:
            return at
    raise LookupError(f"{node.id}: no such time within {AHEAD} days")
