"""Lift tests as a file has them: a header and a row each; every row that cannot be read is named with what is wrong."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from core.errors import FixArguments

__all__ = ["SE_OF_INTERVAL", "Around", "LiftRows", "has_lift_tests", "read_lift_rows"]

NAMES = {
    "channel": ("channel",),
    "started_on": ("from", "start", "started_on", "period_start", "start_date"),
    "measured_on": ("to", "end", "until", "measured_on", "period_end", "end_date"),
    "spend": ("spend", "spend_before"),
    "change": ("spend_change", "change", "delta_spend", "change_of_spend"),
    "lift": ("lift", "sales_change", "delta_sales", "change_of_sales"),
    "error": ("error", "standard_error", "se", "std_error"),
    "low": ("low", "lift_low", "ci_low", "lower"),
    "high": ("high", "lift_high", "ci_high", "upper"),
    "note": ("note", "name", "test", "comment"),
}
NEEDED = ("channel", "started_on", "measured_on", "change", "lift")
NUMBERS = ("spend", "change", "lift", "error", "low", "high")
HEADER = "channel,from,to,spend_change,lift,error"
MOST_ROWS, MOST_NAMED = 1_000, 20
LARGEST, LEAST_ERROR = 1e12, 1e-4
SE_OF_INTERVAL = 1.96
LONGEST_NOTE = 500

SpendBefore = Callable[[str, date], float | None]
"""What was spent a week on a channel before a day; None where nobody knows."""


@dataclass(slots=True)
class LiftRows:
    """The rows of a file, money a week; whether it says what was spent before; the columns that were not read."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    with_spend: bool = False
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are checked against: the channels there are, the last day that may be, and what was spent before."""

    channels: Sequence[str]
    today: date
    spend_before: SpendBefore
    per: Literal["week", "period"]


def has_lift_tests(header: str) -> bool:
    """Whether the first line of a file names what lift tests have: a channel, a lift, and how sure it is."""
    known = {name for cell in next(csv.reader([header], delimiter=_delimiter(header)), []) if (name := _field(cell))}
    return {"channel", "lift", "change"} <= known and bool({"error", "low"} & known)


def read_lift_rows(content: str, around: Around) -> LiftRows:
    """All rows of a file.

    Errors: FixArguments where the header lacks or doubles a column, where there are no or too many rows, or with
    every row that cannot be read, by its line.
    """
    lines = content.lstrip("\ufeff").strip().splitlines()
    if len(lines) < 2:
        raise FixArguments(f"There is no row of a lift test: the file begins with “{HEADER}”, then a row each.")
    if len(lines) - 1 > MOST_ROWS:
        raise FixArguments(f"{len(lines) - 1:,} rows are too many lift tests; give at most {MOST_ROWS:,}.")
    table = _cells(lines)
    names = [_field(cell) for cell in table[0]]
    _check_header(table[0], names)
    found = LiftRows(
        with_spend="spend" in names, ignored=[cell for cell, name in zip(table[0], names, strict=True) if name is None]
    )
    problems: list[str] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _row(names, cells, around)
            key = (row["channel"], row["started_on"], row["measured_on"])
            if key in seen:
                raise FixArguments(f"repeats row {seen[key]}: one test of a channel and period")
        except FixArguments as problem:
            problems.append(f"Row {line}: {problem.message.rstrip('.')}.")
            continue
        seen[key] = line
        found.rows.append(row)
    if problems:
        raise FixArguments(_said(problems), field="content")
    return found


def _cells(lines: Sequence[str]) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=_delimiter(lines[0])))
    except csv.Error as error:
        raise FixArguments(f"This is no CSV file ({error}); is a quote left open?", field="content") from None


def _said(problems: Sequence[str]) -> str:
    more = f" And {len(problems) - MOST_NAMED} more rows." if len(problems) > MOST_NAMED else ""
    return f"Nothing was kept. {' '.join(problems[:MOST_NAMED])}{more}"


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _field(cell: str) -> str | None:
    """The field that a column's title names."""
    title = re.sub(r"[^a-z0-9]+", "_", cell.strip().lower()).strip("_")
    return next((name for name, titles in NAMES.items() if title in titles), None)


