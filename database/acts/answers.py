"""Questions of the semantic layer counted in columns, where these can tell; everything else stays the database's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from database.acts.columns import Columns, Ints, Kind, columns_of
from database.acts.figures import Rows, counted, made_of
from database.acts.places import PLACES
from database.acts.records import EPOCH
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Question
from database.time_buckets import first_day

__all__ = ["any_row", "in_columns", "value_counts", "visitors"]

MOST_DAYS = 20_000
_KIND = re.compile(r"e\.kind = '(\w+)'")
_BEGINNINGS = text(
    "select cast(extract(epoch from (d at time zone :tz) - cast(:epoch as timestamptz)) * 1000000 as bigint)"
    " from generate_series(cast(:start as timestamp), cast(:after as timestamp), interval '1 day') d"
)


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
    begins = days_of(connection, start, end, time_zone)[[0, -1]]
    who = {step: _who(events, begins, step) for step in steps}
    first = who[steps[0]]
    bought = np.intersect1d(first, _who(orders, begins, "sale"), assume_unique=True)
    return {step: len(np.intersect1d(first, ids, assume_unique=True)) for step, ids in who.items()} | {
        "ordered": len(bought)
    }


def _who(columns: Columns, begins: Ints, kind: str) -> Ints:
    """Ids of the known customers with a row of a kind between two instants."""
    first, after = np.searchsorted(columns.at, begins).tolist()
    chosen = columns.who[first:after][columns.of_kind(kind)[first:after]]
    seen = np.zeros(len(columns.customers) + 1, bool)
    seen[chosen] = True
    return columns.customers[seen[:-1]]


def days_of(connection: Connection, start: date, end: date, time_zone: str) -> Ints:
    """When each local day from `start` to `end` begins, and when the last one ends: microseconds since 2000."""
    values = {"start": start, "after": end + timedelta(days=1), "tz": time_zone, "epoch": EPOCH}
    return np.array(connection.execute(_BEGINNINGS, values).scalars().all(), np.int64)


def _reasonable(start: date, end: date) -> bool:
    return (end - start).days < MOST_DAYS and end < date.max


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
    begins = days_of(connection, question.start, question.end, question.time_zone)
    edges = np.searchsorted(columns.at, begins)
    part = slice(int(edges[0]), int(edges[-1]))
    keys: list[tuple[Ints, Sequence[Any]]] = []
    since = np.full(part.stop - part.start, begins[0])
    if question.grain != "none":
        bucket, firsts, starts = _buckets(question, begins)
        rows_of_day = np.diff(edges)
        keys.append((np.repeat(bucket, rows_of_day), firsts))
        since = np.repeat(starts[bucket], rows_of_day)
    for name in question.dimensions:
        cut = PLACES[source.name][name](connection, columns, part)
        keys.append((cut.code, cut.values))
    group, told = _groups(keys, part.stop - part.start)
    rows = Rows(columns, part, group, len(told), since)
    found: dict[str, list[Any]] = {f"k{i}": [key[i] for key in told] for i in range(len(keys))}
    found |= {f"a{i}": counted(rows, what) for i, what in enumerate(_parts(figures))}
    return found | {"n": rows.number().tolist()}


def _buckets(question: Question, begins: Ints) -> tuple[Ints, list[date], Ints]:
    """The bucket of each day, the first day of each bucket, and when each begins within the period."""
    days = [question.start + timedelta(days=n) for n in range(len(begins) - 1)]
    firsts = [first_day(question.grain, day, question.week_start) for day in days]
    different = list(dict.fromkeys(firsts))
    place = {first: number for number, first in enumerate(different)}
    bucket = np.array([place[first] for first in firsts], np.int64)
    return bucket, different, begins[np.unique(bucket, return_index=True)[1]]


def _groups(keys: Sequence[tuple[Ints, Sequence[Any]]], rows: int) -> tuple[Ints, list[tuple[Any, ...]]]:
    """The group of each row, and the keys of each group that has rows; all rows are one where there are no keys."""
    if not keys:
        return np.zeros(rows, np.int64), [()]
    group = np.zeros(rows, np.int64)
    for code, values in keys:
        group = group * len(values) + code
    there, group = np.unique(group, return_inverse=True)
    told: list[tuple[Any, ...]] = []
    for number in there.tolist():
        key: list[Any] = []
        for _, values in reversed(keys):
            number, place = divmod(number, len(values))
            key.append(values[place])
        told.append(tuple(reversed(key)))
    return group, told
