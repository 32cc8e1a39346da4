"""How people ask for cohorts."""

from __future__ import annotations

import re
from typing import Any

from language.followups import is_whole
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots


def retention(slots: Slots, _scene: Scene) -> list[Call]:
    """The cohort triangle, one row of it, or one cell."""
    arguments: dict[str, Any] = {}
    start = slots.periods[0].start if slots.periods else None
    if start:
        arguments["cohort"] = start.strftime("%Y-%m")
    after = re.search(r"\b(?:after|in) (?:the )?(\d+|a|first|second|third|next) months?\b", slots.plain)
    after = after or re.search(
        r"\b(\d+|a|1) months? (?:later|after|on)\b|\bmonth (\d+)\b|\bthe (next) month\b", slots.plain
    )
    if after:
        word = next(g for g in after.groups() if g)
        arguments["months_after"] = {"a": 1, "first": 1, "next": 1, "second": 2, "third": 3}.get(word) or int(word)
    return [Call("cohort_retention", arguments)]


def follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """Another cohort, or another month after it."""
    if scene.last is None or is_whole(slots) or slots.metrics or slots.conditions.rule:
        return None
    arguments = dict(scene.last.arguments)
    if slots.periods and slots.periods[0].start:
        arguments["cohort"] = slots.periods[0].start.strftime("%Y-%m")
    if months := re.search(r"(?:after )?(\d+) months?\b", slots.plain):
        arguments["months_after"] = int(months[1])
    return [Call("cohort_retention", arguments)] if arguments != scene.last.arguments else None


RETENTION = Request(
    "cohorts",
    """
        the December 2010 cohort after one month | cohort analysis | retention by cohort |
        how many of the January 2011 cohort came back after 2 months | show retention |
        how many customers who first bought in March 2011 came back the next month | do customers come back |
        monthly cohorts | retention rate
    """,
    retention,
    rank=320,
    cues=(
        r"\bcohorts?\b",
        r"\bretention\b|\bretained\b|\bretain\b",
        r"\bfirst (?:bought|ordered|purchased|order)\b.*\b(?:came|come|returned|back|again)\b",
        r"\bcome back\b(?!.*\blikely\b)",
    ),
)
