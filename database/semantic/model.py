"""The words of the semantic layer: source, dimension, metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Dimension", "Metric", "Place", "Source", "Time"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dimension is found in a source: its SQL, and the joins that SQL needs (in order)."""

    sql: str
    joins: tuple[str, ...] = ()


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

    With `customer_sql`, rows are first gathered by customer: `gathered` names the
    figures a customer has, and metrics are counted over customers.
    """

    name: str
    table: str
    from_sql: str
    time: Time
    joins: Mapping[str, str]
    places: Mapping[str, Place]
    customer_sql: str | None = None
    gathered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something figures can be broken down and filtered by; `listed` when its values are few enough to list."""

    name: str
    meaning: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: its SQL in each source that can give it (first choice first), and which rows must exist for it.

    `needs` is a condition on the rows of the source; without any such row the organisation has no data for it.
    """

    name: str
    unit: str
    meaning: str
    sql: Mapping[str, str]
    needs: str | None = None
    joins: tuple[str, ...] = ()
    title: str = ""

    @property
    def heading(self) -> str:
        """What people read above its figures: the title, else the name."""
        return self.title or self.name.replace("_", " ").capitalize()
