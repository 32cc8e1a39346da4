"""A question to the semantic layer, checked against what there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from core.errors import FixArguments
from database.semantic.dimensions import DIMENSIONS
from database.semantic.filters import NEGATED, Filter
from database.semantic.metrics import METRICS
from database.semantic.model import Grain, Metric, Source, Span
from database.semantic.sources import SOURCES

__all__ = ["GRAINS", "Filter", "Having", "Question", "Statistic", "choose_sources", "dimensions_of", "ranks_products"]

PRODUCTS = frozenset({"product", "sku"})
GRAINS: tuple[Grain, ...] = ("none", "day", "week", "month", "quarter", "year")
Statistic = Literal["mean", "median", "max", "min"]


@dataclass(frozen=True, slots=True)
class Having:
    """Only rows whose figure (a metric, or a column of the answer) compares so with a number."""

    metric: str
    operator: str
    value: float


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics by dimensions and time buckets, filtered, within local days `start` to `end` (both included).

    Beside each metric, where asked for: its share, the same in the period `before`, its `steps` from one bucket to the
    next, its statistic over the buckets `per` (with `only_active` those that have rows), its running total, and the
    first metric over the second (`ratio`).
    `covered` are the days a source's table has data for, by table: buckets are counted within them. `position` begins
    with that row of the order (1: the first). `every_product` keeps postage and fees in rankings.
    `of_customers`: only rows of customers who meet this condition on `customer_facts f`, with `customer_values` bound.
    A share is of the days `share_span`, where they are more. Weeks begin with the weekday `week_start` (0: Monday).
    `ready`: the SQL of keys, figures and n of a source, by its name, that takes the place of the source's own, with
    `ready_values` bound.
    """

    metrics: Sequence[str]
    start: date
    end: date
    time_zone: str
    dimensions: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    grain: Grain = "none"
    order_by: str | None = None
    descending: bool = True
    limit: int | None = 50
    having: Sequence[Having] = ()
    share: bool = False
    share_within: Sequence[str] = ()
    share_span: Span | None = None
    before: Span | None = None
    per: Grain = "none"
    statistic: Statistic = "mean"
    only_active: bool = False
    cumulative: bool = False
    ratio: bool = False
    steps: bool = False
    best_per: str | None = None
    best_of: int = 1
    position: int = 1
    covered: Mapping[str, Span] = field(default_factory=dict)
    every_product: bool = False
    of_customers: str = ""
    customer_values: Mapping[str, Any] = field(default_factory=dict)
    week_start: int = 0
    ready: Mapping[str, str] = field(default_factory=dict)
    ready_values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """Names of the columns that are no metrics: time (with a grain) and the dimensions."""
        return [*(["time"] if self.grain != "none" else []), *self.dimensions]

    @property
    def counted(self) -> list[str]:
        """The metrics, and those that only `having` asks about."""
        hidden = [condition.metric for condition in self.having if condition.metric in METRICS]
        return list(dict.fromkeys([*self.metrics, *hidden]))


def choose_sources(question: Question, loaded: Collection[str] | None = None) -> dict[str, Source]:
    """The source of each metric: the first that knows every dimension asked for (and, if told, whose table has rows).

    FixArguments names the metric or dimension that does not exist, or with which dimensions a metric does go.
    """
    for name in question.counted:
        _known(name, METRICS, "metric", "metrics")
    used = [*question.dimensions, *(f.dimension for f in question.filters)]
    for name in used:
        _known(name, DIMENSIONS, "dimension", "dimensions")
    for name in question.dimensions:
        if not DIMENSIONS[name].cut:
            raise FixArguments(
                f"{name} can be filtered by, not broken down by.",
                field="dimensions",
                valid=dimensions_of(METRICS[question.metrics[0]]),
            )
    return {name: _source_of(METRICS[name], used, loaded) for name in question.counted}


def dimensions_of(metric: Metric) -> list[str]:
    """The dimensions a metric can be broken down by."""
    return [name for name in _places_of(metric) if DIMENSIONS[name].cut]


def ranks_products(question: Question) -> bool:
    """Whether figures are broken down by product and no product is named: postage and fees are then left out."""
    named = {f.dimension for f in question.filters if f.operator not in NEGATED} & PRODUCTS
    return bool(PRODUCTS & set(question.dimensions)) and not named and not question.every_product


def _places_of(metric: Metric) -> list[str]:
    return [name for name in DIMENSIONS if any(name in SOURCES[source].places for source in metric.sql)]


def _known(name: str, names: Mapping[str, object], what: str, field: str) -> None:
    if name not in names:
        close = get_close_matches(name, names, n=8, cutoff=0.5)
        valid = [*close, *(n for n in names if n not in close)]
        raise FixArguments(f"There is no {what} '{name}'.", field=field, valid=valid)


def _source_of(metric: Metric, used: Sequence[str], loaded: Collection[str] | None) -> Source:
    able = [SOURCES[name] for name in metric.sql if all(d in SOURCES[name].places for d in used)]
    if not able:
        wrong = [d for d in used if d not in _places_of(metric)] or list(used)
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
