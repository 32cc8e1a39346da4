"""The metrics of each source as a table of keys, figures and n, and tables that meet on their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized

from database.semantic.filters import Condition
from database.semantic.metrics import METRICS
from database.semantic.model import Grain, Source
from database.semantic.question import Question, ranks_products
from database.semantic.sources import SOURCES
from database.time_buckets import truncated

__all__ = ["Table", "meet", "names", "parts"]

Table = tuple[list[str], str]
"""Names of the figures, and the SQL that gives keys, figures and n."""


def names(letter: str, of: Sized) -> list[str]:
    """Names of columns by place: k0, k1 …"""
    return [f"{letter}{i}" for i in range(len(of))]


def meet(keys: Sequence[str], tables: Sequence[Table]) -> str:
    """Tables side by side on equal keys (null is equal to null); figures are null where a table lacks the keys."""
    if len(tables) == 1:
        return tables[0][1]
    every = [name for figures, _ in tables for name in figures]
    rows = [
        f"select {', '.join([*keys, *(n if n in figures else f'null::numeric as {n}' for n in every), 'n'])}"  # noqa: S608
        f" from ({sql}) one"
        for figures, sql in tables
    ]
    told = ", ".join([*keys, *(f"max({name}) as {name}" for name in every), "sum(n) as n"])
    grouped = f" group by {', '.join(keys)}" if keys else ""
    return f"select {told} from ({' union all '.join(rows)}) met{grouped}"  # noqa: S608


def parts(
    question: Question, sources: Mapping[str, Source], conditions: Sequence[Condition], per: Grain = "none"
) -> list[Table]:
    """The question's metrics (m0 …), a table for each source; `per` cuts by that bucket too, as key `b`."""
    chosen = list(dict.fromkeys(source.name for source in sources.values()))
    counting = {SOURCES[name].table: name for name in sorted(chosen, key=lambda n: SOURCES[n].gathered_by is None)}
    return [
        _part(question, SOURCES[name], sources, conditions, per, counts=name in counting.values())
        for name in chosen
        if any(sources[metric].name == name for metric in question.counted)
    ]


def _part(
    question: Question,
    source: Source,
    sources: Mapping[str, Source],
    conditions: Sequence[Condition],
    per: Grain,
    *,
    counts: bool,
) -> Table:
    """One source's metrics; `n` counts its rows, once a table."""
    if source.name in question.ready:
        return _ready(question, source, sources, counts=counts)
    keys = _keys(question, source, per)
    since = _since(question, source, per)
    figures = {
        f"m{i}": METRICS[name].sql[source.name].replace("{since}", since)
        for i, name in enumerate(question.counted)
        if sources[name].name == source.name
    }
    told = [f"{sql} as {name}" for name, sql in figures.items()]
    where = [
        source.time.within,
        *_goods(question, source),
        *_of_customers(question, source),
        *(condition.sql(source.places[condition.dimension]) for condition in conditions),
    ]
    made = [f"{sql} as {name}" for name, sql in keys.items()]
    asked = " ".join([*made, *told, *where, source.gathered_by or ""])
    tables = source.tables(_joins(question, source, sources, conditions), asked)
    rows = f"from {tables} where {' and '.join(where)}"
    if source.gathered_by is None:
        grouped = f" group by {', '.join(str(i + 1) for i in range(len(keys)))}" if keys else ""
        return list(
            figures
        ), f"select {', '.join([*made, *told, 'count(*) as n' if counts else '0 as n'])} {rows}{grouped}"
    return list(figures), _gathered(source, list(keys), made, told, rows, counts=counts)


def _ready(question: Question, source: Source, sources: Mapping[str, Source], *, counts: bool) -> Table:
    """What has been counted already."""
    figures = [f"m{i}" for i, name in enumerate(question.counted) if sources[name].name == source.name]
    told = [*names("k", question.keys), *figures, "n" if counts else "0 as n"]
    return figures, f"select {', '.join(told)} from ({question.ready[source.name]}) ready"  # noqa: S608 - declared SQL only


def _gathered(source: Source, keys: list[str], made: list[str], told: list[str], rows: str, *, counts: bool) -> str:
    """Figures counted over what rows are gathered by."""
    gathered = [f"{sql} as {name}" for name, sql in source.gathered.items()]
    by = ", ".join([*(str(i + 1) for i in range(len(keys))), str(source.gathered_by)])
    inner = f"select {', '.join([*made, *gathered, 'count(*) as n'])} {rows} and {source.gathered_by} is not null"
    columns = ", ".join([*keys, *told, "coalesce(sum(n), 0) as n" if counts else "0 as n"])
    grouped = f" group by {', '.join(keys)}" if keys else ""
    return f"select {columns} from ({inner} group by {by}) gathered{grouped}"  # noqa: S608 - declared SQL only


def _keys(question: Question, source: Source, per: Grain) -> dict[str, str]:
    """SQL of each key: time bucket, dimensions, and the finer bucket `b`."""
    time = [] if question.grain == "none" else [_bucket(question, question.grain, source)]
    by = [*time, *(source.places[name].sql for name in question.dimensions)]
    keys = {f"k{i}": sql for i, sql in enumerate(by)}
    return keys if per == "none" else keys | {"b": _bucket(question, per, source)}


def _bucket(question: Question, grain: Grain, source: Source) -> str:
    return f"cast({truncated(grain, source.time.local, question.week_start)} as date)"


def _since(question: Question, source: Source, per: Grain) -> str:
    """The instant at which the period, or the time bucket of a row, begins."""
    grains = [grain for grain in (question.grain, per) if grain != "none"]
    begins = [truncated(grain, source.time.local, question.week_start) for grain in grains]
    return f"(greatest({', '.join([*begins, 'cast(:start as timestamp)'])}) at time zone :tz)"


def _of_customers(question: Question, source: Source) -> list[str]:
    """Only rows of the customers asked about."""
    who = f"select f.customer_id from customer_facts f where {question.of_customers}"  # noqa: S608 - compiled rule
    return [f"{source.customer} in ({who})"] if question.of_customers else []


def _goods(question: Question, source: Source) -> list[str]:
    """Rows by product rank merchandise: postage and fees are left out unless a product is asked for."""
    by_product = ranks_products(question) and "product" in source.joins
    return ["coalesce(p.merchandise, true)"] if by_product else []


def _joins(
    question: Question, source: Source, sources: Mapping[str, Source], conditions: Sequence[Condition]
) -> list[str]:
    used = [*question.dimensions, *(condition.dimension for condition in conditions)]
    wanted = [name for d in used for name in source.places[d].joins]
    wanted += ["product"] if _goods(question, source) else []
    return wanted + [j for m in question.counted if sources[m].name == source.name for j in METRICS[m].joins]
