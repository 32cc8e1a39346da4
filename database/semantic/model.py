"""The words of the semantic layer: source, dimension, metric."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

__all__ = ["Dimension", "Grain", "Metric", "Place", "Source", "Span", "Time"]

_OF_ORDER = re.compile(r"\bo\.")
Grain = Literal["none", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dimension is found in a source: its SQL, and the joins that SQL needs (in order).

    `number`: the same as a number, for dimensions that are compared. `among`: the condition that a row has one of the
    SKUs in braces, for dimensions that are found by product; without `sql` a dimension can only be filtered by.
    """

    sql: str = ""
    joins: tuple[str, ...] = ()
    number: str = ""
    among: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """A source's time: as a local timestamp (`:tz` is bound), and as the condition that it lies within a period.

    `:start` and `:end` are local days, both included.
    """

    local: str
    within: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table that figures are counted in.

    With `gathered_by`, rows are first gathered by that SQL (a customer, an order): `gathered` names the figures each
    of them has, and metrics are counted over them. `order_sql` joins the orders (`o`) where anything asks for them.
    `customer` is the column with the customer of a row, where rows have one.
    """

    name: str
    table: str
    from_sql: str
    time: Time
    joins: Mapping[str, str]
    places: Mapping[str, Place]
    gathered_by: str | None = None
    gathered: Mapping[str, str] = field(default_factory=dict)
    order_sql: str = ""
    customer: str = ""

    def tables(self, joins: Iterable[str], asked: str) -> str:
        """What SQL that asks for `asked` selects from, with these joins (by name, each once, in order)."""
        joined = "".join(f" {self.joins[name]}" for name in dict.fromkeys(joins))
        orders = f" {self.order_sql}" if self.order_sql and _OF_ORDER.search(f"{asked}{joined}") else ""
        return f"{self.from_sql}{orders}{joined}"


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something figures can be broken down and filtered by; `listed` when its values are few enough to list.

    `values`: all there are, where they are always the same. `cut` is false for those that only filter. `matches` says
    what filters on it compare: its text, a number, or the products (categories) of a row. `table`: what must be loaded
    beside the rows themselves.
    """

    name: str
    meaning: str
    listed: bool = True
    values: tuple[str, ...] = ()
    cut: bool = True
    matches: Literal["text", "number", "days", "product", "category"] = "text"
    table: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: its SQL in each source that can give it (first choice first), and which rows must exist for it.

    `needs` is a condition on the rows of the source; without any such row the organisation has no data for it.
    `{since}` in the SQL stands for the beginning of the period or time bucket.

    `is_count`: a count or a sum, so that nothing there is 0 and a share of it makes sense (not so for rates and
    averages). `adds_over_time`: its time buckets add up to the whole. `overlaps`: sources in which one and the same
    may be counted in several groups, so that groups do not add up (an order by its products). `lacking` says why it
    cannot be told where it is null or has no rows. `base`: of a rate, the metric it is over.
    """

    name: str
    unit: str
    meaning: str
    sql: Mapping[str, str]
    needs: str | None = None
    joins: tuple[str, ...] = ()
    title: str = ""
    is_count: bool = True
    adds_over_time: bool = True
    overlaps: tuple[str, ...] = ()
    lacking: str = ""
    base: str = ""

    @property
    def heading(self) -> str:
        """What people read above its figures: the title, else the name."""
        return self.title or self.name.replace("_", " ").capitalize()

    def adds_up(self, source: str) -> bool:
        """Whether its groups in a source add up to the whole."""
        return self.is_count and source not in self.overlaps
