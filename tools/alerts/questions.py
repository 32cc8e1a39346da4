"""How people ask for alerts."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots


def alerts(slots: Slots, _scene: Scene) -> list[Call]:
    """What nobody has seen yet, or all of them."""
    return [Call("list_alerts", {"unseen_only": False} if slots.has(r"\b(?:all|old|earlier|past)\b") else {})]


def seen(_slots: Slots, _scene: Scene) -> list[Call]:
    """All alerts are seen."""
    return [Call("mark_alerts_seen", {})]


SEEN = Request(
    "seen",
    """
        mark the alerts as seen | I have seen the alerts | dismiss the alerts | clear all alerts
    """,
    seen,
    rank=130,
    cues=(
        r"\b(?:mark|dismiss|clear|acknowledge)\b.*\b(?:alerts?|warnings?)\b",
        r"\b(?:have|i) seen (?:the |all |those |these )*(?:alerts?|warnings?)\b",
    ),
)
ALERTS = Request(
    "alerts",
    """
        are there any alerts | show the alerts | what should I know today | any warnings | is anything wrong |
        what needs my attention
    """,
    alerts,
    rank=140,
    cues=(
        r"\balerts?\b|\bwarnings?\b",
        r"\bwhat (?:should|must|do) i (?:need to )?know\b(?! about)",
        r"\bneeds? (?:my|our) attention\b",
        r"\banything wrong\b",
    ),
    not_with=r"<rule>|<metric>",
)
