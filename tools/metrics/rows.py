"""Rows of an answer in words: which is first, and a line for each."""

from __future__ import annotations

from database.semantic.metrics import METRICS
from language.format import ordinal, percent
from tools.figures import Column
from tools.metrics.shape import PLURAL, Asked, Row, before, labels, lead, line_label, place, said, when, where, word

__all__ = ["head", "line", "metrics_of"]


def metrics_of(outcome: Asked) -> list[Column]:
    """The columns of the metrics themselves."""
    at = len(labels(outcome))
    return outcome.result.columns[at : at + max(1, len(dict.fromkeys(outcome.arguments.metrics)))]


def head(outcome: Asked, row: Row) -> str:
    """The first row: "**Spain** has the highest revenue in 2024: **€5.00**."""
    at = lead(outcome)
    column = outcome.result.columns[at]
    is_metric = at < len(labels(outcome)) + len(metrics_of(outcome))
    counted = is_metric and column.name in METRICS and METRICS[column.name].is_count
    degree = _superlative(column.unit if counted else "", not outcome.arguments.descending)
    best, label = said(outcome, row[at], column.unit), line_label(outcome, row)
    has = "have" if label in PLURAL else "has"
    nth = f"{ordinal(outcome.arguments.position)} " if outcome.arguments.position > 1 else ""
    told = f"**{label}** {has} the {nth}{degree} {word(column)}{where(outcome)} {when(outcome)}: **{best}**"
    return f"{told}{_of_all(outcome, column)}."


def _of_all(outcome: Asked, column: Column) -> str:
    """How much of the whole the first row is, where it is the figure itself that was ranked."""
    part = outcome.result.first_share
    is_first = column.name == metrics_of(outcome)[0].name and not outcome.arguments.share
    return f", {percent(part)} of all" if part is not None and is_first else ""


def line(outcome: Asked, row: Row) -> str:
    """A row: "Spain: €5.00 (23.4%)"; several metrics by name."""
    label, metrics = line_label(outcome, row), metrics_of(outcome)
    if outcome.arguments.ratio and len(metrics) == 2:
        column = outcome.result.columns[lead(outcome)]
        parts = [f"{word(m)} {said(outcome, row[place(outcome, m.name) or 0], m.unit)}" for m in metrics]
        return f"{label}: {said(outcome, row[lead(outcome)], column.unit)} ({', '.join(parts)})"
    if len(metrics) == 1:
        return f"{label}: {_figure(outcome, metrics[0], row)}"
    told = [f"{word(m)} {_figure(outcome, m, row, cents=False)}" for m in metrics]
    return f"{label}: {', '.join(told)}"


def _figure(outcome: Asked, column: Column, row: Row, *, cents: bool = True) -> str:
    """A metric in a row with what was asked for beside it, in brackets."""
    value = said(outcome, row[place(outcome, column.name) or 0], column.unit, cents=cents)
    beside = _beside(outcome, column, row)
    average = place(outcome, f"{column.name}_per_{outcome.arguments.per}")
    if average is not None:
        shown = said(outcome, row[average], column.unit, cents=cents)
        value, beside = f"{shown} per {outcome.arguments.per}", [f"{value} in all", *beside]
    return f"{value} ({', '.join(beside)})" if beside else value


def _beside(outcome: Asked, column: Column, row: Row) -> list[str]:
    told = []
    share = place(outcome, f"{column.name}_share")
    if share is not None and row[share] is not None:
        told.append(percent(row[share]))
    was, change, growth = before(outcome, column.name, row)
    if was is not None:
        sign = "+" if (change or 0) > 0 else "-" if (change or 0) < 0 else ""
        if growth is not None:
            told.append(f"{sign}{percent(abs(growth))}")
        elif change:
            told.append(f"{sign}{said(outcome, abs(change), 'points' if column.unit == 'share' else column.unit)}")
        told.append(f"before {said(outcome, was, column.unit)}")
    running = place(outcome, f"{column.name}_running")
    if running is not None:
        told.append(f"{said(outcome, row[running], column.unit)} so far")
    return told


def _superlative(unit: str, ascending: bool) -> str:
    if unit in ("", "money", "share", "ratio", "days"):
        return "lowest" if ascending else "highest"
    return "fewest" if ascending else "most"
