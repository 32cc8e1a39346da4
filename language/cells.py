"""One value of a table, a chart or a file as people read it: by its unit, "1,234.50 SEK", "45.1%", "28 Nov 2026".

A unit is what results declare (tools/figures.py): a currency code, share, days, customers, date …; texts that are
instants or days in ISO form are written as dates whatever their unit.
"""

from __future__ import annotations

import re
from calendar import day_name
from datetime import date
from typing import Any, Final

from core.calendar import MONTH_NAMES
from language.format import capital, money, short_day

__all__ = [
    "GRAINS",
    "VERBATIM",
    "axis_text",
    "cell_text",
    "file_cell",
    "file_title",
    "is_currency",
    "label_text",
    "named",
    "tick_text",
    "unit_of_values",
    "value_name",
]

NOTHING: Final = "–"
VERBATIM: Final = "verbatim"
"""Unit of texts that are the shop's own: numbers of orders, names of people and files, addresses."""
_CODE_NAME: Final = "code name"
"""Unit of what programs call channels and the like: "direct", "paid_social"."""
_CODED: Final = frozenset({"channel", "main_channel", "spend_channel", "mention_source", "event_kind"})
"""Dimensions and fields whose values are such names."""
GRAINS: Final = {"day": "Day", "week": "Week from", "month": "Month", "quarter": "Quarter", "year": "Year"}
"""What an axis of time is called, by the length of its steps."""
_COUNTED: Final = frozenset({"customers", "orders", "units", "messages", "rows", "visits", "alerts", "proposals"})
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}.*|\D.*)?)?")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_CODE: Final = re.compile(r"[a-z]+(?:_[a-z]+)+")  # a name as programs write it: paid_social
_ACRONYMS: Final = frozenset({"crm", "cpc", "dm", "ppc", "qr", "sem", "seo", "sms", "tv"})
_STEPS: Final = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


def is_currency(unit: str) -> bool:
    """Whether a unit is a currency code (ISO 4217)."""
    return len(unit) == 3 and unit.isascii() and unit.isupper()


def cell_text(value: Any, unit: str = "") -> str:
    """A value in full: money to the cent, shares with one decimal, days and counts whole, dates without a clock.

    Days are written as the organisation writes them. Of unit `instant` the time is kept; of month, quarter, week, year
    and day a date is that step of time; a text of unit `verbatim` stands as it is; a name of a channel gets a capital
    (see `value_name`).
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(cell_text(one, unit) for one in value) or NOTHING
    if isinstance(value, int | float):
        return _number(float(value), unit)
    if unit == _CODE_NAME:
        return _channel(str(value))
    return str(value) if unit == VERBATIM else _text(str(value), unit)


def unit_of_values(name: str) -> str:
    """The unit of the texts of a dimension or field, for `cell_text`; empty where the shop's own words stand there."""
    return _CODE_NAME if name in _CODED else ""


def value_name(name: str, value: Any) -> str:
    """What a value of the dimension or field `name` is called: "Direct", "Paid social"; a country as it is written."""
    return _channel(str(value)) if name in _CODED else str(value)


def label_text(value: Any, unit: str = "") -> str:
    """A value beside a mark of a chart: as a cell, but money whole from a thousand on."""
    if isinstance(value, int | float) and is_currency(unit):
        return money(float(value), unit)
    return cell_text(value, unit)


def tick_text(value: Any, unit: str) -> str:
    """A step of time along an axis: as a cell, months short."""
    text = cell_text(value, unit)
    return f"{text[:3]} {text[-4:]}" if unit == "month" and text[:1].isalpha() else text


def axis_text(value: float, unit: str = "") -> str:
    """A round value along an axis: "$20k", "40%", "1.5m"."""
    if unit == "share":
        return f"{100 * value:.4g}%"
    scale, letter = next(((s, name) for s, name in _STEPS if abs(value) >= s), (1.0, ""))
    number = f"{abs(value) / scale:,.4g}{letter}"
    if not is_currency(unit):
        return f"-{number}" if value < 0 else number
    return ("-" if value < 0 else "") + money(0.0, unit).replace("0.00", number)


def _channel(text: str) -> str:
    """ "paid_social" as "Paid social", "sms" as "SMS"; names with capitals of their own keep them: "eBay"."""
    spaced = text.replace("_", " ")
    if spaced != spaced.lower():
        return spaced
    return capital(" ".join(word.upper() if word in _ACRONYMS else word for word in spaced.split(" ")))


def named(text: str) -> str:
    """ "paid_social" as "Paid social"; what is no such code as it is."""
    return capital(text.replace("_", " ")) if _CODE.fullmatch(text) else text


def file_title(title: str, unit: str) -> str:
    """The heading of a column of a file: its numbers are plain, so the heading says what they are of."""
    if is_currency(unit):
        return f"{title} ({unit})"
    return f"{title} (%)" if unit == "share" else title


def file_cell(value: Any, unit: str = "") -> Any:
    """A value of a file that a spreadsheet reads: plain numbers, dates as ISO days, shares in percent."""
    if value is None or isinstance(value, bool):
        return None if value is None else cell_text(value)
    if isinstance(value, list | tuple):
        return "; ".join(str(file_cell(one, unit)) for one in value)
    if isinstance(value, int | float):
        return _plain(float(value), unit)
    found = _DATE.fullmatch(str(value))
    return f"{found[1]}-{found[2]}-{found[3]}" if found and unit != "instant" else str(value)


def _plain(value: float, unit: str) -> str:
    if is_currency(unit):
        return f"{value:.2f}"
    if unit == "share":
        return f"{100 * value:.1f}"
    return f"{value:.0f}" if unit == "days" else f"{round(value, 2):.15g}"


def _number(value: float, unit: str) -> str:
    if is_currency(unit) or unit == "money":
        return money(value, unit if unit != "money" else "", cents=True)
    if unit == "share":
        return f"{100 * value:.1f}%"
    if unit == "points":
        return f"{value:,.1f} points"
    if unit == "weekday" and 1 <= value <= len(day_name):
        return day_name[int(value) - 1]
    if unit == "hour":
        return f"{int(value):02d}:00"
    if value.is_integer() or unit == "days" or (unit in _COUNTED and abs(value) >= 10):
        return f"{value:,.0f}".replace("-0", "0") if abs(value) < 1 else f"{value:,.0f}"
    return f"{value:,.1f}" if unit in _COUNTED or unit == "purchase days" else f"{value:,.2f}"


def _text(text: str, unit: str) -> str:
    if month := _MONTH.fullmatch(text):
        return f"{MONTH_NAMES[int(month[2]) - 1]} {month[1]}" if 1 <= int(month[2]) <= 12 else text
    found = _DATE.fullmatch(text)
    on = _day(found) if found else None
    if found is None or on is None:
        return named(text)
    match unit:
        case "year":
            return str(on.year)
        case "quarter":
            return f"Q{(on.month + 2) // 3} {on.year}"
        case "month":
            return f"{MONTH_NAMES[on.month - 1]} {on.year}"
        case "instant" if found[4]:
            return f"{short_day(on)}, {found[4]}"
    return short_day(on)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None  # four digits, two and two that are no day
