"""The filters of a message: what each takes, what it gives, and its arguments.

A missing value stays missing through every filter but `default`. Texts that a filter makes are bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.calendar import MONTH_NAMES
from core.conventions import WEEKDAYS
from language.merge.values import Kind

__all__ = ["FILTERS", "Filter"]

LONGEST_TEXT = 2_000
LARGEST = Decimal(10) ** 12
NUMBERS: Final = frozenset[Kind]({"number", "money"})
# The directives of strftime that people use, in English whatever the machine's language is.
_DIRECTIVES: Final[dict[str, Callable[[date], str]]] = {
    "%d": lambda on: f"{on.day:02}",
    "%-d": lambda on: str(on.day),
    "%e": lambda on: f"{on.day:2}",
    "%m": lambda on: f"{on.month:02}",
    "%-m": lambda on: str(on.month),
    "%Y": lambda on: f"{on.year:04}",
    "%y": lambda on: f"{on.year % 100:02}",
    "%B": lambda on: MONTH_NAMES[on.month - 1],
    "%b": lambda on: MONTH_NAMES[on.month - 1][:3],
    "%A": lambda on: WEEKDAYS[on.weekday()].capitalize(),
    "%a": lambda on: WEEKDAYS[on.weekday()][:3].capitalize(),
    "%j": lambda on: f"{on.timetuple().tm_yday:03}",
    "%%": lambda _on: "%",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """`run` gets the value and the arguments. `takes` None: any kind, as it is written; `gives` None: what it took.

    `arguments` are the kinds of its arguments; the last `optional` of them may be left out.
    """

    run: Callable[..., Any]
    takes: frozenset[Kind] | None = None
    gives: Kind | None = "text"
    arguments: tuple[Kind, ...] = ()
    optional: int = 0


def _shortened(text: str, length: int = 50, end: str = "...") -> str:
    return text if len(text) <= length else f"{text[: max(0, int(length) - len(end))]}{end}"


def _first_words(text: str, words: int = 15, end: str = "...") -> str:
    parts = text.split()
    kept = max(1, int(words))
    return text if len(parts) <= kept else f"{' '.join(parts[:kept])}{end}"


def _dated(on: date, form: str) -> str:
    text, position = "", 0
    while position < len(form):
        length = 3 if form.startswith("%-", position) else 2 if form[position] == "%" else 1
        part = form[position : position + length]
        text += _DIRECTIVES[part](on) if length > 1 else part
        position += length
    return text


def unknown_directive(form: str) -> str | None:
    """The first directive of a date's form that is not known."""
    position = 0
    while (position := form.find("%", position)) >= 0:
        part = form[position : position + (3 if form.startswith("%-", position) else 2)]
        if part not in _DIRECTIVES:
            return part
        position += len(part)
    return None


def _bounded(number: Decimal) -> Decimal | None:
    return number if abs(number) < LARGEST else None


def _sum(number: Decimal, other: Decimal) -> Decimal | None:
    return _bounded(Decimal(number) + Decimal(other))


def _difference(number: Decimal, other: Decimal) -> Decimal | None:
    return _bounded(Decimal(number) - Decimal(other))


def _product(number: Decimal, other: Decimal) -> Decimal | None:
    return _bounded(Decimal(number) * Decimal(other))


def _quotient(number: Decimal | int, other: Decimal) -> Decimal | None:
    if not other:
        return None
    if isinstance(number, int) and Decimal(other).as_tuple().exponent == 0:  # as in Liquid, of whole numbers
        return Decimal(number // int(other))
    return _bounded(Decimal(number) / Decimal(other))


def _rounded(number: Decimal, places: int = 0) -> Decimal | int:
    kept = round(Decimal(number), min(6, max(0, int(places))))
    return int(kept) if not places else kept


FILTERS: Final = {
    "default": Filter(lambda value, other: other if value is None or value == "" else value, gives=None),
    "upcase": Filter(str.upper),
    "downcase": Filter(str.lower),
    "capitalize": Filter(str.capitalize),
    "strip": Filter(str.strip),
    "truncate": Filter(_shortened, arguments=("number", "text"), optional=2),
    "truncatewords": Filter(_first_words, arguments=("number", "text"), optional=2),
    "append": Filter(lambda text, more: text + more, arguments=("text",)),
    "prepend": Filter(lambda text, more: more + text, arguments=("text",)),
    "replace": Filter(lambda text, old, new: text.replace(old, new) if old else text, arguments=("text", "text")),
    "remove": Filter(lambda text, old: text.replace(old, "") if old else text, arguments=("text",)),
    "join": Filter(lambda items, between: between.join(items), frozenset({"list"}), arguments=("text",)),
    "first": Filter(lambda items: items[0], frozenset({"list"})),
    "last": Filter(lambda items: items[-1], frozenset({"list"})),
    "size": Filter(len, frozenset({"list"}), gives="number"),
    "date": Filter(_dated, frozenset({"date"}), arguments=("text",)),
    "money": Filter(Decimal, NUMBERS, gives="money"),
    "plus": Filter(_sum, NUMBERS, gives=None, arguments=("number",)),
    "minus": Filter(_difference, NUMBERS, gives=None, arguments=("number",)),
    "times": Filter(_product, NUMBERS, gives=None, arguments=("number",)),
    "divided_by": Filter(_quotient, NUMBERS, gives=None, arguments=("number",)),
    "round": Filter(_rounded, NUMBERS, gives="number", arguments=("number",), optional=1),
}
