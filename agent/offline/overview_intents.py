# ruff: noqa: E501  (a table of examples)
"""What can be asked about how things stand: alerts, headline figures, one customer over time, survival curves."""

from __future__ import annotations

from typing import Final

from agent.offline.intent import Intent

__all__ = ["OVERVIEW_INTENTS"]

OVERVIEW_INTENTS: Final[tuple[Intent, ...]] = (
    Intent(
        "seen", "research", "seen",
        ("mark the alerts as seen", "I have seen the alerts", "dismiss the alerts", "clear all alerts"),
        cues=(r"\b(?:mark|dismiss|clear|acknowledge)\b.*\b(?:alerts?|warnings?)\b", r"\b(?:have|i) seen (?:the |all |those |these )*(?:alerts?|warnings?)\b"),
    ),
    Intent(
        "alerts", "research", "alerts",
        ("are there any alerts", "show the alerts", "what should I know today", "any warnings", "is anything wrong", "what needs my attention"),
        cues=(r"\balerts?\b|\bwarnings?\b", r"\bwhat (?:should|must|do) i (?:need to )?know\b(?! about)", r"\bneeds? (?:my|our) attention\b", r"\banything wrong\b"),
        not_with=r"<rule>|<metric>",
    ),
    Intent(
        "headlines", "reporting", "headlines",
        ("headline figures", "show the dashboard", "key figures", "our KPIs"),
        cues=(r"\b(?:headline|key) (?:figures|numbers)\b|\bkpis?\b|\bdashboard\b",),
    ),
    Intent(
        "history", "research", "history",
        ("history of customer 17850", "what did customer 12345 do lately", "order history of customer 14646", "timeline of customer 12346", "what has customer 17850 bought so far"),
        cues=(r"\b(?:history|timeline|journey|activity)\b", r"\bwhat (?:did|has) <customer> (?:\w+ ){0,2}(?:do|done|bought|buy|ordered|order)\b(?!.*\bnext\b)"),
        needs=("<customer>",),
    ),
    Intent(
        "survival", "analytics", "survival",
        ("show the survival curves", "survival curve by segment", "how long do customers stay", "how long do customers stay by country", "customer survival"),
        cues=(r"\bsurviv\w*\b", r"\bhow long (?:do|will|does)\b.*\b(?:stay|remain|last)\b"),
        not_with=r"<customer>",
    ),
)  # fmt: skip
