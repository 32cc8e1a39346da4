"""A single figure in a sentence: what it is, its share, its change, its average over buckets, one over another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from language.format import UNCHANGED, capital, count, day, percent, period
from tools.figures import Column
from tools.metrics.shape import Asked, before, conditions, labels, of, place, said, title, when, where, word

__all__ = ["RATIOS", "changed", "figure", "figure_words", "sentences"]

RATIOS = ("share", "ratio", "points")
_OF_BUCKETS = {"median": "The median", "max": "The highest", "min": "The lowest"}


def sentences(outcome: Asked, row: list[Any]) -> list[str]:
    """One row as sentences, what was asked for first."""
    asked, at = outcome.arguments, len(labels(outcome))
    metrics = outcome.result.columns[at : at + len(dict.fromkeys(asked.metrics))]
    if asked.ratio and (found := place(outcome, f"{metrics[0].name}_per_{metrics[-1].name}")) is not None:
        return [_compared_or(outcome, found, row, _ratio(outcome, found, row))]
    told = []
    for column in metrics:
        own = place(outcome, column.name) or 0
        average = place(outcome, f"{column.name}_per_{asked.per}")
        share = place(outcome, f"{column.name}_share")
        if average is not None:
            told.append(_compared_or(outcome, average, row, _average(outcome, column, average, row)))
        elif share is not None:
            told += [_share(outcome, column, share, row)]
            told += [changed(outcome, outcome.result.columns[share], row)] if asked.compare_start else []
        else:
            told.append(_compared_or(outcome, own, row, figure(outcome, column, row[own])))
    return told


def figure(outcome: Asked, column: Column, value: Any) -> str:
    """ "**€5.00** of revenue (Germany) in 2024."""
    name, at, among = word(column), when(outcome), where(outcome)
    if value is None:
        return f"{capital(name)}{among} is undefined {at}: there was nothing to divide by."
    buyers = " with orders" if column.name == "customers" else ""  # there may be others, who never bought
    return f"{figure_words(outcome, column, value)}{buyers}{among} {at}{_than_before(outcome, column, value)}."


def _than_before(outcome: Asked, column: Column, value: Any) -> str:
    """ ", 8.4% more than in April 2024 (€4)": a figure that stands alone, against the period before."""
    previous = outcome.result.previous
    was = previous.values.get(column.name) if previous else None
    if previous is None or was is None or outcome.tools.count("query_metrics") > 1:
        return ""  # several periods are told side by side
    shown, when = said(outcome, was, column.unit), period(previous.start, previous.end)
    growth = previous.growth.get(column.name)
    running = f"; {day(previous.running)} is not over yet" if previous.running else ""
    if value == was or (growth is not None and abs(growth) < UNCHANGED):
        return f", as much as {when}{running}"
    if growth is None:
        return f", {'up' if value > was else 'down'} from {shown} {when}{running}"
    return f", {percent(abs(growth))} {'more' if growth > 0 else 'less'} than {when} ({shown}){running}"


def figure_words(outcome: Asked, column: Column, value: Any) -> str:
    """ "**€5.00** of revenue", "**5 orders**"."""
    shown, name = said(outcome, value, column.unit), word(column)
    if column.unit in ("money", *RATIOS):
        return f"**{shown}** {of(column)}{name}"
    one = re.sub(r"(?<=\w{3})s\b", "", name, count=1) if value == 1 else name  # "1 order", "1 product sold"
    return f"**{shown} {one}**"


def changed(outcome: Asked, column: Column, row: list[Any] | Mapping[str, Any]) -> str:
    """ "Revenue grew by **20.8%** in 2024: €5 against €4 in 2023."; of rows, or of the totals by name."""
    result = outcome.result
    if isinstance(row, Mapping):
        now, (was, change, growth) = row.get(column.name), _of_totals(row, column.name)
    else:
        now, (was, change, growth) = row[place(outcome, column.name) or 0], before(outcome, column.name, row)
    name, among = title(column), where(outcome)
    earlier = period(result.compare_start, result.compare_end) if result.compare_start and result.compare_end else ""
    if now is None or was is None:
        known = said(outcome, now if now is not None else was, column.unit)
        which, other = (when(outcome), earlier) if now is not None else (earlier, when(outcome))
        return f"{name}{among} was **{known}** {which}; there is nothing to compare it with {other}."
    against = f"{said(outcome, now, column.unit)} against {said(outcome, was, column.unit)} {earlier}"
    if not change:
        return f"{name}{among} did not change {when(outcome)}: {against}."
    way = "grew" if change > 0 else "fell"
    if column.unit == "share":
        by = said(outcome, abs(change), "points")
    elif growth is None:
        by = said(outcome, abs(change), column.unit)
    else:
        by = percent(abs(growth))
        against += f", a difference of **{said(outcome, abs(change), column.unit)}**"
    return f"{name}{among} {way} by **{by}** {when(outcome)}: {against}."


