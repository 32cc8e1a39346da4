"""Which figures an answer has, beside the metrics themselves: their names, titles, units and how they are computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from database.semantic.metrics import METRICS
from database.semantic.question import Question

__all__ = ["Figure", "columns", "figures", "ratio_name"]

_STATISTICS = {"mean": "Average", "median": "Median", "max": "Highest", "min": "Lowest"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: its SQL, for people its title and unit, and the metric it tells of.

    `is_count`: nothing there is 0. `is_share`: a share that `share` asked for.
    """

    name: str
    unit: str
    title: str
    sql: str
    metric: str
    is_count: bool = False
    is_share: bool = False


def ratio_name(question: Question) -> str:
    """Name of the column with the first metric over the second."""
    return f"{question.metrics[0]}_per_{question.metrics[1]}"


def figures(question: Question) -> list[Figure]:
    """What is computed in a period: metrics (m0 …), shares (over w0 …), statistics (p0 …) and the ratio.

    Metrics that only `having` asks about come last.
    """
    asked = [*question.metrics, *(name for name in question.counted if name not in question.metrics)]
    metrics = [
        Figure(name, METRICS[name].unit, METRICS[name].heading, f"m{i}", name, METRICS[name].is_count)
        for i, name in enumerate(asked)
    ]
    own = metrics[: len(question.metrics)]
    made = [*own, *_shares(question, own), *_statistics(question, own), *_ratio(question, own)]
    return made + metrics[len(own) :]


def columns(question: Question) -> list[Figure]:
    """The columns of the answer after its keys: the figures (x0 …), what they were before (y0 …), running totals."""
    made = figures(question)
    shown = [figure for figure in made if figure.metric in question.metrics]
    out = [_moved(figure, f"x{i}") for i, figure in enumerate(shown)]
    if question.before:
        for i, figure in enumerate(shown):
            out += _compared(figure, f"x{i}", f"y{i}")
    if question.steps:
        for i, figure in enumerate(shown[: len(question.metrics)]):
            out += _compared(figure, f"x{i}", _bucket_before(question, figure, i))
    if question.cumulative:
        for i, figure in enumerate(shown[: len(question.metrics)]):
            out += _running(question, figure, i)
    return out


def _shares(question: Question, own: list[Figure]) -> Iterator[Figure]:
    if question.share:
        for i, figure in enumerate(own):
            sql = f"cast(m{i} as numeric) / nullif(w{i}, 0)"
            title = f"Share of {_lower(figure.title)}"
            yield Figure(f"{figure.name}_share", "share", title, sql, figure.name, figure.is_count, is_share=True)


def _statistics(question: Question, own: list[Figure]) -> Iterator[Figure]:
    if question.per != "none":
        for i, figure in enumerate(own):
            title = f"{_STATISTICS[question.statistic]} {_lower(figure.title)} per {question.per}"
            name = f"{figure.name}_per_{question.per}"
            yield Figure(name, figure.unit, title, f"p{i}", figure.name, figure.is_count)


def _ratio(question: Question, own: list[Figure]) -> Iterator[Figure]:
    if question.ratio:
        first, second = own
        one = second.title.removesuffix("s") if second.unit != "money" else second.title
        title = f"{first.title} per {_lower(one)}"
        name, sql = ratio_name(question), "cast(m0 as numeric) / nullif(m1, 0)"
        yield Figure(name, _ratio_unit(first, second), title, sql, first.name)


def _ratio_unit(first: Figure, second: Figure) -> str:
    """Alike over alike is a share, unless money is set against money of other books; money over counts is money."""
    if first.unit == second.unit:
        same_books = set(METRICS[first.name].sql) & set(METRICS[second.name].sql)
        return "share" if same_books or first.unit != "money" else "ratio"
    return "money" if first.unit == "money" else "ratio"


def _moved(figure: Figure, sql: str) -> Figure:
    return Figure(figure.name, figure.unit, figure.title, sql, figure.metric, figure.is_count, figure.is_share)


def _compared(figure: Figure, now: str, before: str) -> Iterator[Figure]:
    def made(what: str, unit: str, title: str, sql: str) -> Figure:
        return Figure(f"{figure.name}_{what}", unit, title, sql, figure.metric)

    title, change = _lower(figure.title), f"{now} - {before}"
    yield made("before", figure.unit, f"{figure.title} before", before)
    points = figure.unit == "share"
    sql, unit = (f"100 * ({change})", "points") if points else (change, figure.unit)
    yield made("change", unit, f"Change in {title}", sql)
    if not figure.is_share:
        grown = f"case when {before} > 0 then cast({change} as numeric) / {before} end"
        yield made("growth", "share", f"Growth of {title}", grown)


def _bucket_before(question: Question, figure: Figure, place: int) -> str:
    """The figure of the bucket before; where that one has no row, it was 0 if it counts something, else unknown."""
    groups = [f"k{i}" for i in range(1, len(question.keys))]
    within = f"partition by {', '.join(groups)} " if groups else ""
    over = f"over ({within}order by k0)"
    step = "3 months" if question.grain == "quarter" else f"1 {question.grain}"
    follows = f"lag(k0) {over} = cast(k0 - interval '{step}' as date)"
    empty = f"when lag(k0) {over} is not null then 0 " if figure.is_count else ""
    return f"(case when {follows} then lag(x{place}) {over} {empty}end)"


def _running(question: Question, figure: Figure, place: int) -> Iterator[Figure]:
    groups = [f"k{i}" for i in range(1, len(question.keys))]
    within = f"partition by {', '.join(groups)} " if groups else ""
    sides = (("x", "", ""), ("y", "_before", " before")) if question.before else (("x", "", ""),)
    for side, suffix, title in sides:
        sql = f"sum(coalesce({side}{place}, 0)) over ({within}order by k0 rows unbounded preceding)"
        heading = f"{figure.title} so far{title}"
        yield Figure(f"{figure.name}_running{suffix}", figure.unit, heading, sql, figure.metric)


def _lower(title: str) -> str:
    """A title within a sentence; "ROAS" stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
