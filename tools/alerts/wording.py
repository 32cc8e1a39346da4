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
        return "**Nothing needs your attention**: no alert is waiting."
    lines = [f"{alert.title} ({day(alert.created_at)})" for alert in found[:SHOWN]]
    waiting = outcome.result.unseen
    if not waiting:
        return f"**Nothing new needs your attention.** Seen before:\n\n{bullets(lines)}"
    head = "One thing needs your attention" if waiting == 1 else f"{count(waiting)} things need your attention"
    return f"**{head}:**\n\n{bullets(lines)}"


@answers(mark_alerts_seen)
def seen(outcome: Outcome[MarkAlertsSeenArguments, AlertsSeen]) -> str:
    """How many were marked."""
    left, marked = outcome.result.unseen, outcome.result.marked
    rest = f" {count(left)} {'is' if left == 1 else 'are'} left." if left else ""
    return f"**{count(marked)} {'alert' if marked == 1 else 'alerts'} marked as seen**, for everybody here.{rest}"
