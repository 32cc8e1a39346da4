"""One tool call as its writer sees it, and how figures are put in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

__all__ = ["Told", "amount", "bullets", "day", "last_day", "many", "money", "percent", "period", "title"]

_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A question, the arguments of one call, its result, and the tools that were called for the same question."""

    question: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    tools: tuple[str, ...] = ()

    @property
    def currency(self) -> str:
        """ISO code of money in the result."""
        return str(self.result.get("currency", ""))

    def definition(self, name: str) -> str:
        """What `name` means, from the evidence; empty when it is not said there."""
        for said in self.result.get("evidence", {}).get("definitions", []):
            if said.lower().startswith(f"{name}:"):
                return str(said.partition(":")[2]).strip()
        return ""

    def said(self, start: str) -> str:
        """What the evidence says in lines that begin with `start`, as sentences after a space; empty without any."""
        lines = self.result.get("evidence", {}).get("definitions", [])
        return "".join(f" {line[:1].upper()}{line[1:]}" for line in lines if line.startswith(start))

    def asks(self, pattern: str) -> bool:
        """True when the question contains `pattern`."""
        return re.search(pattern, self.question, re.I) is not None


def money(value: Any, currency: str, *, cents: bool = False) -> str:
    """ "£1,234.50" or "1,234.50 SEK"; without `cents` rounded to the unit when it is 1,000 or more."""
    if value is None:
        return "unknown"
    places = 2 if cents or abs(value) < 1000 else 0
    number = f"{abs(value):,.{places}f}"
    sign = "-" if value < 0 else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency}".rstrip()


def percent(share: Any) -> str:
    """A share as a percentage with one decimal."""
    return "unknown" if share is None else f"{100 * share:.1f} %"


def many(value: Any) -> str:
    """A count with separators; one decimal when it is not whole."""
    if value is None:
        return "unknown"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def amount(value: Any, unit: str, currency: str, *, cents: bool = False) -> str:
    """A figure in its unit."""
    if value is None:
        return "unknown"
    if unit == "money":
        return money(value, currency, cents=cents)
    if unit == "share":
        return percent(value)
    if unit == "days":
        return f"{value:,.0f}"
    if unit == "ratio" or not float(value).is_integer():
        return f"{value:,.2f}"
    return f"{value:,.0f}"


def day(instant: Any) -> str:
    """ "9 December 2011" for an ISO date or instant."""
    if not instant:
        return "unknown"
    when = date.fromisoformat(str(instant)[:10])
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def last_day(as_of: Any) -> str:
    """The last day an exclusive instant covers: data that end at midnight end with the day before."""
    return day((datetime.fromisoformat(str(as_of)) - timedelta(microseconds=1)).isoformat())


def period(start: Any, end: Any) -> str:
    """ "in November 2011", "on 5 November 2011", "from 1 March to 9 December 2011"."""
    first, last = date.fromisoformat(str(start)[:10]), date.fromisoformat(str(end)[:10])
    if first == last:
        return f"on {day(first)}"
    next_day = date.fromordinal(last.toordinal() + 1)
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and next_day.day == 1:
        return f"in {_MONTHS[first.month - 1]} {first.year}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"in {first.year}"
    return f"from {day(first)} to {day(last)}"


def bullets(lines: Sequence[str]) -> str:
    """Lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def title(name: str) -> str:
    """ "average_order_value" as "average order value"."""
    return name.replace("_", " ")
