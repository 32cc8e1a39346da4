"""What to do next speaks of segments by the names they have."""

from __future__ import annotations

from analytics.rfm import SEGMENTS
from tools.priorities.next_actions import LOYAL


def test_those_to_be_kept_are_segments() -> None:
    assert {segment.name for segment in SEGMENTS} >= LOYAL
