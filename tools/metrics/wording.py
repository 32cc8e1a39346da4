"""Figures and headlines in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from language.format import amount, bullets, capital, count, percent, period, spaced
from language.vocabulary import DIMENSIONS
from tools.declaration import answers, compares
from tools.figures import Column
from tools.metrics.headlines import Headline, Headlines, HeadlinesArguments, headlines
from tools.metrics.kept_apart import NOT_COUNTED
from tools.metrics.query import query_metrics
from tools.metrics.rows import head, line, metrics_of
from tools.metrics.sentences import changed, sentences
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
from tools.outcome import Outcome

SHOWN = 5
BUCKETS_SHOWN = 13
BUCKETS_BESIDE = 3  # beside answers of other tools
WHY = r"^\W*(?:and |but )?(?:why|how come|what happened|explain)"
NO_CAUSE = (
    "\n\nThis is what moved together. The data alone do not say why: that takes an experiment with a control group."
)


@answers(query_metrics)
def figures(outcome: Asked) -> str:
    """A single figure, a ranking, or a series."""
    columns, rows = outcome.result.columns, outcome.result.rows
    if not rows:
        return f"There is nothing to show {when(outcome)}{where(outcome)}.{_aside(outcome)}"
    keys = labels(outcome)
    if not keys:
        return _single(outcome, rows[0])
    if outcome.arguments.best_per:
        return _best(outcome)
    by_time = columns[0].name == "time"
    by_figure = outcome.arguments.order_by not in (None, "time") or outcome.arguments.position > 1
    if by_time and len(rows) > 1 and not by_figure:
        return _series(outcome)
    if by_time and len(keys) == 1 and not by_figure:
        return _single(outcome, rows[0])
    return _ranking(outcome)


@compares(query_metrics)
def compared(outcomes: Sequence[Asked]) -> str:
    """Which of several periods is higher, for each metric; no difference is computed: no tool gave one."""
    names = [[column.name for column in outcome.result.columns] for outcome in outcomes]
    if len(outcomes) < 2 or any(own != names[0] for own in names):
        return ""
    if any(len(outcome.result.rows) != 1 for outcome in outcomes) or labels(outcomes[0]):
        return ""
    sentences = []
    for at, name in enumerate(names[0]):
        known: list[tuple[Any, Asked]] = [(outcome.result.rows[0][at], outcome) for outcome in outcomes]
        if all(value is not None for value, _ in known):
            sentences.append(_higher(spaced(name), known))
    return " ".join(sentences)


def _higher(name: str, known: Sequence[tuple[Any, Asked]]) -> str:
    best = max(value for value, _ in known)
    highest = [f"{when(outcome)}{where(outcome)}" for value, outcome in known if value == best]
    if len(highest) == len(known):
        return f"{capital(name)} was the same in each."
    degree = "higher" if len(known) == 2 else "highest"
    return f"**{capital(name)} was {degree} {' and '.join(highest)}.**"


def _single(outcome: Asked, row: list[Any]) -> str:
    metrics = metrics_of(outcome)
    meaning = [meant for column in metrics if (meant := outcome.definition(column.name))]
    told = " ".join(sentences(outcome, row))
    return told + ("" if len(metrics) > 3 else f" {' '.join(meaning)}".rstrip()) + _aside(outcome)


def _ranking(outcome: Asked) -> str:
    columns, rows = outcome.result.columns, outcome.result.rows
    meaning = f" {outcome.definition(first(outcome).name)}".rstrip()
    told = f"{_counted(outcome)}{_change(outcome)}{head(outcome, rows[0])}{meaning}"
    if len(rows) == 1:
        return told + _aside(outcome)
    lines = [line(outcome, row) for row in rows[: BUCKETS_SHOWN if outcome.arguments.having else SHOWN]]
    kind = " and ".join(spaced(columns[at].name) for at in labels(outcome))
    total = outcome.result.total_rows
    more = f"\n\n{count(total)} rows by {kind} in all." if total > len(lines) else ""
    return f"{told}\n\n{bullets(lines)}{more}{_aside(outcome)}"


def _counted(outcome: Asked) -> str:
    """How many rows there are, where that is asked: "**3 countries** have it."""
    dimensions, result = outcome.arguments.dimensions, outcome.result
    if len(dimensions) != 1 or outcome.arguments.grain != "none" or result.truncated:
        return ""
    called = "|".join(DIMENSIONS.get(dimensions[0], (dimensions[0],)))
    which = r"(?: (?:different|distinct|various|of the|of our|our))*"
    match = re.search(rf"(?i)\b(?:how many|number of|count of){which} ({called})\b", outcome.question)
    if match is None:
        return ""
    known = sum(row[0] is not None for row in result.rows)
    return f"**{count(known)} {match[1].lower()}**{where(outcome)} {when(outcome)}. "


