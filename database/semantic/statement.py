"""A question as SQL: the figures of a period by source, what they are set against, and which rows are kept.

Every step is a table of keys (k0 …), figures and n (rows behind them); tables meet on equal keys, null among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.errors import FixArguments
from database.semantic.buckets import months_or_days, statistics
from database.semantic.checks import check
from database.semantic.columns import Figure, columns, figures
from database.semantic.filters import COMPARISONS, Condition, bound
from database.semantic.model import Source, Span
from database.semantic.parts import meet, names, parts
from database.semantic.question import Question

__all__ = ["Statement", "statement"]

_OF_PERIOD = re.compile(r"(?<!:):(start|end|from_\w+|to_\w+|ready_\w+)\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its bound values; columns are the question's keys and figures, then n, total_rows and n_all."""

    sql: str
    values: Mapping[str, Any]
    figures: Sequence[Figure]


def statement(question: Question, sources: Mapping[str, Source]) -> Statement:
    """The SQL of a question whose sources have been chosen; FixArguments where it cannot be."""
    check(question)
    if question.of_customers and (lost := [name for name in sources if not sources[name].customer]):
        raise FixArguments(f"{lost[0]} is not known of single customers: ask without the rule.", field="rule")
    values: dict[str, Any] = {"tz": question.time_zone, "limit": question.limit, "best_of": question.best_of}
    values |= {**question.customer_values, **question.ready_values}
    conditions = bound(question.filters, values)
    values |= _period_values(question, sources, Span(question.start, question.end))
    if question.share_span is not None:
        span = _period_values(question, sources, question.share_span)
        values |= {f"whole_{name}": value for name, value in span.items()}
    answer = _period(question, sources, conditions)
    if question.before is not None:
        earlier = _period_values(question, sources, question.before)
        values |= {f"before_{name}": value for name, value in earlier.items()}
        answer = _beside(question, answer, values)
    shown = columns(question)
    values |= {f"least_{i}": condition.value for i, condition in enumerate(question.having)}
    sql = _ordered(question, _kept(question, _derived(question, answer, shown)), shown)
    return Statement(sql, values, shown)


def _period(question: Question, sources: Mapping[str, Source], conditions: Sequence[Condition]) -> str:
    """The figures (x0 …) of the days `:start` to `:end`."""
    keys = names("k", question.keys)
    tables = [(names("m", question.counted), meet(keys, parts(question, sources, conditions)))]
    if question.per != "none":
        tables.append((names("p", question.metrics), statistics(question, sources, conditions)))
    rows = f"({meet(keys, tables)}) cut"
    if question.share:
        rows += _whole(question, sources, conditions)
    made = [f"{figure.sql} as x{i}" for i, figure in enumerate(figures(question))]
    cut = [f"cut.{key}" for key in keys]
    return f"select {', '.join([*cut, *made, 'cut.n'])} from {rows}"  # noqa: S608 - declared SQL only


def _whole(question: Question, sources: Mapping[str, Source], conditions: Sequence[Condition]) -> str:
    """What shares are of (w0 …), joined to `cut`: not broken down, or not filtered; the same time bucket's."""
    kept = [c for c in conditions if question.dimensions or c.dimension in question.share_within]
    narrowed = bool(question.dimensions or conditions or question.of_customers)
    who = question.of_customers if question.dimensions else ""
    whole = replace(question, of_customers=who, dimensions=(), having=(), grain=question.grain if narrowed else "none")
    keys = names("k", whole.keys)
    columns_of = [f"m{i} as w{i}" for i in range(len(question.metrics))]
    told = ", ".join([*(f"{key} as of_{key}" for key in keys), *columns_of])
    rows = meet(keys, parts(whole, sources, kept))
    rows = rows if question.share_span is None else _OF_PERIOD.sub(r":whole_\1", rows)
    sql = f"select {told} from ({rows}) whole"  # noqa: S608
    on = " and ".join(f"whole.of_{key} = cut.{key}" for key in keys) or "true"
    return f" left join ({sql}) whole on {on}"


