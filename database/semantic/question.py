"""A question to the semantic layer, checked, and the SQL it becomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from core.errors import FixArguments
from database.semantic.metrics import METRICS
from database.semantic.model import Metric, Place, Source
from database.semantic.sources import DIMENSIONS, SOURCES

__all__ = [
    "GRAINS",
    "Filter",
    "Question",
    "Statement",
    "choose_sources",
    "dimensions_of",
    "place_of",
    "ranks_products",
    "statement",
]

PRODUCTS = frozenset({"product", "sku"})
Grain = Literal["none", "day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("none", "day", "week", "month", "quarter", "year")
_TESTS = {
    "eq": "lower({0}) = lower(:{1})",
    "ne": "lower({0}) is distinct from lower(:{1})",
    "in": "lower({0}) = any(:{1})",
    "not_in": "coalesce(lower({0}) <> all(:{1}), true)",
    "contains": "position(lower(:{1}) in lower({0})) > 0",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a dimension: eq, ne, in, not_in or contains, any case."""

    dimension: str
    operator: str
    value: str | Sequence[str]

    def values(self) -> list[str]:
        """The value or values as a list."""
        return [self.value] if isinstance(self.value, str) else list(self.value)


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics by dimensions and time buckets, filtered, within local days `start` to `end` (both included)."""

    metrics: Sequence[str]
    start: date
    end: date
    time_zone: str
    dimensions: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    grain: Grain = "none"
    order_by: str | None = None
    descending: bool = True
    limit: int = 50

    @property
    def keys(self) -> list[str]:
        """Names of the columns that are no metrics: time (with a grain) and the dimensions."""
        return [*(["time"] if self.grain != "none" else []), *self.dimensions]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its bound values; columns are the question's keys and metrics, then n, n_all and total_rows."""

    sql: str
    values: Mapping[str, Any]


def choose_sources(question: Question, loaded: Collection[str] | None = None) -> dict[str, Source]:
    """The source of each metric: the first that knows every dimension asked for (and, if told, whose table has rows).

    FixArguments names the metric or dimension that does not exist, or with which dimensions a metric does go.
    """
    for name in question.metrics:
        _known(name, METRICS, "metric", "metrics")
    used = [*question.dimensions, *(f.dimension for f in question.filters)]
    for name in used:
        _known(name, DIMENSIONS, "dimension", "dimensions")
    return {name: _source_of(METRICS[name], used, loaded) for name in question.metrics}


def dimensions_of(metric: Metric) -> list[str]:
    """The dimensions a metric can be broken down by."""
    return [name for name in DIMENSIONS if any(name in SOURCES[source].places for source in metric.sql)]


def place_of(source: Source, dimension: str) -> Place:
    """Where `dimension` is found in `source` (it must know it)."""
    return source.places[dimension]


def statement(question: Question, sources: Mapping[str, Source]) -> Statement:
    """The SQL of a question. Parts that come from different tables meet on the keys they share."""
    values: dict[str, Any] = {"tz": question.time_zone, "start": question.start, "end": question.end}
    conditions = _bind(question.filters, values)
    chosen = list(dict.fromkeys(source.name for source in sources.values()))
    counting = {SOURCES[name].table: name for name in sorted(chosen, key=lambda n: SOURCES[n].customer_sql is None)}
    parts = [_part(question, SOURCES[name], sources, conditions, name in counting.values()) for name in chosen]
    keys = [f"k{i}" for i in range(len(question.keys))]
    figures = [f"max(m{i}) as m{i}" for i in range(len(question.metrics))]
    grouped = f" group by {', '.join(keys)}" if keys else ""
    values["limit"] = question.limit
    columns = ", ".join([*keys, *figures, "sum(n) as n"])
    answer = f"select {columns} from ({' union all '.join(parts)}) parts{grouped}"  # noqa: S608 - declared SQL only
    sql = f"select *, count(*) over () as total_rows, sum(n) over () as n_all from ({answer}) answer"  # noqa: S608
    return Statement(f"{sql} order by {_order(question)} limit :limit", values)


def _known(name: str, names: Mapping[str, object], what: str, field: str) -> None:
    if name not in names:
        close = get_close_matches(name, names, n=8, cutoff=0.5)
        valid = [*close, *(n for n in names if n not in close)]
        raise FixArguments(f"There is no {what} '{name}'.", field=field, valid=valid)


def _source_of(metric: Metric, used: Sequence[str], loaded: Collection[str] | None) -> Source:
    able = [SOURCES[name] for name in metric.sql if all(d in SOURCES[name].places for d in used)]
    if not able:
        wrong = [d for d in used if d not in dimensions_of(metric)] or list(used)
        raise FixArguments(
            f"{metric.name} cannot be cut by {' and '.join(dict.fromkeys(wrong))}"
            f" (metrics that can: {', '.join(_metrics_with(used)) or 'none'}). Dimensions of {metric.name} are listed.",
            field="dimensions",
            valid=dimensions_of(metric),
        )
    with_rows = [source for source in able if loaded is not None and source.table in loaded]
    return (with_rows or able)[0]


