"""Units of time in words: by which one figures are cut ("monthly", "per week"), and how many days ahead are meant."""

from __future__ import annotations

from language.periods import DAYS
from language.words import Draft

__all__ = ["take_grain", "take_horizon"]

_UNIT = r"(day|week|month|quarter|year)s?"
# "The four quarters of 2011": each of them; the period is read by now, and stays
_ALL_OF_A_YEAR = r"\b(?:the|all|all the|all of the) (?:4 (?=q)|12 (?=m))(quarter|month)s(?= (?:of |in )?<period>)"
_TREND = r"\b(?:over time|trends?|trending|develop(?:ed|ment|ing)?|evol(?:ve|ved|ution)|time series)\b"


def take_grain(draft: Draft) -> str | None:
    """day, week, month, quarter or year, from "by month", "monthly", "per week", "over time", "trend"."""
    match = draft.take(
        rf"\b(?:by|per|each|every|for each|split by|broken down by) (?:calendar |single )?{_UNIT}\b(?! of)", "<grain>"
    )
    match = match or draft.take(_ALL_OF_A_YEAR, "<grain>")
    if match:
        return match[1]
    match = draft.take(r"\b(dai|week|month|quarter|year)ly\b", "<grain>")
    if match:
        return "day" if match[1] == "dai" else match[1]
    match = draft.take(rf"\b(?:day|week|month|quarter|year) (?:by|over|on|after) {_UNIT}\b", "<grain>")
    # the word before stays: it says in which direction to rank
    match = match or draft.take(
        rf"(?:(?<=best )|(?<=rst )|(?<=est )|(?<=which )|(?<=what )|(?<=top )|(?<=single )){_UNIT}\b(?! of the)",
        "<grain>",
    )
    if match:
        return match[1]
    return "month" if draft.take(_TREND, "<grain>") else None


def take_horizon(draft: Draft) -> int | None:
    """Days ahead, from "in the next 60 days", "within 2 months", "the coming week"."""
    ahead = r"\b(?:(?:in|within|over|during|for) )?(?:the )?(?:next|coming|following|upcoming)"
    match = draft.take(rf"{ahead} (\d+)? ?{_UNIT}\b", "<horizon>")
    match = match or draft.take(rf"\b(?:within|in) (\d+) {_UNIT}\b", "<horizon>")
    if match:
        return int(match[1] or 1) * DAYS[match[2]]
    if match := draft.take(r"\b(?:in )?(?:the )?next (30|60|90)\b", "<horizon>"):
        return int(match[1])
    return 14 if draft.take(r"\b(?:tomorrow|soon|shortly)\b", "<horizon>") else None
