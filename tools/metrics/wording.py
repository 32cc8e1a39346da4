"""Figures and headlines in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from language.format import UNCHANGED, amount, capital, count, day, moved, percent, period, points, spaced
from language.vocabulary import DIMENSIONS
from tools.audience.fields import word_of
from tools.declaration import answers, compares
from tools.figures import Column
from tools.metrics.definitions import CUT
from tools.metrics.headlines import Headline, Headlines, HeadlinesArguments, headlines
from tools.metrics.kept_apart import NOT_COUNTED
from tools.metrics.query import query_metrics
from tools.metrics.rows import head, line
from tools.metrics.sentences import sentences
from tools.metrics.series import change_of_whole, series
from tools.metrics.shape import (
    Asked,
    Row,
    labels,
    lead,
    line_label,
    line_labels,
    lower,
    said,
    when,
    where,
    word,
)
from tools.metrics.whole_buckets import LOWEST
from tools.outcome import Outcome

FOLLOWING = 3  # rows named in the sentence; the table has them all
WHY = r"^\W*(?:and |but )?(?:why|how come|what happened|explain)"
NO_CAUSE = (
    "\n\nThis is what moved together. The data alone do not say why: that takes an experiment with a control group."
)


_ALIKE: Final = 5  # times as long as the other, at most, are periods that are set against each other


@answers(query_metrics)
def figures(outcome: Asked) -> str:
    """A single figure, a ranking, or a series."""
    columns, rows = outcome.result.columns, outcome.result.rows
    if not rows and outcome.arguments.having and outcome.arguments.grain != "none":
        return f"**No {outcome.arguments.grain}** {when(outcome)}{where(outcome)} meets that.{_aside(outcome)}"
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
        return series(outcome) + _aside(outcome) + (NO_CAUSE if outcome.asks(WHY) else "")
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
    lengths = [length for outcome in outcomes if (length := _days(outcome))]
    if lengths and max(lengths) > _ALIKE * min(lengths):
        return ""  # of a day and of a month nobody asks which is higher
    sentences = []
    for at, name in enumerate(names[0]):
        known: list[tuple[Any, Asked]] = [(outcome.result.rows[0][at], outcome) for outcome in outcomes]
        if all(value is not None for value, _ in known):
            sentences.append(_higher(spaced(name), known))
    return " ".join(sentences)


def _days(outcome: Asked) -> int:
    """How many days the figure is of; 0 where its period is open."""
    start, end = outcome.arguments.start, outcome.arguments.end
    return (end - start).days + 1 if start and end else 0


def _higher(name: str, known: Sequence[tuple[Any, Asked]]) -> str:
    best = max(value for value, _ in known)
    highest = [f"{when(outcome)}{where(outcome)}" for value, outcome in known if value == best]
    if len(highest) == len(known):
        return f"{capital(name)} was the same in each."
    degree = "higher" if len(known) == 2 else "highest"
    return f"**{capital(name)} was {degree} {' and '.join(highest)}.**"


def _single(outcome: Asked, row: list[Any]) -> str:
    return " ".join(sentences(outcome, row)) + _aside(outcome)


def _ranking(outcome: Asked) -> str:
    """What is first, how much of the whole that is, and the two or three that follow; all of them are in the table."""
    rows = outcome.result.rows
    placed = _placed(outcome)
    told = f"{placed}{_counted(outcome)}{change_of_whole(outcome)}{head(outcome, rows[0])}"
    if len(rows) == 1:
        return told + _aside(outcome)
    total = outcome.result.total_rows
    told_of = total if total <= FOLLOWING + 1 else FOLLOWING  # one that is left is named, too
    following = "; ".join(line(outcome, row) for row in rows[1:told_of])
    more = f" {count(total)} {_kinds(outcome, total)} in all." if total > told_of else ""
    return f"{told} Then {following}.{more}{_aside(outcome)}"


def _placed(outcome: Asked) -> str:
    """Where one of the rows stands, when that is asked: "**Belgium** is number 6 of 37 countries: **€5.00**."""
    asked, result = outcome.arguments, outcome.result
    if not asked.place_of:
        return ""
    rows = f"{count(result.total_rows)} {_kinds(outcome, result.total_rows)}"
    if result.place is None:
        among = f"first {count(len(result.rows))} of {rows}" if result.truncated else rows
        return f"**{asked.place_of}** is not among the {among}. "
    row = result.rows[result.place - asked.position]
    column, end = result.columns[lead(outcome)], "highest" if asked.descending else "lowest"
    shown = said(outcome, row[lead(outcome)], column.unit)
    place = f"number **{result.place}** of {rows} by {word(column)}"
    return f"**{line_label(outcome, row)}** is {place}{where(outcome)} {when(outcome)}, the {end} first: **{shown}**. "


