"""Finding figures in text: numbers with their sign, unit, multiplier and shown precision, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["MONTHS", "DateMention", "Figure", "dates_in", "figures_in", "without"]

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS: dict[str, int] = {name: n for n, name in enumerate(_MONTH_NAMES, 1)} | {
    name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)
}
MONTHS["sept"] = 9
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = [
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>3[01]|[12]\d|0[1-9]))?(?![\d-])"),
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", re.I),
    re.compile(rf"\b{_MONTH}\s+{_DAY},\s*{_YEAR}\b", re.I),
    re.compile(rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b", re.I),
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b", re.I),
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?![\d,.]*\d)\b", re.I),
    re.compile(rf"\bq(?P<quarter>[1-4])\s*(?:of\s+)?{_YEAR}\b", re.I),
    re.compile(r"\bq(?P<quarter>[1-4])\b", re.I),
]
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[-−–](?=[£$€\d]))?(?P<currency>[£$€]\s?|[A-Z]{3}\s?(?=\d))?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[  ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|mn|bn|[kKmMbB])(?![A-Za-z]))?"
    r"(?P<percent>\s?(?:%|per\s?cent|percent)|\s?percentage points?)?"
    r"(?P<ordinal>st|nd|rd|th)?(?![\d_])",
)
_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
""".split()  # noqa: SIM905
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORD_VALUES = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORD = "(?:" + "|".join([*_WORD_VALUES, "hundred", "thousand", "million", "billion"]) + ")"
_WORDS = re.compile(rf"\b{_WORD}(?:(?:[\s-]+|\s+and\s+){_WORD})*\b", re.I)
_SMALLEST_WORD = 13  # "two parts", "the first twelve months": prose, not figures


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: its value and the half-width of its last shown place; `text` is what the reader sees."""

    text: str
    value: float
    tolerance: float
    percent: bool


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as written, as precise as it was."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None


def dates_in(text: str) -> tuple[list[DateMention], str]:
    """Dates in `text`, and the text with them blanked out (same length)."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if mention := _mention(match):
                found.append(mention)
                text = _blank(text, match)
    return found, text


def figures_in(text: str) -> list[Figure]:
    """Numbers in `text`, dates left out: digits with thousands separators, currency, k / m / bn, %; and words."""
    _, rest = dates_in(text)
    figures = []
    for match in _NUMBER.finditer(rest):
        figures.append(_figure(match))
        rest = _blank(rest, match)
    return figures + list(_spelled(rest))


def without(text: str, names: Iterator[str] | list[str]) -> str:
    """`text` with every one of `names` (identifiers holding digits, quoted verbatim) blanked out."""
    for name in names:
        if name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda m: " " * len(m.group()), text)
    return text


def _mention(match: re.Match[str]) -> DateMention | None:
    parts = match.groupdict()
    month = parts.get("month")
    if month and month.lower() == "may" and not parts.get("year") and month[0] != "M":
        return None  # "may 3 of them": the verb
    return DateMention(
        text=match.group().strip(),
        year=int(parts["year"]) if parts.get("year") else None,
        month=(int(month) if month.isdigit() else MONTHS[month.lower()]) if month else None,
        day=int(parts["day"]) if parts.get("day") else None,
        quarter=int(parts["quarter"]) if parts.get("quarter") else None,
    )


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]


def _figure(match: re.Match[str]) -> Figure:
    digits = re.sub(r"[,\s ]", "", match["digits"])
    scale = _SCALE[match["scale"].lower()] if match["scale"] else 1.0
    places = len(digits.partition(".")[2])
    return Figure(
        text=match.group().strip(),
        value=float(digits) * scale,
        tolerance=0.5 * 10.0**-places * scale,
        percent=bool(match["percent"]),
    )


def _spelled(text: str) -> Iterator[Figure]:
    for match in _WORDS.finditer(text):
        words = [w for w in re.split(r"[\s-]+", match.group().lower()) if w != "and"]
        value = _number_of(words)
        if value >= _SMALLEST_WORD:
            yield Figure(text=match.group(), value=value, tolerance=0.5, percent=False)


def _number_of(words: list[str]) -> float:
    total = current = 0.0
    for word in words:
        if word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALE:
            total, current = total + max(current, 1) * _SCALE[word], 0.0
        else:
            current += _WORD_VALUES[word]
    return total + current
