"""Alerts in words."""

from __future__ import annotations

from language.format import bullets, count, day
from tools.alerts.alerts import (
    AlertList,
    AlertsSeen,
    ListAlertsArguments,
    MarkAlertsSeenArguments,
    list_alerts,
    mark_alerts_seen,
)
from tools.declaration import answers
from tools.outcome import Outcome

SHOWN = 8


@answers(list_alerts)
def alerts(outcome: Outcome[ListAlertsArguments, AlertList]) -> str:
    """What a person should know."""
    found = outcome.result.alerts
    if not found:
        return "**There is nothing you have not seen.** No alert is waiting."
    lines = [f"**{alert.title}** ({alert.severity}, {day(alert.created_at)})" for alert in found[:SHOWN]]
    return f"**{count(outcome.result.unseen)} alerts nobody has seen.**\n\n{bullets(lines)}"


@answers(mark_alerts_seen)
def seen(outcome: Outcome[MarkAlertsSeenArguments, AlertsSeen]) -> str:
    """How many were marked."""
    left = outcome.result.unseen
    rest = f" {count(left)} are left." if left else ""
    return f"**{count(outcome.result.marked)} alerts marked as seen**, for everybody here.{rest}"