_ONE_AND_MANY = {"order": ("order", "orders"), "customer": ("customer", "customers")}


def _kinds(outcome: Asked, many: int) -> str:
    """What the rows are: "countries", "combinations of country and product"."""
    names = [outcome.result.columns[at].name for at in labels(outcome)]
    if len(names) > 1:
        return f"combinations of {' and '.join(map(word_of, names))}"
    forms = _ONE_AND_MANY.get(names[0]) or DIMENSIONS.get(names[0], (word_of(names[0]),))
    return forms[1] if many != 1 and len(forms) > 1 else forms[0] if len(forms) > 1 else "rows"


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
    lines = [f"{name}: {', '.join(best)}" for name, best in groups.items()][:FOLLOWING]
    many = ""
    if outcome.arguments.best_of > 1:  # "the 3 products with the highest revenue"
        many = f"{count(outcome.arguments.best_of)} "
        left = [name for name in names if name != group]
        others = " and ".join(DIMENSIONS.get(name, (name, f"{outcome.arguments.grain}s"))[1] for name in left)
    each = outcome.arguments.grain if group == "time" else spaced(str(group))
    told = f"The {many}{others} with the {degree} {word(column)} of each {each}{where(outcome)}"
    more = f" The table has all {count(len(groups))}." if len(groups) > len(lines) else ""
    return f"{told} {when(outcome)}: {'; '.join(lines)}.{more}{_aside(outcome)}"


def _amount(outcome: Asked, row: Row, column: Column) -> str:
    return said(outcome, row[outcome.result.columns.index(column)], column.unit)


def _aside(outcome: Asked) -> str:
    """What is particular: rows chosen, products or currencies left out, data that cover only part of a period."""
    starts = ("Only rows with", "Left out of rankings", LOWEST, NOT_COUNTED, CUT)
    said_of = (outcome.said(start).strip() for start in starts)
    return "".join(f"\n\n{_ISO_DAY.sub(lambda on: day(on[0]), told)}" for told in said_of if told)


_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")  # of definitions, which programs read too


@answers(headlines)
def headline_figures(outcome: Outcome[HeadlinesArguments, Headlines]) -> str:
    """How the first figure moved, in a sentence, and the others with theirs."""
    result, currency = outcome.result, outcome.currency
    first, *others = result.headlines
    days = f"the last {count(result.days)} days"
    when = f"{period(result.start, result.end)}, against the {count(result.days)} days before"
    lead = f"**{first.title}: {_moved(first, currency)} in {days}** ({when})."
    beside = f" Also: {', '.join(_beside(line, currency) for line in others)}." if others else ""
    return f"{lead}{beside}{outcome.said(CUT)}{outcome.said(NOT_COUNTED)}"


def _moved(line: Headline, currency: str) -> str:
    value = amount(line.now, line.unit, currency)
    if line.change is None:
        return f"{value}, with nothing to compare it with"
    if abs(line.change) < UNCHANGED:
        return f"{value}, unchanged"
    way, before = "up" if line.change > 0 else "down", amount(line.before, line.unit, currency)
    by = points(abs(line.change)).removeprefix("+") if line.unit == "share" else percent(abs(line.change))
    return f"{value}, {way} {by} from {before}"


def _beside(line: Headline, currency: str) -> str:
    change = f" ({how})" if (how := moved(line.change, line.unit)) else ""
    return f"{lower(line.title)} {amount(line.now, line.unit, currency)}{change}"