def _check_header(header: Sequence[str], names: Sequence[str | None]) -> None:
    lacking = [NAMES[name][0] for name in NEEDED if name not in names]
    if "error" not in names and not {"low", "high"} <= set(names):
        lacking.append("error (or low and high, the 95% interval of lift)")
    if lacking:
        raise FixArguments(
            f"The header lacks {', '.join(lacking)}; it is “{', '.join(header)}”. Needed: “{HEADER}”.", field="content"
        )
    doubled = sorted({name for name in names if name is not None and names.count(name) > 1})
    if doubled:
        raise FixArguments(f"The header names {', '.join(doubled)} more than once.", field="content")


def _row(names: Sequence[str | None], cells: Sequence[str], around: Around) -> dict[str, Any]:
    """One row, money a week; FixArguments says what is wrong with it, without the row's number."""
    if len(cells) != len(names):
        raise FixArguments(f"has {len(cells)} cells, the header {len(names)}; put cells that hold the mark in quotes")
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name is not None}
    if given["channel"] not in around.channels:
        raise FixArguments(f"no spend is known of a channel “{given['channel']}”.", valid=list(around.channels))
    start, end = _day(given["started_on"]), _day(given["measured_on"])
    if end < start:
        raise FixArguments(f"its period ends on {end}, before it starts on {start}")
    if end > around.today:
        raise FixArguments(f"its period ends on {end}, which is still to come")
    values = {name: _number(given[name], name) for name in NUMBERS if given.get(name)}
    weeks = ((end - start) + timedelta(days=1)) / timedelta(weeks=1) if around.per == "period" else 1.0
    error = _error(values) / weeks
    change, lift = (_needed(values, name) / weeks for name in ("change", "lift"))
    spend = values["spend"] / weeks if "spend" in values else around.spend_before(given["channel"], start)
    _check(spend, change, error, given["channel"], start)
    return {
        "channel": given["channel"], "started_on": start, "measured_on": end, "spend": spend, "change": change,
        "lift": lift, "error": error, "note": given.get("note", "")[:LONGEST_NOTE] or None,
    }  # fmt: skip


def _check(spend: float | None, change: float, error: float, channel: str, start: date) -> None:
    if spend is None:
        raise FixArguments(f"what was spent a week on {channel} before {start} is not known; give a column “spend”")
    if spend < 0:
        raise FixArguments(f"spend is {spend:g}; it is 0 or more")
    if change == 0 or spend + change < 0:
        raise FixArguments(
            f"spend was {spend:,.2f} a week and changed by {change:,.2f}: the change is other than 0 and at least "
            f"{-spend:,.2f} (switched off)"
        )
    if error < LEAST_ERROR:
        raise FixArguments(f"error is {error:g}; a standard error is above 0")


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise FixArguments(f"“{said}” is no date; write it as 2025-03-31") from None


def _number(said: str, name: str) -> float:
    try:
        value = float(said) if re.fullmatch(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?\.?", said) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FixArguments(f"{NAMES[name][0]} is “{said}”, which is no number; write it as 1234.50")
    if abs(value) > LARGEST:
        raise FixArguments(f"{NAMES[name][0]} is “{said}”, which is too large")
    return value


def _needed(values: Mapping[str, float], name: str) -> float:
    if name not in values:
        raise FixArguments(f"{NAMES[name][0]} is empty")
    return values[name]


def _error(values: Mapping[str, float]) -> float:
    """The standard error, from the 95% interval where that is given."""
    if "error" in values:
        return values["error"]
    if "low" not in values or "high" not in values:
        raise FixArguments("error is empty, and so are low and high")
    if not values["low"] < values["high"]:
        raise FixArguments(f"low is {values['low']:g} and high {values['high']:g}; low lies below high")
    return (values["high"] - values["low"]) / (2 * SE_OF_INTERVAL)
