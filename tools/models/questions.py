"""How people ask how good a model is."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

_MODELS = (
    ("vectors", r"vector|embedding|similar|behaviou?r"),
    ("value_posterior", r"posterior|bayesian|convergen|chains"),
    ("value", r"value|clv|ltv|worth|purchase"),
)


def report(slots: Slots, _scene: Scene) -> list[Call]:
    """How one of the models was chosen and how good it was."""
    model = next((name for name, words in _MODELS if slots.has(rf"\b(?:{words})")), "churn")
    return [Call("model_report", {"model": model})]


REPORT = Request(
    "model_report",
    """
        how good is the value model | model report | how accurate is the lifetime value model |
        report on the vectors model | do the vectors beat the features | how good are the similarity vectors |
        how reliable is the predicted value | show me the posterior of customer value | did the chains converge
    """,
    report,
    rank=190,
    cues=(
        r"\b(?:show|report|what|how|is|does|do|did|tell)\b.*\b(?:posterior|bayesian (?:fit|model)|chains?"
        r" (?:converge|agree)\w*)\b",
        r"\b(?:vectors?|embeddings?)\b.*\b(?:beat|better|good|accurate|help)\b",
        r"\bmodel report\b|\breport (?:on|about|of) the (?:[\w ]+ )?model\b",
        r"\b(?:good|accurate|accuracy|reliable|trust|quality|beat|won|chosen)\b.*\b(?:lifetime value|clv|value"
        r"|vectors?|embeddings?|similarity)\b.*\bmodel",
        r"\b(?:good|accurate|accuracy|reliable|trust|quality|beat)\b.*\b(?:vectors?|embeddings?|predicted values?"
        r"|lifetime value predictions?)\b",
    ),
)
