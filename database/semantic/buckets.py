"""Statistics over the calendar buckets of a period: buckets without rows count, as 0 for what is counted."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from database.semantic.filters import NEGATED, Condition, Filter, stretches
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.parts import meet, names, parts
from database.semantic.question import Question
from database.semantic.sources import day_places
from database.time_buckets import MONTHS, first_day, truncated

__all__ = ["bucket_count", "months_or_days", "statistics"]

_OF_DAYS: Mapping[str, Callable[[date], str]] = {
    "weekday": lambda day: day_name[day.weekday()],
    "weekend": lambda day: "weekend" if day.weekday() > 4 else "weekday",
    "month_of_year": lambda day: month_name[day.month],
}
_LOW = "percentile_disc(0.5) within group (order by v)"
_HIGH = "percentile_disc(0.5) within group (order by v desc)"
# Of a group's values v, `empty` being how many of its buckets have no row.
_OF_VALUES = {
    "mean": "avg(v)",
    "median": f"({_LOW} + {_HIGH}) / 2",
    "max": "max(v)",
    "min": "min(v)",
}


def months_or_days(question: Question, earlier: date, later: date) -> tuple[str, int]:
    """From the bucket of one day to that of another, in the unit of make_interval that buckets are made of."""
    first, last = (first_day(question.grain, day, question.week_start) for day in (earlier, later))
    if question.grain in MONTHS:
        return "months", (last.year - first.year) * 12 + last.month - first.month
    return "days", (last - first).days


def bucket_count(question: Question, start: date, end: date) -> int:
    """How many of the buckets `per` the days asked for touch, from `start` to `end`: all of them, or the Mondays …"""
    asked = [f for f in question.filters if f.dimension in (*_OF_DAYS, "days")]
    days = (date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1))
    return len(
        {first_day(question.per, day, question.week_start) for day in days if all(_meets(day, f) for f in asked)}
    )


def _meets(day: date, asked: Filter) -> bool:
    if asked.dimension == "days":
        return any(first <= day <= last for first, last in stretches(asked.values()))
    said = _OF_DAYS[asked.dimension](day).lower()
    wanted = [value.lower() for value in asked.values()]
    operator = NEGATED.get(asked.operator, asked.operator)
    met = wanted[0] in said if operator == "contains" else said in wanted
    return met is (operator == asked.operator)


def statistics(question: Question, sources: Mapping[str, Source], conditions: Sequence[Condition]) -> str:
    """A table of the statistic of each metric (p0 …) over its buckets."""
    keys = names("k", question.keys)
    fine = meet([*keys, "b"], parts(question, sources, conditions, question.per))
    values = [
        f"array_agg(cast(m{i} as numeric)) filter (where m{i} is not null) as v{i}"
        for i in range(len(question.metrics))
    ]
    grouped = f" group by {', '.join(keys)}" if keys else ""
    gathered = f"select {', '.join([*keys, *values])} from ({fine}) fine{grouped}"  # noqa: S608 - declared SQL only
    tables = list(dict.fromkeys(sources[name].table for name in question.metrics))
    counted = " ".join(
        f"left join ({_calendar(question, t, conditions)}) {t}_days on {_same_days(question, t)}" for t in tables
    )
    told = [f"{_statistic(question, i, sources[name])} as p{i}" for i, name in enumerate(question.metrics)]
    return f"select {', '.join([*(f'g.{k}' for k in keys), *told, '0 as n'])} from ({gathered}) g {counted}"  # noqa: S608


def _calendar(question: Question, table: str, conditions: Sequence[Condition]) -> str:
    """How many buckets there are of the days that the table covers and that are asked for.

    By time bucket where there is a grain, and by what a row of the answer says of its days (its weekday …).
    """
    places = day_places("d")
    start = question.week_start
    time = [f"cast({truncated(question.grain, 'd', start)} as date) as t"] if question.grain != "none" else []
    keys = time + [f"{places[name].sql} as {name}" for name in question.dimensions if name in places]
    met = [f"({c.sql(places[c.dimension])})" for c in conditions if c.dimension in places]
    days = f"generate_series(cast(:from_{table} as timestamp), cast(:to_{table} as timestamp), interval '1 day') d"
    counted = [*keys, f"count(distinct {truncated(question.per, 'd', start)}) as buckets"]
    grouped = f" group by {', '.join(str(n) for n in range(1, len(keys) + 1))}" if keys else ""
    return f"select {', '.join(counted)} from {days} where {' and '.join(met) or 'true'}{grouped}"  # noqa: S608


def _same_days(question: Question, table: str) -> str:
    places = day_places("d")
    on = [f"{table}_days.t = g.k0"] if question.grain != "none" else []
    on += [f"{table}_days.{name} = g.k{at}" for at, name in enumerate(question.keys) if name in places]
    return " and ".join(on) or "true"


def _statistic(question: Question, place: int, source: Source) -> str:
    values = f"g.v{place}"
    if METRICS[question.metrics[place]].is_count and not question.only_active:
        empty = f"cast(greatest({source.table}_days.buckets - coalesce(cardinality({values}), 0), 0) as integer)"
        values = f"coalesce({values}, '{{}}') || array_fill(cast(0 as numeric), array[{empty}])"
    return f"(select {_OF_VALUES[question.statistic]} from unnest({values}) v)"  # noqa: S608
