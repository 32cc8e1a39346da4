"""Answers of the semantic layer: figures, what is loaded, which values a dimension has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from core.calendar import Calendar
from database.semantic import goods
from database.semantic.columns import Figure
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Question
from database.semantic.sources import DIMENSIONS, SOURCES
from database.semantic.statement import statement

__all__ = [
    "Answer",
    "Covered",
    "answer",
    "available",
    "covered",
    "dimension_values",
    "known_values",
    "local_span",
    "products_with",
    "scored",
    "source_of_dimension",
]


DAYS = frozenset({"campaign_daily", "channel_spend"})
"""Tables that know days, not instants: what they cover is kept as the days' midnights in UTC."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One table: rows, first and last instant."""

    table: str
    rows: int
    first_at: datetime | None
    last_at: datetime | None

    def days(self, calendar: Calendar) -> tuple[date, date] | None:
        """First and last day covered, of `calendar`; None where the rows have no time."""
        if self.first_at is None or self.last_at is None:
            return None
        own = Calendar() if self.table in DAYS else calendar
        return own.day(self.first_at), own.day(self.last_at)

    def local(self, calendar: Calendar) -> Covered:
        """The same with days as they begin in `calendar`."""
        days = self.days(calendar) if self.table in DAYS else None
        return replace(self, first_at=calendar.start(days[0]), last_at=calendar.start(days[1])) if days else self


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows (keys, then figures, as the database gives them), rows before the limit, and table rows behind them."""

    figures: Sequence[Figure]
    rows: list[tuple[Any, ...]]
    total_rows: int
    evidence_rows: int


def covered(connection: Connection) -> dict[str, Covered]:
    """The tables that have rows, by name."""
    found = connection.execute(
        text("select table_name, rows, first_at, last_at from data_coverage where rows > 0 order by table_name")
    )
    return {row.table_name: Covered(*row) for row in found}


def local_span(connection: Connection, source: Source, time_zone: str) -> tuple[date, date] | None:
    """First and last local day with a row in `source`; None without rows. Reads the table: days are never guessed."""
    days = f"cast(min({source.time.local}) as date), cast(max({source.time.local}) as date)"
    sql = f"select {days} from {source.tables((), days)}"  # noqa: S608 - declared SQL only
    row = connection.execute(text(sql), {"tz": time_zone}).one()
    return None if row[0] is None else (row[0], row[1])


def answer(connection: Connection, question: Question, sources: Mapping[str, Source]) -> Answer:
    """Run a question whose sources have been chosen."""
    from database.acts.answers import in_columns

    made = statement(in_columns(connection, question, sources), sources)
    found = connection.execute(text(made.sql), dict(made.values)).all()
    width = len(question.keys) + len(made.figures)
    if not found:
        return Answer(made.figures, [], 0, 0)
    last = found[0]._mapping
    rows = [tuple(row[:width]) for row in found]
    return Answer(made.figures, rows, int(last["total_rows"]), int(last["n_all"] or 0))


def available(connection: Connection, loaded: Collection[str], names: Collection[str] | None = None) -> dict[str, bool]:
    """Whether the organisation has the rows each metric (of `names`) needs; `loaded` are the tables with rows."""
    asked = [metric for metric in METRICS.values() if names is None or metric.name in names]
    checks: dict[tuple[str, str], bool] = {}
    for source, needs in {(s, m.needs) for m in asked for s in m.sql if m.needs}:
        checks[source, needs or ""] = SOURCES[source].table in loaded and _any_row(connection, SOURCES[source], needs)
    return {
        metric.name: any(
            checks[source, metric.needs] if metric.needs else SOURCES[source].table in loaded for source in metric.sql
        )
        for metric in asked
    }


def _any_row(connection: Connection, source: Source, needs: str | None) -> bool:
    from database.acts.answers import any_row

    if (there := any_row(connection, source.table, needs or "")) is not None:
        return there
    rows = f"{source.tables((), needs or '')} where {needs or 'true'}"
    sql = f"select exists (select 1 from {rows})"  # noqa: S608 - declared SQL only
    return bool(connection.execute(text(sql)).scalar_one())


def known_values(
    connection: Connection, source: Source, dimension: str, wanted: Sequence[str], time_zone: str
) -> set[str]:
    """Which of `wanted` occur in a dimension, lower case; of products, those that any name or SKU means."""
    low = [value.lower() for value in wanted]
    fixed = DIMENSIONS[dimension].values
    if fixed:
        return set(low) & {value.lower() for value in fixed}
    match DIMENSIONS[dimension].matches:
        case "product":
            there = f"exists ({goods.called('array[value]')})"
        case "category":
            there = "exists (select from products p where lower(p.category) = value)"
        case _:
            place = source.places[dimension]
            tables = source.tables(place.joins, place.sql)
            there = f"exists (select from {tables} where lower({place.sql}) = value)"
    sql = f"select value from unnest(cast(:wanted as text[])) value where {there}"  # noqa: S608
    return set(connection.execute(text(sql), {"wanted": low, "tz": time_zone}).scalars())


def products_with(connection: Connection, words: str) -> bool:
    """Whether the SKU or any name of a product contains these words."""
    sql = f"select exists ({goods.containing(':words', ':fitting')})"
    values = {"words": words, "fitting": goods.patterns(words)}
    return bool(connection.execute(text(sql), values).scalar_one())


def dimension_values(
    connection: Connection, source: Source, dimension: str, *, limit: int, time_zone: str
) -> list[str]:
    """Values of a dimension, most frequent first, at most `limit`."""
    from database.acts.answers import value_counts

    if DIMENSIONS[dimension].values:
        return list(DIMENSIONS[dimension].values)
    if (found := value_counts(connection, source.name, dimension)) is not None:
        return _most_frequent(connection, found, limit)
    goods_sql = {
        "product": "select name as value from products where name is not null",
        "category": "select category as value from products where category is not null",
    }
    place = source.places[dimension]
    tables = source.tables(place.joins, place.sql)
    values = f"select {place.sql} as value from {tables} where {place.sql} is not null"  # noqa: S608 - declared SQL only
    values = goods_sql.get(DIMENSIONS[dimension].matches, values)
    sql = f"{values} group by 1 order by count(*) desc, 1 limit :limit"
    return [row.value for row in connection.execute(text(sql), {"limit": limit, "tz": time_zone})]


def _most_frequent(connection: Connection, found: Sequence[tuple[str, int]], limit: int) -> list[str]:
    """Equally frequent ones in the order the database gives them."""
    query = text(
        "select value from unnest(cast(:values as text[]), cast(:rows as bigint[])) found(value, rows)"
        " order by rows desc, 1 limit :limit"
    )
    values, rows = [value for value, _ in found], [rows for _, rows in found]
    return list(connection.execute(query, {"values": values, "rows": rows, "limit": limit}).scalars())


def source_of_dimension(dimension: str, loaded: Collection[str]) -> Source | None:
    """A source with rows that knows `dimension`; None when there is none."""
    assert dimension in DIMENSIONS  # noqa: S101 - names are checked before
    able = [s for s in SOURCES.values() if dimension in s.places and s.table in loaded]
    return able[0] if able else None


def scored(connection: Connection) -> list[str]:
    """Which scores have rows: features, rfm, churn, value, groups."""
    row = connection.execute(
        text(
            """
            select exists (select 1 from features) as features, exists (select 1 from rfm_scores) as rfm,
                   exists (select 1 from churn_scores) as churn, exists (select 1 from value_scores) as value,
                   exists (select 1 from customer_groups) as groups
            """
        )
    ).one()
    return [name for name, there in row._mapping.items() if there]
