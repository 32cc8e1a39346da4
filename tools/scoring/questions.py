"""How people ask for scores to be computed anew."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

_SCORES = {"features": "feature", "rfm": "rfm|segment", "churn": "churn", "value": "value|clv"}


def refresh(slots: Slots, _scene: Scene) -> list[Call]:
    """Compute scores anew: those named, or all."""
    what = [score for score, words in _SCORES.items() if slots.has(rf"\b(?:{words})")]
    return [Call("refresh_scores", {"what": what} if what else {})]


REFRESH = Request(
    "refresh",
    """
        recompute the scores | refresh the churn scores | update the segments | calculate everything anew |
        rerun the models | retrain the churn model
    """,
    refresh,
    rank=290,
    cues=(
        r"\b(?:recompute|refresh|recalculate|rerun|retrain|update|compute|calculate)\b(?: \w+){0,4} (?:scores?"
        r"|features?|segments|models?|rfm|churn|predictions?|everything|values?)\b",
    ),
)
