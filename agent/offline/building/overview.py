"""Calls about how things stand."""

from __future__ import annotations

from agent.offline.building.built import Built
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["alerts", "headlines", "history", "seen", "survival"]

_GROUPS = {"country": "country", "channel": "main_channel", "category": "favourite_category"}


def alerts(slots: Slots, _scene: Scene) -> Built:
    """What nobody has seen yet, or all of them."""
    return [Call("list_alerts", {"unseen_only": False} if slots.has(r"\b(?:all|old|earlier|past)\b") else {})]


def seen(_slots: Slots, _scene: Scene) -> Built:
    """All alerts are seen."""
    return [Call("mark_alerts_seen", {})]


def headlines(slots: Slots, _scene: Scene) -> Built:
    """The last four weeks, or the last week."""
    return [Call("headlines", {"days": 7} if slots.has(r"\b(?:this|last|past) week\b|\bweekly\b") else {})]


def history(slots: Slots, _scene: Scene) -> Built:
    """One customer over time."""
    return [Call("customer_history", {"customer": slots.customer})]


def survival(slots: Slots, _scene: Scene) -> Built:
    """Curves by segment, or by what is asked for."""
    by = next((_GROUPS[name] for name in slots.dimensions if name in _GROUPS), None)
    return [Call("survival_curves", {"by": by} if by else {})]