def _beside(question: Question, answer: str, values: dict[str, Any]) -> str:
    """The answer with the same figures of the period before (y0 …) on equal keys; time buckets meet by position."""
    assert question.before is not None  # noqa: S101 - told by the caller
    earlier = _OF_PERIOD.sub(r":before_\1", answer)
    made = figures(question)
    keys = names("k", question.keys)
    others = [f"x{i} as y{i}" for i in range(len(made))]
    own = list(keys)
    where = ""
    if question.grain != "none":
        unit, values["shift"] = months_or_days(question, question.before.start, question.start)
        own[0] = f"cast(k0 + make_interval({unit} => :shift) as date) as k0"
        where = f" where k0 + make_interval({unit} => :shift) <= :end"
    before = f"select {', '.join([*own, *others, 'n'])} from ({earlier}) earlier{where}"  # noqa: S608
    met = meet(keys, [(names("x", made), answer), (names("y", made), before)])
    filled = [
        f"coalesce({side}{i}, 0) as {side}{i}" if figure.is_count else f"{side}{i}"
        for side in "xy"
        for i, figure in enumerate(made)
    ]
    return f"select {', '.join([*keys, *filled, 'n'])} from ({met}) met"  # noqa: S608


def _derived(question: Question, answer: str, shown: Sequence[Figure]) -> str:
    """The columns shown (c0 …), and what `having` asks about besides (h0 …)."""
    made = {figure.name: f"x{i}" for i, figure in enumerate(figures(question))}
    made |= {column.name: column.sql for column in shown}
    told = [f"{column.sql} as c{i}" for i, column in enumerate(shown)]
    told += [f"{made[condition.metric]} as h{i}" for i, condition in enumerate(question.having)]
    return f"select {', '.join([*names('k', question.keys), *told, 'n'])} from ({answer}) answer"  # noqa: S608


def _kept(question: Question, rows: str) -> str:
    """Only the rows that meet `having`, and of those the best of each group."""
    if question.having:
        tests = [f"h{i} {COMPARISONS[c.operator]} :least_{i}" for i, c in enumerate(question.having)]
        rows = f"select * from ({rows}) rows where {' and '.join(tests)}"  # noqa: S608
    if question.best_per is not None:
        group = f"k{question.keys.index(question.best_per)}"
        way = "desc" if question.descending else "asc"
        order = ", ".join([f"c0 {way} nulls last", *names("k", question.keys)])
        place = f"row_number() over (partition by {group} order by {order}) as place"
        rows = f"select * from (select *, {place} from ({rows}) rows) placed where place <= :best_of"  # noqa: S608
    return rows


def _ordered(question: Question, rows: str, shown: Sequence[Figure]) -> str:
    keys = names("k", question.keys)
    told = [*keys, *(f"c{i}" for i in range(len(shown))), "n"]
    counted = "count(*) over () as total_rows, sum(n) over () as n_all"
    limit = "" if question.limit is None else " limit :limit"
    limit += f" offset {question.position - 1:d}" if question.position > 1 else ""
    return f"select {', '.join(told)}, {counted} from ({rows}) answer order by {_order(question, shown)}{limit}"  # noqa: S608


def _order(question: Question, shown: Sequence[Figure]) -> str:
    places = {name: f"k{i}" for i, name in enumerate(question.keys)}
    places |= {column.name: f"c{i}" for i, column in enumerate(shown)}
    first, down = question.order_by, question.descending
    if first is None:
        first, down = ("time", False) if question.grain != "none" else (question.metrics[0], down)
    ties = [f"k{i}" for i in range(len(question.keys))]
    group = [places[question.best_per]] if question.best_per is not None and question.best_of > 1 else []
    return ", ".join([*group, f"{places[first]} {'desc' if down else 'asc'} nulls last", *ties])


def _period_values(question: Question, sources: Mapping[str, Source], span: Span) -> dict[str, date]:
    """The days of a period as bound values, and the part of it that each table has data for."""
    values = {"start": span.start, "end": span.end}
    if question.per != "none":
        for table in {source.table for source in sources.values()}:
            covered = question.covered.get(table, span)
            values |= {f"from_{table}": max(span.start, covered.start), f"to_{table}": min(span.end, covered.end)}
    return values
