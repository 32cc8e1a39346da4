"""Figures and names as answers write them: numbers with their precision, months, days, quarters, products, places."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = "(?:" + "|".join(f"{m[:3]}(?:{m[3:]})?" if len(m) > 3 else m for m in MONTHS) + r"|Sept)\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATES = re.compile(
    "|".join(
        (
            r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?\b",
            r"\b\d{4}-\d\d\b(?!-)",
            r"\b\d{4}-W\d\d\b",
            rf"\b{_DAY} {_MONTH},? \d{{4}}\b",
            rf"\b{_MONTH} \d{{1,2}},? \d{{4}}\b",
            rf"\b{_MONTH} \d{{4}}\b",
            rf"\b{_DAY} {_MONTH}\b",
            r"\b(?:Q[1-4]|H[12]) \d{4}\b",
            r"\bweek \d{1,2}\b",
            r"\b\d{1,2}:\d\d\b",
            # A year alone: after a word that leads to one, and not the beginning of something else.
            r"\b(?:in|of|for|from|to|until|since|year|and|vs|against) (?:19|20)\d\d\b"
            r"(?![.,%]\d|-\d|\s*(?:orders|customers|units))",
        )
    ),
    re.IGNORECASE,
)
_GROUPED = r"\d{1,3}(?:[,.' \u202f\u00a0]\d{3})+(?:[.,]\d+)?"
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-−–+]\s?)?[€£$]?\s?(?P<sign2>[-−])?"
    rf"(?P<number>{_GROUPED}|\d+(?:[.,]\d+)?)"
    r"(?P<scale>\s?(?:k|K|m|M|bn|thousand|million)\b)?(?!\w)"
    r"(?P<timed>[ -](?:more )?(?:day|week|month|year|hour|minute|row)s?\b)?"
)
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9}
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s+)?\d{1,2}[.)]\s+", re.MULTILINE)
NOTHING = re.compile(r"\b(no|none|nobody|no one|zero|nothing|not a single|never|0)\b", re.IGNORECASE)
_SOURCE = re.compile(r"^_?\(?Sources?:.*$", re.MULTILINE)
_OFFERED = re.compile(r"^\s*[-*•]\s*[“\"][^”\"]*[”\"]\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an answer, half a unit of its last digit shown, and whether it counts days, months … or rows."""

    value: float
    half: float
    timed: bool = False


def readable(text: str) -> str:
    """The answer without its source lines, questions it offers instead, marks of emphasis and numbers of a list."""
    kept = _LIST_MARK.sub("", _OFFERED.sub("", _SOURCE.sub("", text)))
    return re.sub(r"\*\*|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|`", "", kept).strip()


def figures(text: str) -> list[Figure]:
    """The numbers of a text, those of dates left out; ambiguous thousands in both readings."""
    return [figure for match in _NUMBER.finditer(_DATES.sub(" ", text)) for figure in _read(match)]


def near(figure: Figure, truth: float, tol: float) -> bool:
    """Equal within `tol` (relative) or the rounding that the figure shows; counts exactly, unless written as 1.2k."""
    if not math.isfinite(truth):
        return False
    whole = float(truth).is_integer()
    rounding = (figure.half if figure.half > 0.5 else 0.0) if whole else min(figure.half, 0.1 * abs(truth))
    relative = tol * abs(truth) if not whole or abs(truth) >= 1e5 else 0.0
    return abs(abs(figure.value) - abs(truth)) <= max(rounding, relative) + 1e-9


def pattern(name: str) -> str:
    """How a name of a truth may be written: months, days, quarters, weeks, hours, and plain words."""
    for form, write in _FORMS.items():
        if match := re.fullmatch(form, name):
            return write(match)
    words = [re.escape(word) for word in re.split(r"[\s_-]+", name.strip()) if word]
    return r"(?<!\w)" + r"[\s_-]+".join(words) + r"(?:s|es)?(?!\w)"


def names_in_order(text: str, universe: Iterable[str]) -> list[str]:
    """The names of `universe` that a text holds, by where they first stand; a longer name hides those inside it."""
    found: list[tuple[int, int, str]] = []
    for name in universe:
        if match := re.search(pattern(name), text, re.IGNORECASE):
            found.append((match.start(), -len(match.group()), name))
    found.sort()
    kept: list[str] = []
    until = -1
    for start, length, name in found:
        if start >= until:
            kept.append(name)
            until = start - length
    return kept


