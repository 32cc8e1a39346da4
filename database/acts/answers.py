"""Questions of the semantic layer counted in columns, where these can tell; everything else stays the database's."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from database.acts.columns import Columns, Ints, Kind, columns_of
from database.acts.days import MOST_DAYS, Days, days_of
from database.acts.figures import Rows, counted, made_of
from database.acts.places import PLACES
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Question

__all__ = ["any_row", "in_columns", "value_counts", "visitors"]

MOST_GROUPS = 2_000_000  # possible ones; beyond, rows are sorted
_KIND = re.compile(r"e\.kind = '(\w+)'")


def in_columns(connection: Connection, question: Question, sources: Mapping[str, Source]) -> Question:
    """The question with what columns can count of it counted; as it is where they cannot."""
    if question.filters or question.of_customers or question.share or question.per != "none":
        return question
    ready: dict[str, str] = {}
    values: dict[str, Any] = {}
    for source in {source.name: source for source in sources.values()}.values():
        figures = _figures(question, source, sources)
        columns = columns_of(connection, source.table) if figures is not None else None
        if figures is None or columns is None:
            continue
        sides = {"": (question.start, question.end)}
        if question.before is not None:
            sides["before_"] = (question.before.start, question.before.end)
        if any(not _reasonable(*days) for days in sides.values()):
            return question
        for side, (start, end) in sides.items():
            period = replace(question, start=start, end=end)
            found = _table(connection, period, source, columns, figures)
            values |= {f"{side}ready_{source.name}_{name}": column for name, column in found.items()}
        ready[source.name] = _sql(question, source, figures)
    return replace(question, ready=ready, ready_values=values) if ready else question


def value_counts(connection: Connection, table: str, dimension: str) -> list[tuple[str, int]] | None:
    """Values of a dimension over all rows of a table, and how many rows have each; None: columns cannot tell."""
    place = PLACES.get(table, {}).get(dimension)
    columns = columns_of(connection, table) if place else None
    if place is None or columns is None:
        return None
    cut = place(connection, columns, slice(None))
    rows = np.bincount(cut.code, minlength=len(cut.values))
    return [(value, int(n)) for value, n in zip(cut.values, rows, strict=True) if value is not None and n]


def any_row(connection: Connection, table: str, needs: str) -> bool | None:
    """Whether a table has a row that meets `needs` of a metric; None: columns cannot tell."""
    test = _tests(needs) if table in PLACES else None
    columns = columns_of(connection, table) if test is not None else None
    if test is None or columns is None:
        return None
    return any(test(kind) for kind, rows in zip(columns.kinds, columns.rows_by_kind, strict=True) if rows)


def _tests(needs: str) -> Callable[[Kind], bool] | None:
    if event := _KIND.fullmatch(needs):
        return lambda kind: kind.kind == event[1]
    return {
        "": lambda _: True,
        "o.tax is not null": lambda k: k.taxed,
        "o.shipping is not null": lambda k: k.shipped,
    }.get(needs)


def visitors(
    connection: Connection, start: date, end: date, time_zone: str, steps: Sequence[str]
) -> dict[str, int] | None:
    """Known customers with an event of the first of `steps` in the days; of them with one of each other, and `ordered`.

    None: columns cannot tell.
    """
    events, orders = (columns_of(connection, name) for name in ("events", "orders"))
    if events is None or orders is None or not _reasonable(start, end):
        return None
    days = days_of(connection, events, start, end, time_zone)
    who = {step: _who(events, days, step) for step in steps}
    first = who[steps[0]]
    bought = np.intersect1d(first, _who(orders, days, "sale"), assume_unique=True)
    return {step: len(np.intersect1d(first, ids, assume_unique=True)) for step, ids in who.items()} | {
        "ordered": len(bought)
    }


def _who(columns: Columns, days: Days, kind: str) -> Ints:
    """Ids of the known customers with a row of a kind in the days."""
    part = _part(columns, days)
    chosen = columns.who[part][columns.of_kind(kind, part)]
    seen = np.zeros(len(columns.customers) + 1, bool)
    seen[chosen] = True
    return columns.customers[seen[:-1]]


def _reasonable(start: date, end: date) -> bool:
    return (end - start).days < MOST_DAYS and start > date.min and end < date.max


def _part(columns: Columns, days: Days) -> slice:
    first, after = np.searchsorted(columns.at, [days.first, days.after]).tolist()
    return slice(first, after)


def _figures(
    question: Question, source: Source, sources: Mapping[str, Source]
) -> dict[str, tuple[str, list[str]]] | None:
    """What each metric of the source (m0 …) is made of; None where columns cannot tell one of them."""
    if not all(name in PLACES.get(source.name, {}) for name in question.dimensions):
        return None
    found = {}
    for place, name in enumerate(question.counted):
        if sources[name].name == source.name:
            made = made_of(source.name, METRICS[name].sql[source.name])
            if made is None:
                return None
            found[f"m{place}"] = made
    return found


def _sql(question: Question, source: Source, figures: Mapping[str, tuple[str, list[str]]]) -> str:
    """The table of keys, figures and n, of bound columns."""
    keys = {f"k{i}": "date" if name == "time" else "text" for i, name in enumerate(question.keys)}
    parts = {part: f"a{i}" for i, part in enumerate(_parts(figures))}
    types = {name: "numeric" if part.startswith("sum(") else "bigint" for part, name in parts.items()}
    told = [*keys]
    for name, (sql, of) in figures.items():
        for i, part in enumerate(of):
            sql = sql.replace(f"{{{i}}}", f"ready.{parts[part]}")
        told.append(f"{sql} as {name}")
    columns = keys | types | {"n": "bigint"}
    bound = ", ".join(f"cast(:ready_{source.name}_{name} as {kind}[])" for name, kind in columns.items())
    return f"select {', '.join([*told, 'n'])} from unnest({bound}) ready({', '.join(columns)})"  # noqa: S608 - declared SQL only


def _parts(figures: Mapping[str, tuple[str, list[str]]]) -> list[str]:
    return list(dict.fromkeys(part for _, parts in figures.values() for part in parts))


def _table(
    connection: Connection,
    question: Question,
    source: Source,
    columns: Columns,
    figures: Mapping[str, tuple[str, list[str]]],
) -> dict[str, list[Any]]:
    """The columns of `_sql` for one period."""
    days = days_of(connection, columns, question.start, question.end, question.time_zone)
    part = _part(columns, days)
    keys: list[tuple[Ints, Sequence[Any]]] = []
    since = np.full(part.stop - part.start, days.first)
    if question.grain != "none":
        of_day, firsts, starts = days.buckets(question)
        bucket = of_day[days.place(columns.at[part])]
        keys.append((bucket, firsts))
        since = starts[bucket]
    for name in question.dimensions:
        cut = PLACES[source.name][name](connection, columns, part)
        keys.append((cut.code, cut.values))
    group, told = _groups(keys, part.stop - part.start)
    rows = Rows(columns, part, group, len(told), since)
    found: dict[str, list[Any]] = {f"k{i}": [key[i] for key in told] for i in range(len(keys))}
    found |= {f"a{i}": counted(rows, what) for i, what in enumerate(_parts(figures))}
    return found | {"n": rows.number().tolist()}


def _groups(keys: Sequence[tuple[Ints, Sequence[Any]]], rows: int) -> tuple[Ints, list[tuple[Any, ...]]]:
    """The group of each row, and the keys of each group that has rows; all rows are one where there are no keys."""
    if not keys:
        return np.zeros(rows, np.int64), [()]
    group = np.zeros(rows, np.int64)
    for code, values in keys:
        group = group * len(values) + code
    there, group = _there(group, math.prod(len(values) for _, values in keys))
    told: list[tuple[Any, ...]] = []
    for number in there.tolist():
        key: list[Any] = []
        for _, values in reversed(keys):
            number, place = divmod(number, len(values))
            key.append(values[place])
        told.append(tuple(reversed(key)))
    return group, told


def _there(group: Ints, most: int) -> tuple[Ints, Ints]:
    """The groups that have rows, and the place of each row's among them."""
    if most > MOST_GROUPS:
        return np.unique(group, return_inverse=True)
    seen = np.bincount(group, minlength=most) > 0
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[group]
