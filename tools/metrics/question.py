"""A question about figures as it is asked, made ready for the semantic layer, or refused with what would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments, NoSuchData
from database.queries import coverage, metrics, organisations
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Filter, Question, choose_sources
from database.semantic.sources import DIMENSIONS
from tools.results import Arguments, Term

__all__ = ["Asking", "MetricFilter", "QueryMetricsArguments"]


class MetricFilter(BaseModel, extra="forbid"):
    """A condition on a dimension."""

    dimension: str = Field(description="Dimension to filter by.")
    operator: Literal["eq", "ne", "in", "not_in", "contains"] = Field(
        default="eq", description="eq/ne with one value, in/not_in with a list, contains: text within, any case."
    )
    value: str | list[str] = Field(description="Value, or list of values, as describe_data lists them.")


class QueryMetricsArguments(Arguments):
    """Which figures, cut how, over which period."""

    metrics: list[str] = Field(min_length=1, max_length=8, description="Metric names, e.g. revenue, orders, customers.")
    dimensions: list[str] = Field(
        default_factory=list, max_length=4, description="Break down by, e.g. country, product, rfm_segment."
    )
    filters: list[MetricFilter] = Field(default_factory=list, max_length=20, description="All of these must hold.")
    grain: Literal["none", "day", "week", "month", "quarter", "year"] = Field(
        default="none", description="Time buckets (in the organisation's time zone; weeks begin on Monday)."
    )
    start: date | None = Field(default=None, description="First day counted; absent: from the beginning of the data.")
    end: date | None = Field(default=None, description="Last day counted (inclusive); absent: to the end of the data.")
    order_by: Term | None = Field(
        default=None, description="Metric, dimension or 'time'. Absent: time ascending with a grain, else 1st metric."
    )
    descending: bool = Field(default=True, description="Direction when ordered by a metric or by `order_by`.")
    limit: int = Field(default=50, ge=1, le=1000, description="Rows at most.")


class Span(BaseModel):
    """Local days, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with what is needed to check it: the organisation, what is loaded, the end of its data."""

    connection: Connection
    arguments: QueryMetricsArguments
    profile: organisations.Profile
    as_of: datetime
    loaded: Mapping[str, metrics.Covered]

    @classmethod
    def about(cls, connection: Connection, now: datetime, arguments: QueryMetricsArguments) -> Asking:
        """Read what has to be known before the question can be put."""
        return cls(
            connection,
            arguments,
            organisations.profile(connection),
            coverage.reference_instant(connection, now),
            metrics.covered(connection),
        )

    def sources(self) -> dict[str, Source]:
        """The source of each metric; NoSuchData where the organisation has none of the rows a metric needs."""
        probe = self._probe(Span(start=date.min, end=date.max))
        chosen = choose_sources(probe, self.loaded)
        has = metrics.available(self.connection, self.loaded)
        for name, source in chosen.items():
            if source.table not in self.loaded or not has[name]:
                raise NoSuchData(self._missing(name, source), field="metrics", valid=[m for m, ok in has.items() if ok])
        self._check_values(chosen)
        return chosen

    def question(self, sources: Mapping[str, Source]) -> Question:
        """The question with its period filled in; NoSuchData when the period lies outside the data."""
        return self._probe(self._period(sources))

    def refuse_empty(self, found: metrics.Answer, totals: metrics.Answer, sources: Mapping[str, Source]) -> None:
        """NoSuchData when a dimension asked for has no known value in any row of the answer."""
        offset = 1 if self.arguments.grain != "none" else 0
        for position, name in enumerate(self.arguments.dimensions):
            if found.rows and all(row[offset + position] is None for row in found.rows):
                tables = ", ".join(sorted({s.table for s in sources.values()}))
                raise NoSuchData(f"No row of {tables} says its {name}: there is nothing to cut by.", field="dimensions")

    def definitions(self, question: Question, sources: Mapping[str, Source]) -> list[str]:
        """What the terms of this answer mean, and what is particular about its period."""
        said = [f"{name}: {METRICS[name].meaning}" for name in question.metrics]
        said += [f"{name}: {DIMENSIONS[name].meaning} Null: not known." for name in question.dimensions]
        said.append(f"Period: {question.start} to {question.end}, days of {question.time_zone}, both included.")
        return said + self._partly(question, sources)

    def _probe(self, span: Span) -> Question:
        asked = self.arguments
        return Question(
            metrics=tuple(dict.fromkeys(asked.metrics)),
            dimensions=tuple(dict.fromkeys(asked.dimensions)),
            filters=[Filter(f.dimension, f.operator, f.value) for f in asked.filters],
            grain=asked.grain,
            start=span.start,
            end=span.end,
            time_zone=self.profile.time_zone,
            order_by=asked.order_by,
            descending=asked.descending,
            limit=asked.limit,
        )

    def _missing(self, name: str, source: Source) -> str:
        if source.table in self.loaded:
            return f"There is no data for {name}: {source.table} holds none of the rows it needs."
        return f"There is no data for {name}: no {source.table} have been loaded."

    def _period(self, sources: Mapping[str, Source]) -> Span:
        start, end = self.arguments.start, self.arguments.end
        if start and end and start > end:
            raise FixArguments(f"start {start} is after end {end}.", field="start")
        spans = [self._span(source) for source in _different(sources)]
        for source, span in zip(_different(sources), spans, strict=True):
            if (start and start > span.end) or (end and end < span.start):
                raise NoSuchData(
                    f"There is no such data: {source.table} cover {span.start} to {span.end}, and nothing of "
                    f"{start or span.start} to {end or span.end}.",
                    field="start",
                )
        return Span(start=start or min(s.start for s in spans), end=end or max(s.end for s in spans))

    def _span(self, source: Source) -> Span:
        calendar = Calendar(self.profile.time_zone)
        days = self.loaded[source.table].days(calendar) or metrics.local_span(
            self.connection, source, calendar.time_zone
        )
        if days is None:
            raise NoSuchData(f"There are no rows in {source.table}.", field="metrics")
        return Span(start=days[0], end=min(days[1], calendar.last_day(self.as_of)))

    def _partly(self, question: Question, sources: Mapping[str, Source]) -> list[str]:
        said = []
        for source in _different(sources):
            span = self._span(source)
            if question.start < span.start or question.end > span.end:
                said.append(f"The data cover only part of the period: {source.table} {span.start} to {span.end}.")
        return said

    def _check_values(self, sources: Mapping[str, Source]) -> None:
        """A value that never occurs is a mistake, not an empty answer: 'ne UK' would silently leave nothing out."""
        for asked in self.arguments.filters:
            if asked.operator == "contains":
                continue
            given = [asked.value] if isinstance(asked.value, str) else asked.value
            known: set[str] = set()
            for source in _different(sources):
                known |= metrics.known_values(self.connection, source, asked.dimension, given, self.profile.time_zone)
            if unknown := [value for value in given if value.lower() not in known]:
                self._refuse_value(asked.dimension, unknown[0], _different(sources)[0])

    def _refuse_value(self, dimension: str, value: str, source: Source) -> None:
        values = metrics.dimension_values(
            self.connection, source, dimension, limit=5000, time_zone=self.profile.time_zone
        )
        low = {v.lower(): v for v in values}
        close = [low[v] for v in get_close_matches(value.lower(), low, n=12, cutoff=0.4)]
        listed = values if len(values) <= 60 else close or values[:12]
        raise NoSuchData(f"No {dimension} is called '{value}'.", field="filters", valid=listed)


def _different(sources: Mapping[str, Source]) -> list[Source]:
    return list({source.table: source for source in sources.values()}.values())
