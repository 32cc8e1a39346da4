"""Alerts in words: what waits, how much of it is told, and what was seen before."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from tools.alerts.alerts import AlertInfo, AlertList, ListAlertsArguments, list_alerts
from tools.catalogue import catalogue
from tools.outcome import Outcome
from tools.results import Evidence

catalogue()  # wording is declared in files of its own
AT = datetime(2026, 11, 28, tzinfo=UTC)


def alert(title: str, seen: datetime | None = None) -> AlertInfo:
    return AlertInfo(
        id=UUID(int=1), kind="segment_drift", severity="high", title=title, look="", act="", detail={}, created_at=AT,
        seen_at=seen,
    )  # fmt: skip


def alerted(*found: AlertInfo, unseen: int) -> str:
    result = AlertList(unseen=unseen, alerts=list(found), evidence=Evidence(rows=len(found), as_of=AT))
    return list_alerts.worded(Outcome(ListAlertsArguments(), result))


def test_alerts_say_which_of_them_are_told() -> None:
    assert alerted(alert("A"), unseen=1) == "**One thing needs your attention:**\n\n- A (28 November 2026)"
    told = alerted(*(alert(f"A{number}") for number in range(10)), unseen=30)
    assert told.startswith("**30 things need your attention; the newest 8:**")
    both = alerted(alert("New"), alert("Old", AT), unseen=1)
    assert both.index("One thing") < both.index("New") < both.index("Seen before") < both.index("- Old")
    assert "Nothing new" in alerted(alert("Old", AT), unseen=0)
