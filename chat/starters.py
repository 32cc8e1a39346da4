"""Questions to begin with, by topic: only those that the shop's own data can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.identity import PROPOSE, Identity

__all__ = ["Starter", "starters"]

SILENT: Final = ("Cannot Lose Them", "At Risk", "Hibernating", "About to Sleep")
MOST = 8


@dataclass(frozen=True, slots=True)
class Starter:
    """A question with its topic and an icon's name (Welcome.jsx)."""

    topic: str
    label: str
    message: str
    icon: str


def starters(data: Mapping[str, Any], segments: Mapping[str, Any], identity: Identity) -> list[Starter]:
    """Up to eight questions; none while there is no data."""
    metrics = {metric["name"] for metric in data["metrics"] if metric["available"]}
    scores = set(data["scores"])
    found = [
        (metrics >= {"revenue"}, Starter("Sales", "Revenue by month", "What was our revenue by month?", "trend")),
        (metrics >= {"revenue"}, Starter("Sales", "How was last week?", "Give me a weekly report", "week")),
        (_knows(data, "product") and metrics >= {"revenue"},
         Starter("Products", "Best sellers", "Which products bring the most revenue?", "product")),
        (len(_values(data, "country")) > 1 and "revenue" in metrics,
         Starter("Markets", "Best countries", "Which countries bring the most revenue?", "globe")),
        ("churn" in scores, Starter("Customers", "Who is leaving",
                                    "Who is likely to leave in the next 60 days and what are they worth?", "leaving")),
        ("value" in scores, Starter("Customers", "Most valuable", "Who are our most valuable customers?", "value")),
        ({"churn", "value"} <= scores, Starter("Advice", "What to do next", "What should I do next?", "advice")),
        ("spend" in metrics, Starter("Marketing", "Ads that pay",
                                     "Show spend and return on ad spend by ad channel", "ads")),
        *_win_back(segments, identity),
        ("emails_sent" in metrics and "spend" not in metrics,
         Starter("Marketing", "Campaigns that work", "Which campaigns work?", "ads")),
    ]  # fmt: skip
    return [starter for is_answered, starter in found if is_answered][:MOST]


def _win_back(segments: Mapping[str, Any], identity: Identity) -> list[tuple[bool, Starter]]:
    sizes = {segment["name"]: segment["size"]["customers"] for segment in segments.get("rfm", [])}
    silent = next((name for name in SILENT if sizes.get(name)), None)
    if silent is None or PROPOSE not in identity.scopes:
        return []
    label = f"Win back {silent} ({sizes[silent]:,})"
    return [(True, Starter("Campaigns", label, f"Write a win-back email to the {silent} customers", "mail"))]


def _knows(data: Mapping[str, Any], dimension: str) -> bool:
    return any(entry["name"] == dimension for entry in data["dimensions"])


def _values(data: Mapping[str, Any], dimension: str) -> list[str]:
    return next((entry["values"] for entry in data["dimensions"] if entry["name"] == dimension), [])