def _best(outcome: Asked) -> str:
    """The best of each group: "organic: Desk (€5)"."""
    result, group = outcome.result, outcome.arguments.best_per
    names = [result.columns[at].name for at in labels(outcome)]
    at = names.index(str(group))
    others = " and ".join(
        outcome.arguments.grain if name == "time" else spaced(name) for name in names if name != group
    )
    column, degree = result.columns[lead(outcome)], "highest" if outcome.arguments.descending else "lowest"
    groups: dict[str, list[str]] = {}
    for row in result.rows:
        named = line_labels(outcome, row)
        rest = " / ".join(part for i, part in enumerate(named) if i != at)
        groups.setdefault(named[at], []).append(f"**{rest}** ({_amount(outcome, row, column)})")
    lines = [f"{name}: {', '.join(best)}" for name, best in groups.items()][:BUCKETS_SHOWN]
    many = ""
    if outcome.arguments.best_of > 1:  # "the 3 products with the highest revenue"
        many = f"{count(outcome.arguments.best_of)} "
        left = [name for name in names if name != group]
        others = " and ".join(DIMENSIONS.get(name, (name, f"{outcome.arguments.grain}s"))[1] for name in left)
    each = outcome.arguments.grain if group == "time" else spaced(str(group))
    told = f"The {many}{others} with the {degree} {word(column)} of each {each}{where(outcome)}"
    more = f"\n\n{count(result.total_rows)} in all." if len(groups) > len(lines) or result.truncated else ""
    return f"{told} {when(outcome)}:\n\n{bullets(lines)}{more}{_aside(outcome)}"


def _amount(outcome: Asked, row: Row, column: Column) -> str:
    return said(outcome, row[outcome.result.columns.index(column)], column.unit)


def _series(outcome: Asked) -> str:
    rows, at, grain = outcome.result.rows, lead(outcome), outcome.arguments.grain
    column = outcome.result.columns[at]
    known: list[Row] = [row for row in rows if row[at] is not None]
    if not known:
        return f"{title(column)} is undefined in every period shown."
    high, low = max(known, key=lambda row: row[at]), min(known, key=lambda row: row[at])
    ends = [f"{line_label(outcome, row)} with {said(outcome, row[at], column.unit)}" for row in (high, low)]
    shown = rows[-(BUCKETS_SHOWN if len(outcome.tools) == 1 else BUCKETS_BESIDE) :]
    lines = bullets([line(outcome, row) for row in shown])
    cut = f" The last {grain}s:" if len(rows) > len(shown) else ""
    causes = NO_CAUSE if outcome.asks(WHY) else ""
    total = _change(outcome) or _total(outcome)
    return f"{total}Highest: {ends[0]}; lowest: {ends[1]}.{cut}\n\n{lines}{_aside(outcome)}{causes}"


def _change(outcome: Asked) -> str:
    """How the whole has changed, where rows are compared."""
    column = first(outcome)
    if f"{column.name}_before" not in outcome.result.totals:
        return ""
    return f"{changed(outcome, column, outcome.result.totals)} "


def _total(outcome: Asked) -> str:
    column = first(outcome)
    total = outcome.result.totals.get(column.name)
    if total is None:
        return ""
    over = (
        "in all" if column.unit not in ("share", "ratio") and "average" not in column.name else "over the whole period"
    )
    whole = f"**{said(outcome, total, column.unit)}** {of(column)}{word(column)}"
    return f"{whole}{where(outcome)} {when(outcome)} {over}. "


def _aside(outcome: Asked) -> str:
    """What is particular: rows chosen, products or currencies left out, data that cover only part of a period."""
    starts = ("Only rows with", "Left out of rankings", NOT_COUNTED, "The data cover only part")
    said_of = (outcome.said(start) for start in starts)
    return "".join(f"\n\n{told.strip()}" for told in said_of if told)


@answers(headlines)
def headline_figures(outcome: Outcome[HeadlinesArguments, Headlines]) -> str:
    """Each figure with its change."""
    result = outcome.result
    lines = [_headline(line, outcome.currency) for line in result.headlines]
    days = count(result.days)
    lead = f"**The last {days} days**, {period(result.start, result.end)}, against the {days} days before:"
    return f"{lead}\n\n{bullets(lines)}"


def _headline(line: Headline, currency: str) -> str:
    figure = f"**{line.title}: {amount(line.now, line.unit, currency)}**"
    if line.change is None:
        return f"{figure} (nothing to compare with)"
    way = "up" if line.change > 0 else "down"
    how = f"{way} {percent(abs(line.change))}" if abs(line.change) >= 0.0005 else "unchanged"
    return f"{figure}, {how} (before: {amount(line.before, line.unit, currency)})"
