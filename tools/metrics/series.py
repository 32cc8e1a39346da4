"""Figures over time in words: where the last whole bucket stands, the highest and the lowest, what is not whole."""

from __future__ import annotations

from datetime import date

from language.format import UNCHANGED, capital, count, day, percent
from tools.metrics.sentences import changed, figure_words
from tools.metrics.shape import (
    Asked,
    Row,
    first,
    labels,
    lead,
    line_label,
    line_labels,
    of,
    said,
    title,
    when,
    where,
    word,
)

__all__ = ["change_of_whole", "series"]

ENDS = 3  # whole buckets from which there is a highest and a lowest


def series(outcome: Asked) -> str:
    """A figure by time. Buckets covered only in part are named, and are neither highest nor lowest."""
    at = lead(outcome)
    column = outcome.result.columns[at]
    known: list[Row] = [row for row in outcome.result.rows if row[at] is not None]
    if not known:
        return f"{title(column)} is undefined in every period shown."
    cut = {day.isoformat() for day in outcome.result.partial}
    whole = [row for row in known if row[0] not in cut]
    if outcome.arguments.having:
        return f"{_kept(outcome)} {_ends(outcome, known)}".strip()
    latest, total = _latest(outcome, whole), change_of_whole(outcome) or _total(outcome)
    parts = [total, latest] if outcome.arguments.start or not latest else [latest, total]
    parts += [_ends(outcome, whole or known), _unfinished(outcome, [row for row in known if row[0] in cut])]
    return " ".join(part for part in parts if part)


def _kept(outcome: Asked) -> str:
    """How many time buckets meet the condition on their figure."""
    number, grain = outcome.result.total_rows, outcome.arguments.grain
    return (
        f"**{count(number)} {grain}** {when(outcome)} meets that."
        if number == 1
        else (f"**{count(number)} {grain}s** {when(outcome)} meet that.")
    )


def change_of_whole(outcome: Asked) -> str:
    """How the whole has changed, where rows are compared; empty elsewhere."""
    column = first(outcome)
    if f"{column.name}_before" not in outcome.result.totals:
        return ""
    return f"{changed(outcome, column, outcome.result.totals)} "


def _latest(outcome: Asked, whole: list[Row]) -> str:
    """ "**€5 of revenue** in May 2024, 12.5% more than in April 2024 (€4)"."""
    result, at = outcome.result, lead(outcome)
    if len(labels(outcome)) > 1 or len(whole) < 2 or result.truncated or result.compare_start:
        return ""
    (before, last), column = sorted(whole, key=lambda row: str(row[0]))[-2:], result.columns[at]
    now, was = (said(outcome, row[at], column.unit) for row in (last, before))
    told = f"{figure_words(outcome, column, last[at])}{where(outcome)}"
    than = _in(outcome, before)
    growth = result.latest_growth if column == first(outcome) else None
    if growth is None:
        way = "as" if last[at] == before[at] else "up from" if last[at] > before[at] else "down from"
        compared = f"the same {than} before" if way == "as" and now == was else f"{way} {was} {than}"
        return f"{told} {_in(outcome, last)}, {compared}."
    if abs(growth) < UNCHANGED:
        return f"{told} {_in(outcome, last)}, as much as {than}."
    return (
        f"{told} {_in(outcome, last)}, {percent(abs(growth))} {'more' if growth > 0 else 'less'} than {than} ({was})."
    )


def _ends(outcome: Asked, rows: list[Row]) -> str:
    """The highest and the lowest."""
    at = lead(outcome)
    if len(rows) < (ENDS if len(labels(outcome)) == 1 else 2):
        return ""
    high, low = max(rows, key=lambda row: row[at]), min(rows, key=lambda row: row[at])
    unit = outcome.result.columns[at].unit
    ends = [f"{line_label(outcome, row)} with {said(outcome, row[at], unit)}" for row in (high, low)]
    return f"Highest: {ends[0]}; lowest: {ends[1]}."


def _unfinished(outcome: Asked, rows: list[Row]) -> str:
    """The buckets that are not whole, and are left out: one that is not over yet, one that the data or period cut."""
    if not rows:
        return ""
    at, unit = lead(outcome), outcome.result.columns[lead(outcome)].unit
    several = len(labels(outcome)) > 1
    first_rows = list({str(row[0]): row for row in reversed(rows)}.values())[::-1] if several else rows
    parts = []
    for row in first_rows:
        state = "is not over yet" if _runs(outcome, row) else "is covered only in part"
        so_far = "" if several else f" ({said(outcome, row[at], unit)}{' so far' if _runs(outcome, row) else ''})"
        parts.append(f"{line_labels(outcome, row)[0]}{so_far} {state}")
    return f"{capital(' and '.join(parts))}: left out of this."


def _runs(outcome: Asked, row: Row) -> bool:
    """Whether it is the last bucket, and ends after the data."""
    until = outcome.result.evidence.data_until
    is_last = str(row[0]) == max(str(each[0]) for each in outcome.result.rows)
    return is_last and until is not None and outcome.result.end >= until


def _in(outcome: Asked, row: Row) -> str:
    """ "in May 2024", "in the week of 6 May 2024", "on 6 May 2024"."""
    label = line_label(outcome, row)
    match outcome.arguments.grain:
        case "day":
            return f"on {day(date.fromisoformat(str(row[0])))}"
        case "week":
            return f"in the {label}"
    return f"in {label}"


def _total(outcome: Asked) -> str:
    column = first(outcome)
    total = outcome.result.totals.get(column.name)
    if total is None:
        return ""
    adds = column.unit not in ("share", "ratio") and "average" not in column.name
    whole = f"**{said(outcome, total, column.unit)}** {of(column)}{word(column)}{where(outcome)}"
    return f"{whole} {when(outcome)} {'in all' if adds else 'over the whole period'}."