def _metrics_with(dimensions: Sequence[str]) -> list[str]:
    return [m.name for m in METRICS.values() if any(all(d in SOURCES[s].places for d in dimensions) for s in m.sql)]


def _bind(filters: Sequence[Filter], values: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(dimension, test with a hole for the SQL, name of the bound value) of each filter."""
    conditions = []
    for number, condition in enumerate(filters):
        many = condition.operator in ("in", "not_in")
        given = condition.values()
        if not given or (not many and len(given) != 1):
            raise FixArguments(
                f"The filter on {condition.dimension} needs {'a list of values' if many else 'one value'} "
                f"for '{condition.operator}'.",
                field="filters",
                valid=["eq, ne, contains: one value", "in, not_in: a list"],
            )
        name = f"f{number}"
        values[name] = [v.lower() for v in given] if many else given[0]
        conditions.append((condition.dimension, _TESTS[condition.operator], name))
    return conditions


def _part(
    question: Question,
    source: Source,
    sources: Mapping[str, Source],
    conditions: list[tuple[str, str, str]],
    counts: bool,
) -> str:
    """One source's share of the answer; `n` counts its rows, once a table."""
    keys = _keys(question, source)
    figures = [
        f"{METRICS[name].sql[source.name]} as m{i}" if sources[name].name == source.name else f"null::numeric as m{i}"
        for i, name in enumerate(question.metrics)
    ]
    where = [
        source.time.within,
        *_goods(question, source),
        *(test.format(place_of(source, d).sql, name) for d, test, name in conditions),
    ]
    rows = f"from {source.from_sql}{_joins(question, source, sources)} where {' and '.join(where)}"
    by = [str(i + 1) for i in range(len(keys))]
    if source.customer_sql is None:
        grouped = f" group by {', '.join(by)}" if keys else ""
        return f"select {', '.join([*keys, *figures, 'count(*) as n' if counts else '0 as n'])} {rows}{grouped}"
    gathered = [f"{sql} as {name}" for name, sql in source.gathered.items()]
    inner = ", ".join([*keys, f"{source.customer_sql} as customer_id", *gathered, "count(*) as n"])
    by_customer = f"{rows} and {source.customer_sql} is not null group by {', '.join([*by, source.customer_sql])}"
    names = [f"k{i}" for i in range(len(keys))]
    columns = ", ".join([*names, *figures, "coalesce(sum(n), 0) as n" if counts else "0 as n"])
    grouped = f" group by {', '.join(names)}" if names else ""
    return f"select {columns} from (select {inner} {by_customer}) by_customer{grouped}"  # noqa: S608


def _goods(question: Question, source: Source) -> list[str]:
    """Rows by product rank merchandise: postage and fees are left out unless a product is asked for."""
    by_product = ranks_products(question) and "product" in source.joins
    return ["coalesce(p.merchandise, true)"] if by_product else []


def ranks_products(question: Question) -> bool:
    """Whether figures are broken down by product and no product is named."""
    named = {f.dimension for f in question.filters} & PRODUCTS
    return bool(PRODUCTS & set(question.dimensions)) and not named


def _keys(question: Question, source: Source) -> list[str]:
    time = [] if question.grain == "none" else [f"cast(date_trunc('{question.grain}', {source.time.local}) as date)"]
    return [f"{sql} as k{i}" for i, sql in enumerate([*time, *(place_of(source, d).sql for d in question.dimensions)])]


def _joins(question: Question, source: Source, sources: Mapping[str, Source]) -> str:
    used = [*question.dimensions, *(f.dimension for f in question.filters)]
    wanted = [name for d in used for name in place_of(source, d).joins]
    wanted += ["product"] if _goods(question, source) else []
    wanted += [j for m in question.metrics if sources[m].name == source.name for j in METRICS[m].joins]
    return "".join(f" {source.joins[name]}" for name in dict.fromkeys(wanted))


def _order(question: Question) -> str:
    names = {name: f"k{i}" for i, name in enumerate(question.keys)}
    names |= {name: f"m{i}" for i, name in enumerate(question.metrics)}
    first = question.order_by
    if first is not None and first not in names:
        raise FixArguments(f"Cannot order by '{first}'.", field="order_by", valid=list(names))
    down = question.descending
    if first is None:
        first, down = ("time", False) if question.grain != "none" else (question.metrics[0], down)
    ties = ", ".join(f"k{i}" for i in range(len(question.keys)))
    return f"{names[first]} {'desc' if down else 'asc'} nulls last" + (f", {ties}" if ties else "")
