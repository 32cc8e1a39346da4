"""How people ask what campaigns changed."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["EFFECT"]

_CAMPAIGN = r"(?i)\bcampaign (?:id )?((?=[\w-]*\d|[\w]+-)[A-Z0-9][\w-]+)\b|\b(CMP-[\w-]+)\b"
_LONGEST = 365


def effect(slots: Slots, _scene: Scene) -> Answerable:
    """What campaigns with a control group changed: the one named by its id, else all of them."""
    arguments: dict[str, Any] = {}
    named = re.search(_CAMPAIGN, slots.original)
    if slots.identifier or named:
        arguments["campaign_id"] = slots.identifier or (named and (named[1] or named[2]))
    if days := re.search(r"\b(?:within|after|over|in) (?:the first )?(\d+) days\b", slots.plain):
        arguments["window_days"] = max(1, min(int(days[1]), _LONGEST))
    return [Call("experiment_effect", arguments)]


EFFECT = Request(
    "effect",
    """
        what was the lift of our campaigns | did the win-back campaign work | which campaign caused more sales |
        what effect did the campaign have | results of the experiments | what did the A/B test show |
        incremental revenue of the campaigns | was the last campaign worth it | treated against control group |
        which campaigns work
    """,
    effect,
    rank=200,
    cues=(
        r"\b(?:lift|uplift|incremental\w*|experiments?|a/b|ab test\w*|control groups?)\b",
        r"\beffects? (?:of|did|do|had|have|has)\b|\b(?:what|which|measured) effects?\b",
        r"\bcampaigns?\b.*\b(?:work|works|worked|pay off|paid off|effective|cause[ds]?|worth it|successful"
        r"|succeed(?:ed)?|help(?:ed)?)\b",
        r"\b(?:effective|successful)\b.*\bcampaigns?\b",
    ),
    not_with=r"\bwithout\b|\bno (?:holdout|control)|<rule>",
)
