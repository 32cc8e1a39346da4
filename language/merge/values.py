"""Values of merge fields: what kinds there are, and how each is written in a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from language.format import day, money
from language.one_line import one_line

__all__ = ["Kind", "Value", "Values", "cleaned", "written"]

Kind = Literal["text", "number", "money", "date", "list", "truth"]
Value = str | int | Decimal | date | list[str] | bool | None
Values = Mapping[str, Value]

LONGEST_VALUE = 300  # in characters: a name that is longer is none
LONGEST_LIST = 20


def cleaned(values: Mapping[str, object]) -> dict[str, Value]:
    """Values as they may enter a message: texts in one line, nothing hidden in them; what says nothing is None."""
    return {name: _cleaned(value) for name, value in values.items()}


def _cleaned(value: object) -> Value:
    if isinstance(value, str):
        return one_line(value[:LONGEST_VALUE]) or None
    if isinstance(value, list | tuple):
        return [line for item in value[:LONGEST_LIST] if (line := one_line(str(item)[:LONGEST_VALUE]))] or None
    if value is None or isinstance(value, bool | int | Decimal | date):
        return value
    raise TypeError(f"no value of a merge field: {type(value).__name__}")


def written(value: Value, kind: Kind, currency: str) -> str:
    """A value in words: "£1,234.50", "9 March 2026", "Blue mug, Tea pot"."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if kind == "money":
        return money(float(value), currency, cents=True)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