def holds(text: str, name: str) -> bool:
    """Whether a text holds a name."""
    return re.search(pattern(name), text, re.IGNORECASE) is not None


def cells(columns: Sequence[Any], row: Sequence[Any]) -> list[Figure]:
    """The numbers of a table's row; shares also as percent."""
    found = []
    for column, value in zip(columns, row, strict=False):
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        found.append(Figure(float(value), 0.005 if isinstance(value, float) else 0.5))
        if column.unit in ("share", "rate", "ratio"):
            found.append(Figure(100 * float(value), 0.005))
    return found


def _read(match: re.Match[str]) -> list[Figure]:
    digits = re.sub(r"[' \u202f\u00a0]", "", match["number"])
    scale = _SCALES.get((match["scale"] or "").strip().lower(), 1.0)
    sign = -1.0 if (match["sign"] or "").strip() in ("-", "−") or match["sign2"] else 1.0
    found = []
    for text in _readings(digits):
        decimals = len(text.partition(".")[2])
        half = 0.5 * 10.0**-decimals * scale
        found.append(Figure(sign * float(text) * scale, half, bool(match["timed"])))
    return found


def _readings(digits: str) -> list[str]:
    """As English writes it; as others do where that is possible: 1.234,50 and 12,5 and 1.234."""
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d+,\d{1,2}|\d{1,3}(\.\d{3}){2,}", digits):
        return [digits.replace(".", "").replace(",", ".")]
    if re.fullmatch(r"\d{1,3}\.\d{3}", digits):
        return [digits, digits.replace(".", "")]
    return [digits.replace(",", "")]


def _month(number: int) -> str:
    name = MONTHS[number - 1]
    return rf"(?<!\w){name[:3]}(?:{name[3:]}|t)?\.?" if len(name) > 3 else rf"(?<!\w){name}"


def _month_pattern(match: re.Match[str]) -> str:
    year, number = match.groups()
    return rf"(?<!\d )(?<!\d-)(?:{_month(int(number))} {year}|{year}-{number}(?:-01)?(?![-\d])|{number}/{year})"


def _day_pattern(match: re.Match[str]) -> str:
    month, day, other = _month(int(match[2])), int(match[3]), _another_year(match[1])
    return rf"(?:{match[0]}|\b{day}(?:st|nd|rd|th)?(?: of)? {month}{other}|{month} {day}\b{other})"


def _another_year(year: str) -> str:
    """Not what another year follows: 14 October 2026 is no 14 October of 2024."""
    return rf"(?!,?[ /-]?(?!{year})(?:19|20)\d\d\b)"


def _quarter_pattern(match: re.Match[str]) -> str:
    year, number = match.groups()
    first = 3 * int(number) - 2
    word = ("first", "second", "third", "fourth")[int(number) - 1]
    alone = rf"\bQ{number}\b{_another_year(year)}"
    forms = (rf"Q{number}[ -/]?{year}", rf"{year}[ -]?Q{number}", alone, rf"{word} quarter")
    return "(?:" + "|".join((*forms, rf"{year}-{first:02d}(?:-01)?\b", rf"{_month(first)} {year}")) + ")"


def _week_pattern(match: re.Match[str]) -> str:
    return rf"(?:{match[0]}|week {int(match[2])}\b{_another_year(match[0][:4])}|W{match[2]}\b)"


def _hour_pattern(match: re.Match[str]) -> str:
    hour = int(match[1])
    twelve = f"{(hour - 1) % 12 + 1} ?{'am' if hour < 12 else 'pm'}"
    forms = (rf"\b{match[1]}:00", rf"\b{hour} ?h\b", rf"\b{twelve}", rf"\b{hour}(?: o'clock|:00)", rf"hour 0?{hour}\b")
    return "(?:" + "|".join((*forms, rf"\b{hour}\b(?![.,:]\d)")) + ")"


_FORMS: dict[str, Callable[[re.Match[str]], str]] = {
    r"(\d{4})-(\d\d)": _month_pattern,
    r"(\d{4})-(\d\d)-(\d\d)": _day_pattern,
    r"(\d{4})-Q(\d)": _quarter_pattern,
    r"(\d{4})-W(\d\d)": _week_pattern,
    r"(\d\d):00": _hour_pattern,
}
