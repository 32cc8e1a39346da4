"""The shape a question asks for: a pie, bars, a line; drawn so where the figures allow, else the chart says why not."""

from __future__ import annotations

import re
from typing import Final

from tools.views import Chart, Series, Shown

__all__ = ["as_asked"]

MOST_PARTS: Final = 8  # slices that can be told apart; what is smaller goes together
MOST_STANDING: Final = 40
OTHERS: Final = "All others"
_PICTURE: Final = r"[ -](?:chart|graph|diagram|plot)s?\b"
_ASKED: Final = {
    # With the word chart or "as a": a shop may sell pies and rings.
    "parts": re.compile(
        rf"\b(?:pie|do(?:ugh)?nut|ring){_PICTURE}|\b(?:as|in|into) an? (?:pie|do(?:ugh)?nut|ring)\b", re.I
    ),
    "bar": re.compile(rf"\b(?:bar|column){_PICTURE}|\b(?:as|in|into) (?:bars|columns)\b", re.I),
    "line": re.compile(rf"\bline{_PICTURE}|\b(?:as|in|into) (?:a line|lines)\b", re.I),
}


def as_asked(item: Shown, question: str) -> Shown:
    """The chart in the shape the question names, if it names one."""
    if not isinstance(item, Chart):
        return item
    wanted = next((shape for shape, words in _ASKED.items() if words.search(question)), item.shape)
    match (item.shape, wanted):
        case ("bar", "parts"):
            return _pie(item)
        case ("line", "bar") if len(item.x) <= MOST_STANDING:
            return item.model_copy(update={"shape": "bar", "note": item.note.replace("Dashed: only", "Only")})
        case (shape, same) if shape == same:
            return item
        case ("line", "parts"):
            return _noted(item, "A pie cannot show how something goes over time, so this is a line.")
        case ("bar", "line"):
            return _noted(item, "These have no order in time that a line could follow, so they are bars.")
    return item


def _pie(bars: Chart) -> Chart:
    """Slices of a whole; refused in words where bars are no parts of one, or one is below nothing."""
    if bars.whole is None or len(bars.series) != 1:
        return _noted(bars, "These do not add up to a whole, so a pie would mislead; here they are as bars.")
    parts = [(label, value) for label, value in zip(bars.x, bars.series[0].values, strict=True) if value]
    if min((value for _, value in parts), default=0.0) < 0:
        return _noted(bars, "Some are below zero, which a pie cannot show; here they are as bars.")
    parts.sort(key=lambda part: part[1], reverse=True)
    shown = parts if len(parts) <= MOST_PARTS else parts[: MOST_PARTS - 1]
    rest = bars.whole - sum(value for _, value in shown)
    if rest < -1e-6 * abs(bars.whole):
        return _noted(bars, "These are more than the whole, for some of it is below zero; here they are as bars.")
    if rest > 1e-6 * abs(bars.whole):
        shown = [*shown, (OTHERS, round(rest, 6))]
    series = Series(name=bars.series[0].name, values=[value for _, value in shown])
    return bars.model_copy(
        update={"shape": "parts", "x": [label for label, _ in shown], "series": [series], "note": ""}
    )


def _noted(chart: Chart, words: str) -> Chart:
    return chart.model_copy(update={"note": f"{words} {chart.note}".strip()})
