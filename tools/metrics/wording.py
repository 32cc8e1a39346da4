"""Figures and headlines in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from language.format import amount, bullets, capital, count, day, month, percent, period, spaced
from tools.declaration import answers, compares
from tools.figures import Column
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.headlines import Headline, Headlines, HeadlinesArguments, headlines
from tools.metrics.query import QueryMetrics, query_metrics
from tools.outcome import Outcome

Asked = Outcome[QueryMetricsArguments, QueryMetrics]
Row = Sequence[Any]

SHOWN = 5
BUCKETS_SHOWN = 13
BUCKETS_BESIDE = 3  # beside answers of other tools
SUMS = {"revenue", "gross_sales", "refunds", "discounts", "spend", "channel_revenue"}
RATIOS = ("share", "ratio")
BESIDE = {"eq": "", "in": "", "ne": "outside ", "not_in": "outside ", "contains": "containing "}
WHY = r"^\W*(?:and |but )?(?:why|how come|what happened|explain)"
NO_CAUSE = (
    "\n\nThis is what moved together. The data alone do not say why: that takes an experiment with a control group."
)


@answers(query_metrics)
def figures(outcome: Asked) -> str:
    """A single figure, a ranking, or a series."""
    columns, rows = outcome.result.columns, outcome.result.rows
    if not rows:
        return f"There is nothing to show {_when(outcome)}{_where(outcome)}."
    labels = _labels(columns)
    if not labels:
        return _single(outcome, columns, rows[0])
    by_time = columns[0].name == "time"
    if by_time and len(rows) > 1:
        return _series(outcome)
    if by_time and len(labels) == 1 and not outcome.arguments.order_by:
        return _single(outcome, columns[1:], rows[0][1:])
    return _ranking(outcome)


@compares(query_metrics)
def compared(outcomes: Sequence[Asked]) -> str:
    """Which of several periods is higher, for each metric; no difference is computed: no tool gave one."""
    names = [[column.name for column in outcome.result.columns] for outcome in outcomes]
    if len(outcomes) < 2 or any(own != names[0] for own in names):
        return ""
    if any(len(outcome.result.rows) != 1 for outcome in outcomes) or _labels(outcomes[0].result.columns):
        return ""
    sentences = []
    for at, name in enumerate(names[0]):
        known: list[tuple[Any, Asked]] = [(outcome.result.rows[0][at], outcome) for outcome in outcomes]
        if all(value is not None for value, _ in known):
            sentences.append(_higher(spaced(name), known))
    return " ".join(sentences)


def _higher(name: str, known: Sequence[tuple[Any, Asked]]) -> str:
    best = max(value for value, _ in known)
    highest = [f"{_when(outcome)}{_where(outcome)}" for value, outcome in known if value == best]
    if len(highest) == len(known):
        return f"{capital(name)} was the same in each."
    degree = "higher" if len(known) == 2 else "highest"
    return f"**{capital(name)} was {degree} {' and '.join(highest)}.**"


def _single(outcome: Asked, columns: Sequence[Column], row: Row) -> str:
    sentences = [_sentence(outcome, column, value) for column, value in zip(columns, row, strict=True)]
    meaning = [said for column in columns if (said := outcome.definition(column.name))]
    return " ".join(sentences) + ("" if len(columns) > 3 else f" {' '.join(meaning)}".rstrip()) + _partly(outcome)


def _sentence(outcome: Asked, column: Column, value: Any) -> str:
    name, when, where = spaced(column.name), _when(outcome), _where(outcome)
    figure = amount(value, column.unit, outcome.currency, cents=True)
    if value is None:
        return f"{capital(name)}{where} is undefined {when}: there was nothing to divide by."
    if column.unit in ("money", *RATIOS):
        return f"**{figure}** {_of(column)}{name}{where} {when}."
    return f"**{figure} {name}**{where} {when}."


def _ranking(outcome: Asked) -> str:
    columns, rows, first = outcome.result.columns, outcome.result.rows, _first(outcome)
    best = amount(rows[0][_at(outcome)], first.unit, outcome.currency, cents=True)
    head = (
        f"**{_label(outcome, rows[0])}** has the {_superlative(first.unit, not outcome.arguments.descending)} "
        f"{spaced(first.name)}{_where(outcome)} {_when(outcome)}: **{best}**."
    )
    meaning = f" {outcome.definition(first.name)}".rstrip()
    if len(rows) == 1:
        return head + meaning
    lines = [_line(outcome, row) for row in rows[:SHOWN]]
    kind = " and ".join(spaced(columns[at].name) for at in _labels(columns))
    total = outcome.result.total_rows
    more = f"\n\n{count(total)} rows by {kind} in all." if total > len(lines) else ""
    aside = outcome.said("Left out of rankings").strip()
    aside = f"\n\n{aside}" if aside else ""
    return f"{head}{meaning}\n\n{bullets(lines)}{more}{aside}{_partly(outcome)}"


def _superlative(unit: str, ascending: bool) -> str:
    if unit in ("money", *RATIOS):
        return "lowest" if ascending else "highest"
    return "fewest" if ascending else "most"


def _series(outcome: Asked) -> str:
    rows, first, at, grain = outcome.result.rows, _first(outcome), _at(outcome), outcome.arguments.grain
    known: list[Row] = [row for row in rows if row[at] is not None]
    if not known:
        return f"{capital(spaced(first.name))} is undefined in every period shown."
    high, low = max(known, key=lambda row: row[at]), min(known, key=lambda row: row[at])
    ends = [f"{_label(outcome, row, grain)} with {_amount(outcome, row[at])}" for row in (high, low)]
    shown = rows[-(BUCKETS_SHOWN if len(outcome.tools) == 1 else BUCKETS_BESIDE) :]
    lines = bullets([_line(outcome, row, grain) for row in shown])
    cut = f" The last {grain}s:" if len(rows) > len(shown) else ""
    causes = NO_CAUSE if outcome.asks(WHY) else ""
    head = f"{_total(outcome)}Highest: {ends[0]}; lowest: {ends[1]}."
    return f"{head}{cut}\n\n{lines}{_partly(outcome)}{causes}"


def _total(outcome: Asked) -> str:
    first = _first(outcome)
    total = outcome.result.totals.get(first.name)
    if total is None:
        return ""
    over = "over the whole period" if first.unit in RATIOS or "average" in first.name else "in all"
    whole = f"**{_amount(outcome, total)}** {_of(first)}{spaced(first.name)}"
    return f"{whole}{_where(outcome)} {_when(outcome)} {over}. "


def _labels(columns: Sequence[Column]) -> list[int]:
    return [at for at, column in enumerate(columns) if column.unit in ("date", "text")]


def _at(outcome: Asked) -> int:
    """The place of the first figure."""
    return len(_labels(outcome.result.columns))


def _first(outcome: Asked) -> Column:
    return outcome.result.columns[_at(outcome)]


def _amount(outcome: Asked, value: Any) -> str:
    return amount(value, _first(outcome).unit, outcome.currency, cents=True)


def _of(column: Column) -> str:
    return "of " if column.name in SUMS else ""


def _line(outcome: Asked, row: Row, grain: str = "") -> str:
    columns, at = outcome.result.columns, _at(outcome)
    figures = list(zip(columns[at:], row[at:], strict=True))
    if len(figures) == 1:
        return f"{_label(outcome, row, grain)}: {_amount(outcome, row[at])}"
    said = [f"{spaced(column.name)} {amount(value, column.unit, outcome.currency)}" for column, value in figures]
    return f"{_label(outcome, row, grain)}: {', '.join(said)}"


def _label(outcome: Asked, row: Row, grain: str = "") -> str:
    columns = outcome.result.columns
    return " / ".join(_cell(row[at], columns[at].name, grain) for at in _labels(columns))


def _cell(value: Any, name: str, grain: str) -> str:
    if name == "time":
        return _bucket(value, grain)
    return f"hour {value}" if name == "hour" else str(value or "not known")


def _bucket(first: str, grain: str) -> str:
    match grain:
        case "year":
            return first[:4]
        case "quarter" | "week":
            return f"{'quarter from' if grain == 'quarter' else 'week of'} {day(first)}"
        case "day":
            return day(first)
    return month(first)


def _when(outcome: Asked) -> str:
    return period(outcome.result.start, outcome.result.end)


def _where(outcome: Asked) -> str:
    parts = []
    for item in outcome.arguments.filters:
        values = item.value if isinstance(item.value, list) else [item.value]
        parts.append(f"{BESIDE[item.operator]}{' and '.join(values)}")
    return f" ({', '.join(parts)})" if parts else ""


def _partly(outcome: Asked) -> str:
    said = outcome.said("The data cover only part")
    return f"\n\n{said.strip()}" if said else ""


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