def _of_totals(totals: Mapping[str, Any], name: str) -> tuple[Any, Any, Any]:
    return totals.get(f"{name}_before"), totals.get(f"{name}_change"), totals.get(f"{name}_growth")


def _compared_or(outcome: Asked, at: int, row: list[Any], otherwise: str) -> str:
    """The change, where a comparison was asked for."""
    column = outcome.result.columns[at]
    compared = place(outcome, f"{column.name}_before") is not None
    return changed(outcome, column, row) if compared else otherwise


def _share(outcome: Asked, column: Column, at: int, row: list[Any]) -> str:
    value, share = row[place(outcome, column.name) or 0], row[at]
    whole = outcome.result.wholes.get(column.name)
    name, among = word(column), ", ".join(conditions(outcome))
    within = [c for c, f in zip(conditions(outcome), outcome.arguments.filters, strict=False)
              if f.dimension in outcome.arguments.share_within]  # fmt: skip
    part = ", ".join(c for c in conditions(outcome) if c not in within) or among
    of_whole = f" ({', '.join(within)})" if within else ""
    if share is None:
        return f"There is no share: {name}{of_whole} {when(outcome)} is {said(outcome, whole, column.unit)}."
    result = outcome.result
    days = period(result.whole_start, result.whole_end) if result.whole_start and result.whole_end else ""
    if days and part:
        part = f"{part} {when(outcome)}"
    of_days, part = (days, part or _bare(when(outcome))) if days else (when(outcome), part)
    comes = "comes" if column.unit == "money" else "come"
    figures = f"{said(outcome, value, column.unit)} of {said(outcome, whole, column.unit)}"
    return f"**{percent(share)}** of {name}{of_whole} {of_days} {comes} from {part}: {figures}."


def _bare(when: str) -> str:
    """ "in May 2011" as a part of a whole."""
    return when.removeprefix("in ").removeprefix("on ").removeprefix("from ")


def _average(outcome: Asked, column: Column, at: int, row: list[Any]) -> str:
    asked, name = outcome.arguments, word(column)
    value, whole = row[at], row[place(outcome, column.name) or 0]
    among, buckets = where(outcome), outcome.result.buckets
    over = f" ({count(buckets)} {asked.per}{'' if buckets == 1 else 's'})" if buckets else ""
    over = f" ({asked.per}s with {'any' if asked.filters else 'trade'} alone)" if asked.only_active else over
    shown = said(outcome, value, column.unit)
    if value is None:
        return figure(outcome, column, None)
    told = f"**{shown}** {of(column)}{name}" if column.unit in ("money", *RATIOS) else f"**{shown} {name}**"
    if asked.statistic in _OF_BUCKETS:
        return f"{_OF_BUCKETS[asked.statistic]} {asked.per} had {told}{among} {when(outcome)}{over}."
    in_all = (
        f", {said(outcome, whole, column.unit)} in all" if of(column) or column.unit not in ("money", *RATIOS) else ""
    )
    return f"{told} per {asked.per} on average{among} {when(outcome)}{over}{in_all}."


def _ratio(outcome: Asked, at: int, row: list[Any]) -> str:
    column = outcome.result.columns[at]
    start = len(labels(outcome))
    top, bottom = outcome.result.columns[start : start + 2]
    upper, under = row[place(outcome, top.name) or 0], row[place(outcome, bottom.name) or 0]
    among, value = where(outcome), row[at]
    figures = f"{said(outcome, upper, top.unit)} {of(top)}{word(top)}"
    figures += f", {said(outcome, under, bottom.unit)} {of(bottom)}{word(bottom)}"
    if value is None:
        return f"{title(column)}{among} is undefined {when(outcome)}: {figures}."
    if column.unit == "share":
        return f"{title(top)}{among} are **{percent(value)}** of {word(bottom)} {when(outcome)}: {figures}."
    if (top.unit, bottom.unit) == ("money", "money") and 0 <= value < 1:
        return f"{title(top)}{among} came to **{percent(value)}** of {word(bottom)} {when(outcome)}: {figures}."
    return f"**{said(outcome, value, column.unit)}** {of(top)}{word(column)}{among} {when(outcome)}: {figures}."
