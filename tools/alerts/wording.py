"""Alerts in words."""

from __future__ import annotations

from collections.abc import Sequence

from language.format import bullets, count, day
from tools.alerts.alerts import (
    AlertInfo,
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
    waiting, found = outcome.result.unseen, outcome.result.alerts
    if not found:
        return "**Nothing needs your attention**: no alert is waiting."
    new, old = [one for one in found if one.seen_at is None], [one for one in found if one.seen_at is not None]
    head = "One thing needs your attention" if waiting == 1 else f"{count(waiting)} things need your attention"
    parts = [f"**{head}{_cut(new, waiting)}:**\n\n{_listed(new)}" if new else "**Nothing new needs your attention.**"]
    return "\n\n".join([*parts, *([f"Seen before:\n\n{_listed(old)}"] if old else [])])


def _cut(shown: Sequence[AlertInfo], waiting: int) -> str:
    """Which of them follow, where they are not all."""
    return f"; the newest {count(len(shown[:SHOWN]))}" if len(shown[:SHOWN]) < waiting else ""


def _listed(found: Sequence[AlertInfo]) -> str:
    return bullets([f"{alert.title} ({day(alert.created_at)})" for alert in found[:SHOWN]])


@answers(mark_alerts_seen)
def seen(outcome: Outcome[MarkAlertsSeenArguments, AlertsSeen]) -> str:
    """How many were marked."""
    left, marked = outcome.result.unseen, outcome.result.marked
    rest = f" {count(left)} {'is' if left == 1 else 'are'} left." if left else ""
    return f"**{count(marked)} {'alert' if marked == 1 else 'alerts'} marked as seen**, for everybody here.{rest}"
